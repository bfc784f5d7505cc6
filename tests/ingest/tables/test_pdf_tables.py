"""Tables of born-digital PDFs, told by their rules; the cells are known because the tables are printed here."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench.made_tables import MadeTable, product_table, task_table, write_pdf
from corpus.model import Table
from ingest.read import read
from ingest.tables.find import find_tables

CHANCE = 20261129


def tables_of(path: Path) -> list[Table]:
    with read(path) as reading:
        tables = find_tables(reading)
        for cell in (cell for table in tables for cell in table.cells):
            assert cell.text == " ".join(" ".join(reading.text[a:b].split()) for a, b in cell.spans)
        return tables


def cells(table: Table) -> set[tuple[int, int, int, int, str]]:
    return {(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells if c.text}


def wanted(made: MadeTable) -> set[tuple[int, int, int, int, str]]:
    return {cell for cell in made.cells if cell[4]}


def test_a_ruled_table_with_merged_cells_and_a_total(tmp_path: Path) -> None:
    made = product_table(random.Random(CHANCE), 7, groups=True, two_headings=True, total=True)
    (table,) = tables_of(write_pdf(tmp_path / "a.pdf", [made]))
    assert cells(table) == wanted(made)
    assert (table.rows, table.header_rows, table.total_rows) == (made.rows, 2, made.total_rows)
    assert not table.needs_review


def test_a_table_over_three_pages_is_one(tmp_path: Path) -> None:
    made = product_table(random.Random(CHANCE), 50)
    (table,) = tables_of(write_pdf(tmp_path / "a.pdf", [made]))
    assert cells(table) == wanted(made)
    assert [region.page for region in table.regions] == [1, 2, 3]
    assert {cell.page for cell in table.cells} == {1, 2, 3}


def test_two_tables_of_the_same_columns_stay_two(tmp_path: Path) -> None:
    made = [task_table(random.Random(CHANCE + n), 20) for n in range(2)]
    tables = tables_of(write_pdf(tmp_path / "a.pdf", made))
    assert [cells(table) for table in tables] == [wanted(table) for table in made]


def test_rows_without_rules_are_told_by_their_numbers(tmp_path: Path) -> None:
    made = product_table(random.Random(CHANCE), 12)
    (table,) = tables_of(write_pdf(tmp_path / "a.pdf", [made], rules="no_rows"))
    assert cells(table) == wanted(made)


def test_columns_without_rules_are_told_by_white_space(tmp_path: Path) -> None:
    made = task_table(random.Random(CHANCE), 9)
    (table,) = tables_of(write_pdf(tmp_path / "a.pdf", [made], rules="none"))
    assert cells(table) == wanted(made)
    assert table.needs_review
    assert [str(doubt) for doubt in table.doubts] == ["khong_ke"]


def test_a_turned_page(tmp_path: Path) -> None:
    made = task_table(random.Random(CHANCE), 5)
    (table,) = tables_of(write_pdf(tmp_path / "a.pdf", [made], sideways=True))
    assert cells(table) == wanted(made)


@pytest.mark.parametrize("text", ["Trang không có bảng", "Trang có\nhai dòng"])
def test_a_page_without_rules_is_not_searched(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.pdf"
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path))
    canvas.drawString(80, 700, text)
    canvas.save()
    with read(path) as reading:
        assert reading.pages[0].load_rules is None
        assert find_tables(reading) == []
