"""The rows of a record's tables for the search: the cells of each, with their places in the stored text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any


@dataclass(frozen=True, slots=True)
class RowCell:
    """A cell with words."""

    text: str
    #: Stretches of the stored text that make the text, joined by single characters.
    spans: tuple[tuple[int, int], ...]

    def places(self, start: int, end: int) -> list[tuple[int, int]]:
        """The stretches of the stored text of ``text[start:end]``; those of the whole cell where they differ."""
        lengths = [stop - begin for begin, stop in self.spans]
        if not lengths or sum(lengths) + len(lengths) - 1 != len(self.text):
            return list(self.spans)
        starts = list(accumulate((length + 1 for length in lengths[:-1]), initial=0))
        found = []
        for at in range(max(0, bisect_right(starts, start) - 1), len(self.spans)):
            first = max(0, start - starts[at])
            last = min(lengths[at], end - starts[at])
            if last <= 0:
                break
            if first < last:
                found.append((self.spans[at][0] + first, self.spans[at][0] + last))
        return found


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: its own cells, and those that reach into it from above."""

    #: The table, from 1, and its row, from 0.
    table: int
    row: int
    page: int
    cells: tuple[RowCell, ...]
    #: Which of the cells begin in this row.
    own: frozenset[int]


def cell_texts(tables: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The texts of the cells of *tables*, as a stored record has them."""
    return (cell["text"] for table in tables for cell in table["cells"] if cell["text"])


def rows_of(tables: Sequence[dict[str, Any]]) -> Iterator[TableRow]:
    """The rows of *tables* that have words, in order."""
    for number, table in enumerate(tables, 1):
        by_row: dict[int, list[tuple[int, bool, int, RowCell]]] = {}
        for cell in table["cells"]:
            if not cell["text"]:
                continue
            made = RowCell(cell["text"], tuple((start, end) for start, end in cell["spans"]))
            for row in range(cell["row"], min(table["rows"], cell["row"] + cell.get("row_span", 1))):
                by_row.setdefault(row, []).append((cell["column"], row == cell["row"], cell.get("page", 1), made))
        for row, found in sorted(by_row.items()):
            found.sort(key=lambda entry: entry[0])
            own = frozenset(at for at, entry in enumerate(found) if entry[1])
            if own:
                page = min(found[at][2] for at in own)
                yield TableRow(number, row, page, tuple(entry[3] for entry in found), own)
