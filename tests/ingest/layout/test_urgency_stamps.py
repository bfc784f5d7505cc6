"""Stamps of urgency, slanted in a frame."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.layout.header_values import Header
from ingest.layout.urgency_stamps import find_urgency
from ingest.page import Page

_FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif-Bold.ttf")
_SIZE, _RED = (1654, 2339), (210, 30, 45)


def _page(words: str, angle: float) -> Page:
    """A page with red words in an arrow, set by hand, below the letterhead."""
    sheet = Image.new("RGB", _SIZE, "white")
    layer = Image.new("L", (520, 520))
    draw = ImageDraw.Draw(layer)
    draw.polygon(
        [(60, 215), (370, 215), (370, 180), (480, 260), (370, 340), (370, 305), (60, 305)], outline=255, width=5
    )
    draw.text((215, 260), words, 255, font=ImageFont.truetype(str(_FONT), 40), anchor="mm")
    sheet.paste(_RED, (150, 450), layer.rotate(angle, Image.Resampling.BICUBIC))
    ImageDraw.Draw(sheet).text((500, 900), "Kính gửi: Sở Công Thương", "black", font=ImageFont.truetype(str(_FONT), 30))
    page = Page(1, "", "ocr", 595, 842)
    page.load_image = lambda dpi: sheet.resize((round(_SIZE[0] * dpi / 200), round(_SIZE[1] * dpi / 200)))
    return page


@pytest.mark.parametrize(("words", "angle"), [("HỎA TỐC", 33), ("KHẨN", 12)])
def test_a_slanted_stamp_of_urgency_is_read(words: str, angle: float) -> None:
    header = Header()
    find_urgency(header, _page(words, angle))
    assert header.fields["urgency"].value == words


def test_a_red_stamp_that_says_something_else_is_none() -> None:
    header = Header()
    find_urgency(header, _page("ĐÃ NHẬN", 5))
    assert "urgency" not in header.fields
