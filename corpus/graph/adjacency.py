"""One built state of the graph: edges sorted by source and by target, never changed, so readers need no lock.

Documents are positions in the columns, edges are places in the arrays.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from corpus import agencies, areas
from corpus.dates import interval
from corpus.graph.arrangement import Arrangement, arranged, ranges
from corpus.graph.documents import DocumentColumns, day_number
from corpus.graph.edges import EdgeTable
from corpus.graph.fact_edges import FactEdges
from corpus.graph.links import FACT, INFERRED, LEGAL, RELATIONS, UNSURE, WIDE, Bools, Filter, Ints, Link, allowed
from corpus.library.addresses import not_found


class Adjacency:
    """Finds the edges from a document and to it."""

    def __init__(self, documents: DocumentColumns, arrangement: Arrangement) -> None:
        #: The edges in their orders.
        self.arrangement = arrangement
        self.documents = documents
        self.ids = documents.ids
        self.src, self.dst, self.rel, self.bits = arrangement.src, arrangement.dst, arrangement.rel, arrangement.bits
        self._out_start, self._in_start, self._back = arrangement.out_start, arrangement.in_start, arrangement.back

    @classmethod
    def of(cls, documents: DocumentColumns, edges: EdgeTable, facts: FactEdges) -> Adjacency:
        """The state of all *edges* and *facts* between *documents*."""
        return cls(documents, arranged(documents, edges, facts))

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays."""
        columns = (self.documents.first_day, self.documents.last_day, self.documents.issuer, self.documents.held)
        return self.arrangement.nbytes + sum(int(array.nbytes) for array in (self.ids, *columns))

    def at(self, id: int) -> int:
        """The position of a document. Raises NotFound."""
        at = self.documents.find(id)
        if at is None:
            raise not_found(id)
        return at

    def link(self, edge: int) -> Link:
        """An edge as a value."""
        bits = int(self.bits[edge])
        return Link(
            int(self.ids[self.src[edge]]),
            int(self.ids[self.dst[edge]]),
            RELATIONS[self.rel[edge]],
            is_legal_basis=bool(bits & LEGAL),
            wide_basis=bool(bits & (WIDE | LEGAL)),
            inferred=bool(bits & INFERRED),
            fact=bool(bits & FACT),
            sure=not bits & UNSURE,
        )

    def other(self, edges: Ints, back: bool) -> Ints:
        """The far ends of edges: targets, or sources (*back*)."""
        ends: Ints = self.src if back else self.dst
        return ends[edges]

    def edges(self, document: int, within: Filter, back: bool = False) -> Ints:
        """The edges out of (into, *back*) one document that the filter lets through."""
        if back:
            edges = self._back[self._in_start[document] : self._in_start[document + 1]]
        else:
            edges = np.arange(self._out_start[document], self._out_start[document + 1])
        return edges[self._allowed(edges, within, back)]

    def far_ends(self, document: int, within: Filter, back: bool = False) -> Ints:
        """The different documents at the far ends of these edges: citing ones newest first, cited ones by position."""
        edges = self.edges(document, within, back)
        if not back:
            return np.unique(self.dst[edges])
        ends = self.src[edges]
        new = np.ones(len(ends), np.bool_)
        new[1:] = ends[1:] != ends[:-1]  # the edges of one document are neighbours
        return ends[new]

    def far_ends_of(self, documents: Sequence[int], within: Filter, back: bool = False) -> list[Ints]:
        """The same of several documents. Cited ones are found together, as they are few of each."""
        if back:
            return [self.far_ends(document, within, back) for document in documents]
        edges = self.edges_of(np.array(documents, np.int64), within)
        pairs = np.unique((self.src[edges] << 32) | self.dst[edges])
        src, dst = pairs >> 32, pairs & 0xFFFFFFFF
        starts, ends = (np.searchsorted(src, documents, side) for side in ("left", "right"))
        return [dst[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]

    def edges_of(self, documents: Ints, within: Filter, back: bool = False) -> Ints:
        """The same of several documents."""
        start = self._in_start if back else self._out_start
        edges = ranges(start[documents], start[documents + 1] - start[documents])
        if back:
            edges = self._back[edges]
        return edges[self._allowed(edges, within, back)]

    def neighbours(self, documents: Ints, within: Filter, back: bool = False) -> Ints:
        """The far ends of the edges of several documents."""
        return self.other(self.edges_of(documents, within, back), back)

    def newest_first(self, documents: Ints) -> Ints:
        """Positions by date, the latest first."""
        return documents[np.lexsort((self.ids[documents], -self.documents.first_day[documents]))]

    def _allowed(self, edges: Ints, within: Filter, back: bool) -> Bools:
        keep = allowed(self.rel[edges], self.bits[edges], within)
        other = self.other(edges, back)
        if within.since:
            keep &= self.documents.last_day[other] >= day_number(interval(within.since)[0])
        if within.until:
            keep &= self.documents.first_day[other] <= day_number(interval(within.until)[1])
        if within.issuer or within.province:
            chosen = np.array([_is_issuer(name, within) for name in self.documents.issuers], np.bool_)
            keep &= chosen[self.documents.issuer[other]]
        return keep


def _is_issuer(key: str, within: Filter) -> bool:
    if within.issuer and not (key == within.issuer or key.startswith(within.issuer + ":")):
        return False
    if within.province:
        here = agencies.province(key)
        return here is not None and here in areas.provinces() and within.province in (here, areas.now(here))
    return True
