"""What an engine is asked: a small tree of exact terms that means the same to every engine.

:mod:`search.compile` makes plans from queries, the engines run them. Nothing here is text to be analysed: values are
keys of :mod:`search.tokens` or of :mod:`search.document`. Only terms and phrases in text fields score.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Text fields whose terms and phrases score.
SCORED = ("exact", "syl", "title", "word")


@dataclass(frozen=True, slots=True)
class Term:
    """Documents with exactly *value* in *field*."""

    field: str
    value: str
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """*values* in order in a text field, at most *slop* other tokens among them in all."""

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
    """A term within *distance* (1 or 2) edits of *value*."""

    field: str
    value: str
    distance: int = 1


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A key field with any of *values*."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """A number field between *low* and *high*, both included; a document without the number is outside."""

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
    """*plans* joined by and; everything when there are none."""
    if not plans:
        return Everything()
    return plans[0] if len(plans) == 1 else And(tuple(plans))


def any_of(plans: list[Plan]) -> Plan:
    """*plans* joined by or; nothing when there are none."""
    kept = [plan for plan in plans if not isinstance(plan, Nothing)]
    if not kept:
        return Nothing()
    return kept[0] if len(kept) == 1 else Or(tuple(kept))


def scores(plan: Plan) -> bool:
    """Whether a plan tells better documents from worse ones (by terms or phrases of scored fields)."""
    if isinstance(plan, And):
        return any(scores(item) for item in (*plan.must, *plan.should))
    if isinstance(plan, Or):
        return any(scores(item) for item in plan.items)
    return isinstance(plan, Term | Phrase) and plan.field in SCORED
