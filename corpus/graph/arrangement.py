"""The edges of the graph in the orders in which they are looked up: made of all edges, or from the arrangement before.

Documents are positions in the columns, edges are places in the arrays.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from corpus.graph.documents import DocumentColumns
from corpus.graph.edges import EdgeTable
from corpus.graph.fact_edges import FactEdges
from corpus.graph.links import FACT, Bytes, Ints

#: The place of edges that are no citation, behind all citations of their source.
_BEHIND = 1 << 30


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Edges by source, each source's citations in their order on the page; and the places of the same by target."""

    src: Ints
    dst: Ints
    #: Places in :data:`corpus.graph.links.RELATIONS`.
    rel: Bytes
    #: See :data:`corpus.graph.links.LEGAL` and its neighbours.
    bits: Bytes
    #: Where the edges of each source begin, and where the last ones end.
    out_start: Ints
    #: Places of edges by target, those of a target by the first day that the date of their source may mean, the latest
    #: first.
    back: Ints
    #: Where the edges to each target begin in *back*, and where the last ones end.
    in_start: Ints
    #: Ids named by edges that are left out, since the view shows no such document: hidden and merged ones.
    missing: Ints

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays."""
        arrays = (self.src, self.dst, self.rel, self.bits, self.out_start, self.back, self.in_start, self.missing)
        return sum(int(array.nbytes) for array in arrays)


def arranged(documents: DocumentColumns, edges: EdgeTable, facts: FactEdges) -> Arrangement:
    """All *edges* and *facts* between *documents*."""
    sources, targets = np.concatenate([edges.src, facts.src]), np.concatenate([edges.dst, facts.dst])
    src, has_source = documents.positions(sources)
    dst, has_target = documents.positions(targets)
    rel = np.concatenate([edges.rel, facts.rel])
    bits = np.concatenate([edges.bits, facts.bits])
    first = np.concatenate([edges.first, np.full(len(facts.src), _BEHIND, np.int32)])
    order = np.flatnonzero(has_source & has_target)
    order = order[np.argsort((src[order] << 32) | first[order], kind="stable")]
    src, dst, rel, bits = src[order], dst[order], rel[order], bits[order]
    count = len(documents.ids)
    out_start = _starts(np.bincount(src, minlength=count))
    newest = np.argsort(-documents.first_day, kind="stable")  # positions are in order of id
    of_newest = ranges(out_start[newest], np.diff(out_start)[newest])
    return Arrangement(
        src,
        dst,
        rel,
        bits,
        out_start,
        of_newest[stable_order(dst[of_newest])],
        _starts(np.bincount(dst, minlength=count)),
        np.unique(np.concatenate([sources[~has_source], targets[~has_target]])),
    )


def rearranged(
    old: Arrangement, before: DocumentColumns, documents: DocumentColumns, changed: Iterable[int], fresh: EdgeTable
) -> Arrangement | None:
    """*old*, an arrangement of *before*, with the citations of the documents *changed* replaced by *fresh*.

    documents: those of *before* at the same positions, with more behind them. Fact edges stay as they are. Copies the
    edges where :func:`arranged` sorts them. None where all must be arranged anew: an edge of another document becomes
    visible, or the date of a document with fact edges changes.
    """
    more = len(documents.ids) - len(before.ids)
    if more and np.isin(documents.ids[len(before.ids) :], old.missing).any():
        return None
    at, there = documents.positions(np.array(sorted(set(changed)), np.int64))
    known = at[there & (at < len(before.ids))]
    own = ranges(old.out_start[known], old.out_start[known + 1] - old.out_start[known])
    is_fact = (old.bits[own] & FACT) != 0
    redated = before.first_day[old.src[own]] != documents.first_day[old.src[own]]
    if (is_fact & redated).any():
        return None
    src, has_source = documents.positions(fresh.src)
    dst, has_target = documents.positions(fresh.dst)
    missing = np.union1d(old.missing, np.concatenate([fresh.src[~has_source], fresh.dst[~has_target]]))
    order = np.flatnonzero(has_source & has_target)
    order = order[np.lexsort((fresh.first[order], src[order]))]
    src, dst = src[order], dst[order]

    keep = np.ones(len(old.src), np.bool_)
    dropped = own[~is_fact]
    keep[dropped] = False
    kept_src = old.src[keep]
    into = np.searchsorted(kept_src, src)  # before the fact edges of the same source
    # The new place of each old edge: less the dropped ones before it, and the inserted ones more.
    moved = np.cumsum(keep) - 1
    moved[keep] += np.cumsum(np.bincount(into, minlength=len(kept_src) + 1))[: len(kept_src)]
    places = into + np.arange(len(into))

    added = np.zeros(more, np.int64)
    leaving = np.concatenate([np.diff(old.out_start), added])
    arriving = np.concatenate([np.diff(old.in_start), added])
    np.subtract.at(leaving, old.src[dropped], 1)
    np.subtract.at(arriving, old.dst[dropped], 1)
    back = moved[old.back[keep[old.back]]]
    new_src = np.insert(kept_src, into, src)
    by_target = np.lexsort((places, -documents.first_day[src], dst))
    beside = _beside(back, _starts(arriving), new_src, documents.first_day, dst[by_target], places[by_target])
    np.add.at(leaving, src, 1)
    np.add.at(arriving, dst, 1)
    return Arrangement(
        new_src,
        np.insert(old.dst[keep], into, dst),
        np.insert(old.rel[keep], into, fresh.rel[order]),
        np.insert(old.bits[keep], into, fresh.bits[order]),
        _starts(leaving),
        np.insert(back, beside, places[by_target]),
        _starts(arriving),
        missing,
    )


def _beside(back: Ints, in_start: Ints, src: Ints, first_day: Ints, targets: Ints, places: Ints) -> Ints:
    """Where in *back* each of *places*, the edges to *targets*, belongs."""
    found = np.empty(len(places), np.int64)
    ends = [0, *(np.flatnonzero(np.diff(targets)) + 1).tolist(), len(targets)] if len(targets) else [0]
    for begin, end in itertools.pairwise(ends):
        start = int(in_start[targets[begin]])
        group = back[start : int(in_start[targets[begin] + 1])]
        days = -first_day[src[group]]
        for at in range(begin, end):
            day = -first_day[src[places[at]]]
            low, high = np.searchsorted(days, day), np.searchsorted(days, day, "right")
            found[at] = start + low + np.searchsorted(group[low:high], places[at])
    return found


def ranges(starts: Ints, lengths: Ints) -> Ints:
    """The numbers of several ranges, one after the other."""
    total = int(lengths.sum())
    if not total:
        return np.empty(0, np.int64)
    found: Ints = np.arange(total) + np.repeat(starts - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    return found


def _starts(counts: Ints) -> Ints:
    """Where each of several ranges with so many members begins, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(counts)])


def stable_order(documents: Ints) -> Ints:
    """The order by document that leaves equal ones as they are: NumPy sorts pairs of bytes several times as fast."""
    order: Ints = np.argsort((documents & 0xFFFF).astype(np.uint16), kind="stable")
    high = documents >> 16
    while high.any():
        order = order[np.argsort((high[order] & 0xFFFF).astype(np.uint16), kind="stable")]
        high >>= 16
    return order
