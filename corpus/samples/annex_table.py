"""Tables of annexes: cells over several rows and columns, headings printed again on each page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.samples.sheet import HEIGHT, LEFT, TEXT_WIDTH, Sheet
from corpus.samples.source import Block, Run, plain
from corpus.samples.typesetting import Word

#: Cells that belong to the one on the left, and to the one above.
_TO_THE_LEFT, _ABOVE = "<", "^"
#: By how much the letters of a table are smaller, and the distance of its lines.
_SMALLER, _LEADING = 3.0, 1.18
_MARGIN = 4.0


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell with its place in the table."""

    row: int
    column: int
    rows: int
    columns: int
    runs: tuple[Run, ...]


def annex_tables(blocks: Sequence[Block]) -> list[list[Block]]:
    """The tables among *blocks* that begin with headings: their rows."""
    tables: list[list[Block]] = []
    open_table: list[Block] | None = None
    for block in blocks:
        if block.kind == "head" and open_table is None:
            open_table = []
            tables.append(open_table)
        if open_table is not None and block.kind in ("head", "row"):
            open_table.append(block)
        elif block.kind != "footnote":
            open_table = None
    return tables


def placed_cells(rows: Sequence[Block]) -> list[PlacedCell]:
    """The cells of a table, those that belong to another one taken into it."""
    texts = [[plain(runs).strip() for runs in row.cells] for row in rows]
    placed = []
    for at, row in enumerate(rows):
        for column, runs in enumerate(row.cells):
            if texts[at][column] in (_TO_THE_LEFT, _ABOVE):
                continue
            across = down = 1
            while column + across < len(row.cells) and texts[at][column + across] == _TO_THE_LEFT:
                across += 1
            while at + down < len(rows) and texts[at + down][column] == _ABOVE:
                down += 1
            placed.append(PlacedCell(at, column, down, across, runs))
    return placed


@dataclass(frozen=True, slots=True)
class _Drawn:
    cell: PlacedCell
    lines: list[list[Word]]


def draw_annex(sheet: Sheet, rows: Sequence[Block], widths: tuple[int, ...], smaller: float = _SMALLER) -> None:
    """Draw a table on *sheet* and the sheets after it; widths: of the columns in percent.

    smaller: by how many points its letters are smaller than running text.
    """
    size = sheet.size - smaller
    edges = [LEFT]
    for share in widths:
        edges.append(edges[-1] + TEXT_WIDTH * share / 100)
    drawn = []
    for cell in placed_cells(rows):
        width = edges[cell.column + cell.columns] - edges[cell.column] - 2 * _MARGIN
        words = sheet.face.words(cell.runs, bold=rows[cell.row].kind == "head")
        drawn.append(_Drawn(cell, sheet.face.lines(words, size, width)))
    heights = _heights(drawn, len(rows), size)
    heads = [at for at, row in enumerate(rows) if row.kind == "head"]
    sheet.make_room(sum(heights[at] for at in heads) + heights[len(heads)] + size)
    at = 0
    while at < len(rows):
        together = _together(drawn, at)
        page = sheet.page
        sheet.make_room(sum(heights[at : at + together]))
        if sheet.page != page and at > len(heads):
            _draw(sheet, drawn, (heights, edges, size), range(heads[0], heads[-1] + 1))
        _draw(sheet, drawn, (heights, edges, size), range(at, at + together))
        at += together
    sheet.y += size


def _heights(drawn: Sequence[_Drawn], rows: int, size: float) -> list[float]:
    """The height of each row; a cell over several rows makes the last of them higher where it needs room."""
    heights = [0.0] * rows
    for one in sorted(drawn, key=lambda d: d.cell.rows):
        needed = len(one.lines) * size * _LEADING + 6
        last = one.cell.row + one.cell.rows - 1
        missing = needed - sum(heights[one.cell.row : last + 1])
        heights[last] += max(0.0, missing)
    return heights


def _together(drawn: Sequence[_Drawn], at: int) -> int:
    """How many rows from *at* on cells over several rows hold together."""
    end = at + 1
    for one in sorted(drawn, key=lambda d: d.cell.row):
        if at <= one.cell.row < end:
            end = max(end, one.cell.row + one.cell.rows)
    return end - at


def _draw(sheet: Sheet, drawn: Sequence[_Drawn], measures: tuple[list[float], list[float], float], rows: range) -> None:
    """Draw *rows*; measures: the heights of all rows, the edges of the columns, the size of the letters."""
    heights, edges, size = measures
    top = sheet.y - size
    tops = {row: top + sum(heights[above] for above in rows if above < row) for row in rows}
    sheet.canvas.setLineWidth(0.5)
    for one in drawn:
        cell = one.cell
        if cell.row not in rows:
            continue
        x, width = edges[cell.column], edges[cell.column + cell.columns] - edges[cell.column]
        height = sum(heights[cell.row : cell.row + cell.rows])
        sheet.canvas.rect(x, HEIGHT - tops[cell.row] - height, width, height)
        for number, line in enumerate(one.lines):
            sheet.line(line, x + _MARGIN, tops[cell.row] + size * (1.1 + _LEADING * number), size)
    sheet.y += sum(heights[row] for row in rows)
