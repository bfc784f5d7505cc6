"""Which documents a plan has, whatever their scores: the same documents by a plan that is cheaper to run."""

from __future__ import annotations

from collections.abc import Iterable

from search.implication import implies
from search.plan import And, Nothing, Or, Phrase, Plan, Term, any_of


def members(plan: Plan) -> Plan:
    """A plan with the documents of *plan* and no scores: nothing that only adds to a score, nothing twice.

    Nothing, where what must hold contradicts what must not.
    """
    if isinstance(plan, Or):
        return any_of(list(dict.fromkeys(map(members, plan.items))))
    if isinstance(plan, Term):
        return Term(plan.field, plan.value)
    if isinstance(plan, Phrase):
        return Phrase(plan.field, plan.values, plan.slop)
    if not isinstance(plan, And) or not plan.must:
        return plan
    must, must_not = _parts(plan)
    if any(isinstance(part, Nothing) for part in must):
        return Nothing()
    if any(implies(part, other) for part in must for other in must_not):
        return Nothing()
    return must[0] if len(must) == 1 and not must_not else And(must, (), must_not)


def _parts(plan: And) -> tuple[tuple[Plan, ...], tuple[Plan, ...]]:
    """What must and what must not hold, that of inner ANDs included."""
    must: list[Plan] = []
    must_not = [members(part) for part in plan.must_not]
    for part in map(members, plan.must):
        if isinstance(part, And) and part.must:
            must.extend(part.must)
            must_not.extend(part.must_not)
        else:
            must.append(part)
    return _once(must), tuple(part for part in _once(must_not) if not isinstance(part, Nothing))


def _once(plans: Iterable[Plan]) -> tuple[Plan, ...]:
    return tuple(dict.fromkeys(plans))
