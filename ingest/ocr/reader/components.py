"""The ink of a page: its connected pieces, told apart as letters, marks, rules and everything larger.

Sizes are measured against the page's own letters, so neither resolution nor font size need be known.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.ocr.reader.shapes import Grey, Ints, connected

Flags = NDArray[np.bool_]

#: A page with more pieces of ink is noise: specks are taken out of it first, then it is given up.
MOST_PIECES = 60_000
#: Letters are this many pixels high at least and at most, whatever the page.
_LEAST, _MOST = 5, 160
# A straight stroke this many letter heights long is a rule; a piece this long may hide one.
_RULE_LENGTH, _LONG_PIECE = 3.5, 4.0
# Rules of a page with more of them are those of a drawing; steepest fall of a rule; stretches of it that have a box of
# their own, in letter heights.
_MOST_RULES, _STEEPEST, _STRETCH = 2000, 0.03, 8.0


@dataclass(frozen=True, slots=True)
class Pieces:
    """Connected pieces of ink. boxes: (N, 4) left, top, right, bottom in pixels; right and bottom are outside.

    height: of an ordinary letter of the page in pixels, 0 where there are no letters. letter, mark: which pieces are
    letters (or several touching), and which are dots, tones and specks; the others are seals, signatures, pictures.
    upright, level: boxes (M, 4) of vertical and horizontal rules, which are no pieces. ink: the page in black and
    white, 255 where there is ink, without the rules. tables: the page at half size, not 0 where there is a rule that
    crosses another; None where there is none.
    """

    boxes: Ints
    height: float
    letter: Flags
    mark: Flags
    upright: Ints
    level: Ints
    ink: Grey
    tables: Grey | None = None


def inked(grey: Grey) -> Grey:
    """*grey* (H, W) as 255 where there is ink and 0 elsewhere, by a threshold that follows the paper's brightness."""
    level, black = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    between = cv2.countNonZero(cv2.inRange(grey, np.array([level - 40.0]), np.array([level + 39.0])))
    if between < 0.02 * grey.size:  # black and white already, or as good
        return np.asarray(black, dtype=np.uint8)
    size = max(15, min(grey.shape) // 40) | 1
    local = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, size, 14)
    return np.asarray(local, dtype=np.uint8)


def pieces(grey: Grey) -> Pieces:
    """The pieces of a page (H, W). Work and memory are bounded by its size."""
    none = np.zeros((0, 4), np.int32)
    ink = inked(grey)
    count, stats = _connected(ink)
    if count > MOST_PIECES:
        ink = np.asarray(cv2.medianBlur(ink, 3), dtype=np.uint8)
        count, stats = _connected(ink)
    nothing = Pieces(none, 0.0, np.zeros(0, np.bool_), np.zeros(0, np.bool_), none, none, ink)
    if not 1 < count <= MOST_PIECES:
        return nothing
    height = _letter_height(stats)
    upright = level = none
    tables = None
    long = stats[1:, 2:4].max(axis=1) > _LONG_PIECE * height
    if height and long.any():
        ink, upright, level, tables = _without_rules(ink, height)
        alone = stats[1:, 2:4].min(axis=1) < 0.5 * height
        if (len(upright) or len(level)) and (long & ~alone).any():  # a rule may have held letters together
            count, stats = _connected(ink)
        if not 1 < count <= MOST_PIECES:
            return nothing
    left, top, wide, high, area = stats[1:].T
    boxes = np.stack([left, top, left + wide, top + high], axis=1).astype(np.int32)
    letter = (high > 0.55 * height) & (high < 3.2 * height) & (high >= _LEAST) & (wide < 14 * height)
    letter &= (area > 0.06 * wide * high) & ((wide > 0.1 * high) | (high < 1.8 * height))
    mark = ~letter & (high <= 0.9 * height) & (wide <= 1.8 * height)
    return Pieces(boxes, height, letter, mark, upright, level, ink, tables)


def _connected(ink: Grey) -> tuple[int, Ints]:
    _, stats = connected(ink)
    return len(stats), stats


def _letter_height(stats: Ints) -> float:
    """The height of most letters: the commonest height, each piece counted by its width, small and large left out."""
    wide, high, area = stats[1:, 2:].T
    likely = (high >= _LEAST) & (high <= _MOST) & (wide >= 3) & (wide <= 4 * high) & (area > 0.1 * wide * high)
    if likely.sum() < 3:
        return float(np.median(high[likely])) if likely.any() else 0.0
    counts = np.bincount(high[likely], weights=np.minimum(wide[likely], high[likely]), minlength=_MOST + 2)
    smooth = np.convolve(counts, [1, 2, 3, 2, 1], mode="same")
    # Specks are many: a height counts by the ink it covers.
    return float(np.argmax(smooth * np.arange(len(smooth))))


