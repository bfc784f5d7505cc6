"""The signature's column as a picture, with various ways of seeing its ink."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from PIL import ImageChops

from corpus.model import Box
from ingest.layout.name_search import PLACES, likeliest_name
from ingest.ocr.engine import Arrangement, OcrEngine
from ingest.ocr.reader.line_reader import LineReader
from ingest.ocr.reader.shapes import Grey
from ingest.page import Page, part_of

if TYPE_CHECKING:
    from PIL.Image import Image

#: Resolution at which the column is read.
_DPI = 200
#: Share of pixels that makes a picture one with coloured ink.
_COLOURED = 0.002
#: Share of pixels between ink and paper that a grey seal leaves; the edges of letters leave less.
_HALF_TONES = 0.02
#: How badly the ink of a line may fit a name.
_LEAST_FIT = -0.7


@cache
def _line_reader() -> LineReader:
    return LineReader()


class ColumnPicture:
    """The column as a picture, drawn once for all looks at it.

    below: where in the column, as a fraction of its height, a name may stand.
    """

    def __init__(self, page: Page, area: Box, below: float) -> None:
        self.area = area
        #: The area in words, as part of a key.
        self.where = " ".join(f"{v:.3f}" for v in area) + (" bare" if page.load_bare_image is not None else "")
        self._page = page
        self._below = below
        self._drawn: Image | None = None
        self._looks: dict[str, Image | None] = {}

    def _picture(self) -> Image:
        if self._drawn is None:
            if self._page.load_bare_image is not None:
                picture = self._page.load_bare_image(_DPI)
                self._drawn = picture.crop(part_of(picture.size, self.area)).convert("RGB")
            else:
                self._drawn = self._page.part(_DPI, self.area).convert("RGB")
        return self._drawn

    def _look(self, ink: str) -> Image | None:
        if ink not in self._looks:
            self._looks[ink] = _seen(self._picture(), ink)
        return self._looks[ink]

    def read(self, ink: str, engine: OcrEngine) -> list[list[Any]]:
        """[text, box, confidence] of the words; none where that way of seeing shows nothing that "grey" does not."""
        seen = self._look(ink)
        if seen is None:
            return []
        words = engine.read_region(seen, Arrangement.BLOCK, _DPI)
        return [[w.text, *(round(v, 4) for v in w.box), round(w.confidence, 3)] for w in words]

    def search(self, ink: str, angle: int) -> list[list[Any]]:
        """[name, fit, ink, x0, y0, x1, y1 on the page] of the lines below the anchor, the picture turned by *angle*."""
        seen = self._look(ink)
        if seen is None:
            return []
        turned = _turned(np.asarray(seen, dtype=np.uint8), angle)

        def is_below(box: Box) -> bool:
            return _turned_back(box, angle, seen.size)[1] > self._below

        found = []
        for box, chances in _line_reader().chances(turned, _DPI, PLACES, is_below):
            left, top, right, bottom = _turned_back(box, angle, seen.size)
            named = likeliest_name(chances, _line_reader().characters)
            if named is not None and named.fit > _LEAST_FIT:
                x0, y0, x1, y1 = self.area
                wide, high = x1 - x0, y1 - y0
                where = (x0 + left * wide, y0 + top * high, x0 + right * wide, y0 + bottom * high)
                found.append([named.text, round(named.fit, 3), round(named.ink, 3), *(round(v, 4) for v in where)])
        return found


def _turned(grey: Grey, angle: int) -> Grey:
    """A picture (H, W) turned counter-clockwise about its middle by *angle* degrees, same size, on white."""
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1.0)
    turned = cv2.warpAffine(
        grey, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=(255.0,)
    )
    return np.asarray(turned, dtype=np.uint8)


def _turned_back(box: Box, angle: int, size: tuple[int, int]) -> Box:
    """A box in pixels of a picture turned by *angle*, in fractions of the picture before it was turned."""
    width, height = size
    x, y = (box[0] + box[2]) / 2 - width / 2, (box[1] + box[3]) / 2 - height / 2
    cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    middle_x, middle_y = width / 2 + x * cosine - y * sine, height / 2 + x * sine + y * cosine
    half_x = (box[2] - box[0]) / 2
    half_y = (box[3] - box[1]) / 2 + half_x * abs(sine)
    edges = (middle_x - half_x) / width, (middle_y - half_y) / height
    far = (middle_x + half_x) / width, (middle_y + half_y) / height
    return (max(0.0, edges[0]), max(0.0, edges[1]), min(1.0, far[0]), min(1.0, far[1]))


def _seen(picture: Image, ink: str) -> Image | None:
    """*picture* in grey with that way of seeing its ink; None where it has no such ink (no colour, no half-tones).

    Through the red channel a seal fades, through the blue one a pen; "red" shows what a rubber stamp left, without
    printed letters. The lightest of the three channels leaves only what is black in all of them: a name printed in
    black under a blue signature. A seal scanned in grey is paler than printed letters.
    """
    if ink == "grey":
        return picture.convert("L")
    red, green, blue = picture.split()
    lightest = ImageChops.lighter(red, ImageChops.lighter(green, blue))
    darkest = ImageChops.darker(red, ImageChops.darker(green, blue))
    coloured = sum(ImageChops.subtract(lightest, darkest).histogram()[60:]) / (picture.width * picture.height)
    if ink == "not blue":
        return blue if coloured > _COLOURED else None
    if ink == "red":
        redness = ImageChops.subtract(red, ImageChops.lighter(green, blue))
        stamped = sum(redness.histogram()[60:]) / (picture.width * picture.height)
        return redness.point([255 - min(255, v * 3 // 2) for v in range(256)]) if stamped > _COLOURED else None
    if ink == "darkest":
        counts = lightest.histogram()
        half_tones = sum(counts[90:190]) / max(1, sum(counts))
        return lightest.point([0 if v < 90 else 255 for v in range(256)]) if half_tones > _HALF_TONES else None
    if coloured < _COLOURED:
        return None
    return red if ink == "not red" else lightest
