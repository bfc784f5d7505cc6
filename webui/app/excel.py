"""Tables as Excel files."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

#: What the answer with such a file says of it.
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Columns are no wider than this, in characters; longer cells wrap.
_WIDEST = 60
#: What a cell can hold.
_LONGEST = 32_767


def workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]], notes: Sequence[str] = ()) -> bytes:
    """An .xlsx file of one sheet: *title* and *notes* above a table with a filter. Nothing in it is a formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF3"})
    sheet = book.add_worksheet("Danh sách")
    sheet.write_string(0, 0, title, bold)
    for at, note in enumerate(notes, 1):
        sheet.write_string(at, 0, note)
    top = len(notes) + 2
    widths = [len(heading) for heading in headings]
    sheet.write_row(top, 0, headings, head)
    last = top
    for last, row in enumerate(rows, top + 1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(last, column, value, wrapped)
            else:
                text = "" if value is None else str(value)[:_LONGEST]
                sheet.write_string(last, column, text, wrapped)
                widths[column] = max(widths[column], min(len(text), _WIDEST))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width, _WIDEST) + 2)
    sheet.autofilter(top, 0, last, len(headings) - 1)
    sheet.freeze_panes(top + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    book.close()
    return out.getvalue()
