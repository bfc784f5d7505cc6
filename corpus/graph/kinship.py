"""Documents that are kin by their citations: cited together with a document, or resting on the same ones.

A document that everybody cites says little: each shared one counts the less the more documents cite it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.graph.graph import STATED, Graph
from corpus.graph.links import Floats, Ints

#: Citing documents that are looked at, newest first.
_MOST_CITING = 500
#: Weight that is added to all of a document's, so that one citation alone makes no kin.
_PRIOR = 0.75
#: Citations of one cited document that are followed; one with more of them tells nothing.
_MOST_SHARED = 5_000


@dataclass(frozen=True, slots=True)
class Kin:
    """A document, and how near it is by citations."""

    id: int
    #: Documents that cite both.
    co_cited: int
    #: Documents that both cite.
    shared: int
    #: From 0 to about 2: the share of its citing documents that cite both, and of its cited ones that both cite.
    score: float


def kin(graph: Graph, id: int, limit: int = 50) -> list[Kin]:
    """The nearest documents by citations, best first; those that it cites or that cite it are left out.

    Raises NotFound.
    """
    cited = sorted({link.target for link in graph.cites(id, within=STATED)})
    citing = graph.citing_ids(id, within=STATED, limit=_MOST_CITING)
    together, shared = _counted(graph, citing, back=False), _counted(graph, cited, back=True)
    ids = np.setdiff1d(np.union1d(together[0], shared[0]), np.array([id, *cited, *citing], np.int64))
    co_cited, co_scores = _placed(ids, together)
    both_cite, shared_scores = _placed(ids, shared)
    scores = co_scores + shared_scores
    best = np.lexsort((ids, -scores))[:limit]
    columns = (ids, co_cited, both_cite, scores)
    return [Kin(*row) for row in zip(*(column[best].tolist() for column in columns), strict=True)]


#: Documents by id, how many lead to each, and their weight as a share of the weight of all.
_Counted = tuple[Ints, Ints, Floats]


def _placed(ids: Ints, counted: _Counted) -> tuple[Ints, Floats]:
    """Counts and shares of *ids*; 0 of those that were not counted."""
    counts, shares = np.zeros(len(ids), np.int64), np.zeros(len(ids), np.float64)
    _, to, of = np.intersect1d(ids, counted[0], assume_unique=True, return_indices=True)
    counts[to], shares[to] = counted[1][of], counted[2][of]
    return counts, shares


def _counted(graph: Graph, through: Sequence[int], *, back: bool) -> _Counted:
    """Which documents *through* lead to, how many lead to each, and their weight as a share of the weight of all.

    The share of a few is lowered: that the only document which cites one also cites another says little.

    back: *through* are cited, and lead to what cites them; else they cite, and lead to what they cite.
    """
    reached = graph.reached(through, back=back, most=_MOST_SHARED)
    weights = np.array([1.0 / np.log2(2 + count) for count, _ in reached], np.float64)
    documents = np.concatenate([np.empty(0, np.int64), *(ids for _, ids in reached)])
    ids, place = np.unique(documents, return_inverse=True)
    lengths = [len(own) for _, own in reached]
    counts = np.bincount(place, minlength=len(ids))
    sums = np.bincount(place, np.repeat(weights, lengths), minlength=len(ids)) / (sum(weights.tolist()) + _PRIOR)
    return ids, counts, sums
