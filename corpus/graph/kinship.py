"""Documents that are kin by their citations: cited together with a document, or resting on the same ones.

A document that everybody cites says little: each shared one counts the less the more documents cite it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corpus.graph.adjacency import Adjacency
from corpus.graph.graph import Graph
from corpus.graph.links import Filter, Floats, Ints

_STATED = Filter(facts=False)
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
    state = graph.adjacency
    at = state.at(id)
    cited = np.unique(state.other(state.edges(at, _STATED), False))
    citing = _distinct(state.other(state.edges(at, _STATED, back=True), True))[:_MOST_CITING]
    together, co_score = _counted(state, citing, back=False)
    shared, shared_score = _counted(state, cited, back=True)
    score = co_score + shared_score
    score[[at, *cited, *citing]] = 0.0
    best = np.argsort(-score, kind="stable")[:limit]
    return [
        Kin(int(state.ids[one]), int(together[one]), int(shared[one]), float(score[one])) for one in best if score[one]
    ]


def _distinct(documents: Ints) -> Ints:
    """The different documents in their order."""
    _, first = np.unique(documents, return_index=True)
    return documents[np.sort(first)]


def _counted(state: Adjacency, through: Ints, *, back: bool) -> tuple[Ints, Floats]:
    """For each document how many of *through* lead to it, and their weight as a share of the weight of all.

    The share of a few is lowered: that the only document which cites one also cites another says little.

    back: *through* are cited, and lead to what cites them; else they cite, and lead to what they cite.
    """
    size = len(state.ids)
    counts, weights = np.zeros(size, np.int64), np.zeros(size, np.float64)
    total = 0.0
    for one in through:
        reached = np.unique(state.other(state.edges(int(one), _STATED, back=back), back))
        weight = 1.0 / np.log2(2 + len(reached))
        total += weight
        if len(reached) <= _MOST_SHARED:
            counts[reached] += 1
            weights[reached] += weight
    return counts, weights / (total + _PRIOR)
