"""Synonyms and abbreviations of the field (``search/data/synonyms.tsv``): other ways to write a run of syllables."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from corpus.tables import rows
from search.data import DATA
from search.language.tokens import exact_keys, folded_keys

#: Folded keys of consecutive syllables.
Syllables = tuple[str, ...]


@cache
def _alternatives() -> dict[Syllables, tuple[Syllables, ...]]:
    """Each way of writing → the other ways of its group."""
    table: dict[Syllables, list[Syllables]] = {}
    for row in rows("synonyms", DATA):
        written = [way for typed in row["group"].split("|") for way in _with_digits(typed)]
        group = list(dict.fromkeys(tuple(folded_keys(way)) for way in written))
        for way in group:
            others = table.setdefault(way, [])
            others.extend(other for other in group if other != way and other not in others)
    return {way: tuple(others) for way, others in table.items()}


def _with_digits(way: str) -> list[str]:
    """*way*, and the same with its numerals as digits: "mỗi xã 1 sản phẩm"."""
    digits = " ".join(numerals().get(word, word) for word in way.split())
    return [way] if digits == way else [way, digits]


@cache
def numerals() -> dict[str, str]:
    """The words for one to ten, as exact keys → their digits."""
    words = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
    return {exact_keys(word)[0]: str(number) for number, word in enumerate(words, 1)}


def numeral_of(key: str) -> str | None:
    """The other way to write a numeral up to ten, given as an exact key: "một" for "1", "1" for "một"."""
    return numerals().get(key) or _words_of_digits().get(key)


@cache
def _words_of_digits() -> dict[str, str]:
    return {digits: word for word, digits in numerals().items()}


@cache
def max_length() -> int:
    """Syllables of the longest entry of the table."""
    return max((len(way) for way in _alternatives()), default=0)


@cache
def _first_syllables() -> frozenset[str]:
    return frozenset(way[0] for way in _alternatives())


def may_begin(key: str) -> bool:
    """Whether any entry of the table begins with this folded key."""
    return key in _first_syllables()


def longest_at(keys: Sequence[str], at: int) -> tuple[int, tuple[Syllables, ...]]:
    """The longest run of syllables from *at* on that has synonyms: (its length, its other ways); (0, ()) without."""
    if may_begin(keys[at]):
        for length in range(min(max_length(), len(keys) - at), 0, -1):
            ways = synonyms_of(tuple(keys[at : at + length]))
            if ways:
                return length, ways
    return 0, ()


def synonyms_of(syllables: Syllables) -> tuple[Syllables, ...]:
    """The other ways to write *syllables* (folded keys); empty for most."""
    return _alternatives().get(syllables, ())
