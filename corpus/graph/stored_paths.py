"""Shortest ways between two documents, where each step is asked of the tables; see :mod:`corpus.graph.paths`."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from corpus.graph.stored_edges import End

#: Source, target, and whether the link is walked forward.
Step = tuple[int, int, bool]
#: The documents one step from (to, "target") some, each with the first of those it is reached from.
Ahead = Callable[[Iterable[int], End], dict[int, int]]


def shortest(ahead: Ahead, start: int, goal: int, *, both: bool) -> list[Step] | None:
    """The steps of a shortest way from *start* to *goal*; None where there is no way.

    both: links may be walked backwards as well. Breadth first from both ends, a whole level at a time, the end with the
    smaller level first; among ways of one length it is the one that :func:`corpus.graph.paths.shortest` finds.
    """
    came: tuple[dict[int, tuple[int, bool]], ...] = ({}, {})  # the document that each was reached from, and how
    seen = ({start}, {goal})
    fronts = [{start}, {goal}]
    while fronts[0] and fronts[1]:
        side = 0 if len(fronts[0]) <= len(fronts[1]) else 1
        fresh: dict[int, tuple[int, bool]] = {}
        ends: tuple[End, ...] = ("source", "target") if both else (("target",) if side else ("source",))
        for end in ends:
            for document, by in ahead(fronts[side], end).items():
                if document not in seen[side]:
                    fresh.setdefault(document, (by, end == "source"))
        came[side].update(fresh)
        seen[side].update(fresh)
        fronts[side] = set(fresh)
        met = fresh.keys() & seen[1 - side]
        if met:
            return _way(start, goal, min(met), came)
    return None


def _way(start: int, goal: int, met: int, came: tuple[dict[int, tuple[int, bool]], ...]) -> list[Step]:
    """The way over *met*, where the searches from both ends meet."""
    steps: list[Step] = []
    at = met
    while at != start:
        before, outward = came[0][at]
        steps.append((before, at, True) if outward else (at, before, False))
        at = before
    steps.reverse()
    at = met
    while at != goal:
        after, outward = came[1][at]
        steps.append((after, at, False) if outward else (at, after, True))
        at = after
    return steps
