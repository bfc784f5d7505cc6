"""Finds the lines of text on a page from its pieces of ink.

Each letter lends the page a band about its middle, wide enough to reach the next letter and the next word; bands that
touch are one run of text. Runs on one height are one line, unless a rule or a gutter that the lines above and below
share stands between them. Tones and dots take no part: they would tie lines to each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.ocr.reader.components import Pieces
from ingest.ocr.reader.ranks import median, percentile

#: More lines than this are no page.
MOST_LINES = 800
# How far a letter reaches for the next, in letter heights: to each side, and up and down from its middle by its own
# height.
_REACH, _BAND = 0.85, 0.30
# A run whose letters cover its width so many times is two lines that a stroke ties to each other, where each comes out
# with at least so many letters: shorter ones are scribble, seals and stamps. Lines stand at least so many letter
# heights apart; a letter further from its line, as a share of that distance, belongs to neither.
_TWICE, _TIED, _APART, _BETWEEN = 1.2, 30, 1.1, 0.35
# Two runs on one height with a gap of at most so many letter heights may be one line.
_WIDEST_GAP, _SURE_GAP = 6.0, 2.4
# How far from a run's letters, in letter heights, its marks may stand.
_MARKS_BEFORE, _MARKS_AFTER = 2.0, 0.8


@dataclass(frozen=True, slots=True)
class Run:
    """Text on one line, unbroken by a gutter. left, right: columns. top, bottom: rows of its letters, not of its marks,
    at its middle. slope: rows down for each column to the right. letters: how many pieces of ink it was found by.
    ruled: whether it stands in a field that rules enclose. dots: of how many dots it is a row; 0 where it is text.
    """

    left: float
    top: float
    right: float
    bottom: float
    slope: float = 0.0
    letters: int = 0
    ruled: bool = False
    dots: int = 0

    @property
    def height(self) -> float:
        """Rows from top to bottom."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """The row half-way between top and bottom."""
        return (self.top + self.bottom) / 2

    def scaled(self, factor: float) -> Run:
        """The run on a page *factor* times as large."""
        left, top, right, bottom = (value * factor for value in (self.left, self.top, self.right, self.bottom))
        return Run(left, top, right, bottom, self.slope, self.letters, self.ruled, self.dots)


def find_runs(found: Pieces) -> list[Run]:
    """The lines of a page, in no order; at most :data:`MOST_LINES`."""
    if not found.letter.any():
        return []
    labels = _linked(found)
    runs = [_run(boxes) for tied in _measured(found, labels) for boxes in _rows(tied)]
    runs = _joined(_without_scraps(runs, found.height), found)[:MOST_LINES]
    return _with_marks(runs, found)


def _linked(found: Pieces) -> NDArray[np.int32]:
    """For each letter the number of its run: letters whose bands touch have one number."""
    boxes = found.boxes[found.letter]
    rows, columns = found.ink.shape
    step = max(1, int(found.height // 6))  # coarse enough to be cheap, fine enough to keep lines apart
    canvas = np.zeros((rows // step + 2, columns // step + 2), np.uint8)
    high = np.clip(boxes[:, 3] - boxes[:, 1], 0.6 * found.height, 2.4 * found.height)
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    reach = _REACH * high
    corners = np.stack([boxes[:, 0] - reach, middle - _BAND * high, boxes[:, 2] + reach, middle + _BAND * high], axis=1)
    corners = np.rint(corners / step).astype(int)
    for x0, y0, x1, y1 in corners.tolist():
        cv2.rectangle(canvas, (x0, y0), (x1, y1), 255, -1)
    for x0, y0, x1, y1 in (found.upright // step).tolist():
        cv2.rectangle(canvas, (x0, y0), (max(x0, x1 - 1), y1), 0, -1)
    _, labelled = cv2.connectedComponents(canvas, connectivity=4, ltype=cv2.CV_32S)
    centres = np.rint(np.stack([middle, (boxes[:, 0] + boxes[:, 2]) / 2]) / step).astype(int)
    return np.asarray(labelled[centres[0], centres[1]], dtype=np.int32)


def _measured(found: Pieces, labels: NDArray[np.int32]) -> list[NDArray[np.int32]]:
    """The boxes of the letters of each run."""
    boxes = found.boxes[found.letter]
    order = np.argsort(labels, kind="stable")
    starts = np.flatnonzero(np.diff(labels[order], prepend=-1))
    return [boxes[group] for group in np.split(order, starts[1:]) if labels[group[0]] > 0]


def _rows(boxes: NDArray[np.int32]) -> list[NDArray[np.int32]]:
    """The letters of a run by lines: strokes, stains and letters that touch tie a line to the next.

    Scribble, of which no lines come out, stays one.
    """
    if len(boxes) < 2 * _TIED or _covered(boxes) < _TWICE:
        return [boxes]
    across, middle = (boxes[:, 0] + boxes[:, 2]) / 2.0, (boxes[:, 1] + boxes[:, 3]) / 2.0
    slope = float(np.polyfit(across, middle, 1)[0])
    for _ in range(3):  # both lines have one slope, and each its height
        level = middle - slope * across
        upper, lower = _two(level)
        below = np.abs(level - lower) < np.abs(level - upper)
        slope = float(np.linalg.lstsq(np.stack([across, below, ~below], axis=1), middle, rcond=None)[0][0])
    level = middle - slope * across
    upper, lower = _two(level)
    near = _BETWEEN * (lower - upper)
    rows = [boxes[np.abs(level - upper) < near], boxes[np.abs(level - lower) < near]]
    if lower - upper < _APART * median((boxes[:, 3] - boxes[:, 1]).tolist()):
        return [boxes]
    parts = [part for row in rows for part in _rows(row)]
    return parts if all(len(part) >= _TIED and _covered(part) < _TWICE for part in parts) else [boxes]


def _covered(boxes: NDArray[np.int32]) -> float:
    """How many times letters cover the width that they cover."""
    order = np.argsort(boxes[:, 0])
    lefts, rights = boxes[order, 0], boxes[order, 2]
    reached = np.concatenate([lefts[:1], np.maximum.accumulate(rights)[:-1]])
    return float((rights - lefts).sum() / max(1, np.maximum(0, rights - np.maximum(lefts, reached)).sum()))


def _two(level: NDArray[np.float64]) -> tuple[float, float]:
    """The two heights about which the heights *level* stand (two means)."""
    upper, lower = float(level.min()), float(level.max())
    for _ in range(8):
        below = np.abs(level - lower) < np.abs(level - upper)
        if not 0 < below.sum() < len(level):
            break
        upper, lower = float(level[~below].mean()), float(level[below].mean())
    return upper, lower


def _run(boxes: NDArray[np.int32]) -> Run:
    """One run from its letters' boxes: slope by the bottoms, top and bottom by the letters that agree."""
    lefts, tops, rights, bottoms = boxes.T.tolist()
    left, right = float(min(lefts)), float(max(rights))
    high = median([bottom - top for top, bottom in zip(tops, bottoms, strict=True)])
    slope = 0.0
    if len(boxes) >= 8 and right - left > 10 * high:
        across = (boxes[:, 0] + boxes[:, 2]) / 2.0
        slope = _slope(across, boxes[:, 3].astype(float), high)
        level = slope * (across - (left + right) / 2)
        tops, bottoms = (boxes[:, 1] - level).tolist(), (boxes[:, 3] - level).tolist()
    bottom = median(bottoms)
    # The tops of letters without ascender or tone: the lower half of the tops.
    top = float(percentile(tops, 60))
    return Run(left, min(top, bottom - 0.5 * high), right, bottom, slope, len(boxes))


