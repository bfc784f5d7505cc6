"""Cutting text into syllables: the one way, for index, query and highlight.

A token is a run of letters and digits. Its *exact* key is :func:`corpus.fold.canonical` with ``y`` written ``i`` where
both spellings are one word (``quy``/``qui``, ``kỹ``/``kĩ``); its *folded* key is :func:`corpus.fold.fold` of the exact
one, so that two texts equal exactly are equal folded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.fold import canonical, fold

#: Longer runs (base64, dotted rubbish) are cut: no engine need keep them whole.
MAX_TOKEN = 48
#: Stands between parts of one field (title and text, two recipients) so that no phrase runs across.
BREAK = "¶"

_TOKEN = re.compile(r"[^\W_]+")
_FINAL_Y = re.compile(r"(?:b|c|ch|d|đ|g|h|k|kh|l|m|n|nh|p|ph|qu|r|s|t|th|tr|v|x)[yỳýỷỹỵ]")
_Y_TO_I = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")
# Syllables are few (some 7,000): the tables fill once. Bounded, since junk is not.
_LIMIT = 200_000
_exact: dict[str, str] = {}
_folded: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Token:
    """A syllable of a text: its two keys and where it stands."""

    exact: str
    folded: str
    start: int
    end: int

    @property
    def marked(self) -> bool:
        """Whether it was written with marks."""
        return self.exact != self.folded


def _exact_key(lowered: str) -> str:
    key = _exact.get(lowered)
    if key is None:
        cut = lowered[:MAX_TOKEN]
        key = cut[:-1] + cut[-1].translate(_Y_TO_I) if _FINAL_Y.fullmatch(cut) else cut
        if len(_exact) < _LIMIT:
            _exact[lowered] = key
    return key


def folded_key(exact: str) -> str:
    """The folded key of an exact one."""
    key = _folded.get(exact)
    if key is None:
        key = fold(exact)
        if len(_folded) < _LIMIT:
            _folded[exact] = key
    return key


def exact_keys(text: str) -> list[str]:
    """The exact keys of a text's syllables, in order."""
    return [_exact_key(token) for token in _TOKEN.findall(canonical(text))]


def folded_keys(text: str) -> list[str]:
    """The folded keys of a text's syllables, in order."""
    return [folded_key(key) for key in exact_keys(text)]


def tokens(text: str) -> list[Token]:
    """The syllables of a text with their offsets (folding is one character for one, so they are the text's own)."""
    found = []
    for match in _TOKEN.finditer(canonical(text)):
        exact = _exact_key(match.group())
        found.append(Token(exact, folded_key(exact), match.start(), match.end()))
    return found
