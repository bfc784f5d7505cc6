"""Cuts the picture of a line out of a page, with its stacked tones and without pieces of its neighbours.

Letter boxes, and Tesseract's word boxes too, end where tones begin. So the rows that all letters share are found by
the ink's profile, and the picture reaches a fixed share of their height above and below. What then shows of the lines
above and below is wiped: ink that enters from the edge and does not reach the line's own rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.ocr.reader.finder import Run
from ingest.ocr.reader.ranks import percentile
from ingest.ocr.reader.shapes import Grey, Ints, bordered, connected

Flags = NDArray[np.bool_]

# The picture's margins above and below the rows shared by all letters, in heights of these rows.
_ABOVE, _BELOW = 1.45, 0.75
# Rows with at least this share of the ink of the fullest rows are shared by all letters.
_SHARED = 0.42
# Share of a run's own rows that the shared rows take at least, and that of a run of so few letters: its profile is that
# of single letters ("1,27").
_LEAST, _LEAST_OF_FEW, _FEW = 0.5, 0.8, 6
# A mark stands no further above a letter, or another mark, in the same heights.
_NO_MARK = 0.6
# Pieces of ink so high up that are looked at; a line with more is noise.
_MOST_MARKS = 200
# Empty rows left above and below the ink, in the same heights.
_MARGIN = 0.12
# A column with ink, in the bytes of a picture's columns.
_INK = b"\1"
#: Larger pictures are never cut: a line of a hostile image may be as large as the page.
MOST_PIXELS = 8_000_000


@dataclass(frozen=True, slots=True)
class Crop:
    """The picture of a line. left, top: where its first pixel lies on the page. slope: rows down for each column.

    dark: where the picture has ink; columns: for each of its columns a byte, 1 where there is ink in it. baseline,
    height: of the letters' shared rows, in rows of the picture.
    """

    picture: Grey
    dark: Flags
    left: float
    top: float
    slope: float
    baseline: float
    height: float
    columns: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", self.dark.any(axis=0).tobytes())

    def parts(self, widest: int) -> list[Crop]:
        """The picture in pieces of at most *widest* columns, parted where there is no ink if possible."""
        if self.picture.shape[1] <= widest:
            return [self]
        at = min(widest - 1, max(widest // 2, round(self.gap(widest // 2, widest - 1))))
        first = replace(self, picture=self.picture[:, :at], dark=self.dark[:, :at])
        rest = replace(
            self,
            picture=self.picture[:, at:],
            dark=self.dark[:, at:],
            left=self.left + at,
            top=self.top + self.slope * at,
        )
        return [first, *rest.parts(widest)]

    def box(self, first: float, last: float) -> tuple[float, float, float, float]:
        """The box on the page (left, top, right, bottom) of the ink between two columns of the picture."""
        start, end = max(0, int(first)), min(self.dark.shape[1], max(int(first) + 1, round(last)))
        across, down, wide, high = cv2.boundingRect(self.dark.view(np.uint8)[:, start:end])
        if not wide:  # no ink
            across, down, wide, high = 0, 0, end - start, self.dark.shape[0]
        left, right = start + across, start + across + wide
        middle = (left + right) / 2
        (_, top), (_, bottom) = self.on_page(middle, float(down)), self.on_page(middle, float(down + high))
        return (self.left + left, top, self.left + right, bottom)

    def gap(self, first: float, last: float) -> float:
        """The middle of the widest stretch without ink between two columns of the picture."""
        start, end = self.empty(first, last)
        return (start + end) / 2

    def empty(self, first: float, last: float) -> tuple[float, float]:
        """The widest stretch without ink between two columns of the picture; of no width, in their middle, if none."""
        start = max(0, int(first))
        inside = self.columns[start : round(last) + 1]
        width = max(map(len, inside.split(_INK)))
        if not width:
            return ((first + last) / 2, (first + last) / 2)
        left = start + inside.find(bytes(width))
        return (float(left), float(left + width))

    def on_page(self, column: float, row: float) -> tuple[float, float]:
        """The page's column and row of a place in the picture."""
        return self.left + column, self.top + row + self.slope * column


