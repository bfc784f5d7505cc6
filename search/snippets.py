"""Passages of the stored text that show why a document was found, with the needles of the query highlighted."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from search.highlights import Needle, ScannedText, Span, find

#: Characters of a passage, about.
WIDTH = 220
#: Characters of a passage that are kept for its surroundings when needles are gathered into it.
_MARGIN = 40
#: What a passage loses for each end of a sentence between its words, and by how much a better one may be passed over.
_APART, _NEARLY = 0.2, 0.5
_SENTENCE_END = re.compile(r"[.;!?]\s|\n\s*\n|\f")
_SPACE = re.compile(r"\s")
#: Characters shown around a needle, at least.
_LEAST_CONTEXT = 60


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage of the stored text."""

    #: Counted from 1.
    page: int
    #: [start, end) offsets in the stored text.
    start: int
    end: int
    #: The passage with line breaks as spaces, as long as the stored text; of a row of a table: its cells.
    text: str
    #: [start, end) offsets in ``text``.
    highlights: tuple[tuple[int, int], ...]
    #: The same offsets in the stored text; a highlight within a cell may be several stretches.
    places: tuple[tuple[int, int], ...] = ()
    #: The table (from 1) and its row (from 0) where the passage is one; else None.
    table: int | None = None
    row: int | None = None


def passages(
    given: str | ScannedText, page_starts: Sequence[int], needles: Sequence[Needle], limit: int = 3
) -> list[Snippet]:
    """The passages with the most different needles, in order of the text; earlier needles weigh more.

    page_starts: offset of each page. Where the text has no needle: its beginning.
    """
    text = given.text if isinstance(given, ScannedText) else given
    spans = find(given, needles)
    if not spans:
        return [_cut(text, page_starts, 0, 0, [])] if text.strip() else []
    chosen = sorted(_best_windows(text, spans, limit), key=lambda inside: inside[0].start)
    return [_cut(text, page_starts, inside[0].start, inside[-1].end, spans) for inside in chosen]


def _best_windows(text: str, spans: Sequence[Span], limit: int) -> list[list[Span]]:
    """The spans of the best passages, far enough from each other."""
    windows = [(_weight(inside), inside) for inside in _windows(spans)]
    best = max(weight for weight, _ in windows)
    # Of passages that are nearly as good, the one whose words stand in one sentence answers better.
    windows = [
        (weight - _APART * _sentence_ends(text, inside) if weight + _NEARLY >= best else weight, inside)
        for weight, inside in windows
    ]
    # A passage with one word of many adds little to a good one.
    least = best / 2
    chosen: list[list[Span]] = []
    for weight, inside in sorted(windows, key=lambda w: (-w[0], w[1][0].start)):
        if weight < least or len(chosen) == limit:
            break
        if all(_apart(inside, other) for other in chosen):
            chosen.append(inside)
    return chosen


def _windows(spans: Sequence[Span]) -> list[list[Span]]:
    """For each span, the spans that fit into one passage with it."""
    windows = []
    beyond = 0
    for i, first in enumerate(spans):
        reach = first.start + WIDTH - _MARGIN
        while beyond < len(spans) and (beyond <= i or spans[beyond].end <= reach):
            beyond += 1
        windows.append(list(spans[i:beyond]))
    return windows


def _weight(inside: Sequence[Span]) -> float:
    if len(inside) == 1:
        return 1.01 + 1 / (1 + inside[0].needle)
    return sum(1 + 1 / (1 + needle) for needle in {span.needle for span in inside}) + 0.01 * len(inside)


def _sentence_ends(text: str, inside: Sequence[Span]) -> int:
    """Ends of sentences between the first and the last word of a passage."""
    if len(inside) == 1:
        return 0
    return len(_SENTENCE_END.findall(text, inside[0].end, inside[-1].start))


def _apart(inside: Sequence[Span], other: Sequence[Span]) -> bool:
    return inside[-1].end + WIDTH // 2 < other[0].start or inside[0].start > other[-1].end + WIDTH // 2


def _cut(text: str, page_starts: Sequence[int], first: int, last: int, spans: Sequence[Span]) -> Snippet:
    """The passage around [first, last); it begins and ends between words and stays on its page."""
    spare = max(WIDTH - (last - first), _LEAST_CONTEXT) // 2
    start = _start(text, max(0, first - spare), first)
    end = max(_end(text, min(len(text), last + spare), last), start)
    page = bisect_right(page_starts, max(first, start)) if page_starts else 1
    shown = _SPACE.sub(" ", text[start:end])
    inside = tuple((s.start - start, s.end - start) for s in spans if start <= s.start and s.end <= end)
    places = tuple((start + a, start + b) for a, b in inside)
    return Snippet(max(page, 1), start, end, shown, inside, places)


def _start(text: str, start: int, first: int) -> int:
    """*start* moved forward to the beginning of a page or a word, up to *first*."""
    page_break = text.rfind("\f", start, first)
    start = page_break + 1 if page_break >= 0 else start
    while 0 < start < first and text[start - 1].isalnum():
        start += 1
    while start < first and text[start].isspace():
        start += 1
    return start


def _end(text: str, end: int, last: int) -> int:
    """*end* moved back to the end of a page or a word, down to *last*."""
    page_break = text.find("\f", last, end)
    end = page_break if page_break >= 0 else end
    while last < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end -= 1
    while end > last and text[end - 1].isspace():
        end -= 1
    return end