def _slope(across: NDArray[np.float64], bottoms: NDArray[np.float64], high: float) -> float:
    """The slope of the baseline: least squares, twice, the second time without letters that hang below."""
    slope, level = np.polyfit(across, bottoms, 1)
    off = bottoms - (slope * across + level)
    near = np.abs(off - median(off.tolist())) < 0.25 * high
    if near.sum() >= 6:
        slope = np.polyfit(across[near], bottoms[near], 1)[0]
    return float(slope) if abs(slope) < 0.08 else 0.0


def _without_scraps(runs: Sequence[Run], height: float) -> list[Run]:
    """Runs that may be text: not a lone piece much smaller than a letter."""
    return [r for r in runs if r.letters > 1 or (r.height > 0.6 * height and r.right - r.left > 0.15 * height)]


def _joined(runs: Sequence[Run], found: Pieces) -> list[Run]:
    """Runs on one height made one line, from left to right."""
    waiting = sorted(runs, key=lambda r: r.left)
    lines: list[Run] = []
    for run in waiting:
        before = [at for at, line in enumerate(lines) if _follows(line, run)]
        at = max(before, key=lambda n: lines[n].right, default=-1)
        if at >= 0 and _may_join(lines[at], run, runs, found.upright):
            lines[at] = _merged(lines[at], run)
        else:
            lines.append(run)
    return lines


