"""Figures that an e-office stamps into the blanks of number and date, which a PDF keeps behind the page's text."""

from __future__ import annotations

from dataclasses import replace

from corpus.model import Box
from ingest.layout.header import read_header
from ingest.layout.lines import lines_of
from ingest.page import Page, Word
from tests.ingest.layout.support import Rows, drawn_page

HEADER: Rows = [
    [(0.1, "ỦY BAN NHÂN DÂN"), (0.5, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
    [(0.12, "XÃ SƠN ĐÔNG"), (0.55, "Độc lập - Tự do - Hạnh phúc")],
    [(0.1, "Số:"), (0.22, "/QĐ-UBND"), (0.5, "Sơn Đông, ngày"), (0.72, "tháng 9 năm 2025")],
    [(0.4, "QUYẾT ĐỊNH")],
    [(0.3, "Về việc thành lập Tổ giúp việc")],
    [(0.1, "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;")],
]
#: The line of number and date.
NUMBER_LINE = 0.05 + 0.02 * 2


def page_with(*stamps: tuple[str, float, float], rows: Rows = HEADER) -> Page:
    """A born-digital page with stamped figures (text, left, top) behind its text, as a PDF keeps annotations."""
    page = drawn_page(rows)
    words, text = page.load_words(), page.text
    for figure, left, top in stamps:
        box: Box = (left, top, left + 0.011 * len(figure), top + 0.012)
        words.append(Word(figure, box, 1.0, len(text), len(text) + len(figure)))
        text += figure + " "
    return replace(page, text=text, source="text", load_words=lambda: words)


def test_number_and_day_are_read_from_their_stamps() -> None:
    page = page_with(("212", 0.16, NUMBER_LINE + 0.002), ("05", 0.68, NUMBER_LINE + 0.001))
    header = read_header(lines_of(page, 0), ocr=False)
    assert header.value("so_ky_hieu") == "212/QĐ-UBND"
    assert header.value("date") == "2025-09-05"
    assert not header.fields["so_ky_hieu"].evidence.needs_review
    assert header.value("issuer") == "Ủy ban nhân dân xã Sơn Đông"


def test_the_header_does_not_reach_to_where_the_stamps_stand_in_the_text() -> None:
    page = page_with(("212", 0.16, NUMBER_LINE), ("05", 0.68, NUMBER_LINE))
    header = read_header(lines_of(page, 0), ocr=False)
    assert header.end < page.text.index("Căn cứ")


def test_dots_that_mark_the_blank_may_lie_under_the_stamp() -> None:
    rows = [row if number != 2 else [(0.1, "Số: ......... /QĐ-UBND"), *row[2:]] for number, row in enumerate(HEADER)]
    header = read_header(lines_of(page_with(("85", 0.17, NUMBER_LINE + 0.001), rows=rows), 0), ocr=False)
    assert header.value("so_ky_hieu") == "85/QĐ-UBND"


def test_a_year_behind_the_last_word_of_its_line_is_read() -> None:
    rows = [row if number != 2 else [*row[:3], (0.72, "tháng 9 năm")] for number, row in enumerate(HEADER)]
    page = page_with(("05", 0.68, NUMBER_LINE), ("2025", 0.86, NUMBER_LINE + 0.001), rows=rows)
    assert read_header(lines_of(page, 0), ocr=False).value("date") == "2025-09-05"


def test_a_figure_away_from_every_blank_fills_none() -> None:
    page = page_with(("7", 0.16, NUMBER_LINE - 0.055))
    header = read_header(lines_of(page, 0), ocr=False)
    assert header.value("so_ky_hieu") is None
    assert "so_ky_hieu" not in header.fields or not header.fields["so_ky_hieu"].evidence.needs_review
