"""Edges that no document of the library states: those of the known-documents tables, and those of titles.

What a held document cites is read from its own pages, so the tables' citations of it are left out.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence

import numpy as np

from corpus import agencies
from corpus.graph.documents import GraphDocument
from corpus.graph.links import CODES, FACT, LEGAL, UNSURE, WIDE, Bools, Filter, allowed
from corpus.law import known_documents, title_facts
from corpus.law.title_facts import Named
from corpus.vocabulary import Relation

#: Ids of source and target, code of the relation, bits.
_Edge = tuple[int, int, int, int]


class FactEdges:
    """The fact edges between *documents*, as arrays."""

    def __init__(self, documents: Sequence[GraphDocument]) -> None:
        edges = list(_table_edges(documents))
        edges += _title_edges(documents, {(source, target, rel) for source, target, rel, _ in edges})
        columns = list(zip(*edges, strict=True)) or [(), (), (), ()]
        self.src, self.dst = np.array(columns[0], np.int64), np.array(columns[1], np.int64)
        self.rel, self.bits = np.array(columns[2], np.uint8), np.array(columns[3], np.uint8)
        self._numbers = {named.so_ky_hieu.number_key for document in documents for named in document.named}

    def depend_on(self, document: GraphDocument) -> bool:
        """Whether a change of that document may change the edges."""
        return bool(document.known or document.named or document.number_key in self._numbers)

    def those(self, keep: Bools) -> FactEdges:
        """The edges chosen by *keep*, one value for each."""
        chosen = copy.copy(self)
        chosen.src, chosen.dst = self.src[keep], self.dst[keep]
        chosen.rel, chosen.bits = self.rel[keep], self.bits[keep]
        return chosen

    def allowed(self, within: Filter) -> Bools:
        """Which edges a filter lets through, as far as it asks for edges."""
        return allowed(self.rel, self.bits, within)


def _table_edges(documents: Sequence[GraphDocument]) -> Iterator[_Edge]:
    known = sorted((d for d in documents if d.known), key=lambda d: (not d.held, d.id), reverse=True)
    by_key = {d.known: d for d in known}
    for edge in known_documents.edges() if by_key else ():
        source, target = by_key.get(edge.source), by_key.get(edge.target)
        if source is None or target is None or (source.held and edge.relation not in known_documents.CHANGES):
            continue
        bits = FACT | (0 if edge.sure else UNSURE) | (LEGAL | WIDE if edge.relation == Relation.LEGAL_BASIS else 0)
        yield source.id, target.id, CODES[edge.relation], bits


def _title_edges(documents: Sequence[GraphDocument], stated: set[tuple[int, int, int]]) -> Iterator[_Edge]:
    """What titles say of other documents, where that is one document of the library; *stated*: already known."""
    naming = [(document, named) for document in documents for named in document.named]
    wanted = {named.so_ky_hieu.number_key for _, named in naming}
    by_number: dict[str | None, list[GraphDocument]] = {}
    for document in documents if wanted else ():
        if document.number_key in wanted:
            by_number.setdefault(document.number_key, []).append(document)
    for document, named in naming:
        fits = [d for d in by_number.get(named.so_ky_hieu.number_key, []) if _is_named(d, named, document)]
        if len(fits) == 1:
            edge = (document.id, fits[0].id, CODES[named.relation])
            if edge not in stated:
                stated.add(edge)
                yield (*edge, FACT)


def _is_named(document: GraphDocument, named: Named, by: GraphDocument) -> bool:
    """Whether *document* is the one that the title of *by* names."""
    return (
        document.id != by.id
        and title_facts.fits(named, document.sym_key, (document.date or "")[:4] or None)
        and (agencies.of_symbol(named.so_ky_hieu.symbol) is not None or document.issuer_key == by.issuer_key)
    )
