"""Blank pages are recognised whatever the tone of the paper."""

from __future__ import annotations

from PIL import Image

from ingest.ocr.blank import is_blank
from tests.support.reading_files import picture


def test_paper_of_any_tone_is_blank() -> None:
    assert is_blank(Image.new("L", (1000, 1400), 255))
    assert is_blank(Image.new("L", (1000, 1400), 200))


def test_a_single_number_and_a_dark_page_are_not_blank() -> None:
    assert not is_blank(picture(("Số: 12",), dpi=100))
    assert not is_blank(Image.new("L", (1000, 1400), 20))
