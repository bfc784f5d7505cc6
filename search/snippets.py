"""Passages of the stored text that show why a document was found, cut and marked by the matching's own folding."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.fold import fold
from search.compile import Needle
from search.tokens import Token, exact_keys, folded_key, tokens

#: Characters of a passage, about.
WIDTH = 220
#: Characters of a text that are looked through for passages.
MAX_TEXT = 600_000


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage: ``text`` is stored text with line breaks as spaces (same length), from *start* to *end*.

    page: 1 for the first, None for a title. highlights: ranges in ``text``.
    """

    page: int | None
    start: int
    end: int
    text: str
    highlights: tuple[tuple[int, int], ...]


class Scanned:
    """A text in which keys are looked for: only what stands around a candidate is cut into syllables.

    Says the same as cutting the whole text into :func:`search.tokens.tokens` and comparing keys, in a tenth of the time.
    """

    def __init__(self, text: str) -> None:
        self.whole = text
        self.text = text[:MAX_TEXT]
        self._folded = _folded(self.text)

    def at(self, place: int) -> Token | None:
        """The syllable that begins at a place; None where none begins."""
        if not self.text[place].isalnum() or (place and self.text[place - 1].isalnum()):
            return None
        found = _SYLLABLE.match(self.text, place)
        return _token(found) if found else None

    def after(self, end: int) -> Token | None:
        """The first syllable from a place on."""
        found = _SYLLABLE.search(self.text, end)
        return _token(found) if found else None

    def beginning(self, key: str) -> Iterator[Token]:
        """The syllables whose folded key begins with *key*, in order."""
        # The final y of "quy" is i in keys; a key cut short at MAX_TOKEN begins as its syllable does.
        spellings = {key, key[:-1] + "y"} if key.endswith("i") else {key}
        for place in sorted(m.start() for s in spellings for m in re.finditer(re.escape(s), self._folded)):
            token = self.at(place)
            if token is not None and token.folded.startswith(key):
                yield token

    def tokens(self) -> list[Token]:
        return tokens(self.text)


_SYLLABLE = re.compile(r"[^\W_]+")


@lru_cache(20_000)
def _key(written: str) -> str:
    return exact_keys(written)[0]


def _token(found: re.Match[str]) -> Token:
    key = _key(found.group())
    return Token(key, folded_key(key), found.start(), found.end())


#: Characters of a text whose folding is remembered: 512 such texts are 25 MB at most.
_REMEMBERED = 50_000


def _folded(text: str) -> str:
    return _remembered(text) if len(text) <= _REMEMBERED else fold(text)


@lru_cache(512)
def _remembered(text: str) -> str:
    return fold(text)


def find(text: str | Scanned, needles: Sequence[Needle]) -> list[tuple[int, int, int]]:
    """Where needles stand: (start, end, which needle), in order of start; those that overlap are one.

    Where a needle with marks is found with its marks, its unmarked look-alikes are left alone.
    """
    scanned = scan(text)
    spans: list[tuple[int, int, int]] = []
    for which, needle in enumerate(needles):
        spans.extend((start, end, which) for start, end in _find_one(scanned, needle))
    spans.sort(key=lambda span: (span[0], -span[1]))
    kept: list[tuple[int, int, int]] = []
    for span in spans:
        if kept and span[0] < kept[-1][1]:
            start, end, which = kept[-1]
            kept[-1] = (start, max(end, span[1]), min(which, span[2]))
        else:
            kept.append(span)
    return kept


def scan(text: str | Scanned) -> Scanned:
    """*text* made ready to be looked through several times."""
    return text if isinstance(text, Scanned) else Scanned(text)


