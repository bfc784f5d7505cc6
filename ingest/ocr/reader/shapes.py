"""The picture of a line as the net takes it: 32 pixels high, squeezed, grey from -1 to 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
#: Whole numbers of OpenCV: of pieces' boxes and areas.
Ints = NDArray[np.int32]

#: Height of a line image in pixels, and pixels of width for each place of the net's output.
HEIGHT, STRIDE = 32, 4
#: Lines are made narrower by this: letters stay readable and every line costs a fifth less.
SQUEEZE = 0.8
#: Widths are padded up to a multiple of this.
_MULTIPLE = 8


def fitted(grey: Grey, squeeze: float = SQUEEZE) -> Grey:
    """*grey* (H, W) scaled to the net's height, its width padded with its last column to a multiple of 8."""
    height, width = grey.shape
    columns = max(_MULTIPLE, round(width * HEIGHT / height * squeeze))
    how = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_LINEAR
    small = np.asarray(cv2.resize(grey, (columns, HEIGHT), interpolation=how), dtype=np.uint8)
    return bordered(small, right=-columns % _MULTIPLE)


def batch(lines: Sequence[Grey]) -> NDArray[np.float32]:
    """(N, 1, 32, W) from fitted lines, each padded with its last column to the widest."""
    widest = max(line.shape[1] for line in lines)
    stacked = np.empty((len(lines), 1, HEIGHT, widest), np.float32)
    for place, line in zip(stacked[:, 0], lines, strict=True):
        place[:, : line.shape[1]] = line
        place[:, line.shape[1] :] = line[:, -1:]
    stacked /= np.float32(127.5)
    stacked -= np.float32(1)
    return stacked


def bordered(grey: Grey, above: int = 0, below: int = 0, left: int = 0, right: int = 0) -> Grey:
    """*grey* with its outermost rows and columns repeated so many times; itself where nothing is added."""
    if not (above or below or left or right):
        return grey
    return np.asarray(cv2.copyMakeBorder(grey, above, below, left, right, cv2.BORDER_REPLICATE), dtype=np.uint8)


def connected(ink: Grey) -> tuple[NDArray[np.integer[Any]], Ints]:
    """Pieces of *ink* (not 0) whose pixels touch, at their corners too: the number of each pixel's piece, 0 for paper,
    and for each number left, top, width, height and area.

    Sixteen bits hold the numbers of any page of text, in a third of the time that thirty-two take.
    """
    try:
        _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_16U)
    except cv2.error:  # more pieces than that: noise
        _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_32S)
    return cast(NDArray[np.integer[Any]], labels), np.asarray(stats, dtype=np.int32)
