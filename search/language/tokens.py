"""Splits text into syllables, in the same way for the index, the query and the highlights.

A token is a run of letters and digits. It has two keys:

* the *exact* key: :func:`corpus.fold.canonical` of the syllable, with a final ``y`` written ``i`` where both spellings
  are in use (``quy``/``qui``, ``kỹ``/``kĩ``);
* the *folded* key: :func:`corpus.fold.fold` of the exact key (no diacritics).

Two texts with equal exact keys therefore have equal folded keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from corpus.fold import canonical, fold

#: Longer runs (base64, leader dots) are cut to this length; no engine needs them whole.
MAX_TOKEN = 48
#: Separates the parts of one field (title and text, two recipients), so that no phrase matches across them.
BREAK = "¶"

_TOKEN = re.compile(r"[^\W_]+")
_FINAL_Y = re.compile(r"(?:b|c|ch|d|đ|g|h|k|kh|l|m|n|nh|p|ph|qu|r|s|t|th|tr|v|x)[yỳýỷỹỵ]")
_Y_TO_I = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")

#: Entries of each cache of keys. Vietnamese has some 7,000 syllables; the bound is for junk.
_MOST_CACHED = 200_000
_exact_cache: dict[str, str] = {}
_folded_cache: dict[str, str] = {}


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
    key = _exact_cache.get(lowered)
    if key is None:
        cut = lowered[:MAX_TOKEN]
        key = cut[:-1] + cut[-1].translate(_Y_TO_I) if _FINAL_Y.fullmatch(cut) else cut
        if len(_exact_cache) < _MOST_CACHED:
            _exact_cache[lowered] = key
    return key


def folded_key(exact: str) -> str:
    """The folded key of an exact key."""
    key = _folded_cache.get(exact)
    if key is None:
        key = fold(exact)
        if len(_folded_cache) < _MOST_CACHED:
            _folded_cache[exact] = key
    return key


def exact_keys(text: str) -> list[str]:
    """The exact keys of the syllables of *text*, in order."""
    return [_exact_key(token) for token in _TOKEN.findall(canonical(text))]


def folded_keys(text: str) -> list[str]:
    """The folded keys of the syllables of *text*, in order."""
    return [folded_key(key) for key in exact_keys(text)]


def tokens(text: str) -> list[Token]:
    """The syllables of *text* with their offsets (folding keeps the number of characters)."""
    found = []
    for match in _TOKEN.finditer(canonical(text)):
        exact = _exact_key(match.group())
        found.append(Token(exact, folded_key(exact), match.start(), match.end()))
    return found


def pair_key(first: str, second: str) -> str:
    """The key of two adjacent syllables, given by their keys."""
    return f"{first}_{second}"


def pair_keys(keys: Sequence[str]) -> Iterator[str]:
    """The pairs of adjacent syllables, given by their keys; none reaches across a :data:`BREAK`."""
    for first, second in pairwise(keys):
        if first != BREAK and second != BREAK:
            yield pair_key(first, second)
