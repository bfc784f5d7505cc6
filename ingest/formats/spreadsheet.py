"""Spreadsheets (.xlsx, .xlsb, .xls, .ods): a page for each sheet, its rows as lines, formulas as their values.

Cells of a row are separated by tabs. A letterhead at the top of a sheet is read column by column, as in other files.
Hidden sheets are no text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from corpus.errors import ReadFailure
from corpus.fold import fold
from corpus.vocabulary import Verdict
from ingest.formats import Source
from ingest.formats.archive import check_archive
from ingest.formats.flow import flow_page
from ingest.formats.layout_words import LAYOUT_TABLE
from ingest.formats.sheet_tables import Merges, SheetRow, sheet_lines
from ingest.formats.sniff import FileType
from ingest.limits import MEGABYTE
from ingest.options import ReadOptions
from ingest.page import Page, Reading

FILE_TYPES = frozenset({FileType.SHEET, FileType.XLS})

#: Rows at the top of a sheet among which its letterhead stands, and rows that may follow quốc hiệu in it.
_TOP_ROWS, _BELOW_MOTTO = 12, 3
#: Cells of a row of a letterhead.
_LETTERHEAD_CELLS = 2
#: Significant digits of a printed number.
_DIGITS = 15


def read(source: Source, options: ReadOptions) -> Reading:
    """Read a spreadsheet (:class:`ingest.formats.Reader`)."""
    limits = options.limits
    if source.file_type is FileType.SHEET:
        check_archive(source.path, limits)
    elif source.path.stat().st_size > limits.unpacked_bytes:
        message = f"Bảng tính lớn hơn {limits.unpacked_bytes // MEGABYTE} MB."
        raise ReadFailure(message, Verdict.TOO_LARGE, "Hãy chia nhỏ tệp.")
    pages: list[Page] = []
    characters = 0
    for name, rows, merges in _sheets(source):
        lines, full = [], False
        for line in _lines(rows, merges):
            lines.append(line)
            characters += len(line)
            if full := characters > limits.text_bytes:
                break  # the reading is refused as too large
        page = flow_page(lines, [f"trang tính “{name}”"])
        page.number = len(pages) + 1
        pages.append(page)
        if full:
            break
    if not any(page.text for page in pages):
        raise ReadFailure("Bảng tính không có ô nào có chữ.", Verdict.NO_TEXT, "Hãy kiểm tra lại tệp gốc.")
    return Reading(str(source.path), source.sha256, pages, is_spreadsheet=True)


def _sheets(source: Source) -> Iterator[tuple[str, Iterator[list[Any]], Merges]]:
    """Name, rows and merged cells of each visible sheet. Raises ReadFailure: ``ma_hoa``, ``hong``."""
    import python_calamine as calamine

    try:
        workbook = calamine.CalamineWorkbook.from_path(str(source.path))
        for sheet in workbook.sheets_metadata:
            if sheet.visible is calamine.SheetVisibleEnum.Visible and sheet.typ is calamine.SheetTypeEnum.WorkSheet:
                opened = workbook.get_sheet_by_name(sheet.name)
                left = opened.start[1] if opened.start else 0
                merges = {
                    (top, first - left): (bottom - top + 1, last - first + 1)
                    for (top, first), (bottom, last) in opened.merged_cell_ranges or ()
                }
                yield sheet.name, iter(opened.iter_rows()), merges
    except calamine.PasswordError as error:
        raise ReadFailure("Bảng tính có mật khẩu.", Verdict.ENCRYPTED, "Hãy bỏ mật khẩu rồi nạp lại.") from error
    except (calamine.CalamineError, OSError, ValueError, OverflowError, LookupError) as error:
        raise ReadFailure("Bảng tính bị hỏng, không mở được.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc.") from error


def _lines(rows: Iterator[list[Any]], merges: Merges) -> Iterator[str]:
    """The lines of a sheet, those of its letterhead column by column."""
    filled = (
        (number, [(column, text) for column, value in enumerate(cells) if (text := cell_text(value).strip())])
        for number, cells in enumerate(rows)
    )
    top = list(islice(filled, _TOP_ROWS))
    end, motto_column = _letterhead([row for _, row in top])
    for right in (False, True):
        for column, text in (cell for _, row in top[:end] for cell in row):
            if (column >= motto_column - 1 and column > 0) is right:
                yield from (" ".join(line.split()) for line in text.split("\n") if line.strip())
    yield from sheet_lines(chain(top[end:], filled), merges)


def _letterhead(rows: Sequence[SheetRow]) -> tuple[int, int]:
    """(how many rows the letterhead takes, the column of quốc hiệu); (0, 0) where there is none."""
    motto = next(
        ((at, column) for at, row in enumerate(rows) for column, text in row if LAYOUT_TABLE.search(fold(text))), None
    )
    if motto is None or motto[1] == 0:
        return 0, 0
    end = motto[0] + 1
    while end < min(len(rows), motto[0] + 1 + _BELOW_MOTTO) and _is_letterhead(rows[end], motto[1]):
        end += 1
    return end, motto[1]


def _is_letterhead(row: SheetRow, motto_column: int) -> bool:
    """Whether a row below quốc hiệu belongs to the letterhead: nothing, or a cell on either side."""
    if len(row) > _LETTERHEAD_CELLS:
        return False
    return not row or row[-1][0] >= motto_column - 1


def cell_text(value: Any) -> str:
    """A cell's value as it is printed: whole numbers without a point, days as dd/mm/yyyy."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 10**_DIGITS else f"{value:.{_DIGITS}g}"
    if isinstance(value, dt.datetime):
        day = f"{value.day:02d}/{value.month:02d}/{value.year}"
        return day if value.time() == dt.time() else f"{day} {value:%H:%M}"
    if isinstance(value, dt.date):
        return f"{value.day:02d}/{value.month:02d}/{value.year}"
    return str(value)
