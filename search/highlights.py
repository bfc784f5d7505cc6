"""Finds what is highlighted: the needles of a query in a text, compared by the same keys as in the index."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from corpus.fold import fold
from search.language.tokens import MAX_TOKEN, Token, exact_keys, folded_key, tokens

#: Characters of a text that are searched.
MAX_TEXT = 600_000
#: Longer texts are folded anew each time; 512 shorter ones are remembered, 25 MB at most.
_MOST_REMEMBERED = 50_000

_DIGITS_BEFORE, _DIGITS_AFTER = re.compile(r"\d[.,]"), re.compile(r"[.,]\d")
_SYLLABLE = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Needle:
    """Syllables to look for: several in a row, or one by its beginning or nearly."""

    #: Folded keys.
    folded: tuple[str, ...]
    #: Exact keys where diacritics were typed, else None; as many as folded ones, or none at all.
    exact: tuple[str | None, ...] = ()
    #: The beginning of a syllable is enough.
    prefix: bool = False
    #: Other syllables that may stand between them.
    slop: int = 0
    #: Edits by which a syllable may differ.
    distance: int = 0
    #: Where they are nowhere in a row, each is looked for alone.
    apart: bool = False


class Span(NamedTuple):
    """Where a needle was found: [start, end) offsets in the text, and the needle's index."""

    start: int
    end: int
    needle: int


class ScannedText:
    """A text prepared for several searches: only the surroundings of a candidate are split into syllables.

    Gives the same as splitting the whole text by :func:`search.language.tokens.tokens` and comparing keys, in a tenth
    of the time.
    """

    def __init__(self, text: str) -> None:
        #: The whole text.
        self.text = text
        self._searched = text[:MAX_TEXT]
        self._folded = _folded(self._searched)

    def token_at(self, offset: int) -> Token | None:
        """The syllable that begins at *offset*; None where none begins."""
        if offset and self._searched[offset - 1].isalnum():
            return None
        found = _SYLLABLE.match(self._searched, offset)
        return _token(found) if found else None

    def is_part_of_number(self, token: Token) -> bool:
        """Whether digits are part of a larger number: the 96 of "96,4 tỷ đồng" and of "1.096"."""
        text = self._searched
        before, after = text[max(token.start - 2, 0) : token.start], text[token.end : token.end + 2]
        return bool(_DIGITS_BEFORE.fullmatch(before) or _DIGITS_AFTER.fullmatch(after))

    def token_after(self, offset: int) -> Token | None:
        """The first syllable from *offset* on."""
        found = _SYLLABLE.search(self._searched, offset)
        return _token(found) if found else None

    def starting_with(self, key: str) -> Iterator[Token]:
        """The syllables whose folded key begins with *key*, in order."""
        for offset in self._offsets(key):
            token = self.token_at(offset)
            if token is not None and token.folded.startswith(key):
                yield token

    def equal_to(self, key: str) -> Iterator[Token]:
        """The syllables whose folded key is *key*, in order."""
        for found in _whole(key).finditer(self._folded):
            token = self.token_at(found.start())
            if token is not None and token.folded == key:
                yield token

    def _offsets(self, key: str) -> list[int]:
        """Where the folded text has *key*, in order."""
        return sorted(m.start() for s in _spellings(key) for m in re.finditer(re.escape(s), self._folded))

    def tokens(self) -> list[Token]:
        """All syllables."""
        return tokens(self._searched)


def _spellings(key: str) -> list[str]:
    """How folded texts may write *key*: in keys the final y of "quy" is i."""
    return [key, key[:-1] + "y"] if key.endswith("i") else [key]


@lru_cache(4_000)
def _whole(key: str) -> re.Pattern[str]:
    """Finds *key* in folded texts where no letter or digit stands beside it.

    What folds to a Latin letter or a digit is one itself. A key cut at MAX_TOKEN begins as its syllable does.
    """
    behind = "" if len(key) >= MAX_TOKEN else "(?![a-z0-9])"
    escaped = map(re.escape, _spellings(key))
    return re.compile("|".join(f"{one}{behind}(?<![a-z0-9]{one})" for one in escaped))


@lru_cache(20_000)
def _keys(written: str) -> tuple[str, str]:
    """The exact and the folded key of a syllable."""
    exact = exact_keys(written)[0]
    return exact, folded_key(exact)


def _token(found: re.Match[str]) -> Token:
    return Token(*_keys(found.group()), *found.span())


def _folded(text: str) -> str:
    return _remembered_fold(text) if len(text) <= _MOST_REMEMBERED else fold(text)


@lru_cache(512)
def _remembered_fold(text: str) -> str:
    return fold(text)


def find(text: str | ScannedText, needles: Sequence[Needle]) -> list[Span]:
    """Where needles are found, in order of their start; overlapping spans are joined into one.

    Where a needle with diacritics is found as it was typed, places that only fold alike are left out.
    """
    scanned = text if isinstance(text, ScannedText) else ScannedText(text)
    spans: list[Span] = []
    for index, needle in enumerate(needles):
        spans.extend(Span(start, end, index) for start, end in _find_one(scanned, needle))
    spans.sort(key=lambda span: (span.start, -span.end))
    joined: list[Span] = []
    for span in spans:
        if joined and span.start < joined[-1].end:
            last = joined[-1]
            joined[-1] = Span(last.start, max(last.end, span.end), min(last.needle, span.needle))
        else:
            joined.append(span)
    return joined


def _find_one(scanned: ScannedText, needle: Needle) -> list[tuple[int, int]]:
    if not needle.folded:
        return []
    first = needle.folded[0]
    if needle.prefix:
        return [(token.start, token.end) for token in scanned.starting_with(first)]
    if needle.distance:
        return _find_similar(scanned, first, needle.distance)
    exact: list[tuple[int, int]] = []
    loose: list[tuple[int, int]] = []
    alone = len(needle.folded) == 1 and first.isdigit()
    typed = [(at, mark) for at, mark in enumerate(needle.exact) if mark is not None]
    for token in scanned.equal_to(first):
        if alone and scanned.is_part_of_number(token):
            continue
        chosen = _follow(scanned, token, needle)
        if chosen is None:
            continue
        span = (chosen[0].start, chosen[-1].end)
        (exact if all(chosen[at].exact == mark for at, mark in typed) else loose).append(span)
    if not exact and not loose and needle.apart:
        keys = dict.fromkeys(needle.folded)
        return [(t.start, t.end) for key in keys for t in scanned.equal_to(key)]
    return exact or loose


def _find_similar(scanned: ScannedText, key: str, distance: int) -> list[tuple[int, int]]:
    """The syllables within *distance* edits of *key*."""
    similar: dict[str, bool] = {}
    found = scanned.tokens()
    for token in found:
        if token.folded not in similar:
            similar[token.folded] = OSA.distance(key, token.folded, score_cutoff=distance) <= distance
    return [(token.start, token.end) for token in found if similar[token.folded]]


def _follow(scanned: ScannedText, start: Token, needle: Needle) -> list[Token] | None:
    """The syllables of *needle* from *start* on, each the nearest that the slop allows; None where one is missing."""
    chosen, spare = [start], needle.slop
    for key in needle.folded[1:]:
        token = scanned.token_after(chosen[-1].end)
        while token is not None and token.folded != key and spare > 0:
            token, spare = scanned.token_after(token.end), spare - 1
        if token is None or token.folded != key:
            return None
        chosen.append(token)
    return chosen
