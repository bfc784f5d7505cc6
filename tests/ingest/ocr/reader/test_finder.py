"""Finding lines on drawn pages: none lost, none twice, columns and table cells apart, in reading order."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from ingest.ocr.reader.components import pieces
from ingest.ocr.reader.finder import Run, find_runs
from ingest.ocr.reader.order import in_order
from ingest.ocr.reader.shapes import Grey
from tests.ingest.ocr.reader.drawing import BOLD, SENTENCES, Sheet, noisy


def runs(page: Grey) -> list[Run]:
    found = pieces(page)
    return [run for column in in_order(find_runs(found), found.level) for run in column]


def covering(run: Run, box: tuple[int, int, int, int]) -> float:
    """The share of a line's box, of its width, that a run covers at its height; a pixel at each end is let go."""
    if not box[1] < run.middle < box[3]:
        return 0.0
    return max(0.0, min(run.right, box[2]) - max(run.left, box[0]) + 2) / (box[2] - box[0])


def is_each_line_once(found: list[Run], sheet: Sheet) -> bool:
    return len(found) == len(sheet.lines) and all(
        covering(run, box) > 0.97 for run, (_, box) in zip(found, sheet.lines, strict=True)
    )


@pytest.mark.parametrize("size", [16, 24, 32, 48])
def test_every_line_of_a_plain_page_is_found_once_and_in_order(size: int) -> None:
    sheet = Sheet(width=2200)
    sheet.paragraph(leading=round(1.5 * size) + 8, size=size, left=60)
    assert is_each_line_once(runs(sheet.grey), sheet)
    assert is_each_line_once(runs(noisy(sheet.grey)), sheet)


@pytest.mark.parametrize("degrees", [-2.0, -0.7, 0.5, 1.5])
def test_lines_of_a_page_askew_are_whole_and_sloped(degrees: float) -> None:
    sheet = Sheet()
    sheet.paragraph(left=150, size=30)
    found = runs(sheet.turned(degrees))
    assert len(found) == len(SENTENCES)
    for run in found:
        assert np.degrees(np.arctan(run.slope)) == pytest.approx(-degrees, abs=0.25)


def test_stops_and_dashes_at_the_ends_belong_to_the_line() -> None:
    sheet = Sheet()
    sheet.write("- Như Điều 3;", 200, 300)
    sheet.write("thi hành Quyết định này./.", 200, 380)
    sheet.write("“sản phẩm”.", 200, 460)
    for run, (_, box) in zip(runs(sheet.grey), sheet.lines, strict=True):
        assert run.left <= box[0] + 2
        assert run.right >= box[2] - 2


def test_the_halves_of_a_heading_are_two_columns_read_one_after_the_other() -> None:
    sheet = Sheet()
    sheet.write("ỦY BAN NHÂN DÂN", 150, 200, 30)
    sheet.write("TỈNH LÂM ĐỒNG", 170, 250, 30)
    sheet.write("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 640, 200, 30)
    sheet.write("Độc lập - Tự do - Hạnh phúc", 800, 250, 30)
    sheet.write("QUYẾT ĐỊNH", 700, 420, 34, BOLD)
    assert is_each_line_once(runs(sheet.grey), sheet)


def test_the_wide_spaces_of_a_justified_line_do_not_part_it() -> None:
    sheet = Sheet()
    sheet.write(SENTENCES[0], 200, 300, 26)
    sheet.write("Xét đề nghị của Giám đốc Sở", 200, 350, 26, gap=4.5)
    sheet.write(SENTENCES[2], 200, 400, 26)
    assert is_each_line_once(runs(sheet.grey), sheet)


def test_cells_of_a_ruled_table_are_apart_and_read_by_rows() -> None:
    sheet = Sheet()
    for row, cells in enumerate(
        (("STT", "Tên sản phẩm", "Hạng sao"), ("1", "Cà phê bột", "4"), ("2", "Trà túi lọc", "5"))
    ):
        for left, cell in zip((170, 290, 560), cells, strict=True):
            sheet.write(cell, left, 300 + 60 * row, 28)
    for y in (260, 320, 380, 440):
        sheet.pen.line((150, y, 760, y), fill=0, width=3)
    for x in (150, 260, 540, 760):
        sheet.pen.line((x, 260, x, 440), fill=0, width=3)
    assert is_each_line_once(runs(sheet.grey), sheet)


def test_an_underline_that_touches_letters_hides_no_word() -> None:
    sheet = Sheet()
    sheet.write("Độc lập - Tự do - Hạnh phúc gửi quý cơ quan", 300, 200, 32, BOLD)
    left, _, right, bottom = sheet.lines[0][1]
    sheet.pen.line((left, bottom - 6, right, bottom - 6), fill=0, width=3)
    sheet.paragraph(left=60)
    assert is_each_line_once(runs(sheet.grey), sheet)


@pytest.mark.parametrize("shade", [0, 255, 128])
def test_a_page_without_letters_has_no_lines(shade: int) -> None:
    assert runs(np.full((800, 600), shade, np.uint8)) == []


@pytest.mark.parametrize("degrees", [0.0, 0.6])
def test_lines_that_a_stroke_or_a_stain_ties_to_each_other_stay_two(degrees: float) -> None:
    sheet = Sheet()
    sheet.paragraph(left=150, size=30, leading=44)
    boxes = [box for _, box in sheet.lines]
    page = sheet.turned(degrees).copy()
    for upper, lower in itertools.pairwise(boxes[1:5]):
        x = (upper[0] + upper[2]) // 2
        page[upper[1] + 8 : lower[3] - 8, x : x + 9] = 0
    found = runs(page)
    assert len(found) == len(SENTENCES)
    assert all(run.height < 44 for run in found)
