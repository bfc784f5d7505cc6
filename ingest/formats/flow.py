"""What word processors and web pages have in common: text that flows, and tables used as columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.fold import fold, nfc, squeeze
from ingest.formats.layout_words import LAYOUT_TABLE
from ingest.formats.legacy_stretches import converted_lines
from ingest.page import Page
from ingest.tables.flow_cells import FlowTable, TableLine, placed
from ingest.tables.flow_places import flow_tables

#: A cell is its lines; a row its cells.
Row = Sequence[Sequence[str]]


def table_lines(rows: Sequence[Row]) -> Iterator[str]:
    """A table as lines of text.

    The tables of header and signature are two columns without borders: the left column comes whole before the right
    one. Other tables come row by row; a row of single-line cells is one line, its cells separated by tabs. Their lines
    are :class:`TableLine`, but those of a table around another one, which is a means of layout.
    """
    widest = max((len(row) for row in rows), default=0)
    whole = fold(squeeze(" ".join(line for row in rows for cell in row for line in cell)))
    if widest == 2 and LAYOUT_TABLE.search(whole):
        for column in (0, 1):
            for row in rows:
                if column < len(row):
                    yield from row[column]
        return
    if len(rows) < 2 or widest < 2 or any(isinstance(line, TableLine) for row in rows for cell in row for line in cell):
        for row in rows:
            joined = _joined(row)
            yield from [line for cell in row for line in cell] if joined is None else [joined] if joined else []
        return
    table = FlowTable()
    for number, (row, cells) in enumerate(zip(rows, placed(rows), strict=True)):
        table.cells += [cell for cell in cells if cell.row == number]
        joined = _joined(row)
        if joined is None:
            for cell, lines in zip(cells, row, strict=True):
                yield from (TableLine.of(line, table, [(cell, line)]) for line in lines)
        elif joined:
            parts = [(cell, lines[0]) for cell, lines in zip(cells, row, strict=True) if lines]
            yield TableLine.of(joined, table, parts)


def _joined(row: Row) -> str | None:
    """A row of single-line cells as one line, "" where all are empty; None where a cell has several lines."""
    if any(len(cell) > 1 for cell in row):
        return None
    if len(row) == 1:  # as it is: it may be a line of an inner table
        return row[0][0] if row[0] else ""
    return "\t".join(cell[0] if cell else "" for cell in row).strip()


def flow_page(lines: Sequence[str], notes: Sequence[str] = ()) -> Page:
    """The one page of a file whose page breaks depend on the printer.

    Lines in a legacy Vietnamese encoding are converted to Unicode.
    """
    kept = [line for line in lines if line.strip()]
    text, page_notes = "\n".join(kept).replace("\f", "\n"), list(notes)
    text, encodings = converted_lines(text)  # before nfc, which drops the soft hyphen that is TCVN3's ư
    page_notes += [f"đã chuyển từ bảng mã {name.upper()}" for name in encodings]
    text = nfc(text)
    return Page(1, text, "text", notes=page_notes, tables=flow_tables(kept, text))
