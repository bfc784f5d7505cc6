"""What an engine is asked: a small tree of exact terms that means the same to every engine.

The compiler makes plans from queries (:mod:`search.compile`), the engines run them. Values are keys as they are
stored (:mod:`search.index.index_fields`); nothing in a plan is text still to be analysed. Only terms and phrases of
the scored text fields give scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from search.index.index_fields import SCORED


class Order(StrEnum):
    """The order of the documents found."""

    #: Best score first.
    RELEVANCE = "relevance"
    #: Newest first.
    DATE = "date"
    #: Most cited first.
    CITED = "cited"


@dataclass(frozen=True, slots=True)
class Term:
    """Documents that have exactly *value* in *field*."""

    field: str
    value: str
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """*values* in order in a text field, with at most *slop* other tokens between them in all."""

    field: str
    values: tuple[str, ...]
    slop: int = 0
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Prefix:
    """A term of a text or key field that starts with *value*."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """A term within *distance* edits (1 or 2) of *value*."""

    field: str
    value: str
    distance: int = 1


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A key field that has any of *values*."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """A number field between *low* and *high*, both included. A document without the number does not match."""

    field: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Everything:
    """All documents."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No document."""


@dataclass(frozen=True, slots=True)
class And:
    """All of *must* and none of *must_not*; *should* only adds to the score."""

    must: tuple[Plan, ...]
    should: tuple[Plan, ...] = ()
    must_not: tuple[Plan, ...] = ()


@dataclass(frozen=True, slots=True)
class Or:
    """Any of *items*; the scores of those that match add up."""

    items: tuple[Plan, ...]


Plan = Term | Phrase | Prefix | Fuzzy | AnyOf | Range | Everything | Nothing | And | Or


def all_of(plans: list[Plan]) -> Plan:
    """The plans joined by AND; everything when there are none."""
    if not plans:
        return Everything()
    return plans[0] if len(plans) == 1 else And(tuple(plans))


def any_of(plans: list[Plan]) -> Plan:
    """The plans joined by OR; nothing when there are none."""
    kept = [plan for plan in plans if not isinstance(plan, Nothing)]
    if not kept:
        return Nothing()
    return kept[0] if len(kept) == 1 else Or(tuple(kept))


def phrase_or_term(field: str, values: tuple[str, ...]) -> Plan:
    """*values* side by side in a text field."""
    return Term(field, values[0]) if len(values) == 1 else Phrase(field, values)


def narrowed(plan: Plan, *conditions: Plan) -> Plan:
    """*plan* under further conditions, which give no score."""
    if isinstance(plan, Nothing):
        return plan
    if isinstance(plan, And):
        return And((*plan.must, *conditions), plan.should, plan.must_not)
    return And((plan, *conditions))


def scores(plan: Plan) -> bool:
    """Whether *plan* gives scores: it has terms or phrases of scored fields."""
    if isinstance(plan, And):
        return any(scores(item) for item in (*plan.must, *plan.should))
    if isinstance(plan, Or):
        return any(scores(item) for item in plan.items)
    return isinstance(plan, Term | Phrase) and plan.field in SCORED
