"""Rows of dots in the fields of tables: blanks to be written on, found by their even distance and counted.

The net reads letters; a row of forty dots it reads as one or three. Only rows that rules enclose are looked for: in
running text the net's stops before a blank stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.ocr.reader.components import Pieces
from ingest.ocr.reader.finder import Run
from ingest.ocr.reader.shapes import Grey, Ints

#: Dots that make a row, and rows of a page that are kept.
FEWEST, MOST = 3, 400
# All in heights of an ordinary letter: sides of a dot, how far apart the middles of two lie at most (more in "1.1.1"),
# how far the next is looked for, as two that touch are no dot, how much higher one may lie than the next, how far above
# a dot another makes it that of a colon, and how far below a stroke makes it that of an "i".
_LEAST, _LARGEST, _PITCH, _REACH, _LEVEL, _COLON, _STEM = 0.08, 0.45, 0.8, 1.9, 0.12, 0.8, 0.35
# How much the distance of two dots may differ from that of most, or from a multiple of it where dots between them are
# too faint, up to so many, and what share of a row is seen at least.
_UNEVEN, _FAINT, _SEEN = 0.3, 2, 0.7
# How much the size of a dot may differ from that of most; how large, as a share of it, the upper dot of a colon is.
_UNLIKE, _ALIKE = 0.6, 0.7
# Height of the letters that stand beside dots, as a share of that of an ordinary letter; how near to the rules on both
# sides a row of dots comes that is itself a rule.
_LETTERS, _AT_WALL = 0.7, 0.25


def find_leaders(found: Pieces) -> list[tuple[Run, list[int]]]:
    """The rows of dots of a page as runs with ``dots``, in no order, each with the numbers of its pieces."""
    numbers = _dots(found)
    if len(numbers) < FEWEST:
        return []
    rows = _rows(found, numbers)[:MOST]
    return [(run, row) for row in rows if not _is_rule(run := _run(found, row), found)]


def _dots(found: Pieces) -> Ints:
    """The numbers of the pieces that may be dots of a row, without the lower dots of colons."""
    wide, high = (found.boxes[:, side + 2] - found.boxes[:, side] for side in (0, 1))
    small, large = np.minimum(wide, high), np.maximum(wide, high)
    limits = _LEAST * found.height, _LARGEST * found.height
    likely = found.mark & (small >= limits[0]) & (large <= limits[1])
    canvas = np.zeros(found.ink.shape, np.uint8)  # how large a dot each pixel belongs to
    for (x0, y0, x1, y1), size in zip(found.boxes[likely].tolist(), large[likely].tolist(), strict=True):
        canvas[y0:y1, x0:x1] = min(size, 255)
    over, under = round(_COLON * found.height), round(_STEM * found.height)
    numbers = [(n, *found.boxes[n].tolist()) for n in np.flatnonzero(likely).tolist()]
    return np.array(
        [n for n, *box in numbers if not (_is_of_colon(canvas, box, over) or _has_stem(found.ink, box, under))],
        dtype=np.int32,
    )


def _is_of_colon(canvas: Grey, box: Sequence[int], reach: int) -> bool:
    """Whether a dot as large as that in *box* stands above it; a speck may."""
    x0, y0, x1, y1 = box
    above = canvas[max(0, y0 - reach) : max(0, y0 - 2), x0:x1]
    return bool(above.max(initial=0) >= _ALIKE * max(x1 - x0, y1 - y0))


def _has_stem(ink: Grey, box: Sequence[int], reach: int) -> bool:
    """Whether a stroke stands under the dot in *box*."""
    x0, _, x1, y1 = box
    return bool(ink[y1 + 1 : y1 + 1 + reach, x0:x1].any(axis=1).sum() >= reach // 2)


def _rows(found: Pieces, numbers: Ints) -> list[list[int]]:
    """Dots at an even distance on one height, each row from left to right."""
    boxes = found.boxes[numbers]
    across, down = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    reach, level = _REACH * found.height, max(1, round(_LEVEL * found.height / 2))
    canvas = np.zeros(found.ink.shape, np.uint8)
    for x, y in zip(across.tolist(), down.tolist(), strict=True):
        cv2.rectangle(canvas, (round(x), round(y) - level), (round(x + reach), round(y) + level), 255, -1)
    _, labels = cv2.connectedComponents(canvas, connectivity=4, ltype=cv2.CV_32S)
    row_of = labels[np.rint(down).astype(int), np.rint(across).astype(int)]
    order = np.lexsort((across, row_of))
    groups = np.split(order, np.flatnonzero(np.diff(row_of[order])) + 1)
    return [part.tolist() for group in groups if len(group) >= FEWEST for part in _even(found, numbers[group])]


def _even(found: Pieces, row: Ints) -> list[Ints]:
    """The stretches of a row, pieces from left to right, in which dots of one size follow one another evenly."""
    boxes = found.boxes[row]
    size = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    alike = np.abs(size - np.median(size)) <= _UNLIKE * np.median(size)
    row, boxes = row[alike], boxes[alike]
    across = (boxes[:, 0] + boxes[:, 2]) / 2
    steps = np.diff(across)
    if len(row) < FEWEST or np.median(steps) > _PITCH * found.height:
        return []
    steps = steps / max(1.0, float(np.median(steps)))
    times = np.clip(np.rint(steps), 1, 1 + _FAINT)
    uneven = np.abs(steps - times) > _UNEVEN
    for at in np.flatnonzero(~uneven & (times > 1)).tolist():
        uneven[at] = _has_letter(found, boxes[at].tolist(), boxes[at + 1].tolist())
    cuts = np.flatnonzero(uneven) + 1
    parts = zip(np.split(row, cuts), np.split(across, cuts), strict=True)
    return [part for part, places in parts if len(part) >= max(FEWEST, _SEEN * _dots_between(places))]


def _has_letter(found: Pieces, before: Sequence[int], after: Sequence[int]) -> bool:
    """Whether a letter stands between two dots."""
    letters = found.boxes[found.letter]
    between = (letters[:, 0] < after[0]) & (letters[:, 2] > before[2])
    return bool((between & (letters[:, 1] < before[3]) & (letters[:, 3] > before[1] - found.height / 2)).any())


def _dots_between(across: NDArray[np.float64]) -> int:
    """How many dots at one distance stand from the first to the last of those seen at *across*."""
    steps = np.diff(across)
    return 1 + int(np.rint(steps / max(1.0, float(np.median(steps)))).sum()) if len(steps) else len(across)


def _run(found: Pieces, group: Sequence[int]) -> Run:
    """A row of dots as a run as high as the letters beside it."""
    boxes = found.boxes[list(group)].astype(float)
    left, right = float(boxes[0, 0]), float(boxes[-1, 2])
    slope = float((boxes[-1, 3] - boxes[0, 3]) / (right - left)) if len(group) > 2 * FEWEST else 0.0
    bottom = float(np.median(boxes[:, 3]))
    dots = _dots_between((boxes[:, 0] + boxes[:, 2]) / 2)
    return Run(left, bottom - _LETTERS * found.height, right, bottom, slope, len(group), dots=dots)


def _is_rule(run: Run, found: Pieces) -> bool:
    """Whether a row of dots reaches from one rule to the next: a rule that is printed as dots."""
    near = _AT_WALL * found.height
    walls = found.upright[(found.upright[:, 1] <= run.bottom) & (found.upright[:, 3] >= run.top)]
    left = (np.abs(walls[:, 2] - run.left) <= near).any()
    return bool(left and (np.abs(walls[:, 0] - run.right) <= near).any())


def without_dots(page: Grey, runs: Sequence[Run]) -> Grey:
    """*page* (H, W) with paper where *runs* have dots; the same picture where they have none."""
    rows = [run for run in runs if run.dots]
    if not rows:
        return page
    wiped = page.copy()
    paper = int(np.median(page[::4, ::4]))
    for run in rows:
        pitch, centre = (run.right - run.left) / run.dots, (run.left + run.right) / 2
        large = _LARGEST / _LETTERS * run.height
        for at in range(run.dots):
            x0 = run.left + at * pitch
            y1 = run.bottom + run.slope * (x0 + pitch / 2 - centre)
            top, left = max(0, int(y1 - large)), max(0, int(x0 - 2))
            wiped[top : max(0, round(y1) + 3), left : round(x0 + pitch + 2)] = paper
    return wiped
