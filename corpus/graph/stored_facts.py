"""The edges that only tables or titles state, kept in memory for a library whose citations are asked of its tables.

Of all documents only those are read that can have such an edge: those of the known-documents tables, cited ones whose
title names others, and those that are named.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from sqlalchemy import ColumnElement, or_

from corpus.graph.documents import GraphDocument, load_documents
from corpus.graph.fact_edges import FactEdges
from corpus.graph.links import Filter
from corpus.graph.stored_edges import End
from corpus.library import LibraryView
from corpus.library.database import chunks
from corpus.library.schema import nodes

#: Documents that may have such an edge by themselves: a number in a title has a stroke, or what looks like one.
_OWN: ColumnElement[bool] = or_(
    nodes.c.known.is_not(None),
    nodes.c.held.is_(False) & or_(*(nodes.c.title.contains(stroke) for stroke in "/\u2044\u2215\uff0f")),
)


class StoredFacts:
    """The fact edges of what *view* shows; :meth:`refresh` follows the library by its change number."""

    def __init__(self, view: LibraryView) -> None:
        self._view = view
        self._lock = threading.Lock()
        self._documents: dict[int, GraphDocument] = {}
        #: Numbers that titles name, whose documents are among those kept.
        self._numbers: frozenset[str | None] = frozenset()
        #: The change number that the edges stand at; -1 before the first refresh.
        self.sequence = -1
        self._edges = FactEdges([])

    def refresh(self) -> StoredFacts:
        """Catch up with the library; returns itself. Cheap when nothing changed."""
        if self.sequence == self._view.sequence():
            return self
        with self._lock:
            now = self._view.sequence()
            if now != self.sequence:
                # A document written meanwhile is read now and once more by the next refresh; none is missed.
                self._follow(None if self.sequence < 0 else [change.id for change in self._view.changes(self.sequence)])
                self.sequence = now
        return self

    def _follow(self, ids: Sequence[int] | None) -> None:
        if ids is None:
            gone: set[int] = set()
            fresh = [one for one in load_documents(self._view, where=_OWN) if one.known or one.named]
        else:
            gone = set(ids) & self._documents.keys()
            fresh = [one for one in load_documents(self._view, ids) if self._matters(one)]
        if ids is not None and not gone and not fresh:
            return
        documents = {id: one for id, one in self._documents.items() if id not in gone}
        documents.update((one.id, one) for one in fresh)
        numbers = frozenset(named.so_ky_hieu.number_key for one in documents.values() for named in one.named)
        for part in chunks(sorted(number for number in numbers - self._numbers if number)):
            named = load_documents(self._view, where=nodes.c.number_key.in_(part))
            documents.update((one.id, one) for one in named)
        self._documents, self._numbers = documents, numbers
        self._edges = FactEdges([documents[id] for id in sorted(documents)])

    def _matters(self, document: GraphDocument) -> bool:
        return bool(document.known or document.named or document.number_key in self._numbers)

    def beside(self, ids: Iterable[int], end: End, far: Iterable[int] | None = None) -> FactEdges:
        """The edges whose *end* is one of *ids*; far: only those whose other end is one of these."""
        edges = self._edges
        near, other = (edges.src, edges.dst) if end == "source" else (edges.dst, edges.src)
        keep = np.isin(near, np.array(list(ids), np.int64))
        if far is not None:
            keep &= np.isin(other, np.array(list(far), np.int64))
        return edges.those(keep)

    def pairs(self, ids: Iterable[int], end: End, within: Filter) -> Iterator[tuple[int, int]]:
        """Source and target of the edges that *within* lets through and whose *end* is one of *ids*."""
        if within.facts:
            found = self.beside(ids, end)
            found = found.those(found.allowed(within))
            yield from zip(found.src.tolist(), found.dst.tolist(), strict=True)

    def day(self, id: int) -> int:
        """The first day of a document that has a fact edge, as a number."""
        return self._documents[id].first_day

    @property
    def nbytes(self) -> int:
        """Bytes of the edges."""
        edges = self._edges
        return sum(int(array.nbytes) for array in (edges.src, edges.dst, edges.rel, edges.bits))
