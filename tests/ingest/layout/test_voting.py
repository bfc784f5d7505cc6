"""Number and date read again on the picture of a page: how long it is looked at, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.layout import voting
from ingest.layout.header import read_header
from ingest.layout.header_values import Header
from ingest.layout.lines import lines_of
from ingest.ocr.second_reader import available
from ingest.page import Page
from tests.ingest.layout.support import Rows, drawn_page

pytestmark = pytest.mark.skipif(not available(), reason="the second reader is not installed")

_FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"
_WIDTH, _HEIGHT = 8.27, 11.69


def _rows(number: str, day: str) -> Rows:
    return [
        [(0.1, "UBND TỈNH KIÊN GIANG"), (0.5, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
        [(0.15, "SỞ Y TẾ"), (0.55, "Độc lập - Tự do - Hạnh phúc")],
        [],
        [(0.15, f"Số: {number}/QĐ-SYT"), (0.5, f"Kiên Giang, ngày {day} tháng 12 năm 2017")],
        [],
        [(0.45, "QUYẾT ĐỊNH")],
        [(0.45, "Về việc lập Tổ")],
    ]


@dataclass
class _Looked:
    """What was read again of a page, and what that took."""

    header: Header
    drawn: list[float] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


def _picture(looked: _Looked, number: str, day: str, dpi: float) -> Image.Image:
    """The page's number and date, drawn where its words are."""
    looked.drawn.append(dpi)
    picture = Image.new("RGB", (round(_WIDTH * dpi), round(_HEIGHT * dpi)), "white")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(_FONT, round(11 * dpi / 72))
    middle = 0.116 * picture.height
    draw.text((0.15 * picture.width, middle), f"Số: {number}/QĐ-SYT", font=font, fill="black", anchor="lm")
    date = f"Kiên Giang, ngày {day} tháng 12 năm 2017"
    draw.text((0.48 * picture.width, middle), date, font=font, fill="black", anchor="lm")
    return picture


def _read_again(printed: tuple[str, str], witness: tuple[str, str]) -> _Looked:
    """printed, witness: number and day on the picture, and as the page's own OCR read them."""
    page: Page = drawn_page(_rows(*witness))
    looked = _Looked(read_header(lines_of(page, 0), ocr=True))
    page.load_image = partial(_picture, looked, *printed)

    def recall(key: str, compute: Callable[[], Any]) -> Any:
        looked.keys.append(key)
        return compute()

    page.recall = recall
    voting.read_again(looked.header, page)
    return looked


def test_what_both_readers_see_is_looked_at_once() -> None:
    looked = _read_again(("217", "25"), ("217", "25"))
    assert looked.header.value("so_ky_hieu") == "217/QĐ-SYT"
    assert looked.header.value("date") == "2017-12-25"
    assert not looked.header.fields["so_ky_hieu"].evidence.needs_review
    assert looked.drawn == [200]


def test_what_the_page_s_own_reader_misread_is_put_right() -> None:
    looked = _read_again(("217", "25"), ("247", "26"))
    assert looked.header.value("so_ky_hieu") == "217/QĐ-SYT"
    assert "hai lần đọc khác nhau (OCR: 247)" in looked.header.fields["so_ky_hieu"].evidence.reasons
    assert looked.header.value("date") == "2017-12-25"


def test_a_blank_is_looked_at_again_at_a_finer_resolution() -> None:
    looked = _read_again(("      ", "25"), ("", "25"))
    assert looked.header.value("number") is None
    assert 300 in looked.drawn


def test_the_cache_tells_looks_with_other_witnesses_apart() -> None:
    one, other = (_read_again(("217", "25"), ("217", day)) for day in ("25", "26"))
    days = [{key for key in looked.keys if " day " in key} for looked in (one, other)]
    assert days[0]
    assert not days[0] & days[1]


def test_boxes_of_one_line_are_read_once() -> None:
    line, same, next_line = (0.1, 0.1, 0.4, 0.12), (0.12, 0.101, 0.4, 0.121), (0.1, 0.11, 0.4, 0.13)
    assert voting._apart([line, same, next_line]) == [line, next_line]
