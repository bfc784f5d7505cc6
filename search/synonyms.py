"""Synonyms of the field, as data: which other ways of writing a run of syllables has."""

from __future__ import annotations

from functools import cache

from corpus.tables import rows
from search.data import DATA
from search.tokens import folded_keys

Syllables = tuple[str, ...]


@cache
def _groups() -> dict[Syllables, tuple[Syllables, ...]]:
    """Folded syllables of each way of writing → the other ways."""
    table: dict[Syllables, list[Syllables]] = {}
    for row in rows("synonyms", DATA):
        ways = list(dict.fromkeys(tuple(folded_keys(way)) for way in row["group"].split("|")))
        for way in ways:
            others = table.setdefault(way, [])
            others.extend(other for other in ways if other != way and other not in others)
    return {way: tuple(others) for way, others in table.items()}


@cache
def longest() -> int:
    """Syllables of the longest way of writing."""
    return max((len(way) for way in _groups()), default=0)


def others(syllables: Syllables) -> tuple[Syllables, ...]:
    """Other ways to write *syllables* (folded); none for most."""
    return _groups().get(syllables, ())
