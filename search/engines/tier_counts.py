"""How many documents each tier of a question has, counted only where that does not follow from what is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from search.implication import states_of
from search.plan import Plan

#: Ranks of tiers, and how many documents these have together.
Group = tuple[Sequence[int], int]


def groups(plans: Sequence[Plan], states: Mapping[str, int] | None, total: int | None) -> list[Group]:
    """Tiers of which it is known how many documents they have together.

    states: documents in each state (held, known from citations only). total: all documents. None: not counted.
    """
    by_state: dict[str, list[int]] = defaultdict(list)
    for rank, plan in enumerate(plans):
        by_state["".join(sorted(states_of(plan)))].append(rank)
    if states is not None and "" not in by_state:
        return [(ranks, states.get(state, 0)) for state, ranks in by_state.items()]
    return [] if total is None else [(range(len(plans)), total)]


def completed(
    known: Sequence[int | None],
    groups: Sequence[Group],
    cost: Callable[[int], tuple[int, int]],
    count: Callable[[int, list[int | None]], int],
) -> list[int]:
    """The documents of each tier.

    known: what is known beforehand. cost: of counting the tier of a rank, for comparing. count: counts the tier of a
    rank; it is given what is known by then. Of each group the costliest tier is told from the others.
    """
    found = list(known)
    for ranks, of_all in groups:
        missing = [rank for rank in ranks if found[rank] is None]
        spared = max(missing, key=cost, default=None)
        for rank in missing:
            if rank != spared:
                found[rank] = count(rank, found) if _left(found, ranks, of_all) else 0
        if spared is not None:
            found[spared] = _left(found, ranks, of_all)
    for rank, of_rank in enumerate(found):
        if of_rank is None:
            found[rank] = count(rank, found)
    return [of_rank or 0 for of_rank in found]


def _left(found: Sequence[int | None], ranks: Sequence[int], of_all: int) -> int:
    """The documents of a group that no tier has yet."""
    return of_all - sum(found[rank] or 0 for rank in ranks)
