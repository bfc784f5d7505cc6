"""Recognises blank pages, which are not given to OCR."""

from __future__ import annotations

from PIL.Image import Image

#: A page with a smaller share of dark pixels holds nothing to read (dust, a faint show-through).
_BLANK_SHARE = 0.0003
#: A background darker than this is no paper: white text on black, or a photograph.
_DARK_BACKGROUND = 96
#: Pixels darker than the background by this much are ink.
_INK_CONTRAST = 60


def is_blank(image: Image) -> bool:
    """Whether the page holds no ink worth reading. The tone of the background is allowed for."""
    small = image.convert("L").reduce(4) if min(image.size) >= 64 else image.convert("L")
    histogram = small.histogram()
    total = sum(histogram)
    seen, background = 0, 255
    for level, count in enumerate(histogram):
        seen += count
        if seen * 2 >= total:
            background = level
            break
    if background < _DARK_BACKGROUND:
        return False
    dark = sum(histogram[: max(0, background - _INK_CONTRAST)])
    return dark < _BLANK_SHARE * total
