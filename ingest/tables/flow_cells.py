"""Tables of files whose text flows: which line of text holds which cells, noted while the lines are made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

#: Columns that one cell may take.
MOST_COLUMNS = 100


@dataclass(frozen=True, slots=True)
class Span:
    """How many rows and columns a cell takes."""

    rows: int = 1
    columns: int = 1
    #: Whether it continues the cell above, as Word writes cells that reach over several rows.
    continued: bool = False
    #: Columns left out before it.
    before: int = 0


ONE = Span()


class CellLines(list[str]):
    """The lines of one cell, with its span."""

    def __init__(self, lines: Iterable[str] = (), span: Span = ONE) -> None:
        super().__init__(lines)
        self.span = span


@dataclass(slots=True, eq=False)
class FlowCell:
    """A cell of a table in a flowing text."""

    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(slots=True, eq=False)
class FlowTable:
    """A table in a flowing text; its text is in the lines that name it (:class:`TableLine`)."""

    cells: list[FlowCell] = field(default_factory=list)


class TableLine(str):
    """A line of text that belongs to a table."""

    table: FlowTable
    #: The cells whose texts make the line, in order, with their texts.
    parts: tuple[tuple[FlowCell, str], ...]

    @classmethod
    def of(cls, line: str, table: FlowTable, parts: Sequence[tuple[FlowCell, str]]) -> TableLine:
        """*line* with the cells that make it."""
        made = cls(line)
        made.table, made.parts = table, tuple(parts)
        return made


def placed(rows: Sequence[Sequence[Sequence[str]]]) -> list[list[FlowCell]]:
    """The cell of each of *rows*' cells, with its row and column; one that continues a cell above is that cell.

    As HTML places them: each goes to the first column of its row that no cell from above takes.
    """
    #: By column: the cell that takes it, and the first row that it does not take.
    taken: dict[int, tuple[int, FlowCell]] = {}
    out: list[list[FlowCell]] = []
    for number, row in enumerate(rows):
        cells, column = [], 0
        for lines in row:
            span = lines.span if isinstance(lines, CellLines) else ONE
            column += span.before
            above = taken.get(column) if span.continued else None
            if above is not None and above[0] == number:
                cell = above[1]
                cell.row_span = number - cell.row + 1
            else:
                while column in taken and taken[column][0] > number:
                    column += 1
                down = max(1, min(span.rows, len(rows) - number))
                cell = FlowCell(number, column, down, max(1, min(span.columns, MOST_COLUMNS)))
            cells.append(cell)
            for at in range(column, column + cell.column_span):
                taken[at] = (cell.row + cell.row_span, cell)
            column += cell.column_span
        out.append(cells)
    return out