def cut(page: Grey, run: Run) -> Crop | None:
    """The picture of *run* on *page* (H, W); None where nothing can be cut."""
    size = max(4.0, run.height)
    margin = 0.35 * size
    left, right = max(0.0, run.left - margin), min(float(page.shape[1]), run.right + margin)
    # Room for the marks, whatever the run's rows are: capitals' own or those of small letters.
    upper, lower = run.top - 1.3 * size, run.bottom + 0.9 * size
    columns, rows = round(right - left), round(lower - upper)
    if columns < 3 or rows < 3 or columns * rows > MOST_PIXELS:
        return None
    top = upper + run.slope * (left - (run.left + run.right) / 2)
    turned = _turned(page, left, top, run.slope, columns, rows)
    level, _ = cv2.threshold(turned, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    least = _LEAST_OF_FEW if run.ruled and run.letters <= _FEW else _LEAST
    first, last = _shared_rows(turned <= level, run.top - upper, run.bottom - upper, least)
    height = last - first
    start, end = max(0, round(first - _ABOVE * height)), min(rows, round(last + _BELOW * height))
    picture, dark = _without_neighbours(
        turned[start:end], max(level, 110.0), first - start, last - start, ruled=run.ruled
    )
    upmost, lowest = _inked_rows(dark, first - start, last - start)
    rows_kept = slice(upmost, lowest)
    return Crop(
        picture[rows_kept], dark[rows_kept], left, top + start + upmost, run.slope, last - start - upmost, height
    )


def _turned(page: Grey, left: float, top: float, slope: float, columns: int, rows: int) -> Grey:
    if abs(slope) * columns < 0.5:
        x, y = round(left), round(top)
        inside = page[max(0, y) : max(0, y + rows), max(0, x) : max(0, x + columns)]
        above, before = max(0, -y), max(0, -x)
        below, after = rows - above - inside.shape[0], columns - before - inside.shape[1]
        if not inside.size:
            return np.full((rows, columns), 255, np.uint8)
        return bordered(inside, above, max(0, below), before, max(0, after))
    matrix = np.array([[1, 0, left], [slope, 1, top]], np.float64)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpAffine(page, matrix, (columns, rows), flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def _shared_rows(dark: Flags, top: float, bottom: float, least: float) -> tuple[float, float]:
    """First and last row (outside) of the letters' shared rows, looked for about *top* and *bottom*.

    least: share of the rows between these that they take at least.
    """
    profile: list[int] = _ink_of_rows(dark).tolist()
    size = bottom - top
    near = profile[max(0, int(top - 0.5 * size)) : int(bottom + 0.4 * size) + 1]
    fullest = percentile(near, 90) if near else 0.0
    groups = _full_rows(profile, _SHARED * fullest)
    if not fullest or not groups:
        return top, bottom
    first, last, _ = max(groups, key=lambda group: _overlap(group[0], group[1], top, bottom) * group[2])
    # A profile misled by an underline, a neighbour or a few letters: the run's own rows.
    if not least * size < last - first < 1.7 * size or _overlap(first, last, top, bottom) < 0.5 * size:
        return top, bottom
    return float(first), float(last)


def _full_rows(profile: Sequence[int], level: float) -> list[tuple[int, int, int]]:
    """Rows with more ink than *level* that follow one another with at most one row between: the first, the last
    (outside) and the ink of each group."""
    groups: list[tuple[int, int, int]] = []
    for row, ink in enumerate(profile):
        if ink > level:
            if groups and row - groups[-1][1] <= 1:
                groups[-1] = (groups[-1][0], row + 1, groups[-1][2] + ink)
            else:
                groups.append((row, row + 1, ink))
    return groups


def _ink_of_rows(dark: Flags) -> NDArray[np.int32]:
    """How many pixels of each row are ink."""
    counts = cv2.reduce(dark.view(np.uint8), 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)
    return np.asarray(counts, dtype=np.int32)[:, 0]


def _inked_rows(dark: Flags, first: float, last: float) -> tuple[int, int]:
    """First and last row (outside) of a picture's ink with a small margin; never less than the letters' shared rows.

    A line of capitals or without marks is then as large in the net's eyes as its height allows.
    """
    inked = np.flatnonzero(_ink_of_rows(dark) > 2)
    if not inked.size:
        return 0, dark.shape[0]
    margin = _MARGIN * (last - first)
    upmost = min(float(inked[0]), first - 0.25 * (last - first)) - margin
    lowest = max(float(inked[-1] + 1), last + 0.2 * (last - first)) + margin
    return max(0, round(upmost)), min(dark.shape[0], round(lowest))


def _overlap(first: float, last: float, top: float, bottom: float) -> float:
    return max(0.0, min(last, bottom) - max(first, top))


def _without_neighbours(grey: Grey, level: float, first: float, last: float, *, ruled: bool) -> tuple[Grey, Flags]:
    """The picture and its ink (as dark as *level*) without what touches the upper (lower) edge and ends above (below)
    the letters' shared rows, and without what floats above it with no letter under it: stops of the line above."""
    rows = grey.shape[0]
    size = last - first
    dark = grey <= level
    high_up = max(0, int(first - _NO_MARK * size)) if ruled else 0
    if not dark[[0, 1, -2, -1]].any() and not dark[:high_up].any():
        return grey, dark
    labels, stats = connected(dark.view(np.uint8))
    top, high = stats[:, 1], stats[:, 3]
    from_above = (top <= 1) & (top + high < first - 0.02 * size) & (high < 1.2 * size)
    from_below = (top + high >= rows - 1) & (top > last - 0.12 * size)
    wiped = from_above | from_below
    wiped[0] = False  # the paper
    far = int(_NO_MARK * size)
    afloat = np.flatnonzero(~wiped & (top + high <= high_up)).tolist()[:_MOST_MARKS]
    rest = dark & ~wiped[labels] if afloat else dark
    for number in afloat:
        left, end = int(stats[number, 0]), int(top[number] + high[number])
        wiped[number] = not rest[end : end + far, max(0, left - far) : left + int(stats[number, 2]) + far].any()
    if not wiped.any():
        return grey, dark
    clean, kept = grey.copy(), dark.copy()
    paper = _median(grey, ~dark) if not dark.all() else 255
    for numbers in (np.flatnonzero(wiped & ~from_below), np.flatnonzero(wiped & from_below)):
        if not numbers.size:
            continue
        left, upper, right, lower = _around(stats[numbers])
        area = slice(max(0, upper - 1), lower + 1), slice(max(0, left - 1), right + 1)
        is_wiped = wiped.take(labels[area])
        cover = cv2.dilate(is_wiped.view(np.uint8), np.ones((3, 3), np.uint8)).view(np.bool_) & (~dark[area] | is_wiped)
        clean[area][cover] = paper
        kept[area] &= ~is_wiped
    return clean, kept


def _around(stats: Ints) -> tuple[int, int, int, int]:
    """Left, top, right and bottom (outside) of what some pieces of ink cover together."""
    left, top = stats[:, 0], stats[:, 1]
    return int(left.min()), int(top.min()), int((left + stats[:, 2]).max()), int((top + stats[:, 3]).max())


def _median(grey: Grey, where: Flags) -> int:
    """The median of some pixels, rounded down."""
    counts = cv2.calcHist([grey], [0], where.view(np.uint8), [256], [0, 256]).ravel().cumsum(dtype=np.float64)
    total = int(counts[-1])
    return int(np.searchsorted(counts, [(total - 1) // 2, total // 2], side="right").sum()) // 2
