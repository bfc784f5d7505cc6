"""What is counted when tables are compared with the truth: cells, rows, figures that are wrong without a mark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.fuzz import ratio

from corpus.model import Table, TableCell

#: row, column, text.
Found = tuple[int, int, str]
#: Likeness (percent) from which a scanned cell is read right; OCR loses a letter of a long cell now and then.
SCANNED = 90.0
_FIGURE = re.compile(r"[\d.,\s%-]*\d[\d.,\s%-]*")


@dataclass(slots=True)
class Truth:
    """A table that is known."""

    #: row, column, rows taken, columns taken, text.
    cells: Sequence[tuple[int, int, int, int, str]]
    rows: int
    header_rows: int
    #: Columns whose digits must not be wrong without a mark; None for every cell that is a figure.
    figures: Sequence[int] | None = None

    def is_figure(self, row: int, column: int, text: str) -> bool:
        """Whether the digits of a cell must not be wrong without a mark."""
        if row < self.header_rows or not any(char.isdigit() for char in text):
            return False
        return bool(_FIGURE.fullmatch(text)) if self.figures is None else column in self.figures


@dataclass(slots=True)
class Score:
    """What was counted over several tables. likeness: from which a cell is right, 100 for the very same text."""

    likeness: float = 100.0
    right: int = 0
    wanted: int = 0
    given: int = 0
    tables: int = 0
    rows_right: int = 0
    #: Cells with wrong digits that no mark warns of.
    silent: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the shares of wanted and of given cells that are right."""
        return 2 * self.right / (self.wanted + self.given) if self.wanted + self.given else 0.0

    @property
    def rows(self) -> float:
        """The share of tables with the right number of rows."""
        return self.rows_right / self.tables if self.tables else 0.0

    def add(self, truth: Truth, cells: Iterable[Found], rows: int) -> None:
        """Count one table."""
        wanted = {(row, column): text for row, column, _, _, text in truth.cells if text}
        given = {(row, column): text for row, column, text in cells if text}
        self.right += sum(1 for at, text in given.items() if at in wanted and self._same(text, wanted[at]))
        self.wanted += len(wanted)
        self.given += len(given)
        self.tables += 1
        self.rows_right += rows == truth.rows

    def _same(self, text: str, wanted: str) -> bool:
        return text == wanted or (self.likeness < 100 and ratio(text, wanted) >= self.likeness)

    def count(self, truth: Truth, table: Table | None) -> None:
        """Count what the program read of one table; None where it read none."""
        cells = [] if table is None else [(c.row, c.column, c.text) for c in table.cells]
        self.add(truth, cells, table.rows if table else 0)
        if table is None or (table.rows != truth.rows and table.needs_review):
            return
        found = {(c.row, c.column): c for c in table.cells}
        for row, column, _, _, text in truth.cells:
            if truth.is_figure(row, column, text) and _is_silent(found.get((row, column)), text):
                cell = found.get((row, column))
                self.silent.append(f"{text!r} → {cell.text if cell else None!r}")


def _is_silent(cell: TableCell | None, text: str) -> bool:
    """Whether the digits of a cell are wrong and no mark says so."""
    if cell is not None and cell.needs_review:
        return False
    return _digits(cell.text if cell else "") != _digits(text)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
