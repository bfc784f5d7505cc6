"""Whether a picture may hold white print: a field of ink with room for letters, as banners and heads of tables are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

_MM_PER_INCH = 25.4
# Cells to a millimetre, and the tone below which a cell is dark.
_CELLS_PER_MM, _DARK = 2, 128
# A field has a stretch of dark cells this wide and high, in millimetres: the margin above or below its print. Strokes
# of pens and rings of seals are thinner, or bent.
_WIDE_MM, _HIGH_MM = 10, 1


def has_dark_field(picture: Image, dpi: int) -> bool:
    """Whether there is a dark field on *picture* (grey, *dpi* dots an inch)."""
    cells = np.asarray(picture.convert("L").reduce(max(1, round(dpi / _MM_PER_INCH / _CELLS_PER_MM))), dtype=np.uint8)
    stretch = np.ones((_HIGH_MM * _CELLS_PER_MM, _WIDE_MM * _CELLS_PER_MM), np.uint8)
    if cells.shape[0] < stretch.shape[0] or cells.shape[1] < stretch.shape[1]:
        return False
    dark = (cells < _DARK).astype(np.uint8)
    return bool(cv2.erode(dark, stretch, borderType=cv2.BORDER_CONSTANT, borderValue=(0.0,)).any())
