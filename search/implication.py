"""What one plan says of another: that it has all its documents, or none of them.

Only what follows from the form of the plans and from how the fields of an index hang together is told
(:mod:`search.index.index_fields`): equal exact keys are equal folded keys, a pair is two syllables side by side. Where
nothing follows, the answer is False.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from search.index.index_fields import CELL, FOLDED_CELL, FOLDED_PAIR, PAIR, DocumentState
from search.language.common_pairs import common_pairs
from search.language.tokens import folded_key, pair_keys
from search.plan import And, AnyOf, Everything, Nothing, Or, Phrase, Plan, Prefix, Range, Term

#: Fields of exact keys → the same of folded ones.
_FOLDED = {"exact": "syl", CELL: FOLDED_CELL}
#: Terms of all plans up to which they are compared, which takes longer with the square of them: half a millisecond.
_MOST_LEAVES = 60
#: A document is in one of these states, never in two.
_STATES = frozenset({DocumentState.HELD.value, DocumentState.STUB.value})


def implies(one: Plan, other: Plan) -> bool:
    """Whether every document that matches *one* surely matches *other*."""
    if one == other or isinstance(other, Everything) or isinstance(one, Nothing):
        return True
    if isinstance(other, And):
        return all(implies(one, part) for part in other.must) and all(_rules_out(one, part) for part in other.must_not)
    if isinstance(one, Or):
        return all(implies(item, other) for item in one.items)
    if isinstance(other, Or) and any(implies(one, item) for item in other.items):
        return True
    if isinstance(one, And):
        return any(implies(part, other) for part in one.must)
    return _leaf_implies(one, other)


def excludes(one: Plan, other: Plan) -> bool:
    """Whether no document surely matches both."""
    mine, its = states_of(one), states_of(other)
    return bool(mine and its and not mine & its)


def states_of(plan: Plan) -> set[str]:
    """The states of which a document of *plan* has one; empty where that is not known."""
    if isinstance(plan, Term):
        return {plan.value} & _STATES if plan.field == "trangthai" else set()
    if isinstance(plan, And):
        return next((found for part in plan.must if (found := states_of(part))), set())
    return set()


def _rules_out(one: Plan, part: Plan) -> bool:
    """Whether no document of *one* matches *part*."""
    if not isinstance(one, And):
        return False
    return any(implies(part, own) for own in one.must_not) or any(_rules_out(item, part) for item in one.must)


def _leaf_implies(one: Plan, other: Plan) -> bool:
    if isinstance(one, Term | Phrase) and isinstance(other, Term):
        return other.value in _terms(one, other.field)
    if isinstance(one, Term | Phrase) and isinstance(other, Phrase):
        return _is_part(other, _side_by_side(one, other.field))
    if isinstance(other, AnyOf):
        own = {one.value} if isinstance(one, Term) else set(one.values) if isinstance(one, AnyOf) else set()
        return isinstance(one, Term | AnyOf) and one.field == other.field and own <= set(other.values)
    if isinstance(one, Range) and isinstance(other, Range):
        return one.field == other.field and other.low <= one.low and one.high <= other.high
    if isinstance(one, Term | Prefix) and isinstance(other, Prefix):
        return one.field == other.field and one.value.startswith(other.value)
    return False


def _terms(one: Term | Phrase, field: str) -> Sequence[str]:
    """The terms of *field* that every document of *one* has."""
    if one.field == field:
        return one.values if isinstance(one, Phrase) else (one.value,)
    if field == PAIR:
        return pair_keys(_side_by_side(one, "exact"))
    if field == FOLDED_PAIR:
        return common_pairs(_side_by_side(one, "syl"))
    if one.field in (PAIR, FOLDED_PAIR):
        return _side_by_side(one, field)
    if _FOLDED.get(one.field) == field:
        return [folded_key(key) for key in (one.values if isinstance(one, Phrase) else (one.value,))]
    return ()


def _side_by_side(one: Term | Phrase, field: str) -> Sequence[str]:
    """The terms of *field* that every document of *one* has side by side."""
    if isinstance(one, Phrase):
        own: Sequence[str] = () if one.slop else one.values
        found = one.field
    elif one.field in (PAIR, FOLDED_PAIR):
        own, found = one.value.split("_"), "exact" if one.field == PAIR else "syl"
    else:
        own, found = (one.value,), one.field
    if found == field:
        return own
    return [folded_key(key) for key in own] if _FOLDED.get(found) == field else ()


def _is_part(phrase: Phrase, words: Sequence[str]) -> bool:
    """Whether the words of *phrase* stand side by side in *words*."""
    length = len(phrase.values)
    return any(tuple(words[at : at + length]) == phrase.values for at in range(len(words) - length + 1))


@dataclass(frozen=True, slots=True)
class Relations:
    """What the tiers of a question say of each other, by their place in it."""

    #: Of each tier, the earlier ones that must be left out of it so that it has none of their documents.
    left_out: tuple[tuple[int, ...], ...]
    #: Of each tier, the earlier ones that it has wholly.
    has: tuple[frozenset[int], ...]
    #: Of each tier, the earlier ones of which it has nothing.
    without: tuple[frozenset[int], ...]
    #: The tiers that together have all documents.
    widest: tuple[int, ...]
    #: The tiers that have no document which an earlier one does not have.
    empty: frozenset[int] = frozenset()


def unrelated(count: int) -> Relations:
    """Of *count* tiers, of which nothing is told."""
    nothing: tuple[frozenset[int], ...] = (frozenset(),) * count
    return Relations(tuple(tuple(range(at)) for at in range(count)), nothing, nothing, tuple(range(count)))


def _leaves(plan: Plan) -> int:
    if isinstance(plan, And):
        return sum(map(_leaves, (*plan.must, *plan.must_not)))
    return sum(map(_leaves, plan.items)) if isinstance(plan, Or) else 1


def relations(plans: Sequence[Plan]) -> Relations:
    """What *plans*, the tiers of a question, say of each other; little where they are so large that it takes long."""
    first = {plan: at for at, plan in reversed(list(enumerate(plans)))}
    places = sorted(first.values())
    if len(plans) < 2 or sum(_leaves(plans[at]) for at in places) > _MOST_LEAVES:
        return unrelated(len(plans))
    within = {(a, b) for a, b in combinations(places, 2) if implies(plans[a], plans[b])}
    back = {(a, b) for a, b in combinations(places, 2) if (a, b) not in within and implies(plans[b], plans[a])}
    apart = {(a, b) for a, b in combinations(places, 2) if excludes(plans[a], plans[b])}
    left_out: list[tuple[int, ...]] = []
    for at, plan in enumerate(plans):
        needed = [before for before in places if before < at and (before, at) not in apart]
        if first[plan] < at:
            needed = [first[plan]]
        left_out.append(tuple(a for a in needed if not any((a, b) in within or (b, a) in back for b in needed)))
    return Relations(
        tuple(left_out),
        tuple(frozenset(a for a in places if (a, at) in within) for at in range(len(plans))),
        tuple(frozenset(a for a in places if (a, at) in apart) for at in range(len(plans))),
        tuple(a for a in places if not any((a, b) in within or (b, a) in back for b in places)),
        frozenset(at for at, plan in enumerate(plans) if first[plan] < at or any((a, at) in back for a in places)),
    )
