"""The reading order of lines: by columns, where the page has them.

Lines at one height form a row. Rows that the same gutter parts belong to one block of columns, which is read column by
column; a line across the gutter, or a rule across the page, ends it. So the two halves of a heading are read one after
the other, and the cells of a ruled table row by row.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ingest.ocr.reader.finder import Run

# A gutter is at least this many line heights wide.
_GUTTER = 1.2


def in_order(runs: Sequence[Run], level: NDArray[np.int32]) -> list[list[Run]]:
    """Columns of *runs* in reading order, each from top to bottom. level: boxes (N, 4) of horizontal rules."""
    if not runs:
        return []
    straight = _straightened(runs)
    back = {id(moved): run for moved, run in zip(straight, runs, strict=True)}
    blocks = _blocks(_rows(straight), level)
    return [[back[id(run)] for run in column] for block in blocks for column in _columns(block)]


def _straightened(runs: Sequence[Run]) -> list[Run]:
    """*runs* where they would stand on a page that is not askew: one slope for all, that of the long ones."""
    long = [run.slope for run in runs if run.letters >= 15]
    slope = float(np.median(long)) if long else 0.0
    moved = []
    for run in runs:
        down = slope * (run.left + run.right) / 2
        moved.append(replace(run, top=run.top - down, bottom=run.bottom - down))
    return moved


def _rows(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs by rows from top to bottom, each from left to right."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: r.middle):
        if rows and _on_row(rows[-1], run):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda r: r.left) for row in rows]


def _on_row(row: Sequence[Run], run: Run) -> bool:
    """Whether *run* stands beside the others of *row*, and over or under none of them."""
    nearest = max(row, key=lambda r: min(r.bottom, run.bottom) - max(r.top, run.top))
    overlap = min(nearest.bottom, run.bottom) - max(nearest.top, run.top)
    beside = all(r.right < run.left + 0.3 * run.height or run.right < r.left + 0.3 * run.height for r in row)
    return bool(beside and overlap > 0.4 * min(nearest.height, run.height))


def _gaps(row: Sequence[Run]) -> list[tuple[float, float]]:
    """Where *row* is empty between its runs, from left to right."""
    size = max(r.height for r in row)
    pairs = itertools.pairwise(row)
    return [(a.right, b.left) for a, b in pairs if b.left - a.right > _GUTTER * size]


def _blocks(rows: Sequence[list[Run]], level: NDArray[np.int32]) -> list[list[Run]]:
    """Consecutive rows that one gutter parts; rows without a gutter stand alone unless they fit beside it."""
    blocks: list[list[Run]] = []
    gutters: list[tuple[float, float]] = []
    last: list[Run] = []
    for row in rows:
        narrowed = _narrowed(gutters, row)
        if blocks and gutters and narrowed and not _ruled(last, row, level) and _near(last, row):
            blocks[-1] += row
            gutters = narrowed
        else:
            blocks.append(list(row))
            gutters = _gaps(row)
        last = row
    return blocks


def _near(above: Sequence[Run], below: Sequence[Run]) -> bool:
    """Whether two rows follow each other without a wide empty strip."""
    size = max(r.height for r in [*above, *below])
    return min(r.top for r in below) - max(r.bottom for r in above) < 6 * size


def _narrowed(gutters: Sequence[tuple[float, float]], row: Sequence[Run]) -> list[tuple[float, float]]:
    """What *row* leaves open of *gutters*: the widest opening of each."""
    found = []
    for left, right in gutters:
        inside = sorted((max(left, r.left), min(right, r.right)) for r in row if r.left < right and r.right > left)
        edges = [left, *(x for pair in inside for x in pair), right]
        openings = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]
        widest = max(openings, key=lambda o: o[1] - o[0], default=(0.0, 0.0))
        if widest[1] - widest[0] > 0.5 * max(r.height for r in row):
            found.append(widest)
    return found


def _ruled(above: Sequence[Run], below: Sequence[Run], level: NDArray[np.int32]) -> bool:
    """Whether a rule across most of both rows parts them."""
    if not len(level):
        return False
    left, right = min(r.left for r in [*above, *below]), max(r.right for r in [*above, *below])
    top, bottom = max(r.middle for r in above), min(r.middle for r in below)
    middle = (level[:, 1] + level[:, 3]) / 2
    between = level[(middle > top) & (middle < bottom)]
    covered = sum(max(0.0, min(right, x1) - max(left, x0)) for x0, _, x1, _ in between.tolist())
    return bool(covered > 0.7 * (right - left))


def _columns(block: Sequence[Run]) -> list[list[Run]]:
    """The columns of a block from left to right, by the gutters that all its rows leave open."""
    spans = sorted((r.left, r.right) for r in block)
    starts, reach = [spans[0][0]], spans[0][1]
    size = float(np.median([r.height for r in block]))
    for left, right in spans[1:]:
        if left - reach > 0.5 * size:
            starts.append(left)
        reach = max(reach, right)
    columns: list[list[Run]] = [[] for _ in starts]
    for run in sorted(block, key=lambda r: r.middle):
        columns[int(np.searchsorted(starts, run.left + 1e-6, side="right")) - 1].append(run)
    return columns
