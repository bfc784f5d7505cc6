"""Following citations: trees, paths, what rests on what, what is cited together.

The graph is held in memory as arrays (edges sorted by source and by target) and follows the store by change number:
:meth:`Graph.refresh` reads again only the documents that changed. A library of 100,000 documents and a million
citations takes about 100 MB.

An edge joins two documents once a relation: the mentions of a pair with one relation are one edge. Besides what files say there
are *fact* edges, from the known-documents tables and from titles ("sửa đổi … Quyết định số 1600/QĐ-TTg"); those say so.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import Integer, select, type_coerce

from corpus import agencies, areas
from corpus.dates import interval
from corpus.errors import NotFound
from corpus.law import known_documents as known
from corpus.law import title_facts
from corpus.library import LibraryView
from corpus.library.rows import RELATION_ORDER
from corpus.library.schema import claims, mentions, nodes
from corpus.vocabulary import Relation

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Reach = Literal["legal", "wide", "all"]

RELATIONS: tuple[str, ...] = tuple(str(relation) for relation in Relation)
_CODE = {name: code for code, name in enumerate(RELATIONS)}
_LEGAL, _WIDE, _INFERRED, _FACT, _UNSURE = 1, 2, 4, 8, 16


@dataclass(frozen=True, slots=True)
class Filter:
    """Which edges and documents to follow.

    reach: legal basis alone, wide basis, or every mention. relations: empty for all. since, until: EDTF; a document is
    kept when its date may lie between. issuer: key or beginning of one ("ubnd:tinh:thanh-hoa", "ttg").
    province: area id. facts: follow edges that only tables or titles tell of.
    """

    reach: Reach = "all"
    relations: frozenset[str] = frozenset()
    since: str | None = None
    until: str | None = None
    issuer: str | None = None
    province: str | None = None
    facts: bool = True


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Link:
    """One edge. source cites, amends, replaces target. fact: no file of the library says so. sure: not presumed."""

    source: int
    target: int
    relation: str
    is_legal_basis: bool
    wide_basis: bool
    inferred: bool
    fact: bool
    sure: bool


@dataclass(slots=True)
class Branch:
    """A document in a tree. link: how it hangs on its parent (None at the root). again: shown before, not unfolded
    again. more: children left out (depth or size reached).
    """

    id: int
    link: Link | None
    children: list[Branch] = field(default_factory=list)
    again: bool = False
    more: int = 0

    def walk(self) -> Iterator[Branch]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Path:
    """directed: every step goes from a citing to a cited document; else some go back. steps: (link, forward)."""

    directed: bool
    steps: tuple[tuple[Link, bool], ...]

    @property
    def inferred(self) -> bool:
        """Whether a step rests on a conclusion or on the tables rather than on what a file says."""
        return any(link.inferred or link.fact for link, _ in self.steps)


@dataclass(frozen=True, slots=True)
class Impact:
    """What rests on a document. direct: exact count. reached: (id, distance), nearest first. complete: all is there."""

    direct: int
    reached: list[tuple[int, int]]
    complete: bool


class Citing(NamedTuple):
    """One document that cites another: its id, the weightiest relation, and whether any of its mentions is a basis."""

    source: int
    relation: str
    is_legal_basis: bool
    wide_basis: bool


#: Rank of each relation in :data:`corpus.library.rows.RELATION_ORDER`.
_WEIGHT = np.array(
    [RELATION_ORDER.index(name) if name in RELATION_ORDER else len(RELATION_ORDER) for name in RELATIONS], np.int64
)


class Graph:
    """The citations of one library. Make it once, call :meth:`refresh` before use; safe to share between threads."""

    def __init__(self, view: LibraryView) -> None:
        self._library = view
        self._lock = threading.Lock()
        self.sequence = -1
        self._ids: Ints = np.empty(0, np.int64)
        self._src: Ints = np.empty(0, np.int64)  # ids, not positions: they stay true when documents come
        self._dst: Ints = np.empty(0, np.int64)
        self._rel: npt.NDArray[np.uint8] = np.empty(0, np.uint8)
        self._bits: npt.NDArray[np.uint8] = np.empty(0, np.uint8)
        self._first: npt.NDArray[np.int32] = np.empty(0, np.int32)
        self._nodes: dict[int, _Node] = {}
        self._facts: _Facts | None = None  # None: to be found anew
        self._view: _View | None = None

    # ------------------------------------------------------------ loading

    def refresh(self) -> Graph:
        """Catch up with the store; returns itself. Cheap when nothing changed."""
        if self.sequence == self._library.sequence():
            return self
        with self._lock:
            now = self._library.sequence()
            if now == self.sequence:
                return self
            # A document written meanwhile is read now and once more by the next refresh; none is missed.
            only = None if self.sequence < 0 else [c.id for c in self._library.changes(self.sequence)]
            self._load(only)
            changed = self._load_nodes(only)
            self._view = _View(self, self._view, changed)
            self.sequence = now
        return self

    def _load(self, only: Sequence[int] | None) -> None:
        """Read the edges of all documents, or of those given in place of what was known of them."""
        query = (
            select(
                mentions.c.source_id, claims.c.target_id, mentions.c.relation, type_coerce(mentions.c.legal, Integer),
                type_coerce(mentions.c.wide, Integer), claims.c.state, mentions.c.ordinal,
            )
            .select_from(mentions.join(claims, claims.c.id == mentions.c.claim_id))
            .join(nodes, nodes.c.id == mentions.c.source_id)
            .where(
                claims.c.target_id.is_not(None),
                claims.c.target_id != mentions.c.source_id,
                nodes.c.merged_into.is_(None),
                self._library.visible,
            )
        )  # fmt: skip
        parts: list[Ints] = []
        with self._library.reading() as connection:
            if only is None:
                for rows in connection.execution_options(yield_per=20_000).execute(query).partitions():
                    parts.append(_columns(rows))
            else:
                for at in range(0, len(only), 500):
                    part = query.where(mentions.c.source_id.in_(only[at : at + 500]))
                    parts.append(_columns(connection.execute(part).all()))
        fresh = self._pack(np.concatenate(parts, axis=1) if parts else _columns([]))
        if only is None:
            self._src, self._dst, self._rel, self._bits, self._first = fresh
        else:
            keep = ~np.isin(self._src, np.array(only, np.int64))
            old: tuple[Any, ...] = (self._src, self._dst, self._rel, self._bits, self._first)
            self._src, self._dst, self._rel, self._bits, self._first = (
                np.concatenate([a[keep], b]) for a, b in zip(old, fresh, strict=True)
            )

    @staticmethod
    def _pack(columns: Ints) -> tuple[Any, ...]:
        """Mentions → edges: one a pair and relation, its bits joined (inferred only if all its mentions are)."""
        src, dst, rel, bits, sure, first = columns
        order = np.lexsort((first, rel, dst, src))
        src, dst, rel, bits, sure, first = (c[order] for c in (src, dst, rel, bits, sure, first))
        if not len(src):
            return src, dst, rel.astype(np.uint8), bits.astype(np.uint8), first.astype(np.int32)
        new = np.ones(len(src), np.bool_)
        new[1:] = (src[1:] != src[:-1]) | (dst[1:] != dst[:-1]) | (rel[1:] != rel[:-1])
        at = np.flatnonzero(new)
        bits = np.bitwise_or.reduceat(bits, at)
        bits |= np.where(np.maximum.reduceat(sure, at) > 0, 0, _INFERRED)
        return src[at], dst[at], rel[at].astype(np.uint8), bits.astype(np.uint8), first[at].astype(np.int32)

    def _load_nodes(self, only: Sequence[int] | None) -> set[int] | None:
        """Read what is known of documents besides edges; the ids of which that is new. None: all were read."""
        query = select(
            nodes.c.id, nodes.c.date, nodes.c.issuer_key, nodes.c.held, nodes.c.known, nodes.c.title,
            nodes.c.number_key, nodes.c.sym_key,
        ).where(nodes.c.merged_into.is_(None), self._library.visible)  # fmt: skip
        with self._library.reading() as connection:
            if only is None:
                self._nodes = {int(r[0]): _Node(*r) for r in connection.execute(query)}
                self._facts = None
                return None
            before = {id: self._nodes.pop(id, None) for id in only}
            for at in range(0, len(only), 500):
                part = query.where(nodes.c.id.in_(only[at : at + 500]))
                self._nodes.update((int(r[0]), _Node(*r)) for r in connection.execute(part))
        changed = {id for id, was in before.items() if _said(was) != _said(self._nodes.get(id))}
        if self._facts is not None and any(
            node is not None and self._facts.depend_on(node)
            for id in changed
            for node in (before[id], self._nodes.get(id))
        ):
            self._facts = None
        return changed

    @property
    def view(self) -> _View:
        if self._view is None:
            self.refresh()
        assert self._view is not None
        return self._view

    # ------------------------------------------------------------ asking

    def tree(
        self, id: int, *, cited_by: bool = False, depth: int = 3, within: Filter = EVERYTHING, size: int = 500
    ) -> Branch:
        """What *id* rests on (or, *cited_by*, what rests on it), breadth first to *depth*, at most *size* documents.

        Citations stand in the order of the document; citing documents newest first. Raises NotFound.
        """
        view = self.view
        root = Branch(id, None)
        view.at(id)
        seen, count = {id}, 1
        ahead = deque([(root, 0)])
        while ahead:
            branch, level = ahead.popleft()
            edges = view.edges(view.at(branch.id), within, back=cited_by)
            if level >= depth or count >= size:
                branch.more = len(np.unique(view.other(edges, cited_by)))
                continue
            shown = set()
            for at, edge in enumerate(edges):
                if count >= size:
                    left = np.unique(view.other(edges[at:], cited_by))
                    branch.more = sum(int(view.ids[o]) not in shown for o in left)
                    break
                link = view.link(int(edge))
                other = link.source if cited_by else link.target
                if other in shown:
                    continue
                shown.add(other)
                child = Branch(other, link, again=other in seen)
                branch.children.append(child)
                count += 1
                if not child.again:
                    seen.add(other)
                    ahead.append((child, level + 1))
        return root

    def cited_by(
        self, id: int, *, within: Filter = EVERYTHING, offset: int = 0, limit: int = 50
    ) -> tuple[int, list[Link]]:
        """How many documents cite *id*, and a page of their links, newest first. Raises NotFound."""
        view = self.view
        edges = view.edges(view.at(id), within, back=True)
        _, first = np.unique(view.src[edges], return_index=True)
        edges = edges[np.sort(first)]
        return len(edges), [view.link(int(e)) for e in edges[offset : offset + limit]]

    def citing(self, id: int) -> list[Citing]:
        """Every document whose pages cite *id*, newest first, as :class:`corpus.library.values.Edge` tells it. Raises NotFound."""
        view = self.view
        edges = view.edges(view.at(id), Filter(facts=False), back=True)
        if not len(edges):
            return []
        src, rel, bits = view.src[edges], view.rel[edges], view.bits[edges]
        legal, wide = (bits & _LEGAL) != 0, (bits & (_WIDE | _LEGAL)) != 0
        new = np.ones(len(src), np.bool_)
        new[1:] = src[1:] != src[:-1]  # the edges of one document stand together
        group = np.cumsum(new)
        order = np.lexsort((_WEIGHT[rel], ~wide, ~legal, group))
        starts = np.flatnonzero(new)
        columns = (
            view.ids[src[starts]], rel[order[starts]], np.logical_or.reduceat(legal, starts),
            np.logical_or.reduceat(wide, starts),
        )  # fmt: skip
        source, relation, basis, wide_basis = (c.tolist() for c in columns)
        return list(map(Citing, source, map(RELATIONS.__getitem__, relation), basis, wide_basis))

    def cited_by_links(self, id: int, *, within: Filter = EVERYTHING) -> list[Link]:
        """Every link to *id*, one a document and relation, newest first. Raises NotFound."""
        view = self.view
        return [view.link(int(e)) for e in view.edges(view.at(id), within, back=True)]

    def cites(self, id: int, *, within: Filter = EVERYTHING) -> list[Link]:
        """The links from *id*, in order of first mention. Raises NotFound."""
        view = self.view
        return [view.link(int(e)) for e in view.edges(view.at(id), within)]

    def path(self, a: int, b: int, *, within: Filter = EVERYTHING) -> Path | None:
        """The shortest path: along citations if there is one, else in any direction (and says so); None if none.

        Raises NotFound.
        """
        view = self.view
        start, goal = view.at(a), view.at(b)
        if start == goal:
            return Path(True, ())
        for both in (False, True):
            steps = view.shortest(start, goal, within, both)
            if steps is not None:
                return Path(not both, tuple(steps))
        return None

    def impact(self, id: int, *, within: Filter | None = None, limit: int | None = 200) -> Impact:
        """What rests on *id*, directly or through others (legal basis unless *within* says otherwise).

        direct is exact whatever *limit*; limit None reaches all. Raises NotFound.
        """
        view = self.view
        rule = within or Filter(reach="legal", facts=False)
        start = view.at(id)
        direct = np.unique(view.src[view.edges(start, rule, back=True)])
        seen = np.zeros(len(view.ids), np.bool_)
        seen[start] = True
        reached: list[tuple[int, int]] = []
        front, distance = direct, 1
        while len(front):
            seen[front] = True
            reached += [(int(view.ids[n]), distance) for n in view.newest_first(front)]
            if limit is not None and len(reached) >= limit:
                ahead = view.neighbours(front, rule, back=True)
                complete = len(reached) == limit and not (~seen[ahead]).any()
                return Impact(len(direct), reached[:limit], complete)
            ahead = view.neighbours(front, rule, back=True)
            front, distance = np.unique(ahead[~seen[ahead]]), distance + 1
        return Impact(len(direct), reached, True)

    def counts(self, ids: Iterable[int]) -> dict[int, tuple[int, int]]:
        """Id → (how many documents it cites, how many cite it), facts left out; unknown ids are left out."""
        view = self.view
        rule = Filter(facts=False)
        found = {}
        for id in ids:
            at = view.find(id)
            if at is not None:
                out = len(np.unique(view.dst[view.edges(at, rule)]))
                found[id] = (out, len(np.unique(view.src[view.edges(at, rule, back=True)])))
        return found

    def most_cited(self, limit: int = 20, *, held: bool | None = None) -> list[tuple[int, int]]:
        """(id, how many documents cite it), most first; held False for the wanted ones."""
        view = self.view
        real = (view.bits & _FACT) == 0
        pairs = np.unique(np.stack([view.src[real], view.dst[real]]), axis=1)
        counts = np.bincount(pairs[1], minlength=len(view.ids))
        if held is not None:
            counts = np.where(view.held == held, counts, 0)
        order = np.lexsort((view.ids, -counts))[:limit]
        return [(int(view.ids[o]), int(counts[o])) for o in order if counts[o]]

    def dependents(self, ids: Sequence[int]) -> dict[int, tuple[int, bool]]:
        """Of each: how many documents rest on it, and whether no mention names it surely. Those gone are left out."""
        view = self.view
        there = [(id, at) for id in ids if (at := view.find(id)) is not None]
        nodes = np.array([at for _, at in there], np.int64)
        edges = view.out_of(nodes, Filter(facts=False), back=True)
        src, dst, bits = view.src[edges], view.dst[edges], view.bits[edges]
        legal = (bits & _LEGAL) != 0
        pairs = np.unique(np.stack([src[legal], dst[legal]]), axis=1)
        basis = np.bincount(pairs[1], minlength=len(view.ids))
        sure = np.bincount(dst[(bits & _INFERRED) == 0], minlength=len(view.ids))
        return {id: (int(basis[at]), not sure[at]) for id, at in there}

    def links(self, *, facts: bool = True) -> Iterator[Link]:
        """Every edge, by source, in order of first mention."""
        view = self.view
        for edge in range(len(view.src)):
            if facts or not view.bits[edge] & _FACT:
                yield view.link(edge)

    def memory(self) -> int:
        """Bytes that the arrays take."""
        held = [v for o in (self, self.view) for v in vars(o).values() if isinstance(v, np.ndarray)]
        return sum(v.nbytes for v in held)

    def ids(self) -> list[int]:
        """Every document of the graph."""
        return [int(i) for i in self.view.ids]


def _columns(rows: Sequence[Any]) -> Ints:
    """Rows of mentions as columns: source, target, relation, bits, settled, ordinal."""
    values = [
        (r[0], r[1], _CODE[r[2]], r[3] * _LEGAL | r[4] * _WIDE, 1 if r[5] == "settled" else 0, r[6]) for r in rows
    ]
    return np.array(values, np.int64).reshape(-1, 6).T


class _Node:
    """What the graph knows of a document besides its edges."""

    __slots__ = (
        "date", "first_day", "held", "id", "issuer_key", "known", "last_day", "named", "number_key", "sym_key",
    )  # fmt: skip

    def __init__(
        self,
        id: int,
        date: str | None,
        issuer_key: str | None,
        held: bool,
        known: str | None,
        title: str | None,
        number_key: str | None,
        sym_key: str | None,
    ) -> None:
        self.id, self.date, self.held, self.known = id, date, held, known
        self.issuer_key, self.number_key, self.sym_key = issuer_key or "", number_key, sym_key
        first, last = interval(date) if date else ("", "")
        self.first_day, self.last_day = _day(first), _day(last) or 99999999
        # What the title of a document not held says of others; a held one's title is read with its citations.
        self.named = title_facts.named_in(title) if title and not held else []


def _said(node: _Node | None) -> tuple[object, ...] | None:
    """All that is kept of a document, to be compared."""
    return None if node is None else tuple(getattr(node, name) for name in _Node.__slots__)


class _View:
    """One built state of the graph; never changed, so readers need no lock. Nodes are positions in ``ids``.

    Made from the state before where little changed: its order is nearly the new one, which a stable sort finds fast.
    """

    def __init__(self, graph: Graph, before: _View | None, changed: set[int] | None) -> None:
        if before is None or changed is None or not self._follow(graph, before, changed):
            self._columns([graph._nodes[id] for id in sorted(graph._nodes)])
        if graph._facts is None:
            graph._facts = _Facts([graph._nodes[int(id)] for id in self.ids])
        facts = graph._facts
        src, there = self._positions(np.concatenate([graph._src, facts.src]))
        dst, also = self._positions(np.concatenate([graph._dst, facts.dst]))
        rel = np.concatenate([graph._rel, facts.rel])
        bits = np.concatenate([graph._bits, facts.bits])
        first = np.concatenate([graph._first, np.full(len(facts.src), 1 << 30, np.int32)])
        there &= also  # hidden and merged ones are not
        order = np.flatnonzero(there)
        order = order[np.argsort((src[order] << 32) | first[order], kind="stable")]
        self.src, self.dst, self.rel, self.bits = src[order], dst[order], rel[order], bits[order]
        self.out_start = np.searchsorted(self.src, np.arange(len(self.ids) + 1))
        # Citing documents newest first, by the first day their date may mean.
        newest = np.empty(len(self.ids), np.int64)
        newest[np.lexsort((self.ids, -self.first_day))] = np.arange(len(self.ids))
        self.back = np.argsort((self.dst << 32) | newest[self.src], kind="stable")
        self.in_start = np.searchsorted(self.dst[self.back], np.arange(len(self.ids) + 1))

    def _columns(self, rows: Sequence[_Node]) -> None:
        self.ids = np.array([r.id for r in rows], np.int64)
        self.held = np.array([r.held for r in rows], np.bool_)
        self.first_day = np.array([r.first_day for r in rows], np.int64)
        self.last_day = np.array([r.last_day for r in rows], np.int64)
        self.issuers = list(dict.fromkeys(r.issuer_key for r in rows))
        code = {name: at for at, name in enumerate(self.issuers)}
        self.issuer = np.array([code[r.issuer_key] for r in rows], np.int64)

    def _follow(self, graph: Graph, before: _View, changed: set[int]) -> bool:
        """The columns of *before* with what changed; False where documents came or went in their midst."""
        last = int(before.ids[-1]) if len(before.ids) else 0
        rows = [graph._nodes[id] for id in sorted(changed) if id in graph._nodes]
        there = [row for row in rows if row.id <= last]
        places = [before.find(row.id) for row in there]
        if len(rows) < len(changed) or None in places:
            return False
        own = _View.__new__(_View)
        own._columns(rows)
        self.issuers = list(dict.fromkeys([*before.issuers, *own.issuers]))
        code = {name: at for at, name in enumerate(self.issuers)}
        own.issuer = np.array([code[row.issuer_key] for row in rows], np.int64)
        for name in ("ids", "held", "first_day", "last_day", "issuer"):
            column, fresh = getattr(before, name).copy(), getattr(own, name)
            column[np.array(places, np.int64)] = fresh[: len(there)]
            setattr(self, name, np.concatenate([column, fresh[len(there) :]]))
        return True

    def _positions(self, ids: Ints) -> tuple[Ints, Bools]:
        """Where ids stand, and whether they do."""
        if not len(self.ids):
            return np.zeros(len(ids), np.int64), np.zeros(len(ids), np.bool_)
        at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return at, self.ids[at] == ids

    def find(self, id: int) -> int | None:
        at = int(np.searchsorted(self.ids, id))
        return at if at < len(self.ids) and self.ids[at] == id else None

    def at(self, id: int) -> int:
        at = self.find(id)
        if at is None:
            raise NotFound(f"Không có văn bản #{id} trong kho.", "Hãy tìm bằng số hiệu.")
        return at

    def link(self, edge: int) -> Link:
        bits = int(self.bits[edge])
        return Link(
            int(self.ids[self.src[edge]]), int(self.ids[self.dst[edge]]), RELATIONS[self.rel[edge]],
            bool(bits & _LEGAL), bool(bits & (_WIDE | _LEGAL)), bool(bits & _INFERRED), bool(bits & _FACT),
            not bits & _UNSURE,
        )  # fmt: skip

    def other(self, edges: Ints, back: bool) -> Ints:
        """The far ends of edges."""
        ends: Ints = self.src if back else self.dst
        return ends[edges]

    def edges(self, node: int, within: Filter, back: bool = False) -> Ints:
        """The edges out of (into, *back*) one node that the filter lets through."""
        if back:
            edges = self.back[self.in_start[node] : self.in_start[node + 1]]
        else:
            edges = np.arange(self.out_start[node], self.out_start[node + 1])
        return edges[self._allowed(edges, within, back)]

    def out_of(self, some: Ints, within: Filter, back: bool = False) -> Ints:
        """The edges out of (into) several nodes."""
        start = self.in_start if back else self.out_start
        lengths = start[some + 1] - start[some]
        total = int(lengths.sum())
        if not total:
            return np.empty(0, np.int64)
        offsets = np.repeat(start[some] - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
        edges: Ints = np.arange(total) + offsets
        if back:
            edges = self.back[edges]
        return edges[self._allowed(edges, within, back)]

    def neighbours(self, some: Ints, within: Filter, back: bool = False) -> Ints:
        return self.other(self.out_of(some, within, back), back)

    def newest_first(self, some: Ints) -> Ints:
        """Positions ordered by date, the latest first."""
        return some[np.lexsort((self.ids[some], -self.first_day[some]))]

    def _allowed(self, edges: Ints, within: Filter, back: bool) -> Bools:
        bits = self.bits[edges]
        keep: Bools
        if within.reach == "legal":
            keep = (bits & _LEGAL) != 0
        elif within.reach == "wide":
            keep = (bits & (_WIDE | _LEGAL)) != 0
        else:
            keep = np.ones(len(edges), np.bool_)
        if not within.facts:
            keep &= (bits & _FACT) == 0
        if within.relations:
            codes = [_CODE[r] for r in within.relations if r in _CODE]
            keep &= np.isin(self.rel[edges], np.array(codes, np.uint8))
        other = self.other(edges, back)
        if within.since:
            keep &= self.last_day[other] >= _day(interval(within.since)[0])
        if within.until:
            keep &= self.first_day[other] <= _day(interval(within.until)[1])
        if within.issuer or within.province:
            chosen = np.array([_issuer_fits(name, within) for name in self.issuers], np.bool_)
            keep &= chosen[self.issuer[other]]
        return keep

    def shortest(self, start: int, goal: int, within: Filter, both: bool) -> list[tuple[Link, bool]] | None:
        """Breadth first from both ends, a whole level at a time, the smaller side first."""
        came = [np.full(len(self.ids), -1, np.int64), np.full(len(self.ids), -1, np.int64)]  # edge that led there
        seen = [np.zeros(len(self.ids), np.bool_), np.zeros(len(self.ids), np.bool_)]
        fronts = [np.array([start], np.int64), np.array([goal], np.int64)]
        seen[0][start] = seen[1][goal] = True
        while len(fronts[0]) and len(fronts[1]):
            side = 0 if len(fronts[0]) <= len(fronts[1]) else 1
            found, by = [], []
            for back in (False, True) if both else ((side == 1),):
                edges = self.out_of(fronts[side], within, back)
                found.append(self.other(edges, back))
                by.append(edges)
            nodes_found, edges_by = np.concatenate(found), np.concatenate(by)
            fresh = ~seen[side][nodes_found]
            nodes_found, edges_by = nodes_found[fresh], edges_by[fresh]
            nodes_found, which = np.unique(nodes_found, return_index=True)
            came[side][nodes_found] = edges_by[which]
            seen[side][nodes_found] = True
            fronts[side] = nodes_found
            met = nodes_found[seen[1 - side][nodes_found]]
            if len(met):
                return self._steps(start, goal, int(met.min()), came)
        return None

    def _steps(self, start: int, goal: int, met: int, came: list[Ints]) -> list[tuple[Link, bool]]:
        steps: list[tuple[Link, bool]] = []
        at = met
        while at != start:
            edge = int(came[0][at])
            forward = int(self.dst[edge]) == at
            steps.append((self.link(edge), forward))
            at = int(self.src[edge] if forward else self.dst[edge])
        steps.reverse()
        at = met
        while at != goal:
            edge = int(came[1][at])
            forward = int(self.src[edge]) == at
            steps.append((self.link(edge), forward))
            at = int(self.dst[edge] if forward else self.src[edge])
        return steps


def _day(iso: str) -> int:
    return int(iso.replace("-", "")) if iso else 0


def _issuer_fits(name: str, within: Filter) -> bool:
    if within.issuer and not (name == within.issuer or name.startswith(within.issuer + ":")):
        return False
    if within.province:
        here = agencies.province(name)
        return here is not None and here in areas.provinces() and within.province in (here, areas.now(here))
    return True


class _Facts:
    """Fact edges between the nodes: a held document's own pages take the place of what tables say it cites."""

    def __init__(self, rows: Sequence[_Node]) -> None:
        telling = [row for row in rows if row.known]
        by_key = {r.known: r for r in sorted(telling, key=lambda r: (not r.held, r.id), reverse=True)}
        edges: list[tuple[int, int, int, int]] = []
        if by_key:
            for edge in known.edges():
                a, b = by_key.get(edge.source), by_key.get(edge.target)
                if a is None or b is None or (a.held and edge.relation not in known.CHANGES):
                    continue
                bits = _FACT | (0 if edge.sure else _UNSURE) | (_LEGAL | _WIDE if edge.relation == "can_cu" else 0)
                edges.append((a.id, b.id, _CODE[edge.relation], bits))
        edges += _title_edges(rows, {(a, b, rel) for a, b, rel, _ in edges})
        columns = list(zip(*edges, strict=True)) or [(), (), (), ()]
        self.src, self.dst = np.array(columns[0], np.int64), np.array(columns[1], np.int64)
        self.rel, self.bits = np.array(columns[2], np.uint8), np.array(columns[3], np.uint8)
        self._numbers = {named.so_ky_hieu.number_key for row in rows for named in row.named}

    def depend_on(self, node: _Node) -> bool:
        """Whether another state of that document may make other edges."""
        return bool(node.known or node.named or node.number_key in self._numbers)


def _title_edges(rows: Sequence[_Node], there: set[tuple[int, int, int]]) -> Iterator[tuple[int, int, int, int]]:
    """What titles say of other documents, where that is one document of the library."""
    telling = [(row, named) for row in rows for named in row.named]
    wanted = {named.so_ky_hieu.number_key for _, named in telling}
    by_number: dict[str | None, list[_Node]] = {}
    for row in rows if wanted else ():
        if row.number_key in wanted:
            by_number.setdefault(row.number_key, []).append(row)
    for row, named in telling:
        central = agencies.of_symbol(named.so_ky_hieu.symbol)
        fits = [
            other
            for other in by_number.get(named.so_ky_hieu.number_key, [])
            if other.id != row.id
            and title_facts.fits(named, other.sym_key, (other.date or "")[:4] or None)
            and (central or other.issuer_key == row.issuer_key)
        ]
        if len(fits) == 1:
            edge = (row.id, fits[0].id, _CODE[named.relation])
            if edge not in there:
                there.add(edge)
                yield (*edge, _FACT)
