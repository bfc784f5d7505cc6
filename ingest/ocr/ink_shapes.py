"""The shapes of pen strokes in the image of a line: whether one is a 1 or a 4, which line readers confuse.

A Λ-shaped 1 has one stroke at the top and no hole; an A-shaped or open 4 has a hole or two strokes at the top.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

#: Heights, as shares of a stroke's own, at which the strokes crossed are counted.
_TOP, _MIDDLE = (0.12, 0.2, 0.28), (0.5, 0.55, 0.6)
#: Strokes lower than this share of the line's image are dots and accents.
_MIN_HEIGHT = 0.22
#: Holes smaller than this share of the stroke's box are gaps in the ink.
_MIN_HOLE = 0.012


@dataclass(frozen=True, slots=True)
class Stroke:
    """A connected stroke of ink."""

    #: Pixels of the line's image.
    left: int
    right: int
    #: 1 or 4 where the shape shows it, else None.
    digit: int | None

    @property
    def centre(self) -> float:
        """The middle between left and right."""
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Component:
    """Ink that hangs together."""

    #: Pixels of the line's image; right and bottom are the first beyond it.
    left: int
    top: int
    right: int
    bottom: int
    #: Which pixels of its box are its ink.
    ink: NDArray[np.bool_]

    @property
    def centre(self) -> float:
        """The middle between left and right."""
        return (self.left + self.right) / 2


def components(grey: NDArray[np.uint8]) -> list[Component]:
    """The components of ink of a line, in no order."""
    import cv2

    threshold, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    dark = (grey < min(threshold + 10, 200)).astype(np.uint8)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    found = []
    for number in range(1, count):
        x, y, width, height, _ = (int(v) for v in boxes[number])
        ink = labels[y : y + height, x : x + width] == number
        found.append(Component(x, y, x + width, y + height, ink))
    return found


def is_tall(component: Component, line_height: int) -> bool:
    """Whether a component of a line is higher than dots and accents."""
    return component.bottom - component.top >= _MIN_HEIGHT * line_height


def strokes(line: Image, left: float, right: float) -> list[Stroke]:
    """The strokes of *line* whose centre lies between *left* and *right* (pixels), from left to right."""
    grey = np.asarray(line.convert("L"))
    found = [
        Stroke(each.left, each.right, _one_or_four(each.ink.astype(np.uint8)))
        for each in components(grey)
        if is_tall(each, grey.shape[0]) and left < each.centre < right
    ]
    return sorted(found, key=lambda s: s.left)


def _one_or_four(stroke: NDArray[np.uint8]) -> int | None:
    import cv2

    height, width = stroke.shape
    if width > 1.1 * height:
        return None
    closed = cv2.morphologyEx(np.pad(stroke, 3), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    contours, order = cv2.findContours(closed, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    hole = any(
        o[3] >= 0 and cv2.contourArea(c) > _MIN_HOLE * stroke.size for c, o in zip(contours, order[0], strict=True)
    )
    top, middle = _crossings(stroke, _TOP), _crossings(stroke, _MIDDLE)
    if not hole and top <= 1 and (middle >= 2 or width < 0.45 * height):
        return 1
    if hole or (top >= 2 and middle >= 2):
        return 4
    return None


def _crossings(stroke: NDArray[Any], heights: Sequence[float]) -> float:
    """The median number of strokes that horizontal lines at these heights cross."""
    counts = []
    for share in heights:
        row = np.concatenate([[0], stroke[min(len(stroke) - 1, int(len(stroke) * share))]]).astype(int)
        counts.append(int((np.diff(row) == 1).sum()))
    return float(np.median(counts))
