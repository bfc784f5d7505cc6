"""Two pages on one image, as a scanner gives of an open file or of an A3 sheet: found by the white gutter between them.

Read across, the lines of one page would run on into those of the other. So the right page is put under the left one,
and everything after that (OCR, boxes, pictures of the page) sees the one tall page.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

#: Width over height of two upright pages of the A series beside each other is 1.41; cut scans differ a little.
_ASPECTS = (1.2, 1.65)
#: The gutter is looked for around the middle; it holds two margins, which are a twelfth of the width together.
_MIDDLE, _GUTTER_WIDTH = (0.42, 0.58), 0.05
#: Share of a column that is ink: up to the first it holds specks, from the second on the shadow of the fold.
_SPECKS, _FOLD = 0.004, 0.8
#: Share of the rows of each page that hold ink: a few lines of text at least.
_INKED_ROWS = 0.02
#: Pixels of the picture on which the gutter is looked for, in width; how much darker than the paper ink is.
_SMALL_WIDTH, _INK_CONTRAST = 900, 60

#: What is added to the settings under which the OCR of a wide page is kept.
SETTINGS = " two-pages1"


def may_hold_two(width: float, height: float) -> bool:
    """Whether an image of that size has the proportions of two pages beside each other."""
    return height > 0 and _ASPECTS[0] <= width / height <= _ASPECTS[1]


def find_gutter(image: Image.Image) -> float | None:
    """Where the left page ends, as a fraction of the width; None for an image of one page."""
    if not may_hold_two(*image.size):
        return None
    grey = image.convert("L")
    if image.width > _SMALL_WIDTH:
        height = max(1, round(_SMALL_WIDTH * image.height / image.width))
        grey = grey.resize((_SMALL_WIDTH, height), Image.Resampling.BOX)
    levels = np.asarray(grey, dtype=np.int16)
    ink = levels < np.median(levels) - _INK_CONTRAST
    width = ink.shape[1]
    first, last = (int(part * width) for part in _MIDDLE)
    share = ink[:, first:last].mean(axis=0)
    start, end = _longest((share <= _SPECKS) | (share >= _FOLD))
    if end - start < _GUTTER_WIDTH * width:
        return None
    middle = first + (start + end) // 2
    halves = ink[:, :middle], ink[:, middle:]
    if min(map(_inked_rows, halves)) < _INKED_ROWS or any(map(_lies_sideways, halves)):
        return None
    return float(middle / width)


def _longest(free: NDArray[np.bool_]) -> tuple[int, int]:
    """The longest run of true values: its start and its end."""
    best, start = (0, 0), 0
    for at in range(len(free) + 1):
        if at < len(free) and free[at]:
            continue
        if at - start > best[1] - best[0]:
            best = (start, at)
        start = at + 1
    return best


def _lies_sideways(ink: NDArray[np.bool_]) -> bool:
    """Whether lines of text run from top to bottom: then the gutter is the space between two paragraphs."""
    down, across = (np.diff(ink.mean(axis=axis)) for axis in (1, 0))
    return bool((across**2).sum() > (down**2).sum())


def _inked_rows(ink: NDArray[np.bool_]) -> float:
    """The share of rows that hold ink."""
    return float((ink.mean(axis=1) > _SPECKS).mean())


def stacked(image: Image.Image, gutter: float) -> Image.Image:
    """The right page under the left one, on white."""
    cut = round(gutter * image.width)
    width = max(cut, image.width - cut)
    mode = image.mode if image.mode in {"L", "RGB"} else "L"
    page = Image.new(mode, (width, 2 * image.height), "white")
    page.paste(image.crop((0, 0, cut, image.height)), (0, 0))
    page.paste(image.crop((cut, 0, image.width, image.height)), (0, image.height))
    return page
