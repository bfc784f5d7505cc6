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
    small = cv2.resize(grey, (columns, HEIGHT), interpolation=how)
    padded: Grey = np.pad(small, ((0, 0), (0, -columns % _MULTIPLE)), mode="edge")
    return padded


def batch(lines: Sequence[Grey]) -> NDArray[np.float32]:
    """(N, 1, 32, W) from fitted lines, each padded with its last column to the widest."""
    widest = max(line.shape[1] for line in lines)
    stacked = np.stack([np.pad(line, ((0, 0), (0, widest - line.shape[1])), mode="edge") for line in lines])
    return (stacked[:, None].astype(np.float32)) / np.float32(127.5) - np.float32(1)


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
