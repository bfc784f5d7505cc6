"""Pictures of the pages of an open PDF, turned as they were for OCR.

Several looks at a page follow each other, most of them at a few lines of it: what was drawn last is kept, and of a page
that was not turned only the rows that are looked at are drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus.model import Box
from ingest.formats.pdf_drawing import Rows, render_rows
from ingest.ocr.page_images import turned
from ingest.page import Page, part_of

if TYPE_CHECKING:
    from PIL.Image import Image

#: How much is drawn above and below what is looked at, as a fraction of the page: the next look is near by.
_BEYOND = 0.04


@dataclass(slots=True)
class PdfPictures:
    """Draws pages of an open PDF with at most *pixels* pixels; methods raise what *open_page* raises."""

    #: Opens the page of that number, from 0. Raises ReadFailure.
    open_page: Callable[[int], Any]
    pixels: int
    #: What is kept, by dots an inch, and of which page as it was turned.
    _kept: dict[float, Rows] = field(default_factory=dict)
    _of: tuple[object, ...] = ()

    def whole(self, page: Page, dpi: float) -> Image:
        """The page in colour."""
        kept = self._kept_of(page).get(dpi)
        if kept is None or kept.picture.height < kept.height:
            self._kept.clear()  # two large pictures at a time are too much memory
            picture = turned(self._drawn(page, dpi).picture, page)
            kept = self._kept[dpi] = Rows(picture, 0, picture.height)
        return kept.picture

    def part(self, page: Page, dpi: float, box: Box) -> Image:
        """The part of the page in that box (fractions), in colour."""
        if page.gutter is not None or page.rotation or page.skew:
            picture = self.whole(page, dpi)
            return picture.crop(part_of(picture.size, box))
        kept = self._kept_of(page).get(dpi)
        if kept is None or not _reaches(kept, box):
            kept = self._drawn(page, dpi, max(0.0, box[1] - _BEYOND), min(1.0, box[3] + _BEYOND))
            self._kept[dpi] = kept
        left, top, right, bottom = part_of((kept.picture.width, kept.height), box)
        return kept.picture.crop((left, top - kept.top, right, bottom - kept.top))

    def _kept_of(self, page: Page) -> dict[float, Rows]:
        of = page.number, page.gutter, page.rotation, page.skew
        if of != self._of:
            self._kept.clear()
            self._of = of
        return self._kept

    def _drawn(self, page: Page, dpi: float, top: float = 0.0, bottom: float = 1.0) -> Rows:
        with closing(self.open_page(page.number - 1)) as drawn:
            return render_rows(drawn, dpi, self.pixels, (top, bottom))


def _reaches(rows: Rows, box: Box) -> bool:
    """Whether the part of a page in that box lies within its *rows*."""
    _, top, _, bottom = part_of((rows.picture.width, rows.height), box)
    return rows.top <= top and bottom <= rows.top + rows.picture.height
