"""Figures that an e-office stamped into the blanks of a line, or that a program drew last: put into that line.

A born-digital original leaves number and day blank ("Số:      /QĐ-UBND", "ngày      tháng 9"). The e-office fills them
with signature fields, annotations or form fields, which a PDF keeps behind the rest of the page's text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from ingest.page import Word

#: A figure as it may be stamped: a number, a day, a date ("212", "12a", "05/9/2025").
_FIGURE = re.compile(r"\d[\d./-]{0,9}[a-zđ]?")
#: Dots and rules that mark a blank.
_BLANK = re.compile(r"[.…_-]+")
#: How far a stamp may stand above or below its line, in heights of a line.
_MAX_OFFSET = 0.6
#: Share of a stamp's width by which it may reach into the words beside the blank.
_MAX_OVERLAP = 0.2
#: How far behind the last word of its line a stamp may stand, in heights of a line ("năm      ").
_NEAR = 3


def with_stamps(rows: Sequence[list[Word]], height: float) -> list[list[Word]]:
    """*rows* of words with each stamped figure in the row whose blank it fills; a stamp without one stays a row.

    height: that of a line, in the unit of the words' boxes.
    """
    lines = [row for row in rows if not _is_stamp(row)]
    stamps = [word for row in rows if _is_stamp(row) for word in row]
    if not stamps or not lines:
        return [list(row) for row in rows]
    filled = [list(row) for row in lines]
    rest: list[list[Word]] = []
    for stamp in stamps:
        fits = [(*fit, n) for n, row in enumerate(lines) if (fit := _fit(stamp, row, height)) is not None]
        if fits:
            filled[min(fits)[-1]].append(replace(stamp, stamped=True))
        else:
            rest.append([stamp])
    for row in filled:
        row.sort(key=lambda word: word.box[0])
    return filled + rest


def _is_stamp(row: Sequence[Word]) -> bool:
    return all(_FIGURE.fullmatch(word.text) for word in row)


def _fit(stamp: Word, row: Sequence[Word], height: float) -> tuple[bool, float] | None:
    """How well a stamp fits a blank of *row*, the least first: whether nothing follows, and how far off the line it is.

    None where it fits none.
    """
    left, _, right, _ = stamp.box
    slack = _MAX_OVERLAP * (right - left)
    printed = [word for word in row if not _BLANK.fullmatch(word.text)]
    before = [word for word in printed if word.box[2] <= left + slack]
    behind = [word for word in printed if word.box[0] >= right - slack]
    if not before or len(before) + len(behind) < len(printed):
        return None
    last = max(before, key=lambda word: word.box[2])
    if not behind and left - last.box[2] > _NEAR * height:
        return None
    beside = [last, *sorted(behind, key=lambda word: word.box[0])[:1]]
    distance = abs(_middle(stamp) - median(_middle(word) for word in beside))
    return (not behind, distance) if distance < _MAX_OFFSET * height else None


def _middle(word: Word) -> float:
    return (word.box[1] + word.box[3]) / 2
