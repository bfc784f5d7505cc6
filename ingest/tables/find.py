"""The tables of a document that has been read: from the file itself, from rules, from columns of words."""

from __future__ import annotations

from dataclasses import replace

from corpus.model import Table, TableCell
from corpus.vocabulary import TableDoubt
from ingest.page import Page, Reading
from ingest.tables.grid import grids
from ingest.tables.joining import Part, joined
from ingest.tables.numbered_rows import with_numbered_rows
from ingest.tables.page_table import filled
from ingest.tables.structure import describe, is_data

#: Cells that are kept of one document; longer tables are cut between two rows and say so.
MOST_CELLS = 20_000


def find_tables(reading: Reading) -> list[Table]:
    """The tables of *reading*, in reading order; offsets point into its text. Call while the reading is open."""
    parts = [part for page, start in zip(reading.pages, reading.starts, strict=True) for part in _parts(page, start)]
    tables = [table for table in joined(parts, reading.text) if is_data(table)]
    for table in tables:
        describe(table)
    return _within_limit(tables)


def _parts(page: Page, offset: int) -> list[Part]:
    """The tables of one page."""
    if page.tables:
        return [Part(_moved(table, page.number, offset)) for table in page.tables]
    if page.load_rules is None or page.unread is not None:
        return []
    found = grids(page.load_rules())
    if not found:
        return []
    words = [word for word in page.load_words() if word.text.strip()]
    tables = [with_numbered_rows(filled(grid, words, page.number, offset, ocr=page.source == "ocr")) for grid in found]
    return [Part(table.as_table(), table.xs) for table in tables]


def _moved(table: Table, page: int, offset: int) -> Table:
    """A table of one page with offsets into the document's text."""
    return replace(
        table,
        cells=[_moved_cell(cell, page, offset) for cell in table.cells],
        regions=[replace(region, page=page) for region in table.regions],
        start=table.start + offset,
        end=table.end + offset,
    )


def _moved_cell(cell: TableCell, page: int, offset: int) -> TableCell:
    return replace(cell, page=page, spans=[(start + offset, end + offset) for start, end in cell.spans])


def _within_limit(tables: list[Table]) -> list[Table]:
    """*tables* up to the limit of cells."""
    kept: list[Table] = []
    left = MOST_CELLS
    for table in tables:
        if left <= 0:
            break
        if len(table.cells) > left:
            table = _cut(table, left)
            if table.rows < 2:
                break
        left -= len(table.cells)
        kept.append(table)
    return kept


def _cut(table: Table, most: int) -> Table:
    """*table* without the rows from which it has more than *most* cells."""
    ordered = sorted(table.cells, key=lambda cell: (cell.row, cell.column))
    end = max(1, ordered[most].row)
    cells = [replace(c, row_span=min(c.row_span, end - c.row)) for c in ordered if c.row < end]
    return replace(
        table,
        rows=end,
        cells=cells,
        header_rows=min(table.header_rows, end),
        total_rows=[row for row in table.total_rows if row < end],
        end=max((stop for cell in cells for _, stop in cell.spans), default=table.start),
        doubts=[*table.doubts, TableDoubt.CUT],
        needs_review=True,
    )
