"""Lines of a trích yếu without what others put beside it: received stamps, pasted notes, the running text below."""

from __future__ import annotations

import re

from ingest.layout.lines import Line, Segment
from ingest.syllables import is_syllable

_WORD = re.compile(r"[^\W_]+")
#: A letter read in place of a digit or the other way round ("l6").
_MIXED = re.compile(r"[a-z]\d|\d[a-z]")
#: Stamps in the left margin end left of this, as a fraction of the page's width.
_STAMP_EDGE = 0.32
#: How much nearer to the heading's centre a line must come when a stamp is taken off.
_CENTRED_BETTER = 0.02
#: The left column ends between these, as fractions of the page's width; the second where the right column is unknown.
_LEFT_COLUMN_ENDS, _RIGHT_COLUMN = 0.35, 0.5
#: How far right of the left column's end a line of it may reach before it is taken for two.
_SLACK = 0.1
#: A line of running text spans this share of the page's width, or is this long where there are no boxes.
_FULL_WIDTH, _LONG = 0.64, 160
#: How far right of the next line the first line of a paragraph begins.
_INDENT = 0.02


def centred_part(line: Line, heading: Segment) -> Line:
    """The part of a line that is centred under *heading*, without a stamp at its left.

    A trích yếu is centred as its heading is; a stamp of the office that received the document stands in the margin, and
    OCR may join both to one line, with the stamp's border as "|" between them.
    """
    if not line.box or not heading.box:
        return line
    segments = [part for segment in line.segments for part in _parts(segment)]
    centre = heading.centre
    for at in range(1, len(segments)):
        left, right = segments[at - 1].box, segments[at:]
        rest = Line(right, line.page, line.gap)
        if left and rest.box and left[2] < _STAMP_EDGE and _nearer(rest, line, centre):
            line = rest
    return line


def is_running_text(line: Line, following: Line | None) -> bool:
    """Whether a line is of the text and no trích yếu: a paragraph with its first line indented.

    Without boxes a paragraph is known by its length or its end.
    """
    text = line.text.rstrip()
    ended = text.endswith((".", ":", ";"))
    if not line.box:
        return len(text) > _LONG or ended or text.endswith(",")
    wide = line.box[2] - line.box[0] > _FULL_WIDTH
    indented = following is not None and following.box is not None and following.box[0] < line.box[0] - _INDENT
    return wide and (indented or ended)


def left_part(segment: Segment, split: float | None) -> Segment:
    """The part of a segment of the left column before a note in the right one, which OCR joined to it.

    split: where the right column begins. The note begins behind the widest gap near the end of the left column.
    """
    end = split if split is not None else _RIGHT_COLUMN
    if not segment.box or segment.box[2] < end + _SLACK:
        return segment
    words = segment.words
    gaps = [
        (words[n].box[0] - words[n - 1].box[2], n)
        for n in range(1, len(words))
        if _LEFT_COLUMN_ENDS < words[n].box[0] < end
    ]
    if not gaps:
        return segment
    cut = max(gaps)[1]
    length = sum(len(word.text) + 1 for word in words[:cut])
    return segment.part(0, length - 1)


def has_slips(text: str) -> bool:
    """Whether a word of a scan's trích yếu cannot be right: small letters with digits, or marks on no syllable.

    Words without marks may be foreign ("mini"), those in capitals abbreviations.
    """
    return any(
        _MIXED.search(word) or (word.islower() and not word.isascii() and not is_syllable(word))
        for word in _WORD.findall(text)
    )


def _parts(segment: Segment) -> list[Segment]:
    """The parts of a segment between the borders of boxes, which OCR reads as "|"."""
    parts, start = [], 0
    for at, character in enumerate(segment.text):
        if character == "|":
            parts.append((start, at))
            start = at + 1
    parts.append((start, len(segment.text)))
    return [segment.part(a, b) for a, b in parts if segment.text[a:b].strip()] or [segment]


def _nearer(part: Line, whole: Line, centre: float) -> bool:
    """Whether *part* is centred better than *whole*."""
    return abs(_centre(part) - centre) + _CENTRED_BETTER < abs(_centre(whole) - centre)


def _centre(line: Line) -> float:
    return (line.box[0] + line.box[2]) / 2 if line.box else 0.5
