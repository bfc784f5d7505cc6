"""The rules on the picture of a page, and ink in cells of which no word was read."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from corpus.model import Box
from ingest.ocr.reader.shapes import connected
from ingest.page import Page, Word
from ingest.tables.numbering import heads_numbers
from ingest.tables.page_table import PageTable, visual_lines
from ingest.tables.rules import Rule, Rules

if TYPE_CHECKING:
    from PIL.Image import Image

#: Increased when the same picture gives other rules; part of the cache's key.
_VERSION = "5"
#: Resolution at which rules are looked for: a rule of half a point is nearly one pixel wide.
_DPI = 110
_POINTS = 72
#: Points: a piece that is a rule by its length, one that is where its ends touch rules, and how thick a rule may be.
_LONG, _SHORT, _THICK = 22.0, 9.0, 5.0
#: Points within which two rules are one.
_NEAR = 4.5
#: Points by which a short piece between two rules may miss each, and the share of the way between them that it takes:
#: strokes of letters in low rows miss one by more, or take less.
_TOUCH, _BETWEEN = 3.2, 0.78
#: Points up to which a level piece may be the tops of letters that touch, how far their stems reach at least, and the
#: share of the piece above or below which stems stand. A column of ink that goes on for the length of a rule is one.
_LETTERS_LONG, _STEM, _STEMS, _CROSSING = 60.0, 2.0, 0.12, 0.8
#: Steepest fall of rules that is put straight, steps of it that are tried in each direction, strips of the page that
#: are compared, and by how much a fall must be better than a smaller one.
_STEEPEST, _SLOPES, _STRIPS, _SHARPER = 0.03, 30, 16, 1.01
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
    """The rules on the picture of a page that was read by OCR."""
    found = page.recall(f"rules {_VERSION}", lambda: _found(page)) if page.load_image is not None else None
    if not found:
        return Rules()
    rules = Rules(near_x=found["near_x"], near_y=found["near_y"], slope=found["slope"], pictured=True)
    rules.horizontal = [Rule(*values) for values in found["horizontal"]]
    rules.vertical = [Rule(*values) for values in found["vertical"]]
    return rules


def _found(page: Page) -> dict[str, Any]:
    """The rules as JSON data."""
    if page.load_image is None:
        return {}
    ink = _ink(page.load_image(_DPI))
    height, width = ink.shape
    scale = _DPI / _POINTS
    slope = _slope(ink, scale)
    ink = _sheared(ink, slope)
    near_x, near_y = _NEAR * scale / width, _NEAR * scale / height
    flat, upright = (_pieces(ink, scale, flat=flat) for flat in (True, False))
    long_x, long_y = _LONG * scale / width, _LONG * scale / height
    rules = Rules([r for r in flat if r.end - r.start >= long_x], [r for r in upright if r.end - r.start >= long_y])
    touch_x, touch_y = _TOUCH * scale / width, _TOUCH * scale / height
    short_flat = [r for r in flat if r.end - r.start < long_x and _ends_at(r, rules.vertical, touch_x, near_y)]
    short_upright = [r for r in upright if r.end - r.start < long_y and _ends_at(r, rules.horizontal, touch_y, near_x)]
    every = {"horizontal": [*rules.horizontal, *short_flat], "vertical": [*rules.vertical, *short_upright]}
    found = {name: [[round(v, 5) for v in (r.at, r.start, r.end)] for r in some] for name, some in every.items()}
    return {"near_x": near_x, "near_y": near_y, "slope": slope, **found}


def _slope(ink: Any, scale: float) -> float:
    """How much the page's horizontal rules fall to the right, as pixels per pixel; 0 where there are hardly any."""
    steady = cv2.dilate(ink, _bar(3, False))
    flat = cv2.morphologyEx(steady, cv2.MORPH_OPEN, _bar(round(_LONG * scale), True))
    width = flat.shape[1]
    height, strip = len(flat), width // _STRIPS
    if not strip or not cv2.countNonZero(flat):
        return 0.0
    # The ink of each row of a strip, twice, so that a stretch of it is the strip moved up or down.
    strips = [
        cv2.reduce(flat[:, n * strip : (n + 1) * strip], 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S) for n in range(_STRIPS)
    ]
    sums = [np.tile(one[:, 0], 2) for one in strips]
    best, slope = -1.0, 0.0
    seen: set[tuple[int, ...]] = set()
    for step in sorted(range(-_SLOPES, _SLOPES + 1), key=abs):
        candidate = step * _STEEPEST / _SLOPES
        shifts = tuple(round(-candidate * strip * (at - (_STRIPS - 1) / 2)) % height for at in range(_STRIPS))
        if shifts in seen:  # no sharper than before
            continue
        seen.add(shifts)
        total = np.zeros(height, np.int64)
        for one, shift in zip(sums, shifts, strict=True):
            total += one[height - shift : 2 * height - shift]
        sharpness = float(np.dot(total, total))
        if sharpness > best * _SHARPER:
            best, slope = sharpness, candidate
    return slope


