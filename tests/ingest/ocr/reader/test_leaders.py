"""Rows of dots in the fields of tables are counted; stops, colons and dotted rules are none."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.ocr.reader.components import pieces
from ingest.ocr.reader.fields import dots_in_fields
from ingest.ocr.reader.leaders import find_leaders, without_dots
from ingest.ocr.reader.line_reader import LineReader
from tests.ingest.ocr.reader.drawing import Sheet, noisy

PITCH = 9


def dots(sheet: Sheet, left: int, baseline: int, count: int, *, faint: frozenset[int] = frozenset()) -> None:
    for at in range(count):
        if at not in faint:
            sheet.pen.rectangle([left + PITCH * at, baseline - 4, left + PITCH * at + 3, baseline], fill=0)


def form(*, framed: bool = True) -> Sheet:
    """A form of two columns and three rows, with dots behind a colon and alone."""
    sheet = Sheet()
    sheet.write("Phụ lục kèm theo Quyết định này", 200, 400, 30)
    for row, (label, value) in enumerate([("Tên đơn vị:", "Điểm"), ("Địa chỉ cơ sở:", "72,9"), ("Ghi chú", "")]):
        sheet.write(label, 220, 560 + 60 * row, 30)
        if value:
            sheet.write(value, 920, 560 + 60 * row, 30)
    dots(sheet, 400, 560, 38)
    dots(sheet, 440, 620, 20, faint=frozenset({7, 8}))
    dots(sheet, 930, 680, 12)
    if framed:
        for row in range(4):
            sheet.pen.line([(200, 515 + 60 * row), (1100, 515 + 60 * row)], fill=60, width=2)
        for left in (200, 900, 1100):
            sheet.pen.line([(left, 515), (left, 695)], fill=60, width=2)
    return sheet


@pytest.mark.parametrize("degrees", [0.0, -0.7, 0.5])
def test_dots_in_fields_are_counted(degrees: float) -> None:
    found = pieces(noisy(form().turned(degrees)))
    rows, rest = dots_in_fields(found)
    assert sorted(run.dots for run in rows) == [12, 20, 38]
    assert all(run.ruled for run in rows)
    assert rest.mark.sum() < found.mark.sum()


def test_dots_outside_tables_stay_as_they_are() -> None:
    found = pieces(form(framed=False).grey)
    assert dots_in_fields(found) == ([], found)


def test_numbers_with_stops_are_no_row_of_dots() -> None:
    sheet = Sheet()
    for row, text in enumerate(["1.1.1.1. Nội dung", "8402.11.10.20", "A.B.C.D.E", "i. ii. iii.", "7:7:7:7"]):
        sheet.write(text, 220, 560 + 60 * row, 30)
    assert not find_leaders(pieces(sheet.grey))


def test_a_dotted_rule_between_two_rules_is_no_row_of_dots() -> None:
    sheet = form()
    dots(sheet, 204, 548, 77)
    assert not [run for run, _ in find_leaders(pieces(sheet.grey)) if run.dots > 60]


def test_dots_are_wiped_before_letters_are_read() -> None:
    page = form().grey
    rows, _ = dots_in_fields(pieces(page))
    wiped = without_dots(page, rows)
    assert (wiped[545:565, 412:750] == 255).mean() > 0.99
    assert (np.asarray(wiped)[:, :400] == page[:, :400]).all()
    assert without_dots(page, []) is page


def test_dots_follow_the_word_before_them_or_stand_alone() -> None:
    lines = LineReader().read(form().grey, 200)
    read = [line.text for line in lines if line.ruled]
    assert sorted(read) == sorted(
        ["Tên đơn vị: " + 38 * ".", "Điểm", "Địa chỉ cơ sở: " + 20 * ".", "72,9", "Ghi chú", 12 * "."]
    )


def test_a_page_full_of_dots_costs_no_more_than_a_page() -> None:
    page = np.full((2339, 1654), 255, np.uint8)
    page[::9, ::9] = page[1::9, ::9] = page[::9, 1::9] = page[1::9, 1::9] = 0
    assert len(find_leaders(pieces(page))) <= 400
