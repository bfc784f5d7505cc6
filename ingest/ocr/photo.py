"""A sheet of paper on a photo: laid flat by its outline, and its shadows taken out.

A flat scan is left as it is: its paper fills the picture, so there is no outline to find.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

#: What is added to the settings under which the OCR of a picture is kept.
SETTINGS = " photo1"

#: Longer side of the picture on which the outline is looked for.
_SMALL = 800
#: From where on paper is looked for, in shares of the shade in the middle between bright and dark.
_LEVELS = (1.0, 0.85, 0.7)
#: Share of the picture that the sheet may fill, and how much of the outline's four-sided figure it must fill.
_LEAST_SHARE, _MOST_SHARE, _FILLED = 0.25, 0.96, 0.93
#: How exactly four sides must follow the outline, as a share of its length.
_SIDES = 0.02
#: How far a corner must be from that of the picture, as a share of the diagonal: less is the edge of a scan.
_AWAY = 0.03
#: Height over width of an A4 sheet, and by how much the sides may say otherwise.
_A4, _ABOUT = 1.414, 0.2
#: The shorter side of a photo, as a share of the longer; narrower pictures are strips of something.
_NARROWEST = 0.2
#: How many shades the paper of an evenly lit sheet differs by, how dark a shadow may be, and what paper becomes.
_EVEN, _DARKEST, _PAPER = 45, 40, 245


def sheet_of_photo(image: Image.Image) -> Image.Image | None:
    """The sheet on a photo, flat and evenly lit; None where no sheet lies on a darker ground."""
    if min(image.size) < _NARROWEST * max(image.size):
        return None
    pixels = np.asarray(image.convert("RGB"))
    corners = _corners(pixels)
    return None if corners is None else Image.fromarray(_evenly_lit(_flat(pixels, corners)))


def _corners(pixels: NDArray[np.uint8]) -> NDArray[np.float32] | None:
    """The corners of the sheet in pixels: top left, top right, bottom right, bottom left."""
    import cv2

    height, width = pixels.shape[:2]
    scale = min(1.0, _SMALL / max(height, width))
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), (7, 7), 0)
    middle, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    for level in _LEVELS:  # a shadow makes a part of the paper darker than the middle between paper and ground
        corners = _outline((grey > level * middle).astype(np.uint8))
        if corners is not None:
            return np.asarray(corners / scale, np.float32)
    return None


def _outline(paper: NDArray[np.uint8]) -> NDArray[np.float32] | None:
    """The corners of the largest bright area where it is a sheet, in order; None where it is none, or all there is."""
    import cv2

    paper = cv2.morphologyEx(paper, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8)).astype(np.uint8)
    outlines, _ = cv2.findContours(paper, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    four = cv2.approxPolyDP(outline, _SIDES * cv2.arcLength(outline, closed=True), closed=True)
    if len(four) != 4 or not cv2.isContourConvex(four):
        return None
    area = cv2.contourArea(four)
    if not _LEAST_SHARE <= area / paper.size <= _MOST_SHARE or cv2.contourArea(outline) < _FILLED * area:
        return None
    points = four.reshape(4, 2).astype(np.float32)
    sums, differences = points.sum(axis=1), points[:, 0] - points[:, 1]
    order = [int(sums.argmin()), int(differences.argmax()), int(sums.argmax()), int(differences.argmin())]
    if len(set(order)) < 4:
        return None
    high, wide = paper.shape
    edges = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    away = np.linalg.norm(points[order] - edges, axis=1).max()
    return points[order] if away >= _AWAY * float(np.hypot(high, wide)) else None


def _flat(pixels: NDArray[np.uint8], corners: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The sheet between *corners* as a rectangle; with the sides of A4 where they are about that."""
    import cv2

    sides = [float(np.linalg.norm(corners[n] - corners[(n + 1) % 4])) for n in range(4)]
    width, height = max(sides[0], sides[2]), max(sides[1], sides[3])
    if abs(height / width / _A4 - 1) < _ABOUT:
        height = width * _A4
    elif abs(width / height / _A4 - 1) < _ABOUT:
        width = height * _A4
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    size = (max(1, round(width)), max(1, round(height)))
    flat: Any = cv2.warpPerspective(pixels, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(flat, np.uint8)


def _evenly_lit(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The sheet with every part of its paper as bright as any other; as it is where it is about that already."""
    import cv2

    height, width = pixels.shape[:2]
    scale = min(1.0, _SMALL / max(height, width))
    grey = cv2.cvtColor(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    paper = cv2.medianBlur(cv2.dilate(grey, np.ones((15, 15), np.uint8)), 31)
    low, high = np.percentile(paper, (5, 95))
    if high - low < _EVEN:
        return pixels
    gain = _PAPER / np.maximum(cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR), _DARKEST)
    lit: NDArray[np.uint8] = np.clip(pixels * gain[:, :, None], 0, 255).astype(np.uint8)
    return lit
