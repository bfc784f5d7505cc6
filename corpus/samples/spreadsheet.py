"""A sample as a spreadsheet: the attachments of a decision alone, as offices send their lists."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import xlsxwriter

from corpus.samples.annex_table import annex_tables, placed_cells
from corpus.samples.source import MARK, Sample, plain

_DAY = datetime(2020, 1, 1, tzinfo=UTC)


def write(sample: Sample) -> bytes:
    """The file; the same bytes each time."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": f"{MARK} - {sample.name}", "author": MARK, "created": _DAY})
    bold = book.add_format({"bold": True, "text_wrap": True})
    plainly = book.add_format({"text_wrap": True, "valign": "top"})
    for part in sample.parts[1:]:
        sheet = book.add_worksheet(str(part.data.get("sheet", f"Bảng {part.index}")))
        at = 0
        for line in (str(part.data["type"]), plain(part.title), plain(part.under_title)):
            if line:
                sheet.write_string(at, 0, line, bold)
                at += 1
        at += 1
        for table in annex_tables(part.blocks):
            for cell in placed_cells(table):
                row, text = at + cell.row, plain(cell.runs).strip()
                form = bold if table[cell.row].kind == "head" else plainly
                if cell.rows * cell.columns > 1:
                    last = row + cell.rows - 1, cell.column + cell.columns - 1
                    sheet.merge_range(row, cell.column, *last, text, form)
                elif text.isascii() and text.isdigit():
                    sheet.write_number(row, cell.column, int(text), form)
                elif text:
                    sheet.write_string(row, cell.column, text, form)
            at += len(table) + 1
        sheet.write_string(at + 1, 0, f"{MARK} - không có giá trị pháp lý")
    book.close()
    return out.getvalue()
