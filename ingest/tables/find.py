"""The tables of a document that has been read: from the file itself, from rules, from columns of words."""

from __future__ import annotations

from dataclasses import replace

from corpus.model import Table, TableCell
from corpus.vocabulary import TableDoubt
from ingest.page import Page, Reading
from ingest.tables.grid import grids
from ingest.tables.joining import Part, joined
from ingest.tables.numbered_rows import with_numbered_rows
from ingest.tables.page_table import (
    PageCell,
    PageTable,
    doubt_letters_for_digits,
    doubt_rules_for_digits,
    filled,
    without_rules,
    without_specks,
)
from ingest.tables.picture_rules import doubt_unread_ink, may_have_table, moved, picture_rules, straightened
from ingest.tables.structure import describe, is_data
from ingest.tables.turned import Turn, turn_of, turned_rules, turned_words
from ingest.tables.unruled import may_be_unruled, unruled_tables

#: Cells that are kept of one document; longer tables are cut between two rows and say so.
MOST_CELLS = 20_000
#: Cells with words that a ruled part of a picture has at least: a stamp or a frame has fewer.
_FEWEST_CELLS = 4
#: Share of its cells that have words; the lines of a drawing or a photograph have less.
_FULL = 0.15
#: Share of its width over which the headings of an empty form stand.
_HEADED = 0.7
#: Cells of the largest such form; a shaded picture has more.
_FORM_CELLS = 400
#: Width over height of an A4 page, where a file has no page size.
_A4_ASPECT = 0.707


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
    if page.unread is not None:
        return []
    tables = _on_picture(page, offset) if page.source == "ocr" else _by_rules(page, offset)
    return [Part(table.as_table(), table.xs) for table in tables]


def _by_rules(page: Page, offset: int) -> list[PageTable]:
    """The tables of a page with a text layer, by the rules that the file draws."""
    rules = page.load_rules() if page.load_rules is not None else None
    if rules is None and not may_be_unruled(page.text):
        return []
    words = [word for word in page.load_words() if word.text.strip()]
    aspect = _aspect(page)
    turn = turn_of(words, aspect)
    found = grids(turned_rules(rules, turn)) if rules is not None else []
    if not found and not may_be_unruled(page.text):
        return []
    if turn is not Turn.UPRIGHT:
        words, aspect = turned_words(words, turn), 1 / aspect
    tables = [with_numbered_rows(filled(grid, words, page.number, offset, ocr=False)) for grid in found]
    tables = tables or unruled_tables(words, page.number, offset, aspect, ocr=False)
    for table in tables:
        table.turn = turn
    return tables


def _aspect(page: Page) -> float:
    return page.width / page.height if page.width and page.height else _A4_ASPECT


def _on_picture(page: Page, offset: int) -> list[PageTable]:
    """The tables of a page that was read by OCR, by the rules on its picture; its words stay as they were read."""
    words = [word for word in page.load_words() if word.text.strip()]
    if page.load_image is None or not (page.has_fields or may_have_table(words, _aspect(page))):
        return []
    rules = picture_rules(page)
    found = grids(rules)
    words = [word for one in words if (word := without_rules(one)) is not None]
    words = straightened(words, rules.slope, _aspect(page))
    tables = [filled(grid, words, page.number, offset, ocr=True) for grid in found]
    tables = [table for table in tables if _has_text(table)]
    if not tables and may_be_unruled(page.text):
        tables = unruled_tables(words, page.number, offset, _aspect(page), ocr=True)
    for table in tables:
        doubt_unread_ink(page, table, rules.slope)
    tables = [with_numbered_rows(table) for table in tables]
    for table in tables:
        without_specks(table)
        doubt_rules_for_digits(table)
        doubt_letters_for_digits(table)
    for cell in (cell for table in tables for cell in table.cells):
        cell.box = moved(cell.box, -rules.slope, _aspect(page))
    return tables


def _has_text(table: PageTable) -> bool:
    """Whether a ruled part of a picture is a table: enough of its cells have words, few of them a sign alone."""
    full = [cell for cell in table.cells if any(char.isalnum() for word in cell.words for char in word.text)]
    return len(full) >= max(_FEWEST_CELLS, _FULL * len(table.cells)) or _is_form(table, full)


def _is_form(table: PageTable, full: list[PageCell]) -> bool:
    """Whether the cells with words are a row of headings over the table's width: a form that is to be filled in."""
    first = min((cell.row for cell in full), default=0)
    headings = [cell for cell in full if cell.row == first]
    if len(headings) < _FEWEST_CELLS or len(table.cells) > _FORM_CELLS:
        return False
    return sum(cell.box[2] - cell.box[0] for cell in headings) >= _HEADED * (table.xs[-1] - table.xs[0])


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
