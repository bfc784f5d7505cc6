"""Rules of tables on pages that are askew: found, out of the pictures of lines, and lines in fields told as such."""

from __future__ import annotations

import pytest

from ingest.ocr.reader.components import pieces
from ingest.ocr.reader.fields import in_fields, without_rules
from ingest.ocr.reader.finder import find_runs
from ingest.ocr.reader.line_reader import LineReader
from tests.ingest.ocr.reader.drawing import Sheet, noisy

CELLS = [["STT", "Tên sản phẩm", "Điểm"], ["1", "Chè Shan tuyết", "72,9"], ["12", "Mật ong bạc hà", "91,7"]]


def table(close: int = 12, *, ruled: bool = True) -> Sheet:
    """A line of text and a table with rules one pixel thick. close: pixels from a rule to the text behind it."""
    sheet = Sheet()
    sheet.write("Danh sách sản phẩm kèm theo Quyết định này", 200, 400, 30)
    places = [200, 300, 900, 1100]
    for row, texts in enumerate(CELLS):
        for left, text in zip(places, texts, strict=False):
            sheet.write(text, left + close, 560 + 60 * row, 30)
    for row in range(len(CELLS) + 1) if ruled else ():
        sheet.pen.line([(places[0], 520 + 60 * row), (places[-1], 520 + 60 * row)], fill=60, width=1)
    for left in places if ruled else ():
        sheet.pen.line([(left, 520), (left, 520 + 60 * len(CELLS))], fill=60, width=1)
    return sheet


@pytest.mark.parametrize("degrees", [-1.0, -0.5, 0.0, 0.8])
def test_lines_in_fields_are_told_and_never_reach_over_a_rule(degrees: float) -> None:
    found = pieces(noisy(table().turned(degrees)))
    runs = in_fields(find_runs(found), found)
    assert len(runs) == 10
    assert sum(run.ruled for run in runs) == 9


def test_a_rule_askew_has_a_box_for_each_stretch() -> None:
    found = pieces(noisy(table().turned(1.0)))
    wide, high = (found.level[:, at + 2] - found.level[:, at] for at in (0, 1))
    assert wide.max() < 300
    assert high.max() < 14


def test_without_its_rules_a_table_is_its_letters() -> None:
    page, letters = table().grey, table(ruled=False).grey
    wiped = without_rules(page, pieces(page).tables)
    assert (wiped == letters).all()
    assert not (page == letters).all()
    assert without_rules(letters, None) is letters


def test_an_underline_and_a_frame_alone_are_no_rules_of_a_table() -> None:
    sheet = Sheet()
    sheet.write("Độc lập - Tự do - Hạnh phúc", 300, 400, 30)
    sheet.pen.line([(300, 412), (760, 412)], fill=0, width=2)
    assert pieces(sheet.grey).tables is None


def test_cells_are_read_as_they_stand_though_rules_are_near() -> None:
    lines = LineReader().read(noisy(table(close=8).turned(0.6)), 200)
    read = [line.text for line in lines if line.ruled]
    assert sorted(read) == sorted(text for row in CELLS for text in row)
