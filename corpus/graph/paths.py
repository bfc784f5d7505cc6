"""Shortest ways between two documents."""

from __future__ import annotations

import numpy as np

from corpus.graph.adjacency import Adjacency
from corpus.graph.links import Filter, Ints, Link


def shortest(graph: Adjacency, start: int, goal: int, within: Filter, *, both: bool) -> list[tuple[Link, bool]] | None:
    """The links of a shortest way from *start* to *goal* (positions), each with whether it is walked forward.

    both: links may be walked backwards as well. None where there is no way. Breadth first from both ends, a whole level
    at a time, the end with the smaller level first.
    """
    size = len(graph.ids)
    came = [np.full(size, -1, np.int64), np.full(size, -1, np.int64)]  # the edge to each
    seen = [np.zeros(size, np.bool_), np.zeros(size, np.bool_)]
    fronts = [np.array([start], np.int64), np.array([goal], np.int64)]
    seen[0][start] = seen[1][goal] = True
    while len(fronts[0]) and len(fronts[1]):
        side = 0 if len(fronts[0]) <= len(fronts[1]) else 1
        found, by = _level(graph, fronts[side], within, (False, True) if both else (side == 1,))
        fresh = ~seen[side][found]
        found, which = np.unique(found[fresh], return_index=True)
        came[side][found] = by[fresh][which]
        seen[side][found] = True
        fronts[side] = found
        met = found[seen[1 - side][found]]
        if len(met):
            return _steps(graph, start, goal, int(met.min()), came)
    return None


def _level(graph: Adjacency, front: Ints, within: Filter, directions: tuple[bool, ...]) -> tuple[Ints, Ints]:
    """The documents one step from *front*, with the edge to each; directions: whether an edge is walked backwards."""
    found, by = [], []
    for back in directions:
        edges = graph.edges_of(front, within, back)
        found.append(graph.other(edges, back))
        by.append(edges)
    return np.concatenate(found), np.concatenate(by)


def _steps(graph: Adjacency, start: int, goal: int, met: int, came: list[Ints]) -> list[tuple[Link, bool]]:
    """The path over *met*, where the searches from both ends meet."""
    steps: list[tuple[Link, bool]] = []
    at = met
    while at != start:
        edge = int(came[0][at])
        forward = int(graph.dst[edge]) == at
        steps.append((graph.link(edge), forward))
        at = int(graph.src[edge] if forward else graph.dst[edge])
    steps.reverse()
    at = met
    while at != goal:
        edge = int(came[1][at])
        forward = int(graph.src[edge]) == at
        steps.append((graph.link(edge), forward))
        at = int(graph.dst[edge] if forward else graph.src[edge])
    return steps
