"""Laws that are cited by their name alone and that the table of laws does not have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from corpus import identity
from corpus.resolution.clusters import Item, order
from corpus.vocabulary import MentionState


@dataclass(frozen=True, slots=True)
class Law:
    """A law that a name may mean: a document with a number, or a stub of its name. date: EDTF."""

    key: str
    date: str | None


class NameResolution(NamedTuple):
    """What a law's name was found to mean: the key of a law, None where none or several; candidates: their keys."""

    key: str | None
    state: MentionState
    confidence: float
    candidates: list[str]


def resolve_names(slug: str, items: Iterable[Item], numbered: Sequence[Law]) -> dict[int, NameResolution]:
    """By the ref of each mention of the name *slug* which law it means.

    A key that is none of *numbered* is a stub's: ``luat|<slug>|<date>``.
    """
    ordered = sorted(items, key=order)
    found: dict[int, NameResolution] = {}
    stubs: dict[str, Law] = {}
    public: set[str] = set()  # stubs whose date others than restricted documents give
    keys = {law.key for law in numbered}
    for item in ordered:
        if item.facts.date:
            answer = _dated(slug, item.facts.date, numbered)
            if answer.state is MentionState.SETTLED and answer.key not in keys:
                stub = Law(str(answer.key), item.facts.date)
                stubs[stub.key] = stub
                public |= {stub.key} if item.votes else set()
            found[item.ref] = answer
    for item in ordered:
        if not item.facts.date:
            # A name in a document that all may see must not be given a date that restricted documents alone give.
            laws = [*numbered, *(stub for key, stub in stubs.items() if key in public or not item.votes)]
            found[item.ref] = _undated(slug, item.citing, laws)
    return found


def _dated(slug: str, date: str, numbered: Sequence[Law]) -> NameResolution:
    fits = [law for law in numbered if law.date and identity.compatible(law.date, date)]
    if len(fits) == 1:
        return NameResolution(fits[0].key, MentionState.SETTLED, 0.95, [])
    if fits:
        return NameResolution(None, MentionState.AMBIGUOUS, 0.4, sorted(law.key for law in fits))
    return NameResolution(f"luat|{slug}|{date}", MentionState.SETTLED, 0.9, [])


def _undated(slug: str, citing: str | None, laws: Sequence[Law]) -> NameResolution:
    fits = [law for law in laws if identity.not_after(law.date, citing)]
    if len(fits) == 1:
        return NameResolution(fits[0].key, MentionState.INFERRED, 0.6, [fits[0].key])
    if fits:
        return NameResolution(None, MentionState.AMBIGUOUS, 0.4, sorted(law.key for law in fits))
    return NameResolution(f"luat|{slug}|", MentionState.SETTLED, 0.6, [])
