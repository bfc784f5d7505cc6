"""Tables as a workbook (.xlsx): texts as they are, so that a spreadsheet neither runs nor rounds them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

#: Characters of one cell that Excel takes.
_MOST_CHARACTERS = 32_000
#: Widths of columns, in characters.
_NARROWEST, _WIDEST = 6, 48
#: Characters of a sheet's name, and those it may not have.
_NAME_LENGTH, _NOT_IN_NAMES = 31, str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(slots=True)
class Sheet:
    """A sheet: rows of texts."""

    name: str
    rows: Sequence[Sequence[str]]
    header_rows: int = 1
    #: First row, first column, last row, last column of merged cells.
    merged: Sequence[tuple[int, int, int, int]] = field(default_factory=tuple)


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The file with *sheets*, at least one."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    plain = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    heading = book.add_format({"text_wrap": True, "valign": "vcenter", "border": 1, "bold": True, "align": "center"})
    for number, one in enumerate(sheets, 1):
        sheet = book.add_worksheet(f"{number}. {one.name}".translate(_NOT_IN_NAMES)[:_NAME_LENGTH])
        taken = _apart(one.merged)
        for at, row in enumerate(one.rows):
            style = heading if at < one.header_rows else plain
            for column, text in enumerate(row):
                if (at, column) in taken:
                    last_row, last_column = taken[at, column]
                    sheet.merge_range(at, column, last_row, last_column, "", style)
                sheet.write_string(at, column, text[:_MOST_CHARACTERS], style)
        widths = [max((len(row[c]) for row in one.rows if c < len(row)), default=0) for c in range(_columns(one))]
        for column, width in enumerate(widths):
            sheet.set_column(column, column, max(_NARROWEST, min(_WIDEST, width + 2)))
        if one.header_rows:
            sheet.freeze_panes(one.header_rows, 0)
    book.close()
    return buffer.getvalue()


def _columns(sheet: Sheet) -> int:
    return max((len(row) for row in sheet.rows), default=0)


def _apart(merged: Sequence[tuple[int, int, int, int]]) -> dict[tuple[int, int], tuple[int, int]]:
    """Merged cells by their first place, those left out that overlap another one."""
    places: set[tuple[int, int]] = set()
    kept: dict[tuple[int, int], tuple[int, int]] = {}
    for top, left, bottom, right in merged:
        own = {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
        if not own & places:
            places |= own
            kept[top, left] = (bottom, right)
    return kept