def _without_rules(ink: Grey, height: float) -> tuple[Grey, Ints, Ints, Grey | None]:
    """The ink without rules, the boxes of the vertical and the horizontal ones, and the picture of those of tables at
    half size. Looked for at half size; rules that are thin or askew are looked for where some cross."""
    rows, columns = 2 * (ink.shape[0] // 2), 2 * (ink.shape[1] // 2)
    upper = np.maximum(ink[:rows:2, :columns:2], ink[:rows:2, 1:columns:2])
    small = np.maximum(upper, np.maximum(ink[1:rows:2, :columns:2], ink[1:rows:2, 1:columns:2]))
    cleaned = ink.copy()
    none = np.zeros((0, 4), np.int32)
    strokes = [_strokes(small, height, flat=flat) for flat in (False, True)]
    (upright, upright_boxes), (level, level_boxes) = (
        _rules(one, height, flat=flat) if one is not None else (np.zeros_like(small), none)
        for one, flat in zip(strokes, (False, True), strict=True)
    )
    tables = _of_tables(upright, level, small, height)
    if tables is None:
        upright_boxes, level_boxes = (
            _straight(small, cleaned, height, flat=flat) if one is not None else none
            for one, flat in zip(strokes, (False, True), strict=True)
        )
        return cleaned, upright_boxes, level_boxes, None
    every = (upright | level).repeat(2, axis=0).repeat(2, axis=1)
    cleaned[:rows, :columns][every > 0] = 0
    return cleaned, upright_boxes, level_boxes, tables


def _straight(small: Grey, cleaned: Grey, height: float, *, flat: bool) -> Ints:
    """The boxes of straight rules of one direction (*small* is at half size), which are wiped from *cleaned*."""
    length = max(6, round(_RULE_LENGTH * height / 2))
    kernel = np.ones((1, length) if flat else (length, 1), np.uint8)
    labels, stats = connected(np.asarray(cv2.morphologyEx(small, cv2.MORPH_OPEN, kernel), dtype=np.uint8))
    # Thick strokes are bars, frames of pictures, black edges of the scan: no rules, and not wiped.
    thin = np.flatnonzero(stats[1:, 2:4].min(axis=1) < 0.25 * height) + 1
    boxes = []
    for number, (left, top, wide, high) in zip(thin.tolist(), stats[thin, :4].tolist(), strict=True):
        boxes.append([2 * left, 2 * top, 2 * (left + wide), 2 * (top + high)])
        stroke = np.pad(labels[top : top + high, left : left + wide] == number, 1).astype(np.uint8)
        grown = cv2.dilate(stroke, np.ones((3, 3), np.uint8)).repeat(2, axis=0).repeat(2, axis=1)[1:-1, 1:-1]
        y, x = max(0, 2 * top - 1), max(0, 2 * left - 1)
        part = cleaned[y : y + grown.shape[0], x : x + grown.shape[1]]
        part[grown[: part.shape[0], : part.shape[1]] > 0] = 0
    return np.array(boxes, np.int32).reshape(-1, 4)


def _strokes(small: Grey, height: float, *, flat: bool) -> Grey | None:
    """The long strokes of one direction on a page at half size; None where there is none.

    A rule that is askew goes on one pixel beside, so it is looked for in ink one pixel wider to both sides.
    """
    length = max(6, round(_RULE_LENGTH * height / 2))
    along, across = ((1, length), (3, 1)) if flat else ((length, 1), (1, 3))
    strokes = cv2.morphologyEx(cv2.dilate(small, np.ones(across, np.uint8)), cv2.MORPH_OPEN, np.ones(along, np.uint8))
    strokes = cv2.bitwise_and(strokes, small)
    return np.asarray(strokes, dtype=np.uint8) if cv2.countNonZero(strokes) else None


def _rules(strokes: Grey, height: float, *, flat: bool) -> tuple[Grey, Ints]:
    """The rules among the long strokes of one direction: their picture, and boxes in pixels of the page.

    The box is that of each stretch of a rule, for the box of the whole would take in what stands beside.
    """
    length = max(6, round(_RULE_LENGTH * height / 2))
    labels, stats = connected(strokes)
    long, breadth = (stats[:, 2], stats[:, 3]) if flat else (stats[:, 3], stats[:, 2])
    # Thick strokes are bars, frames of pictures, black edges of the scan: no rules, and not wiped.
    thin = (stats[:, 4] < 0.25 * height * long) & (breadth < 0.25 * height + _STEEPEST * long) & (long >= length)
    thin[0] = False
    found = np.zeros_like(strokes)
    numbers = np.flatnonzero(thin)
    if len(numbers) > _MOST_RULES:
        return found, np.zeros((0, 4), np.int32)
    boxes = []
    step = max(8, round(_STRETCH * height / 2))
    for number in numbers.tolist():
        left, top, wide, high = stats[number, :4].tolist()
        inside = labels[top : top + high, left : left + wide] == number
        found[top : top + high, left : left + wide][inside] = 255
        for at in range(0, wide if flat else high, step):
            part = inside[:, at : at + step] if flat else inside[at : at + step]
            y, x = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
            if y.size:
                x0, y0 = (left + at, top) if flat else (left, top + at)
                boxes.append([x0 + x[0], y0 + y[0], x0 + x[-1] + 1, y0 + y[-1] + 1])
    return found, 2 * np.array(boxes, np.int32).reshape(-1, 4)


def _of_tables(upright: Grey, level: Grey, small: Grey, height: float) -> Grey | None:
    """The rules that hang together with one of the other direction, of those of a page; None where there are none.

    Horizontal ones are left out where letters of *small*, the page, touch them: tones would go with them, and the
    net reads letters under a whole rule better than under pieces of one.
    """
    if not upright.any() or not level.any():
        return None
    every = upright | level
    count, labels = cv2.connectedComponents(cv2.dilate(every, np.ones((3, 3), np.uint8)), connectivity=8)
    crossed = np.zeros((2, count), np.bool_)
    crossed[0, labels[upright > 0]] = crossed[1, labels[level > 0]] = True
    kept = crossed[0] & crossed[1]
    kept[0] = False
    if not kept.any():
        return None
    letters = cv2.bitwise_and(small, cv2.bitwise_not(cv2.dilate(every, np.ones((3, 3), np.uint8))))
    near = cv2.bitwise_and(cv2.dilate(letters, np.ones((5, 1), np.uint8)), level)
    touched = cv2.dilate(near, np.ones((3, round(4 * height) | 1), np.uint8))
    wiped = kept[labels] & (every > 0) & ((upright > 0) | (touched == 0))
    return np.asarray(wiped, dtype=np.uint8) * np.uint8(255)
