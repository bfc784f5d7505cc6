"""The graph of citations asked of the tables, for a library whose graph is too large to be held in every process.

The answers are those of :class:`corpus.graph.graph.Graph`. Of each question only the edges beside the documents it
comes to are read; what only tables or titles state is kept in memory (:mod:`corpus.graph.stored_facts`). Questions
about the whole library (``links``, and filters by the documents' own dates or issuers) read it all, as the other does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import numpy as np
from sqlalchemy import Connection

from corpus.graph import stored_paths
from corpus.graph.adjacency import Adjacency
from corpus.graph.documents import DocumentColumns
from corpus.graph.edges import packed
from corpus.graph.fact_edges import FactEdges
from corpus.graph.graph import EVERYTHING, STATED, Branch, Citing, Filter, Graph, Impact, Link, Path
from corpus.graph.links import Ints
from corpus.graph.stored_edges import Beside, CitingRow, End, StoredEdges
from corpus.graph.stored_facts import StoredFacts
from corpus.library import LibraryView
from corpus.library.addresses import not_found
from corpus.library.edge_rows import relation_rank

_LEGAL = Filter(reach="legal", facts=False)
#: Citing documents of a document from which on a page of them is read, and not all.
_MANY = 2_000


class StoredGraph(Graph):
    """The citations that a view shows; only fact edges are held. Safe to share between threads."""

    def __init__(self, view: LibraryView) -> None:
        super().__init__(view)
        self.in_memory = False
        self._stored = StoredEdges(view)
        self._stored_facts = StoredFacts(view)
        #: Answers about the whole library, as long as it does not change: name and arguments → answer.
        self._kept: dict[tuple[object, ...], object] = {}

    def refresh(self) -> StoredGraph:
        """Follow the library; returns itself. Cheap when nothing changed."""
        facts = self._stored_facts.refresh()
        if facts.sequence != self.sequence:
            self._kept = {}
            self.sequence = facts.sequence
        return self

    @property
    def adjacency(self) -> Adjacency:
        """The whole graph, read for one question and not kept."""
        return Graph(self.view).refresh().adjacency

    def beside(self, id: int, *, back: bool) -> Adjacency:
        """See :meth:`corpus.graph.graph.Graph.beside`."""
        with self._stored.reading() as connection:
            self._check(connection, id)
            return self._around(connection, [id], "target" if back else "source", EVERYTHING).adjacency

    def _facts_now(self) -> StoredFacts:
        return self._stored_facts if self.sequence >= 0 else self.refresh()._stored_facts

    def _check(self, connection: Connection, *ids: int) -> None:
        """Raises NotFound for a document that is not shown."""
        there = self._stored.days(connection, ids)
        for id in ids:
            if id not in there:
                raise not_found(id)

    def _around(
        self,
        connection: Connection,
        ids: Sequence[int],
        end: End,
        within: Filter,
        *,
        far: Sequence[int] | None = None,
        days: Mapping[int, int] | None = None,
    ) -> Graph:
        """A graph of the edges whose *end* is one of *ids*, which are shown; far: only those to (from) these.

        days: of *ids*, where they are known and matter.
        """
        facts = self._facts_now()
        found = self._stored.beside(connection, ids, end, relations=within.relations, far=far)
        stated = facts.beside(ids if within.facts else [], end, far)
        known = {id: facts.day(id) for id in {*stated.src.tolist(), *stated.dst.tolist()}}
        return Graph.over(self.view, _adjacency(found, stated, ids, {**known, **found.days, **(days or {})}))

    # ------------------------------------------------------------ one document

    def cites(self, id: int, *, within: Filter = EVERYTHING) -> list[Link]:
        """See :meth:`corpus.graph.graph.Graph.cites`."""
        if within.by_document:
            return super().cites(id, within=within)
        with self._stored.reading() as connection:
            self._check(connection, id)
            return self._around(connection, [id], "source", within).cites(id, within=within)

    def cited_by(
        self, id: int, *, within: Filter = EVERYTHING, offset: int = 0, limit: int = 50
    ) -> tuple[int, list[Link]]:
        """See :meth:`corpus.graph.graph.Graph.cited_by`."""
        if within.by_document:
            return super().cited_by(id, within=within, offset=offset, limit=limit)
        with self._stored.reading() as connection:
            self._check(connection, id)
            (count,) = self._citing_counts(connection, [id], within).values()
            return count, self._citing_links(connection, id, within, count, offset=offset, limit=limit)

    def cited_by_links(self, id: int, *, within: Filter = EVERYTHING) -> list[Link]:
        """See :meth:`corpus.graph.graph.Graph.cited_by_links`."""
        if within.by_document:
            return super().cited_by_links(id, within=within)
        return self.links_to([id], within=within)[id]

    def linked(self, id: int, others: Sequence[int]) -> set[int]:
        """See :meth:`corpus.graph.graph.Graph.linked`."""
        with self._stored.reading() as connection:
            self._check(connection, id)
            cited = self._around(connection, [id], "source", STATED, far=others).cites(id, within=STATED)
            citing = self._around(connection, [id], "target", STATED, far=others).cited_by_links(id, within=STATED)
        return {link.target for link in cited} | {link.source for link in citing}

    def links_to(self, ids: Sequence[int], *, within: Filter = EVERYTHING) -> dict[int, list[Link]]:
        """See :meth:`corpus.graph.graph.Graph.links_to`."""
        if within.by_document:
            return super().links_to(ids, within=within)
        with self._stored.reading() as connection:
            self._check(connection, *ids)
            return self._around(connection, ids, "target", within).links_to(ids, within=within)

    def citing_ids(self, id: int, *, within: Filter = EVERYTHING, limit: int) -> list[int]:
        """See :meth:`corpus.graph.graph.Graph.citing_ids`."""
        if within.by_document:
            return super().citing_ids(id, within=within, limit=limit)
        with self._stored.reading() as connection:
            self._check(connection, id)
            (count,) = self._citing_counts(connection, [id], within).values()
            return [source for source, _ in self._citing_page(connection, id, within, count, limit)]

    def citing_by_part(self, id: int, most: int) -> dict[str, tuple[int, list[Citing]]]:
        """See :meth:`corpus.graph.graph.Graph.citing_by_part`."""
        found: dict[str, list[Citing]] = {"legal": [], "wide": [], "other": []}
        for one in self.citing(id):
            found[one.part].append(one)
        return {part: (len(own), own[:most]) for part, own in found.items()}

    def citing(self, id: int) -> list[Citing]:
        """See :meth:`corpus.graph.graph.Graph.citing`."""
        with self._stored.reading() as connection:
            self._check(connection, id)
            rows = self._stored.citing(connection, id)
        return [_one_citing(source, list(of)) for source, of in groupby(rows, key=lambda row: row.source)]

    def tree(
        self, id: int, *, cited_by: bool = False, depth: int = 3, within: Filter = EVERYTHING, size: int = 500
    ) -> Branch:
        """See :meth:`corpus.graph.graph.Graph.tree`."""
        if within.by_document:
            return super().tree(id, cited_by=cited_by, depth=depth, within=within, size=size)
        root = Branch(id, None)
        with self._stored.reading() as connection:
            self._check(connection, id)
            seen, count, front = {id}, 1, [root]
            for level in range(depth + 1):
                room = 0 if level == depth else size - count
                read = self._citing_children if cited_by else self._cited_children
                children = read(connection, [branch.id for branch in front], within, room)
                following: list[Branch] = []
                for branch in front:
                    total, links = children[branch.id]
                    shown = links[: max(0, size - count)] if level < depth else []
                    branch.more = total - len(shown)
                    for link in shown:
                        other = link.source if cited_by else link.target
                        child = Branch(other, link, again=other in seen)
                        branch.children.append(child)
                        if not child.again:
                            seen.add(other)
                            following.append(child)
                    count += len(shown)
                front = following
        return root

    def impact(self, id: int, *, within: Filter | None = None, limit: int | None = 200) -> Impact:
        """See :meth:`corpus.graph.graph.Graph.impact`."""
        rule = within or _LEGAL
        if rule.by_document:
            return super().impact(id, within=rule, limit=limit)
        with self._stored.reading() as connection:
            self._check(connection, id)
            (direct,) = self._citing_counts(connection, [id], rule).values()
            if limit is not None and direct > limit:  # of a hub, only the page that is shown is sorted and fetched
                page = self._citing_page(connection, id, rule, direct, limit)
                return Impact(direct, [(source, 1) for source, _ in page], False)
            return self._spread(connection, id, rule, direct, limit)

    def _spread(self, connection: Connection, id: int, rule: Filter, direct: int, limit: int | None) -> Impact:
        facts = self._facts_now()
        seen, front, distance = {id}, [id], 1
        reached: list[tuple[int, int]] = []
        while front:
            if limit is not None and len(reached) > limit:
                return Impact(direct, reached[:limit], False)
            ahead = self._stored.sources(connection, front, rule)
            ahead.update((source, facts.day(source)) for source, _ in facts.pairs(front, "target", rule))
            fresh = {source: day for source, day in ahead.items() if source not in seen}
            if limit is not None and len(reached) == limit:
                return Impact(direct, reached, not fresh)
            seen.update(fresh)
            front = _newest_first(fresh)
            reached += [(source, distance) for source in front]
            distance += 1
        return Impact(direct, reached, True)

    def path(self, a: int, b: int, *, within: Filter = EVERYTHING) -> Path | None:
        """See :meth:`corpus.graph.graph.Graph.path`."""
        if within.by_document:
            return super().path(a, b, within=within)
        facts = self._facts_now()
        with self._stored.reading() as connection:
            self._check(connection, a, b)
            if a == b:
                return Path(True, ())

            def step(front: Iterable[int], end: End) -> dict[int, int]:
                found = self._stored.steps(connection, front, end, within)
                for source, target in facts.pairs(front, end, within):
                    near, far = (source, target) if end == "source" else (target, source)
                    found[far] = min(near, found.get(far, near))
                return found

            for both in (False, True):
                steps = stored_paths.shortest(step, a, b, both=both)
                if steps is not None:
                    return Path(not both, tuple(self._steps(connection, steps, within)))
        return None

    def _steps(
        self, connection: Connection, steps: Sequence[stored_paths.Step], within: Filter
    ) -> list[tuple[Link, bool]]:
        """The links of a way."""
        found = []
        for source, target, forward in steps:
            local = self._around(connection, [source], "source", within, far=[target])
            found.append((local.cites(source, within=within)[0], forward))
        return found

    # ------------------------------------------------------------ children, counts, pages

    def _cited_children(
        self, connection: Connection, ids: Sequence[int], within: Filter, room: int
    ) -> dict[int, tuple[int, list[Link]]]:
        """For each document how many it cites, and the first link to each of them."""
        local = self._around(connection, ids, "source", within)
        found = {}
        for id in ids:
            first: dict[int, Link] = {}
            for link in local.cites(id, within=within):
                first.setdefault(link.target, link)
            found[id] = len(first), list(first.values())
        return found

    def _citing_children(
        self, connection: Connection, ids: Sequence[int], within: Filter, room: int
    ) -> dict[int, tuple[int, list[Link]]]:
        """For each document how many cite it, and the first link of each of them, the newest first.

        room: links that are needed of all *ids* together; they are filled in their order.
        """
        counts = self._citing_counts(connection, ids, within)
        found: dict[int, tuple[int, list[Link]]] = {}
        few: list[int] = []
        for id in ids:
            found[id] = counts[id], []
            if room > 0 and counts[id] > _MANY:
                found[id] = counts[id], self._citing_links(connection, id, within, counts[id], offset=0, limit=room)
            elif room > 0 and counts[id]:
                few.append(id)
            room -= counts[id]
        local = self._around(connection, few, "target", within) if few else None
        for id in few:
            assert local is not None
            found[id] = counts[id], local.cited_by(id, within=within, limit=counts[id])[1]
        return found

    def _citing_counts(self, connection: Connection, ids: Sequence[int], within: Filter) -> dict[int, int]:
        """How many documents cite each of *ids*, in their order."""
        counts = self._stored.counts(connection, ids, "target", within)
        found = {id: counts.get(id, 0) for id in ids}
        for _, target in self._facts_alone(connection, ids, within):
            found[target] += 1
        return found

    def _facts_alone(self, connection: Connection, ids: Sequence[int], within: Filter) -> set[tuple[int, int]]:
        """The pairs to *ids* of which only facts are known."""
        pairs = set(self._facts_now().pairs(ids, "target", within))
        return pairs - self._stored.stating(connection, pairs, within)

    def _citing_page(
        self, connection: Connection, id: int, within: Filter, count: int, limit: int
    ) -> list[tuple[int, int]]:
        """The newest *limit* of the *count* documents that cite *id*, each with its day."""
        facts = self._facts_now()
        found = self._stored.newest(connection, id, within, count=count, limit=limit)
        found += [(source, facts.day(source)) for source, _ in self._facts_alone(connection, [id], within)]
        return sorted(found, key=lambda one: (-one[1], one[0]))[:limit]

    def _citing_links(
        self, connection: Connection, id: int, within: Filter, count: int, *, offset: int, limit: int
    ) -> list[Link]:
        """The first link of each of the citing documents from *offset* on, the newest first."""
        page = self._citing_page(connection, id, within, count, offset + limit)[offset:]
        local = self._around(connection, [s for s, _ in page], "source", within, far=[id], days=dict(page))
        return local.cited_by(id, within=within, limit=limit)[1] if page else []

    # ------------------------------------------------------------ several documents

    def counts(self, ids: Iterable[int]) -> dict[int, tuple[int, int]]:
        """See :meth:`corpus.graph.graph.Graph.counts`."""
        with self._stored.reading() as connection:
            there = list(self._stored.days(connection, ids))
            out = self._stored.counts(connection, there, "source", STATED)
            back = self._stored.counts(connection, there, "target", STATED)
        return {id: (out.get(id, 0), back.get(id, 0)) for id in there}

    def reached(self, ids: Sequence[int], *, back: bool, most: int) -> list[tuple[int, Ints]]:
        """See :meth:`corpus.graph.graph.Graph.reached`."""
        end: End = "target" if back else "source"
        with self._stored.reading() as connection:
            counts = self._stored.counts(connection, ids, end, STATED) if back else {}
            few = [id for id in ids if counts.get(id, 0) <= most]
            pairs = self._stored.pairs(connection, few, end)
        near, far = (pairs[1], pairs[0]) if back else (pairs[0], pairs[1])
        order = np.lexsort((far, near))
        near, far = near[order], far[order]
        found = []
        for id in ids:
            here = far[np.searchsorted(near, id) : np.searchsorted(near, id, side="right")]
            count = counts.get(id, len(here))
            found.append((count, here if count <= most else here[:0]))
        return found

    def most_cited(self, limit: int = 20, *, held: bool | None = None) -> list[tuple[int, int]]:
        """See :meth:`corpus.graph.graph.Graph.most_cited`."""
        kept, key = self._kept, ("most_cited", limit, held)
        if key not in kept:
            with self._stored.reading() as connection:
                kept[key] = self._stored.most_cited(connection, limit, held)
        found = kept[key]
        assert isinstance(found, list)
        return list(found)

    def dependents(self, ids: Sequence[int]) -> dict[int, tuple[int, bool]]:
        """See :meth:`corpus.graph.graph.Graph.dependents`."""
        with self._stored.reading() as connection:
            there = self._stored.days(connection, ids)
            found = self._stored.dependents(connection, there)
        return {id: (found[id][0], not found[id][1]) if id in found else (0, True) for id in ids if id in there}

    def held_count(self) -> int:
        """See :meth:`corpus.graph.graph.Graph.held_count`."""
        kept = self._kept
        if ("held",) not in kept:
            with self._stored.reading() as connection:
                kept["held",] = self._stored.held_count(connection)
        found = kept["held",]
        assert isinstance(found, int)
        return found

    def ids(self) -> list[int]:
        """See :meth:`corpus.graph.graph.Graph.ids`."""
        with self._stored.reading() as connection:
            return self._stored.ids(connection)

    def memory(self) -> int:
        """Bytes of what is held."""
        return self._stored_facts.nbytes


def _adjacency(found: Beside, facts: FactEdges, ids: Iterable[int], days: Mapping[int, int]) -> Adjacency:
    """The edges of *found* and of *facts*, between their ends and *ids*; days: of those of which they are known."""
    ends = [found.columns[0], found.columns[1], facts.src, facts.dst, np.array(list(ids), np.int64)]
    documents = np.unique(np.concatenate(ends))
    first = np.array([days.get(id, 0) for id in documents.tolist()], np.int64)
    nothing = np.zeros(len(documents), np.int64)
    columns = DocumentColumns(documents, nothing.astype(np.bool_), first, nothing, [""], nothing)
    return Adjacency.of(columns, packed(found.columns), facts)


def _one_citing(source: int, rows: Sequence[CitingRow]) -> Citing:
    """One document that cites another, of its rows in order of mention."""
    most = min(rows, key=lambda row: (not row.legal, not row.wide, relation_rank(row.relation)))
    return Citing(source, most.relation, any(row.legal for row in rows), any(row.wide for row in rows))


def _newest_first(days: Mapping[int, int]) -> list[int]:
    return [id for id, _ in sorted(days.items(), key=lambda one: (-one[1], one[0]))]
