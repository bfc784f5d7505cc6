"""Synonyms and abbreviations of the field (``search/data/synonyms.tsv``): other ways to write a run of syllables."""

from __future__ import annotations

from functools import cache

from corpus.tables import rows
from search.data import DATA
from search.language.tokens import folded_keys

#: Folded keys of consecutive syllables.
Syllables = tuple[str, ...]


@cache
def _alternatives() -> dict[Syllables, tuple[Syllables, ...]]:
    """Each way of writing → the other ways of its group."""
    table: dict[Syllables, list[Syllables]] = {}
    for row in rows("synonyms", DATA):
        group = list(dict.fromkeys(tuple(folded_keys(way)) for way in row["group"].split("|")))
        for way in group:
            others = table.setdefault(way, [])
            others.extend(other for other in group if other != way and other not in others)
    return {way: tuple(others) for way, others in table.items()}


@cache
def max_length() -> int:
    """Syllables of the longest entry of the table."""
    return max((len(way) for way in _alternatives()), default=0)


def synonyms_of(syllables: Syllables) -> tuple[Syllables, ...]:
    """The other ways to write *syllables* (folded keys); empty for most."""
    return _alternatives().get(syllables, ())