def _find_one(scanned: Scanned, needle: Needle) -> list[tuple[int, int]]:
    if not needle.folded:
        return []
    first = needle.folded[0]
    if needle.prefix:
        return [(token.start, token.end) for token in scanned.beginning(first)]
    if needle.distance:
        from search.engines.whoosh import edits

        like: dict[str, bool] = {}
        found = scanned.tokens()
        for token in found:
            if token.folded not in like:
                like[token.folded] = edits(first, token.folded, needle.distance) <= needle.distance
        return [(token.start, token.end) for token in found if like[token.folded]]
    exact: list[tuple[int, int]] = []
    loose: list[tuple[int, int]] = []
    for token in scanned.beginning(first):
        if token.folded != first:
            continue
        chosen = _follow(scanned, token, needle)
        if chosen is None:
            continue
        span = (chosen[0].start, chosen[-1].end)
        marks = zip(chosen, needle.exact, strict=False)
        (exact if all(mark is None or own.exact == mark for own, mark in marks) else loose).append(span)
    if not exact and not loose and needle.apart:
        keys = dict.fromkeys(needle.folded)
        return [(t.start, t.end) for key in keys for t in scanned.beginning(key) if t.folded == key]
    return exact or loose


def _follow(scanned: Scanned, start: Token, needle: Needle) -> list[Token] | None:
    """The syllables of a phrase that begins at *start*, its slop used up by the nearest."""
    chosen, spare = [start], needle.slop
    for key in needle.folded[1:]:
        token = scanned.after(chosen[-1].end)
        while token is not None and token.folded != key and spare > 0:
            token, spare = scanned.after(token.end), spare - 1
        if token is None or token.folded != key:
            return None
        chosen.append(token)
    return chosen


def count(text: str, needle: Needle) -> int:
    """How often a needle stands in a text."""
    return len(find(text, [needle]))


def passages(
    given: str | Scanned, page_starts: Sequence[int], needles: Sequence[Needle], most: int = 3
) -> list[Snippet]:
    """The passages with the most different needles, earlier needles weighing more, in order of the text.

    With no needle in the text: its beginning.
    """
    text = given.whole if isinstance(given, Scanned) else given
    spans = find(given, needles)
    if not spans:
        return [_cut(text, page_starts, 0, 0, [])] if text.strip() else []
    windows = []
    for i, (start, _, _) in enumerate(spans):
        inside = []
        for span in spans[i:]:
            if span[1] > start + WIDTH - 40:
                break
            inside.append(span)
        inside = inside or [spans[i]]
        weight = sum(1 + 1 / (1 + which) for which in {which for _, _, which in inside}) + 0.01 * len(inside)
        windows.append((weight, inside))
    chosen: list[list[tuple[int, int, int]]] = []
    least = max(weight for weight, _ in windows) / 2  # a passage with one word of many says little beside a good one
    for weight, inside in sorted(windows, key=lambda w: (-w[0], w[1][0][0])):
        if weight < least:
            break
        first, last = inside[0][0], inside[-1][1]
        if all(last + WIDTH // 2 < c[0][0] or first > c[-1][1] + WIDTH // 2 for c in chosen):
            chosen.append(inside)
        if len(chosen) == most:
            break
    chosen.sort(key=lambda inside: inside[0][0])
    return [_cut(text, page_starts, inside[0][0], inside[-1][1], [(s, e) for s, e, _ in spans]) for inside in chosen]


def _cut(text: str, page_starts: Sequence[int], first: int, last: int, spans: Sequence[tuple[int, int]]) -> Snippet:
    """A passage around [first, last) that begins and ends between words and stays on its page."""
    spare = max(WIDTH - (last - first), 60) // 2
    start, end = max(0, first - spare), min(len(text), last + spare)
    page_break = text.rfind("\f", start, first)
    start = page_break + 1 if page_break >= 0 else start
    page_break = text.find("\f", last, end)
    end = page_break if page_break >= 0 else end
    while 0 < start < first and text[start - 1].isalnum():
        start += 1
    while end < len(text) and end > last and text[end - 1].isalnum() and text[end].isalnum():
        end -= 1
    while start < first and text[start].isspace():
        start += 1
    while end > last and text[end - 1].isspace():
        end -= 1
    end = max(end, start)
    page = bisect_right(page_starts, max(first, start)) if page_starts else 1
    shown = "".join(" " if char.isspace() else char for char in text[start:end])
    inside = tuple((s - start, e - start) for s, e in spans if start <= s and e <= end)
    return Snippet(max(page, 1), start, end, shown, inside)
