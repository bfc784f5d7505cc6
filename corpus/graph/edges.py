"""The edges of the graph as arrays, read from the citations that a view shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Integer, Select, select, type_coerce

from corpus.graph.links import CODES, INFERRED, LEGAL, WIDE, Bytes, Ints
from corpus.library import LibraryView
from corpus.library.database import chunks
from corpus.library.schema import claims, mentions, nodes
from corpus.vocabulary import MentionState

#: Rows fetched at a time when all are read.
_FETCHED = 20_000


@dataclass(frozen=True, slots=True)
class EdgeTable:
    """One entry an edge. Ends are ids, which stay valid when documents are added and removed."""

    src: Ints
    dst: Ints
    #: Places in :data:`corpus.graph.links.RELATIONS`.
    rel: Bytes
    #: See :data:`corpus.graph.links.LEGAL` and its neighbours.
    bits: Bytes
    #: The ordinal of the first mention.
    first: npt.NDArray[np.int32]

    def replaced(self, sources: Sequence[int], fresh: EdgeTable) -> EdgeTable:
        """With the edges of *sources* replaced by *fresh*."""
        keep = ~np.isin(self.src, np.array(sources, np.int64))
        return EdgeTable(
            np.concatenate([self.src[keep], fresh.src]),
            np.concatenate([self.dst[keep], fresh.dst]),
            np.concatenate([self.rel[keep], fresh.rel]),
            np.concatenate([self.bits[keep], fresh.bits]),
            np.concatenate([self.first[keep], fresh.first]),
        )

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays."""
        return sum(int(array.nbytes) for array in (self.src, self.dst, self.rel, self.bits, self.first))


class ReadEdges:
    """The edges of all documents. Those of changed documents are put among the others when all are asked for."""

    def __init__(self, table: EdgeTable) -> None:
        self._table = table
        self._fresh: EdgeTable | None = None
        self._changed: set[int] = set()

    def replace(self, sources: Sequence[int], fresh: EdgeTable) -> None:
        """Replace the edges of *sources* by *fresh*."""
        self._fresh = fresh if self._fresh is None else self._fresh.replaced(sources, fresh)
        self._changed.update(sources)

    def all(self) -> EdgeTable:
        """The edges of all documents."""
        if self._fresh is not None:
            self._table = self._table.replaced(list(self._changed), self._fresh)
            self._fresh, self._changed = None, set()
        return self._table

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays."""
        return self._table.nbytes + (0 if self._fresh is None else self._fresh.nbytes)


def load_edges(view: LibraryView, sources: Sequence[int] | None = None) -> EdgeTable:
    """The edges of all documents, or of *sources* alone."""
    query = _query(view)
    parts: list[Ints] = []
    with view.reading() as connection:
        if sources is None:
            for rows in connection.execution_options(yield_per=_FETCHED).execute(query).partitions():
                parts.append(columns_of(rows))
        else:
            for part in chunks(sources):
                parts.append(columns_of(connection.execute(query.where(mentions.c.source_id.in_(part))).all()))
    return packed(np.concatenate(parts, axis=1) if parts else columns_of([]))


def _query(view: LibraryView) -> Select[Any]:
    return (
        select(
            mentions.c.source_id,
            claims.c.target_id,
            mentions.c.relation,
            type_coerce(mentions.c.legal, Integer),
            type_coerce(mentions.c.wide, Integer),
            claims.c.state,
            mentions.c.ordinal,
        )
        .select_from(mentions.join(claims, claims.c.id == mentions.c.claim_id))
        .join(nodes, nodes.c.id == mentions.c.source_id)
        .where(
            claims.c.target_id.is_not(None),
            claims.c.target_id != mentions.c.source_id,
            nodes.c.merged_into.is_(None),
            view.visible,
        )
    )


def columns_of(rows: Sequence[Any]) -> Ints:
    """Rows of mentions as columns: source, target, relation, bits, whether settled, ordinal."""
    settled = str(MentionState.SETTLED)
    values = [(r[0], r[1], CODES[r[2]], r[3] * LEGAL | r[4] * WIDE, 1 if r[5] == settled else 0, r[6]) for r in rows]
    return np.array(values, np.int64).reshape(-1, 6).T


def packed(columns: Ints) -> EdgeTable:
    """Mentions as edges, one a pair and relation, bits joined; an edge is inferred only if all its mentions are."""
    src, dst, rel, bits, settled, first = columns
    order = np.lexsort((first, rel, dst, src))
    src, dst, rel, bits, settled, first = (c[order] for c in (src, dst, rel, bits, settled, first))
    if not len(src):
        return EdgeTable(src, dst, rel.astype(np.uint8), bits.astype(np.uint8), first.astype(np.int32))
    new = np.ones(len(src), np.bool_)
    new[1:] = (src[1:] != src[:-1]) | (dst[1:] != dst[:-1]) | (rel[1:] != rel[:-1])
    at = np.flatnonzero(new)
    bits = np.bitwise_or.reduceat(bits, at)
    bits |= np.where(np.maximum.reduceat(settled, at) > 0, 0, INFERRED)
    return EdgeTable(src[at], dst[at], rel[at].astype(np.uint8), bits.astype(np.uint8), first[at].astype(np.int32))
