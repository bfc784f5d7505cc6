"""The graph of citations: trees, paths, what depends on a document, who cites it.

The graph is held in memory as arrays and follows the library by its change number: :meth:`Graph.refresh` reads again
only the documents that changed. A library of 100,000 documents and a million citations takes about 100 MB.

An edge joins two documents once a relation: all mentions of a pair with one relation are one edge. Besides what the
documents say there are *fact* edges, which the known-documents tables and titles state ("sửa đổi … Quyết định số
1600/QĐ-TTg"); these are marked.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from corpus.graph import paths
from corpus.graph.adjacency import Adjacency
from corpus.graph.arrangement import rearranged
from corpus.graph.documents import DocumentColumns, GraphDocument, day_number, load_documents
from corpus.graph.edges import EdgeTable, ReadEdges, load_edges
from corpus.graph.fact_edges import FactEdges
from corpus.graph.links import (
    EVERYTHING,
    FACT,
    INFERRED,
    LEGAL,
    RELATIONS,
    WIDE,
    Bools,
    Branch,
    Bytes,
    Citing,
    Filter,
    Impact,
    Ints,
    Link,
    Path,
    Reach,
)
from corpus.law.effect import BY_RELATION, Proof
from corpus.library import LibraryView
from corpus.library.edge_rows import relation_rank
from corpus.library.index_rows import Standing

__all__ = ["EVERYTHING", "STATED", "Branch", "Citing", "Filter", "Graph", "Impact", "Link", "Path", "Reach"]

#: Citations that documents state, whatever their relation.
STATED = Filter(facts=False)
#: See :func:`corpus.library.edge_rows.relation_rank`, for each of ``RELATIONS``.
_CHANGING = np.array([name in BY_RELATION for name in RELATIONS], np.bool_)
_RANK = np.array([relation_rank(name) for name in RELATIONS], np.int64)


class Graph:
    """The citations that a view shows. Call :meth:`refresh` before use; safe to share between threads."""

    #: Whether edges and documents are held, so that some questions need no table.
    in_memory = True

    def __init__(self, view: LibraryView) -> None:
        #: The view whose citations these are.
        self.view = view
        self._lock = threading.Lock()
        #: The change number that the graph stands at; -1 before the first refresh.
        self.sequence = -1
        self._edges: ReadEdges | None = None
        self._documents: dict[int, GraphDocument] = {}
        self._facts: FactEdges | None = None  # None: to be made again
        self._adjacency: Adjacency | None = None

    @classmethod
    def over(cls, view: LibraryView, adjacency: Adjacency) -> Graph:
        """A graph of these edges alone, which follows nothing."""
        made = Graph(view)
        made._adjacency = adjacency
        return made

    # ------------------------------------------------------------ loading

    def refresh(self) -> Graph:
        """Catch up with the library; returns itself. Cheap when nothing changed."""
        if self.view.sequence() <= self.sequence:
            return self
        with self._lock:
            now = self.view.sequence()
            if now <= self.sequence:  # less in a moment of the library that is over
                return self
            # A document written meanwhile is read now and once more by the next refresh; none is missed.
            ids = None if self._edges is None else [change.id for change in self.view.changes(self.sequence)]
            fresh = load_edges(self.view, ids)
            changed = self._load_documents(ids)
            if self._edges is None or ids is None:
                self._edges = ReadEdges(fresh)
            else:
                self._edges.replace(ids, fresh)
            self._adjacency = self._built(self._edges, ids, fresh, changed)
            self.sequence = now
        return self

    def _load_documents(self, ids: Sequence[int] | None) -> set[int] | None:
        """Read all documents, or those of *ids*; the ids of those that changed, None where all were read."""
        if ids is None:
            self._documents = {document.id: document for document in load_documents(self.view)}
            self._facts = None
            return None
        before = {id: self._documents.get(id) for id in ids}
        fresh = {document.id: document for document in load_documents(self.view, ids)}
        self._documents.update(fresh)  # never without a document that is there, as others read meanwhile
        for id in before.keys() - fresh.keys():
            self._documents.pop(id, None)
        changed = {id for id, was in before.items() if was != self._documents.get(id)}
        states = [state for id in changed for state in (before[id], self._documents.get(id)) if state is not None]
        if self._facts is not None and any(self._facts.depend_on(state) for state in states):
            self._facts = None
        return changed

    def _built(
        self, edges: ReadEdges, ids: Sequence[int] | None, fresh: EdgeTable, changed: set[int] | None
    ) -> Adjacency:
        """The next state, made from the one before where only the citations of *ids* and *changed* documents differ."""
        before, columns = self._adjacency, None
        if before is not None and changed is not None:
            columns = before.documents.following(self._documents, changed)
        if columns is not None and before is not None and ids is not None and self._facts is not None:
            next_one = rearranged(before.arrangement, before.documents, columns, ids, fresh)
            if next_one is not None:
                return Adjacency(columns, next_one)
        if columns is None:
            columns = DocumentColumns.of([self._documents[id] for id in sorted(self._documents)])
        if self._facts is None:
            self._facts = FactEdges([self._documents[int(id)] for id in columns.ids])
        return Adjacency.of(columns, edges.all(), self._facts)

    @property
    def adjacency(self) -> Adjacency:
        """The state that questions are answered from."""
        if self._adjacency is None:
            self.refresh()
        assert self._adjacency is not None
        return self._adjacency

    # ------------------------------------------------------------ one document

    def beside(self, id: int, *, back: bool) -> Adjacency:
        """A state that has every edge from *id* (back: to it). Raises NotFound."""
        self.adjacency.at(id)
        return self.adjacency

    def tree(
        self, id: int, *, cited_by: bool = False, depth: int = 3, within: Filter = EVERYTHING, size: int = 500
    ) -> Branch:
        """What *id* cites (or, *cited_by*, what cites it), level by level to *depth*, at most *size* documents.

        Cited documents stand in the order of the citing one; citing documents newest first. Raises NotFound.
        """
        graph = self.adjacency
        graph.at(id)
        root = Branch(id, None)
        seen, count = {id}, 1
        ahead = deque([(root, 0)])
        while ahead:
            branch, level = ahead.popleft()
            edges = graph.edges(graph.at(branch.id), within, back=cited_by)
            if level >= depth or count >= size:
                branch.more = len(np.unique(graph.other(edges, cited_by)))
                continue
            shown: set[int] = set()
            for at, edge in enumerate(edges):
                if count >= size:
                    left = np.unique(graph.other(edges[at:], cited_by))
                    branch.more = sum(int(graph.ids[o]) not in shown for o in left)
                    break
                link = graph.link(int(edge))
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

    def cites(self, id: int, *, within: Filter = EVERYTHING) -> list[Link]:
        """The links from *id*, in order of first mention. Raises NotFound."""
        graph = self.adjacency
        return [graph.link(int(edge)) for edge in graph.edges(graph.at(id), within)]

    def cited_by(
        self, id: int, *, within: Filter = EVERYTHING, offset: int = 0, limit: int = 50
    ) -> tuple[int, list[Link]]:
        """How many documents cite *id*, and a page of their links, newest first. Raises NotFound."""
        graph = self.adjacency
        edges = graph.edges(graph.at(id), within, back=True)
        _, first = np.unique(graph.src[edges], return_index=True)
        edges = edges[np.sort(first)]
        return len(edges), [graph.link(int(edge)) for edge in edges[offset : offset + limit]]

    def cited_by_links(self, id: int, *, within: Filter = EVERYTHING) -> list[Link]:
        """Every link to *id*, one a document and relation, newest first. Raises NotFound."""
        graph = self.adjacency
        return [graph.link(int(edge)) for edge in graph.edges(graph.at(id), within, back=True)]

    def linked(self, id: int, others: Sequence[int]) -> set[int]:
        """Those of *others* that cite *id* or that it cites, facts left out. Raises NotFound."""
        graph = self.adjacency
        at = graph.at(id)
        beside = np.concatenate([graph.far_ends(at, STATED), graph.far_ends(at, STATED, back=True)])
        return set(np.intersect1d(graph.ids[beside], np.array(others, np.int64)).tolist())

    def links_to(self, ids: Sequence[int], *, within: Filter = EVERYTHING) -> dict[int, list[Link]]:
        """What :meth:`cited_by_links` gives for each of several documents. Raises NotFound."""
        return {id: self.cited_by_links(id, within=within) for id in ids}

    def citing_ids(self, id: int, *, within: Filter = EVERYTHING, limit: int) -> list[int]:
        """The newest *limit* of the documents that cite *id*, newest first. Raises NotFound."""
        graph = self.adjacency
        found: list[int] = graph.ids[graph.far_ends(graph.at(id), within, back=True)[:limit]].tolist()
        return found

    def citing(self, id: int) -> list[Citing]:
        """Every document whose pages cite *id*, newest first, as :class:`corpus.library.values.Edge` has it.

        Raises NotFound.
        """
        return _values(self._citing_columns(id), slice(None))

    def citing_by_part(self, id: int, most: int) -> dict[str, tuple[int, list[Citing]]]:
        """What :meth:`citing` gives by :attr:`Citing.part`: how many there are, and the newest *most*.

        Raises NotFound.
        """
        columns = self._citing_columns(id)
        legal, wide = columns[2], columns[3]
        of_part = {"legal": legal, "wide": wide & ~legal, "other": ~wide & ~legal}
        return {
            part: (int(chosen.sum()), _values(columns, np.flatnonzero(chosen)[:most]))
            for part, chosen in of_part.items()
        }

    def _citing_columns(self, id: int) -> tuple[Ints, Bytes, Bools, Bools]:
        """The values of :meth:`citing` by column; relations as their codes. Raises NotFound."""
        graph = self.adjacency
        edges = graph.edges(graph.at(id), STATED, back=True)
        if not len(edges):
            none = np.empty(0, np.bool_)
            return np.empty(0, np.int64), np.empty(0, np.uint8), none, none
        src, rel, bits = graph.src[edges], graph.rel[edges], graph.bits[edges]
        legal, wide = (bits & LEGAL) != 0, (bits & (WIDE | LEGAL)) != 0
        new = np.ones(len(src), np.bool_)
        new[1:] = src[1:] != src[:-1]  # the edges of one document are neighbours
        order = np.lexsort((_RANK[rel], ~wide, ~legal, np.cumsum(new)))
        starts = np.flatnonzero(new)
        return (
            graph.ids[src[starts]],
            rel[order[starts]],
            np.logical_or.reduceat(legal, starts),
            np.logical_or.reduceat(wide, starts),
        )

    def path(self, a: int, b: int, *, within: Filter = EVERYTHING) -> Path | None:
        """The shortest path along citations, else along links in any direction; None if there is none.

        Raises NotFound.
        """
        graph = self.adjacency
        start, goal = graph.at(a), graph.at(b)
        if start == goal:
            return Path(True, ())
        for both in (False, True):
            steps = paths.shortest(graph, start, goal, within, both=both)
            if steps is not None:
                return Path(not both, tuple(steps))
        return None

    def impact(self, id: int, *, within: Filter | None = None, limit: int | None = 200) -> Impact:
        """The documents that depend on *id*, directly or through others.

        By legal bases unless *within* says otherwise. direct is exact whatever *limit*; limit None reaches all. Raises
        NotFound.
        """
        graph = self.adjacency
        rule = within or Filter(reach="legal", facts=False)
        start = graph.at(id)
        direct = np.unique(graph.src[graph.edges(start, rule, back=True)])
        seen = np.zeros(len(graph.ids), np.bool_)
        seen[start] = True
        reached: list[tuple[int, int]] = []
        front, distance = direct, 1
        while len(front):
            seen[front] = True
            reached += [(int(graph.ids[n]), distance) for n in graph.newest_first(front)]
            ahead = graph.neighbours(front, rule, back=True)
            if limit is not None and len(reached) >= limit:
                complete = len(reached) == limit and not (~seen[ahead]).any()
                return Impact(len(direct), reached[:limit], complete)
            front, distance = np.unique(ahead[~seen[ahead]]), distance + 1
        return Impact(len(direct), reached, True)

    # ------------------------------------------------------------ several documents

    def counts(self, ids: Iterable[int]) -> dict[int, tuple[int, int]]:
        """Id → how many documents it cites, and how many cite it, facts left out; unknown ids are left out."""
        graph = self.adjacency
        found = {}
        for id in ids:
            at = graph.documents.find(id)
            if at is not None:
                found[id] = (len(graph.far_ends(at, STATED)), len(graph.far_ends(at, STATED, back=True)))
        return found

    def standings(self, ids: Iterable[int]) -> dict[int, Standing]:
        """What other documents say of each of *ids*: how many cite it, which change its effect.

        Those that the tables must be asked for are left out (:func:`corpus.library.index_rows.standings_of`).
        """
        if not self.in_memory:
            return {}
        graph = self.adjacency
        found = {}
        for id in ids:
            at = graph.documents.find(id)
            if at is not None:
                edges = graph.edges(at, STATED, back=True)
                sources = graph.src[edges]  # the edges of one document are neighbours
                count = int(len(sources) and 1 + np.count_nonzero(sources[1:] != sources[:-1]))
                changing = edges[_CHANGING[graph.rel[edges]] & ((graph.bits[edges] & INFERRED) == 0)]
                found[id] = Standing(count, [self._proof(graph, int(edge)) for edge in changing])
        return found

    def _proof(self, graph: Adjacency, edge: int) -> Proof:
        """What an edge says of the effect of its target."""
        source = self._documents.get(int(graph.ids[graph.src[edge]]))
        date, by = (None, None) if source is None else (source.date, source.id)
        return Proof(BY_RELATION[RELATIONS[graph.rel[edge]]], date, by, "", "van_ban")

    def reached(self, ids: Sequence[int], *, back: bool, most: int) -> list[tuple[int, Ints]]:
        """For each document how many it cites (back: cite it), facts left out, and their ids, sorted.

        Ids are left out where there are more than *most*.
        """
        graph = self.adjacency
        found = []
        for ends in graph.far_ends_of([graph.at(id) for id in ids], STATED, back):
            found.append((len(ends), np.sort(graph.ids[ends]) if len(ends) <= most else graph.ids[:0]))
        return found

    def most_cited(self, limit: int = 20, *, held: bool | None = None) -> list[tuple[int, int]]:
        """Ids and how many documents cite each, most first; held: only held ones, or (False) only stubs."""
        graph = self.adjacency
        stated = (graph.bits & FACT) == 0
        pairs = np.unique(np.stack([graph.src[stated], graph.dst[stated]]), axis=1)
        counts = np.bincount(pairs[1], minlength=len(graph.ids))
        if held is not None:
            counts = np.where(graph.documents.held == held, counts, 0)
        order = np.lexsort((graph.ids, -counts))[:limit]
        return [(int(graph.ids[o]), int(counts[o])) for o in order if counts[o]]

    def dependents(self, ids: Sequence[int]) -> dict[int, tuple[int, bool]]:
        """Id → how many documents have it as their basis, and whether every mention of it is a conclusion.

        Ids that are no longer there are left out.
        """
        graph = self.adjacency
        there = [(id, at) for id in ids if (at := graph.documents.find(id)) is not None]
        edges = graph.edges_of(np.array([at for _, at in there], np.int64), STATED, back=True)
        src, dst, bits = graph.src[edges], graph.dst[edges], graph.bits[edges]
        legal = (bits & LEGAL) != 0
        pairs = np.unique(np.stack([src[legal], dst[legal]]), axis=1)
        basis = np.bincount(pairs[1], minlength=len(graph.ids))
        sure = np.bincount(dst[(bits & INFERRED) == 0], minlength=len(graph.ids))
        return {id: (int(basis[at]), not sure[at]) for id, at in there}

    def links(self, *, facts: bool = True) -> Iterator[Link]:
        """Every link, by source, in order of first mention."""
        graph = self.adjacency
        for edge in range(len(graph.src)):
            if facts or not graph.bits[edge] & FACT:
                yield graph.link(edge)

    def alike(self, day: str, sym_key: str | None, issuer_key: str | None) -> list[int] | None:
        """The documents of a full day (EDTF), a ký hiệu and an issuer; None where the tables must be asked."""
        if not self.in_memory:
            return None
        documents, number = self.adjacency.documents, day_number(day)
        same = np.flatnonzero((documents.first_day == number) & (documents.last_day == number))
        of_issuer = [documents.issuers[code] == (issuer_key or "") for code in documents.issuer[same].tolist()]
        ids = documents.ids[same[np.array(of_issuer, np.bool_)]].tolist()
        return [id for id in ids if (found := self._documents.get(id)) is not None and found.sym_key == sym_key]

    def held_count(self) -> int:
        """How many documents are held."""
        return int(self.adjacency.documents.held.sum())

    def ids(self) -> list[int]:
        """Every document of the graph."""
        return [int(id) for id in self.adjacency.ids]

    def memory(self) -> int:
        """Bytes of all arrays."""
        return self.adjacency.nbytes + (self._edges.nbytes if self._edges is not None else 0)


def _values(columns: tuple[Ints, Bytes, Bools, Bools], chosen: Ints | slice) -> list[Citing]:
    """Some of the rows of :meth:`Graph._citing_columns` as values."""
    source, relation, basis, wide_basis = (column[chosen].tolist() for column in columns)
    return list(map(Citing, source, map(RELATIONS.__getitem__, relation), basis, wide_basis))
