"""The rules on the picture of a page, and ink in cells of which no word was read."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

from corpus.model import Box
from ingest.page import Page, Word
from ingest.tables.numbering import heads_numbers
from ingest.tables.page_table import PageTable, visual_lines
from ingest.tables.rules import Rule, Rules

if TYPE_CHECKING:
    from PIL.Image import Image

#: Increased when the same picture gives other rules; part of the cache's key.
_VERSION = "1"
#: Resolution at which rules are looked for: a rule of half a point is nearly one pixel wide.
_DPI = 110
_POINTS = 72
#: Points: a piece that is a rule by its length, one that is where its ends touch rules, and how thick a rule may be.
_LONG, _SHORT, _THICK = 22.0, 9.0, 5.0
#: Points within which two rules are one; skew of a page moves the ends of a rule.
_NEAR = 4.5
#: A gap of this many line heights is one between columns.
_COLUMN_GAP = 1.4
#: Lines of three columns, and of two, from which a page may have a table; a letterhead and a signature have fewer.
_THREE_COLUMNS, _TWO_COLUMNS = 2, 12
#: Share of a cell's area, inside its rules, that ink must cover to be a word that was not read.
_INK = 0.006
#: Points around a cell's edges and its words that are not looked at.
_MARGIN, _AROUND = 3.0, 1.5


def may_have_table(words: Sequence[Word], aspect: float) -> bool:
    """Whether the words of a page stand in columns, or a heading numbers rows; cheap, for it is asked of every page.

    aspect: the page's width over its height.
    """
    if not words:
        return False
    height = median(word.box[3] - word.box[1] for word in words)
    gap = _COLUMN_GAP * height / aspect
    two = three = 0
    for line in visual_lines(words):
        if heads_numbers(line[0].text):
            return True
        columns = 1 + sum(b.box[0] - a.box[2] > gap for a, b in itertools.pairwise(line))
        three += columns >= 3
        two += columns == 2
    return three >= _THREE_COLUMNS or two >= _TWO_COLUMNS


def picture_rules(page: Page) -> Rules:
    """The rules on the picture of a page that was read by OCR; none where OpenCV is not installed."""
    found = page.recall(f"rules {_VERSION}", lambda: _found(page)) if page.load_image is not None else None
    if not found:
        return Rules()
    rules = Rules(near_x=found["near_x"], near_y=found["near_y"])
    rules.horizontal = [Rule(*values) for values in found["horizontal"]]
    rules.vertical = [Rule(*values) for values in found["vertical"]]
    return rules


def _found(page: Page) -> dict[str, Any]:
    """The rules as JSON data; empty without OpenCV."""
    if page.load_image is None or (cv := _opencv()) is None:
        return {}
    ink = _ink(cv, page.load_image(_DPI))
    height, width = ink.shape
    scale = _DPI / _POINTS
    near_x, near_y = _NEAR * scale / width, _NEAR * scale / height
    flat, upright = (_pieces(cv, ink, scale, flat=flat) for flat in (True, False))
    long_x, long_y = _LONG * scale / width, _LONG * scale / height
    rules = Rules([r for r in flat if r.end - r.start >= long_x], [r for r in upright if r.end - r.start >= long_y])
    short_flat = [r for r in flat if r.end - r.start < long_x and _ends_at(r, rules.vertical, near_x, near_y)]
    short_upright = [r for r in upright if r.end - r.start < long_y and _ends_at(r, rules.horizontal, near_y, near_x)]
    every = {"horizontal": [*rules.horizontal, *short_flat], "vertical": [*rules.vertical, *short_upright]}
    found = {name: [[round(v, 5) for v in (r.at, r.start, r.end)] for r in some] for name, some in every.items()}
    return {"near_x": near_x, "near_y": near_y, **found}


def _pieces(cv: Any, ink: Any, scale: float, *, flat: bool) -> list[Rule]:
    """The straight pieces of ink in one direction, in fractions of the picture."""
    height, width = ink.shape
    along, across = (width, height) if flat else (height, width)
    steady = cv.dilate(ink, _bar(cv, 3, not flat))  # a rule that is a little askew goes on one pixel higher
    _, _, boxes, _ = cv.connectedComponentsWithStats(
        cv.morphologyEx(steady, cv.MORPH_OPEN, _bar(cv, round(_SHORT * scale), flat))
    )
    pieces = []
    for left, top, wide, high, _area in boxes[1:].tolist():
        start, length, at, breadth = (left, wide, top, high) if flat else (top, high, left, wide)
        if breadth - 2 <= _THICK * scale + 0.02 * length and length > 2 * (breadth - 2):
            pieces.append(Rule((at + breadth / 2) / across, start / along, (start + length) / along))
    return pieces


def _ends_at(piece: Rule, others: Sequence[Rule], near_along: float, near_across: float) -> bool:
    """Whether both ends of a short piece touch rules that cross it: strokes of letters do not."""
    return all(
        any(
            abs(other.at - end) <= near_along and other.start - near_across <= piece.at <= other.end + near_across
            for other in others
        )
        for end in (piece.start, piece.end)
    )


def _opencv() -> Any | None:
    try:
        import cv2
    except ImportError:
        return None
    return cv2


def _bar(cv: Any, length: int, flat: bool) -> Any:
    return cv.getStructuringElement(cv.MORPH_RECT, (length, 1) if flat else (1, length))


def _ink(cv: Any, image: Image) -> Any:
    """The ink of a picture as 0 and 1, paper of uneven grey allowed for."""
    import numpy as np

    grey = np.asarray(image.convert("L"))
    return cv.adaptiveThreshold(grey, 1, cv.ADAPTIVE_THRESH_MEAN_C, cv.THRESH_BINARY_INV, 31, 14)


def doubt_unread_ink(page: Page, table: PageTable) -> None:
    """Mark cells in which ink stands that no word covers: something there was not read."""
    if page.load_image is None or (cv := _opencv()) is None:
        return
    ink = _ink(cv, page.load_image(_DPI))
    height, width = ink.shape
    margin, around = round(_MARGIN * _DPI / _POINTS), round(_AROUND * _DPI / _POINTS)
    for word in (word for cell in table.cells for word in cell.words):
        x0, y0, x1, y1 = _pixels(word.box, width, height)
        ink[max(0, y0 - around) : y1 + around, max(0, x0 - around) : x1 + around] = 0
    for cell in table.cells:
        x0, y0, x1, y1 = _pixels(cell.box, width, height)
        inside = ink[y0 + margin : y1 - margin, x0 + margin : x1 - margin]
        if inside.size and float(inside.mean()) > _INK and int(inside.sum()) > 3 * margin:
            cell.uneven = True


def _pixels(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    return round(box[0] * width), round(box[1] * height), round(box[2] * width), round(box[3] * height)
