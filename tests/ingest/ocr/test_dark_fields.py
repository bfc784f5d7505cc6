"""Fields of ink, on which white print may stand, told from strokes, seals and print."""

from __future__ import annotations

from PIL import Image, ImageDraw

from ingest.ocr.dark_fields import has_dark_field
from tests.support.reading_files import BODY, picture


def _paper() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    page = picture(BODY, dpi=200).convert("L")
    return page, ImageDraw.Draw(page)


def test_a_banner_is_a_dark_field_at_any_resolution() -> None:
    page, pen = _paper()
    assert not has_dark_field(page, 200)
    pen.rectangle((300, 1500, 900, 1560), fill=60)
    assert has_dark_field(page, 200)
    assert has_dark_field(page.resize((page.width * 3 // 2, page.height * 3 // 2)), 300)


def test_rules_rings_and_strokes_are_none() -> None:
    page, pen = _paper()
    pen.line((100, 1500, 1500, 1500), fill=0, width=5)
    pen.ellipse((300, 1550, 580, 1830), outline=0, width=12)
    pen.line((700, 1600, 1000, 1800), fill=0, width=12)
    assert not has_dark_field(page, 200)


def test_a_picture_smaller_than_a_field_has_none() -> None:
    assert not has_dark_field(Image.new("L", (30, 30), 0), 200)
    assert not has_dark_field(Image.new("L", (1, 1), 0), 200)
