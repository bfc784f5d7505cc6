"""What the columns of a table are: told by their headings (``corpus/data/product_headings.tsv``)."""

from __future__ import annotations

import re

from corpus.fold import fold, squeeze
from corpus.model import Table
from corpus.tables import rows

_STARS_COLUMN = re.compile(r"(?:hang |dat |san pham )*0?([1-9]) sao")


def columns_of(table: Table) -> dict[str, int]:
    """Kind of value → its column; ``stars3``, ``stars4``, ``stars5`` for columns that are ticked. Each kind once."""
    found: dict[str, int] = {}
    scores: list[tuple[bool, int]] = []
    for column in range(table.columns):
        kind = _kind(headings_above(table, column))
        if kind == "score":
            scores.append((_says_total(table, column), column))
        elif kind and kind not in found:
            found[kind] = column
    if scores:  # a score is the total where parts stand beside it, else the last
        found["score"] = max(scores)[1]
    return found


def headings_above(table: Table, column: int) -> list[str]:
    """The headings above a column, the lowest first, folded."""
    cells = [
        cell
        for cell in table.cells
        if cell.row < table.header_rows and cell.column <= column < cell.column + cell.column_span and cell.text
    ]
    return [squeeze(fold(cell.text)).strip(" .:*") for cell in sorted(cells, key=lambda c: -c.row)]


def _says_total(table: Table, column: int) -> bool:
    return any(heading.startswith(("tong", "diem trung binh", "diem tb")) for heading in headings_above(table, column))


def _kind(headings: list[str]) -> str:
    """The kind of a column by its headings; "" where none is known."""
    for heading in headings:
        if match := _STARS_COLUMN.fullmatch(heading):
            return f"stars{match.group(1)}"
        for row in rows("product_headings"):
            words = row["words"]
            if heading == words if row["match"] == "is" else re.search(rf"(?<!\w){re.escape(words)}(?!\w)", heading):
                return row["kind"]
    return ""
