"""The tables of a document for pages and exports: rows of cells, each with its place on the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from corpus.errors import NotFound
from corpus.model import Record, Table, TableCell
from corpus.table_kinds import kind_of

#: Rows of a table that the page of its document shows; the table has a page of its own.
SHOWN_ROWS = 60


def shown(record: Record, *, most: int | None = SHOWN_ROWS) -> list[dict[str, Any]]:
    """The tables of *record* as data for a template, the first *most* rows of each."""
    return [as_data(table, number, most) for number, table in enumerate(record.tables, 1)]


def as_data(table: Table, number: int, most: int | None = None) -> dict[str, Any]:
    """One table as data for a template and the API; number: from 1."""
    end = table.rows if most is None else min(table.rows, most)
    rows: list[list[dict[str, Any]]] = [[] for _ in range(end)]
    reached: list[int] = [0] * end
    for cell in sorted(table.cells, key=lambda c: (c.row, c.column)):
        if cell.row < end:
            rows[cell.row] += _blanks(cell.column - reached[cell.row])
            down = min(cell.row_span, end - cell.row)
            rows[cell.row].append(_cell(cell, down, heading=cell.row < table.header_rows))
            for row in range(cell.row, cell.row + down):
                reached[row] = max(reached[row], cell.column + cell.column_span)
    for row, width in enumerate(reached):
        rows[row] += _blanks(table.columns - width)
    return {
        "number": number,
        "kind": kind.words if (kind := kind_of(table)) else "",
        "page": table.regions[0].page if table.regions else 1,
        "pages": [region.page for region in table.regions],
        "header_rows": min(table.header_rows, end),
        "total_rows": [row for row in table.total_rows if row < end],
        "columns": table.columns,
        "count": table.rows,
        "more": table.rows - end,
        "rows": rows,
        "doubts": [doubt.words for doubt in table.doubts],
        "needs_review": table.needs_review,
        "confidence": table.confidence,
    }


def _cell(cell: TableCell, rows: int, *, heading: bool) -> dict[str, Any]:
    return {
        "text": cell.text,
        "rows": rows,
        "columns": cell.column_span,
        "heading": heading,
        "unsure": cell.needs_review,
        "page": cell.page,
        "to": [f"{start}-{end}" for start, end in cell.spans],
    }


def _blanks(columns: int) -> list[dict[str, Any]]:
    """Places without a cell, as one empty cell."""
    if columns <= 0:
        return []
    return [{"text": "", "rows": 1, "columns": columns, "heading": False, "unsure": False, "page": 1, "to": []}]


def table_of(record: Record | None, number: int) -> Table:
    """Table *number* (from 1) of a document. Raises NotFound."""
    if record is None or not 1 <= number <= len(record.tables):
        raise NotFound("Văn bản này không có bảng ấy.", "Hãy xem danh sách bảng ở trang văn bản.")
    return record.tables[number - 1]


def texts(table: Table) -> list[list[str]]:
    """The texts by row and column; a cell over several places stands in the first, the others are ""."""
    out = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        if cell.row < table.rows and cell.column < table.columns:
            out[cell.row][cell.column] = cell.text
    return out


def merged(table: Table) -> Sequence[tuple[int, int, int, int]]:
    """The first row, first column, last row and last column of each cell over several places."""
    return [
        (cell.row, cell.column, cell.row + cell.row_span - 1, cell.column + cell.column_span - 1)
        for cell in table.cells
        if cell.row_span * cell.column_span > 1
    ]
