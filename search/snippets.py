"""Passages of the stored text that show why a document was found, cut and marked by the matching's own folding."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from search.compile import Needle
from search.tokens import Token, tokens

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


def find(text: str, needles: Sequence[Needle]) -> list[tuple[int, int, int]]:
    """Where needles stand: (start, end, which needle), in order of start; those that overlap are one.

    Where a needle with marks is found with its marks, its unmarked look-alikes are left alone.
    """
    found_tokens = tokens(text[:MAX_TEXT])
    places: dict[str, list[int]] = {}
    for i, token in enumerate(found_tokens):
        places.setdefault(token.folded, []).append(i)
    spans: list[tuple[int, int, int]] = []
    for which, needle in enumerate(needles):
        spans.extend((start, end, which) for start, end in _find_one(found_tokens, places, needle))
    spans.sort(key=lambda span: (span[0], -span[1]))
    kept: list[tuple[int, int, int]] = []
    for span in spans:
        if kept and span[0] < kept[-1][1]:
            start, end, which = kept[-1]
            kept[-1] = (start, max(end, span[1]), min(which, span[2]))
        else:
            kept.append(span)
    return kept


def _find_one(found: list[Token], places: dict[str, list[int]], needle: Needle) -> list[tuple[int, int]]:
    if not needle.folded:
        return []
    first = needle.folded[0]
    if needle.prefix:
        starts = [i for key, own in places.items() if key.startswith(first) for i in own]
        return [(found[i].start, found[i].end) for i in starts]
    if needle.distance:
        from search.whoosh_engine import edits

        like = [key for key in places if edits(first, key, needle.distance) <= needle.distance]
        return [(found[i].start, found[i].end) for key in like for i in places[key]]
    exact: list[tuple[int, int]] = []
    loose: list[tuple[int, int]] = []
    for i in places.get(first, ()):
        chosen = _follow(found, i, needle)
        if chosen is None:
            continue
        span = (found[chosen[0]].start, found[chosen[-1]].end)
        marks = zip(chosen, needle.exact, strict=False)
        (exact if all(mark is None or found[at].exact == mark for at, mark in marks) else loose).append(span)
    if not exact and not loose and needle.apart:
        return [(found[i].start, found[i].end) for key in dict.fromkeys(needle.folded) for i in places.get(key, ())]
    return exact or loose


def _follow(found: list[Token], start: int, needle: Needle) -> list[int] | None:
    """The tokens of a phrase that begins at *start*, its slop used up by the nearest."""
    chosen, spare = [start], needle.slop
    for key in needle.folded[1:]:
        at = chosen[-1] + 1
        while at < len(found) and found[at].folded != key and spare > 0:
            at, spare = at + 1, spare - 1
        if at >= len(found) or found[at].folded != key:
            return None
        chosen.append(at)
    return chosen


def count(text: str, needle: Needle) -> int:
    """How often a needle stands in a text."""
    return len(find(text, [needle]))


def passages(text: str, page_starts: Sequence[int], needles: Sequence[Needle], most: int = 3) -> list[Snippet]:
    """The passages with the most different needles, earlier needles weighing more, in order of the text.

    With no needle in the text: its beginning.
    """
    spans = find(text, needles)
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
