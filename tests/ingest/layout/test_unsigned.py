"""Scans that nobody signed: what is printed and drawn where a signature would stand."""

from __future__ import annotations

from PIL import Image, ImageDraw

from ingest.layout.unsigned import is_unsigned
from ingest.page import Page
from tests.ingest.layout.support import drawn_page

_SIZE = (1240, 1754)
_LAST = "Cán bộ tiếp công dân ghi sổ theo dõi và báo cáo hằng tháng"


def _sheet(*, seal: bool = False, page_number: bool = False) -> Image.Image:
    """Paper with a shadow at its left edge; on request a pale seal at its lower right, or a page number at its foot."""
    sheet = Image.new("RGB", _SIZE, (244, 243, 238))
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((0, 0, 30, _SIZE[1]), fill=(90, 90, 90))
    if seal:
        draw.ellipse((700, 1200, 980, 1480), outline=(240, 160, 160), width=12)
    if page_number:
        draw.rectangle((610, 1690, 630, 1710), fill=(30, 30, 30))
    return sheet


def _page(sheet: Image.Image, *lines: str) -> Page:
    page = drawn_page([[(0.1, line)] for line in lines])
    page.source = "ocr"
    page.load_image = lambda dpi: sheet.resize((round(_SIZE[0] * dpi / 150), round(_SIZE[1] * dpi / 150)))
    return page


def test_blank_paper_below_the_last_line_is_no_signature() -> None:
    assert is_unsigned([_page(_sheet(), "LỊCH TIẾP CÔNG DÂN", _LAST)])
    assert is_unsigned([_page(_sheet(page_number=True), _LAST)])


def test_a_pale_seal_may_hide_a_name() -> None:
    assert not is_unsigned([_page(_sheet(seal=True), _LAST)])


def test_words_of_a_signature_on_any_page_may_have_a_name() -> None:
    for words in ("Nơi nhận:", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"):
        assert not is_unsigned([_page(_sheet(), _LAST, words), _page(_sheet(), _LAST)])


def test_a_text_that_fills_its_page_may_be_signed_on_one_that_is_missing() -> None:
    assert not is_unsigned([_page(_sheet(), *[_LAST] * 60)])
