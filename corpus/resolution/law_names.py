"""Laws that are cited by their name alone and that the table of laws does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus import identity
from corpus.resolution.clusters import Item, State, order


@dataclass(slots=True)
class Named:
    """A law that a name may mean: a node with a number, or a stub of its name. date: EDTF or None."""

    key: str
    date: str | None


def resolve_names(
    slug: str, items: Iterable[Item], numbered: Sequence[Named]
) -> dict[int, tuple[str | None, State, float, list[str]]]:
    """Laws cited by name alone, that the table does not hold: mention ref → (key, state, confidence, candidates).

    A key that is none of *numbered* is a stub's, ``luat|<slug>|<date>``.
    """
    ordered = sorted(items, key=order)
    answers: dict[int, tuple[str | None, State, float, list[str]]] = {}
    stubs: dict[str, Named] = {}
    public: set[str] = set()  # stubs that more than restricted papers make
    for item in ordered:
        if item.facts.date:
            fits = [n for n in numbered if n.date and identity.compatible(n.date, item.facts.date)]
            if len(fits) == 1:
                answers[item.ref] = (fits[0].key, "settled", 0.95, [])
            elif fits:
                answers[item.ref] = (None, "ambiguous", 0.4, sorted(n.key for n in fits))
            else:
                stub = Named(f"luat|{slug}|{item.facts.date}", item.facts.date)
                stubs[stub.key] = stub
                public |= {stub.key} if item.votes else set()
                answers[item.ref] = (stub.key, "settled", 0.9, [])
    for item in ordered:
        if item.facts.date:
            continue
        # A name alone in a paper that all may see must not be told the day that restricted ones give it.
        near = [*numbered, *(stub for key, stub in stubs.items() if key in public or not item.votes)]
        fits = [n for n in near if identity.not_after(n.date, item.citing)]
        if len(fits) == 1:
            answers[item.ref] = (fits[0].key, "inferred", 0.6, [fits[0].key])
        elif fits:
            answers[item.ref] = (None, "ambiguous", 0.4, sorted(n.key for n in fits))
        else:
            answers[item.ref] = (f"luat|{slug}|", "settled", 0.6, [])
    return answers
