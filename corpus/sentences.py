"""Sentences and pages of a stored text, by offset."""

from __future__ import annotations

import re

from corpus.fold import squeeze

#: A căn cứ begins a line; what stands above the first one (letterhead, title) does not end in a full stop.
_OPENS = re.compile(r"^[ \t]*(?:-\s*)?(?=(?:Căn cứ|Thực hiện|Theo|Xét|Tiếp theo|Trên cơ sở)\s)", re.MULTILINE)
_STOP = re.compile(r"[.;!?](?=\s)|\n\s*\n|\f")


def _ends_sentence(text: str, stop: re.Match[str]) -> bool:
    """False for the full stop of an item's number (``2.``) or an abbreviation (``TP.``)."""
    before = text[max(0, stop.start() - 12) : stop.start()]
    return stop.group() != "." or not re.search(r"(?:^|\s)(?:\d{1,3}|\w{0,2}[A-ZĐ]\w?)$", before)


def sentence(text: str, start: int, end: int, *, limit: int = 400) -> str:
    """The sentence of *text* around [start, end), with single spaces, cut to *limit* characters on each side."""
    left, right = sentence_span(text, start, end, limit=limit)
    return squeeze(text[left:right])


def sentence_span(text: str, start: int, end: int, *, limit: int = 400) -> tuple[int, int]:
    """The offsets of that sentence in *text*. It begins at a "Căn cứ" that begins a line, never inside a word."""
    left = first = max(0, start - limit)
    for stop in _STOP.finditer(text, left, start):
        if _ends_sentence(text, stop):
            left = stop.end()
    for opening in _OPENS.finditer(text, left, start):
        left = opening.end()
    if left == first > 0 and not text[left - 1].isspace():
        half = re.compile(r"\S*\s*").match(text, left, start)
        left = half.end() if half and half.end() < start else left
    after = (m for m in _STOP.finditer(text, end, min(len(text), end + limit)) if _ends_sentence(text, m))
    stop_after = next(after, None)
    return left, stop_after.start() if stop_after else min(len(text), end + limit)


def page_starts(text: str) -> list[int]:
    """The offset of each page of *text*, which form feeds separate."""
    return [0, *(m.end() for m in re.finditer("\f", text))]