def _sheared(ink: Any, slope: float) -> Any:
    """The ink with horizontal and vertical rules made straight: turned by a small angle."""
    if not slope:
        return ink
    height, width = ink.shape
    matrix = np.array([[1, slope, -slope * height / 2], [-slope, 1, slope * width / 2]], dtype=np.float64)
    return cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_NEAREST)


def straightened(words: Sequence[Word], slope: float, aspect: float) -> list[Word]:
    """*words* moved to where they stand on the page made straight; aspect: the page's width over its height."""
    return [replace(word, box=moved(word.box, slope, aspect)) for word in words] if slope else list(words)


def moved(box: Box, slope: float, aspect: float) -> Box:
    """*box* on the page turned about its middle by a small angle; with ``-slope`` it comes back."""
    x, y = (box[0] + box[2]) / 2 - 0.5, (box[1] + box[3]) / 2 - 0.5
    right, down = slope * y / aspect, -slope * x * aspect
    return (box[0] + right, box[1] + down, box[2] + right, box[3] + down)


def _pieces(ink: Any, scale: float, *, flat: bool) -> list[Rule]:
    """The straight pieces of ink in one direction, in fractions of the picture."""
    height, width = ink.shape
    along, across = (width, height) if flat else (height, width)
    steady = cv2.dilate(ink, _bar(3, not flat))  # a rule that is a little askew goes on one pixel higher
    _, boxes = connected(cv2.morphologyEx(steady, cv2.MORPH_OPEN, _bar(round(_SHORT * scale), flat)))
    pieces = []
    for left, top, wide, high, _area in boxes[1:].tolist():
        start, length, at, breadth = (left, wide, top, high) if flat else (top, high, left, wide)
        if breadth - 2 <= _THICK * scale + 0.02 * length and length > 2 * (breadth - 2):
            if flat and wide < _LETTERS_LONG * scale and _is_of_letters(ink, left, top, wide, high):
                continue
            pieces.append(Rule((at + breadth / 2) / across, start / along, (start + length) / along))
    return pieces


def _is_of_letters(ink: Any, left: int, top: int, wide: int, high: int) -> bool:
    """Whether stems stand on a level piece, or hang from it: the tops or feet of letters that touch, as in "TT"."""
    stem, long = max(2, round(_STEM * _DPI / _POINTS)), round(_LONG * _DPI / _POINTS)
    first, last = top + 1, top + high - 1  # the piece was looked for in ink one pixel higher and lower
    columns = slice(left, left + wide)
    above, below = ink[max(0, first - long) : first, columns][::-1], ink[last : last + long, columns]
    return any(_stems(part, stem) > _STEMS for part in (above, below))


def _stems(beside: Any, stem: int) -> float:
    """The share of columns in which ink adjoins a piece, without those of rules; *beside* is the ink from it on."""
    if len(beside) < stem:
        return 0.0
    return float((beside[:stem].all(axis=0) & (beside.mean(axis=0) < _CROSSING)).mean())


def _ends_at(piece: Rule, others: Sequence[Rule], near_along: float, near_across: float) -> bool:
    """Whether a short piece reaches from one rule that crosses it to another: strokes of letters do not."""
    touched: list[float] = []
    for end in (piece.start, piece.end):
        crossing = [
            other.at
            for other in others
            if abs(other.at - end) <= near_along and other.start - near_across <= piece.at <= other.end + near_across
        ]
        if not crossing:
            return False
        touched.append(min(crossing, key=lambda at: abs(at - end)))
    return piece.end - piece.start >= _BETWEEN * (touched[1] - touched[0])


def _bar(length: int, flat: bool) -> Any:
    return cv2.getStructuringElement(cv2.MORPH_RECT, (length, 1) if flat else (1, length))


def _ink(image: Image) -> Any:
    """The ink of a picture as 0 and 1, paper of uneven grey allowed for."""
    grey = np.asarray(image.convert("L"))
    return cv2.adaptiveThreshold(grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 14)


def doubt_unread_ink(page: Page, table: PageTable, slope: float) -> None:
    """Mark cells in which ink stands that no word covers: something there was not read. slope: that of the rules."""
    if page.load_image is None:
        return
    ink = _sheared(_ink(page.load_image(_DPI)), slope)
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
