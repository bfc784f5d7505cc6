"""What the rows of a table are: headings, totals, and whether numbers and sums are as they should be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from corpus.fold import fold, squeeze
from corpus.model import Table, TableCell
from corpus.vocabulary import TableDoubt
from ingest.formats.layout_words import LAYOUT_TABLE
from ingest.tables.numbering import follows, heads_numbers, is_group_number, row_number

#: Rows that can be headings.
_MOST_HEADINGS = 6
_TOTAL = re.compile(r"(tong cong|tong so|tong gia tri|tong kinh phi|tong diem|tong|cong)\b")
_NUMBERS = re.compile(r"(?<!\S)\d{1,3}(?!\S)")
_AMOUNT = re.compile(r"-?\d{1,3}(?:[.,]\d{3})+|-?\d+(?:[.,]\d+)?")
#: Cells with text that a table has at least.
_FEWEST_CELLS = 4
#: Rows and headings that an empty form has at least.
_FORM = 3
#: Rows that a total adds up at most.
_MOST_ADDED = 2000


def is_data(table: Table) -> bool:
    """Whether it is a table of data: not the letterhead, the signature, a frame or a single row."""
    full = [cell for cell in table.cells if cell.text]
    if len(full) < _FEWEST_CELLS:
        return False
    rows, columns = {cell.row for cell in full}, {cell.column for cell in full}
    if len(columns) < 2 or (len(rows) < 2 and not _is_empty_form(table, full)):
        return False
    return not LAYOUT_TABLE.search(squeeze(fold(" ".join(cell.text for cell in full[:40]))))


def _is_empty_form(table: Table, full: Sequence[TableCell]) -> bool:
    """Whether only the headings of a table have words, with rows below that are to be filled in."""
    return table.rows >= _FORM and len(full) >= _FORM and all(cell.row == 0 for cell in full)


def describe(table: Table) -> None:
    """Add to *table* which rows are headings and totals, and what is doubtful about its numbers and sums."""
    by_row: dict[int, list[TableCell]] = {}
    for cell in table.cells:
        by_row.setdefault(cell.row, []).append(cell)
    table.header_rows = _header_rows(table, by_row)
    table.total_rows = [row for row in range(table.header_rows, table.rows) if _is_total(by_row.get(row, []))]
    doubts = [
        *([TableDoubt.NUMBERS_BROKEN] if _numbers_broken(table, by_row) else []),
        *([TableDoubt.TOTAL_DIFFERS] if _total_differs(table, by_row) else []),
        *([TableDoubt.POORLY_READ] if any(cell.needs_review for cell in table.cells) else []),
    ]
    table.doubts += [doubt for doubt in doubts if doubt not in table.doubts]
    table.needs_review = table.needs_review or bool(table.doubts)


def number_column(table: Table) -> int | None:
    """The column of row numbers, by its heading; None where there is none."""
    for cell in table.cells:
        if cell.row < max(1, table.header_rows) and heads_numbers(cell.text):
            return cell.column
    return None


def _header_rows(table: Table, by_row: dict[int, list[TableCell]]) -> int:
    """How many rows at the top are headings."""
    end = 0
    for row in range(min(_MOST_HEADINGS, table.rows - 1)):
        cells = [cell for cell in by_row.get(row, []) if cell.text]
        if row < end:  # reached by a heading over several rows
            end = max(end, *(cell.row + cell.row_span for cell in cells), row + 1) if cells else end
            continue
        if _numbers_columns(cells) and row:
            return row + 1
        if row and not (row == 1 and _is_title(table, by_row.get(0, []))):
            return end
        if not cells or _is_body(cells):
            return end
        end = max(row + 1, *(cell.row + cell.row_span for cell in cells))
    return min(end, table.rows - 1)


def _is_title(table: Table, cells: Sequence[TableCell]) -> bool:
    """Whether a row is one cell over the whole width: the title of the table inside it."""
    full = [cell for cell in cells if cell.text]
    return len(full) == 1 and full[0].column_span >= max(2, table.columns - 1)


def _is_body(cells: Sequence[TableCell]) -> bool:
    """Whether a row is no heading: it begins with a number, or is numbers for the most part."""
    if row_number(cells[0].text) is not None and cells[0].column == 0:
        return True
    amounts = sum(1 for cell in cells if _AMOUNT.fullmatch(cell.text.strip()))
    return amounts * 2 > len(cells)


def _numbers_columns(cells: Sequence[TableCell]) -> bool:
    """Whether a row numbers the columns: "(1) (2) (3)", "A B 1 2 3"."""
    if len(cells) < 2:
        return False
    numbers = [row_number(cell.text.split("=")[0]) for cell in cells]
    known = [number for number in numbers if number is not None]
    others = [cell.text for cell, number in zip(cells, numbers, strict=True) if number is None]
    return len(known) >= 2 and known == list(range(1, len(known) + 1)) and all(is_group_number(text) for text in others)


def _is_total(cells: Sequence[TableCell]) -> bool:
    first = next((cell for cell in cells if cell.text and row_number(cell.text) is None), None)
    return first is not None and bool(_TOTAL.match(squeeze(fold(first.text)).lstrip("* -")))


def _numbers_broken(table: Table, by_row: dict[int, list[TableCell]]) -> bool:
    column = number_column(table)
    if column is None:
        return False
    before: int | None = None
    for row in range(table.header_rows, table.rows):
        for cell in by_row.get(row, []):
            number = row_number(cell.text) if cell.column == column else None
            if cell.column == column and number is None and len(_NUMBERS.findall(cell.text)) > 1:
                return True  # numbers of several rows in one cell
            if number is not None:
                if not follows(number, before):
                    return True
                before = number
    return False


def amount(text: str) -> Decimal | None:
    """The number that a cell states ("1.250.000", "12,5"); None for anything else."""
    text = text.strip().replace(" ", "")
    if not _AMOUNT.fullmatch(text):
        return None
    grouped = re.fullmatch(r"-?\d{1,3}([.,])\d{3}(?:\1\d{3})*", text)
    return Decimal(re.sub(r"[.,]", "", text) if grouped else text.replace(",", "."))


def _total_differs(table: Table, by_row: dict[int, list[TableCell]]) -> bool:
    """Whether the one total at the end of plainly numbered rows is not their sum, in a column of numbers."""
    column = number_column(table)
    if len(table.total_rows) != 1 or column is None or table.rows > _MOST_ADDED:
        return False
    total = table.total_rows[0]
    body = [row for row in range(table.header_rows, table.rows) if row != total]
    numbers = [next((row_number(c.text) for c in by_row.get(row, []) if c.column == column), None) for row in body]
    if numbers != list(range(1, len(body) + 1)):
        return False
    for sum_cell in by_row.get(total, []):
        wanted = amount(sum_cell.text)
        if wanted is None or sum_cell.column_span > 1:
            continue
        cells = [next((c for c in by_row.get(row, []) if c.column == sum_cell.column), None) for row in body]
        values = [amount(c.text) for c in cells if c is not None and c.text]
        known = [value for value in values if value is not None]
        if known and len(known) == len(values) and sum(known) != wanted and wanted != len(body):
            return True
    return False
