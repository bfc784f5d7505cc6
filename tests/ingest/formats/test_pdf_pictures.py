"""Parts of a page's picture are those of the whole picture, however the page was turned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from corpus.model import Box
from ingest.formats.pdf import open_pdf
from ingest.formats.pdf_pictures import PdfPictures
from ingest.limits import DEFAULT_LIMITS
from ingest.page import Page, part_of

_BOXES: list[Box] = [(0.1, 0.1, 0.6, 0.13), (0.1, 0.11, 0.7, 0.15), (0.0, 0.0, 1.0, 0.4), (0.4, 0.7, 1.2, 1.01)]


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A PDF of two scanned pages in colour with lines all over."""
    pages = []
    for colour in ("navy", "darkred"):
        page = Image.new("RGB", (1240, 1754), "white")
        draw = ImageDraw.Draw(page)
        for row in range(40, 1700, 37):
            draw.line((100, row, 1100, row + 9), fill=colour, width=3)
        pages.append(page)
    file = tmp_path / "scan.pdf"
    pages[0].save(file, save_all=True, append_images=pages[1:], resolution=150)
    return file


def _page(number: int, **turned: float) -> Page:
    page = Page(number, "", "ocr", 595.2, 841.9)
    for name, value in turned.items():
        setattr(page, name, value)
    return page


@pytest.mark.parametrize("turned", [{}, {"rotation": 90}, {"skew": 1.5}])
def test_a_part_is_cut_out_of_the_whole(scan: Path, turned: dict[str, float]) -> None:
    with open_pdf(scan, DEFAULT_LIMITS) as document:
        for number in (1, 2):
            page = _page(number, **turned)
            parts = PdfPictures(document.__getitem__, DEFAULT_LIMITS.page_pixels)
            for dpi in (200, 300):
                whole = PdfPictures(document.__getitem__, DEFAULT_LIMITS.page_pixels).whole(page, dpi)
                for box in _BOXES:
                    expected = np.asarray(whole.crop(part_of(whole.size, box)), dtype=np.int16)
                    part = parts.part(page, dpi, box)
                    assert part.size == (expected.shape[1], expected.shape[0])
                    # Rows are scaled by themselves: an edge may come out a shade lighter.
                    assert np.abs(np.asarray(part, dtype=np.int16) - expected).mean() < 1.0


def test_looks_at_pages_in_turn_see_each_its_own(scan: Path) -> None:
    with open_pdf(scan, DEFAULT_LIMITS) as document:
        pictures = PdfPictures(document.__getitem__, DEFAULT_LIMITS.page_pixels)
        for number in (1, 2, 1):
            red, _, blue = np.asarray(pictures.part(_page(number), 150, (0.1, 0.1, 0.9, 0.2))).mean(axis=(0, 1))
            assert (blue > red) == (number == 1)


def test_the_whole_picture_serves_for_its_parts(scan: Path) -> None:
    with open_pdf(scan, DEFAULT_LIMITS) as document:
        pictures = PdfPictures(document.__getitem__, DEFAULT_LIMITS.page_pixels)
        whole = pictures.whole(_page(1), 200)
        part = pictures.part(_page(1), 200, _BOXES[0])
        assert np.array_equal(np.asarray(part), np.asarray(whole.crop(part_of(whole.size, _BOXES[0]))))
        assert pictures.whole(_page(1), 200) is whole


def test_a_picture_is_drawn_once_for_its_parts_where_it_can_only_be_drawn_as_a_whole() -> None:
    drawn: list[float] = []

    def draw(dpi: float) -> Image.Image:
        drawn.append(dpi)
        return Image.new("RGB", (1000, 1400), "white")

    page = Page(1, "", "ocr", load_image=draw)
    sizes = [page.part(dpi, (0.1, 0.2, 0.3, 0.4)).size for dpi in (200, 200, 300, 300)]
    assert drawn == [200, 300]
    assert sizes == [(200, 280)] * 4
    assert page.part(300, (0.9, 0.5, 0.8, 0.4)).size == (0, 0)  # a box that is none
