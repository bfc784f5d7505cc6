"""The digits of a line cut out by themselves: a line reader reads them better without the print around them.

What a pen wrote between "Số:" and the slash is read along with the words at both ends, and a net that learned lines of
text drops a digit that touches them ("666/" as "66/"). Here only the ink of the digits is left on white.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image as images

from ingest.ocr.ink_shapes import Component, components, is_tall

if TYPE_CHECKING:
    from PIL.Image import Image

#: How far, in heights of the line, the ends of the digits may be from where the reader saw them.
_SLACK, _BEYOND = 0.12, 0.05
#: The same up to the slash, to its left and to its right, and how far right of the digits' end it is expected.
_SLASH_LEFT, _SLASH_RIGHT, _SLASH_AT = 0.12, 0.5, 0.15
#: How far beyond the end the picture with a slash in it goes.
_WITH_SLASH = 0.45
#: Least height of a slash in heights of the line, and its greatest width in its own heights.
_SLASH_HEIGHT, _SLASH_WIDTH = 0.3, 0.75
#: How straight and how single the line of a slash must be.
_STRAIGHT, _SINGLE = -0.8, 0.9
#: White left and right of the digits, in heights of the line.
_WHITE = 0.2
#: Percentile of the shades of a line that is paper.
_PAPER = 90


def lone_digits(line: Image, left: float, right: float) -> tuple[Image, Image | None] | None:
    """The ink between *left* and *right* (pixels of *line*) on white; None where there is none.

    With it, where no slash stands by itself behind the digits, comes the same with what follows them: a slash may hang
    together with the last digit, and only what is read of it shows where the digits end.
    """
    grey = np.asarray(line.convert("L"))
    height = grey.shape[0]
    found = components(grey)
    tall = [c for c in found if is_tall(c, height) and c.centre > left - _SLACK * height]
    slash = _slash(tall, right, height)
    end = slash.centre if slash else right
    digits = _only(
        grey, found, [c for c in tall if c is not slash and c.centre < end], None if slash else right, _BEYOND
    )
    if digits is None or slash is not None:
        return None if digits is None else (digits, None)
    more = [c for c in tall if c.centre < right + _WITH_SLASH * height]
    return digits, _only(grey, found, more, right, _WITH_SLASH)


def _slash(tall: Sequence[Component], right: float, height: int) -> Component | None:
    """The component that is a slash and stands where one is expected behind digits that end at *right*."""
    near = [
        c for c in tall if -_SLASH_LEFT * height < c.centre - right < _SLASH_RIGHT * height and _is_slash(c, height)
    ]
    return min(near, key=lambda c: abs(c.centre - right - _SLASH_AT * height), default=None)


def _is_slash(component: Component, line_height: int) -> bool:
    """Whether ink is one straight line that leans to the right."""
    height, width = component.ink.shape
    if height < _SLASH_HEIGHT * line_height or width > _SLASH_WIDTH * height:
        return False
    if width > 2:
        rows, columns = np.nonzero(component.ink)
        if np.corrcoef(columns, rows)[0, 1] > _STRAIGHT:
            return False
    runs = (np.diff(np.pad(component.ink.astype(int), ((0, 0), (1, 1))), axis=1) == 1).sum(axis=1)
    return bool(np.mean(runs == 1) > _SINGLE)


def _only(
    grey: NDArray[np.uint8], found: Sequence[Component], kept: Sequence[Component], right: float | None, beyond: float
) -> Image | None:
    """The line with the ink of *kept* alone, cut off *beyond* its height behind *right* where that is given."""
    import cv2

    if not kept:
        return None
    height, width = grey.shape
    first, last = min(c.left for c in kept), max(c.right for c in kept)
    if right is not None:
        last = min(last, int(right + beyond * height))
    if last <= first:
        return None
    paper = int(np.percentile(grey, _PAPER))
    other = np.zeros((height, width), np.uint8)
    own = np.zeros((height, width), bool)
    for component in found:
        place = np.s_[component.top : component.bottom, component.left : component.right]
        if any(component is c for c in kept):
            own[place] |= component.ink
        else:
            other[place] |= component.ink.astype(np.uint8)
    hidden = cv2.dilate(other, np.ones((3, 3), np.uint8)).astype(bool) & ~own
    shown = np.where(hidden, paper, grey)[:, first:last].astype(np.uint8)
    white = int(_WHITE * height)
    return images.fromarray(np.pad(shown, ((0, 0), (white, white)), constant_values=paper)).convert("RGB")
