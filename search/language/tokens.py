"""Splits text into syllables, in the same way for the index, the query and the highlights.

A token is a run of letters and digits. It has two keys:

* the *exact* key: :func:`corpus.fold.canonical` of the syllable, with a final ``y`` written ``i`` where both spellings
  are in use (``quy``/``qui``, ``kỹ``/``kĩ``);
* the *folded* key: :func:`corpus.fold.fold` of the exact key (no diacritics).

Two texts with equal exact keys therefore have equal folded keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from corpus.fold import canonical, canonical_syllables, fold

#: Longer runs (base64, leader dots) are cut to this length; no engine needs them whole.
MAX_TOKEN = 48
#: Separates the parts of one field (title and text, two recipients), so that no phrase matches across them.
BREAK = "¶"

_TOKEN = re.compile(r"[^\W_]+")
_FINAL_Y = re.compile(r"(?:b|c|ch|d|đ|g|h|k|kh|l|m|n|nh|p|ph|qu|r|s|t|th|tr|v|x)[yỳýỷỹỵ]")
_Y_TO_I = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")

#: Entries of each cache of keys. Vietnamese has some 7,000 syllables; the bound is for junk.
_MOST_CACHED = 200_000


class _Keys(dict[str, str]):
    """The keys of syllables: looked up, and made at the first sight of one."""

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, syllable: str) -> str:
        key = self._make(syllable)
        if len(self) < _MOST_CACHED:
            self[syllable] = key
        return key


class Token(NamedTuple):
    """A syllable of a text: its two keys, and its offsets in the text."""

    exact: str
    folded: str
    start: int
    end: int

    @property
    def marked(self) -> bool:
        """Whether it is written with diacritics."""
        return self.exact != self.folded


def _exact_key(lowered: str) -> str:
    cut = lowered[:MAX_TOKEN]
    return cut[:-1] + cut[-1].translate(_Y_TO_I) if _FINAL_Y.fullmatch(cut) else cut


_exact_key_of = _Keys(_exact_key).__getitem__
_folded_key_of = _Keys(fold).__getitem__


def folded_key(exact: str) -> str:
    """The folded key of an exact key."""
    return _folded_key_of(exact)


def folded_of(exact: Iterable[str]) -> list[str]:
    """The folded keys of exact keys."""
    return list(map(_folded_key_of, exact))


def exact_keys(text: str) -> list[str]:
    """The exact keys of the syllables of *text*, in order."""
    return list(map(_exact_key_of, canonical_syllables(text)))


def folded_keys(text: str) -> list[str]:
    """The folded keys of the syllables of *text*, in order."""
    return folded_of(exact_keys(text))


def tokens(text: str) -> list[Token]:
    """The syllables of *text* with their offsets (folding keeps the number of characters)."""
    found = []
    for match in _TOKEN.finditer(canonical(text)):
        exact = _exact_key_of(match.group())
        found.append(Token(exact, folded_key(exact), match.start(), match.end()))
    return found


def pair_key(first: str, second: str) -> str:
    """The key of two adjacent syllables, given by their keys."""
    return f"{first}_{second}"


def pair_keys(keys: Sequence[str]) -> list[str]:
    """The pairs of adjacent syllables, given by their keys; none reaches across a :data:`BREAK`."""
    return [f"{first}_{second}" for first, second in pairwise(keys) if first != BREAK and second != BREAK]
