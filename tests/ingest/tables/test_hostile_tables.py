"""Hostile tables: a hundred thousand cells, tables in tables, grids over one another; read within limits or not."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from ingest.read import read
from ingest.tables.find import MOST_CELLS, find_tables
from ingest.tables.grid import grids
from ingest.tables.rules import Rule, Rules


def cells_of(path: Path) -> int:
    with read(path) as reading:
        return sum(len(table.cells) for table in find_tables(reading))


def squared(lines: int) -> Rules:
    """Squared paper."""
    places = [0.1 + 0.8 * at / lines for at in range(lines + 1)]
    return Rules([Rule(at, 0.1, 0.9) for at in places], [Rule(at, 0.1, 0.9) for at in places], 0.0001, 0.0001)


def test_a_grid_of_a_hundred_thousand_fields_is_a_drawing() -> None:
    assert grids(squared(320)) == []
    assert len(grids(squared(60))[0].cells) == 3600


def test_grids_over_one_another_are_not_read_twice() -> None:
    first, second = squared(6), squared(4)
    moved = Rules(
        [Rule(r.at + 0.013, r.start, r.end) for r in second.horizontal],
        [Rule(r.at + 0.017, r.start, r.end) for r in second.vertical],
    )
    both = Rules([*first.horizontal, *moved.horizontal], [*first.vertical, *moved.vertical], 0.001, 0.001)
    found = grids(both)
    fields = sum(cell.row_span * cell.column_span for grid in found for cell in grid.cells)
    assert fields == sum((len(grid.xs) - 1) * (len(grid.ys) - 1) for grid in found)


def test_a_page_of_squared_paper_with_words_is_cut(tmp_path: Path) -> None:
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for at in range(201):
        canvas.line(50, 50 + at * 3.5, 500, 50 + at * 3.5)
        canvas.line(50 + at * 2.25, 50, 50 + at * 2.25, 750)
    canvas.setFont("Helvetica", 2)
    for row in range(0, 200, 2):
        canvas.drawString(51, 51 + row * 3.5, " ".join(["x"] * 150))
    canvas.save()
    (tmp_path / "a.pdf").write_bytes(buffer.getvalue())
    assert cells_of(tmp_path / "a.pdf") <= MOST_CELLS


def test_tables_in_tables_are_read_without_recursion(tmp_path: Path) -> None:
    inner = "<table><tr><td>STT<td>Tên<tr><td>1<td>Chè<tr><td>2<td>Gạo</table>"
    page = f"<html><meta charset=utf-8>{'<table><tr><td>' * 400}{inner}{'</table>' * 400}</html>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    assert cells_of(tmp_path / "a.html") <= 1000
