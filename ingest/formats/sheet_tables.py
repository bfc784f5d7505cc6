"""Tables on a sheet: stretches of rows without an empty row between them, of which several have several cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ingest.tables.flow_cells import FlowCell, FlowTable, TableLine

#: A row: (column from 0, text) of its cells that are not empty.
SheetRow = list[tuple[int, str]]
#: The rows and columns that merged cells take, by the row and column of their first.
Merges = Mapping[tuple[int, int], tuple[int, int]]


def row_line(row: SheetRow) -> str:
    """A row as a line of text."""
    return "\t".join(" ".join(text.split()) for _, text in row)


def sheet_lines(rows: Iterable[tuple[int, SheetRow]], merges: Merges) -> Iterator[str]:
    """The lines of numbered rows; those of tables are :class:`TableLine`."""
    block: list[tuple[int, SheetRow]] = []
    for number, row in rows:
        if row:
            block.append((number, row))
        elif block:
            yield from _block_lines(block, merges)
            block = []
    if block:
        yield from _block_lines(block, merges)


def _block_lines(block: Sequence[tuple[int, SheetRow]], merges: Merges) -> Iterator[str]:
    """The lines of rows without an empty one between them: first those of titles, then those of a table."""
    wide = [at for at, (_, row) in enumerate(block) if len(row) > 1]
    if len(wide) < 2:
        yield from (row_line(row) for _, row in block)
        return
    yield from (row_line(row) for _, row in block[: wide[0]])
    table, body = FlowTable(), block[wide[0] :]
    top, left = body[0][0], min(row[0][0] for _, row in body)
    for number, row in body:
        parts = []
        for column, text in row:
            down, across = merges.get((number, column), (1, 1))
            cell = FlowCell(number - top, column - left, down, across)
            table.cells.append(cell)
            parts.append((cell, " ".join(text.split())))
        yield TableLine.of(row_line(row), table, parts)
    bottom = body[-1][0] - top + 1
    for cell in table.cells:  # a merged range may reach beyond the rows with text
        cell.row_span = max(1, min(cell.row_span, bottom - cell.row))