def _follows(line: Run, run: Run) -> bool:
    """Whether *run* stands on *line*'s height, to its right, near enough to belong to it."""
    expected = line.slope * ((run.left + run.right) / 2 - (line.left + line.right) / 2)
    overlap = min(line.bottom + expected, run.bottom) - max(line.top + expected, run.top)
    size = max(line.height, run.height)
    if overlap < 0.55 * min(line.height, run.height) or size > 2.2 * min(line.height, run.height):
        return False
    return -0.6 * size < run.left - line.right < _WIDEST_GAP * size


def _may_join(line: Run, run: Run, runs: Sequence[Run], upright: NDArray[np.int32]) -> bool:
    size = max(line.height, run.height)
    x0, x1 = line.right, run.left
    top, bottom = min(line.top, run.top), max(line.bottom, run.bottom)
    middle = (top + bottom) / 2
    crossed = (upright[:, 2] > x0 - 2) & (upright[:, 0] < x1 + 2) & (upright[:, 1] < middle) & (upright[:, 3] > middle)
    if crossed.any():
        return False
    if x1 - x0 < _SURE_GAP * size:
        return True
    # A gutter runs on through the lines beside; the wide space of a justified line does not.
    beside = [r for r in runs if 0.5 * size < abs(r.middle - middle) < 4.5 * size]
    return any(r.left < x0 - size and r.right > x1 + size for r in beside)


def _with_marks(runs: Sequence[Run], found: Pieces) -> list[Run]:
    """Runs with the marks before and after them: a dash or a quote, a stop, a row of dots up to its third."""
    marks = found.boxes[found.mark]
    solid = np.minimum(marks[:, 2] - marks[:, 0], marks[:, 3] - marks[:, 1]) > 0.08 * found.height
    marks = marks[solid]
    middle = (marks[:, 1] + marks[:, 3]) / 2
    across = (marks[:, 0] + marks[:, 2]) / 2
    walls = np.array([[r.left, r.top, r.right, r.bottom] for r in runs] + found.upright.tolist())
    extended = []
    for run in runs:
        off = run.slope * (across - (run.left + run.right) / 2)
        size = run.height
        beside = walls[(walls[:, 1] < run.bottom) & (walls[:, 3] > run.top)]
        first = beside[beside[:, 2] <= run.left + 2, 2].max(initial=0)
        last = beside[beside[:, 0] >= run.right - 2, 0].min(initial=found.ink.shape[1])
        level = marks[(middle - off > run.top - 0.4 * size) & (middle - off < run.bottom + 0.45 * size)]
        after = level[(level[:, 0] >= run.right - 2) & (level[:, 2] <= last)]
        before = level[(level[:, 2] <= run.left + 2) & (level[:, 0] >= first)]
        right = _reached(after[np.argsort(after[:, 0])], run.right, _MARKS_AFTER * size, 1)
        left = _reached(before[np.argsort(-before[:, 2])], run.left, _MARKS_BEFORE * size, -1)
        extended.append(replace(run, left=left, right=right))
    return extended


def _reached(marks: NDArray[np.int32], edge: float, gap: float, side: int) -> float:
    """Where a run ends with up to three of *marks*, which come nearest first. side: 1 to the right, -1 to the left."""
    near, far = (0, 2) if side > 0 else (2, 0)
    for mark in marks[:3].tolist():
        if (mark[near] - edge) * side > gap:
            break
        edge = float(mark[far])
    return edge


def _merged(line: Run, run: Run) -> Run:
    weight = line.letters / max(1, line.letters + run.letters)
    centre = (line.left + max(line.right, run.right)) / 2
    slope = weight * line.slope + (1 - weight) * run.slope

    def level(r: Run, y: float) -> float:
        return y + slope * (centre - (r.left + r.right) / 2)

    top = weight * level(line, line.top) + (1 - weight) * level(run, run.top)
    bottom = weight * level(line, line.bottom) + (1 - weight) * level(run, run.bottom)
    return Run(line.left, top, max(line.right, run.right), bottom, slope, line.letters + run.letters)
