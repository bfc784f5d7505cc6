"""Spreadsheets (.xlsx, .xlsb, .xls, .ods): a page for each sheet, its rows as lines, formulas as their values.

Cells of a row are separated by tabs. A letterhead at the top of a sheet is read column by column, as in other files.
Hidden sheets are no text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from corpus.errors import ReadFailure
from corpus.fold import fold
from corpus.vocabulary import Verdict
from ingest.formats import Source
from ingest.formats.archive import check_archive
from ingest.formats.flow import LAYOUT_TABLE, flow_page
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

#: A row: (column from 0, text) of its cells that are not empty.
_Row = list[tuple[int, str]]


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
    for name, rows in _sheets(source):
        lines, full = [], False
        for line in _lines(rows):
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
    return Reading(str(source.path), source.sha256, pages)


def _sheets(source: Source) -> Iterator[tuple[str, Iterator[list[Any]]]]:
    """Name and rows of each visible sheet. Raises ReadFailure: ``ma_hoa``, ``hong``."""
    import python_calamine as calamine

    try:
        workbook = calamine.CalamineWorkbook.from_path(str(source.path))
        for sheet in workbook.sheets_metadata:
            if sheet.visible is calamine.SheetVisibleEnum.Visible and sheet.typ is calamine.SheetTypeEnum.WorkSheet:
                yield sheet.name, iter(workbook.get_sheet_by_name(sheet.name).iter_rows())
    except calamine.PasswordError as error:
        raise ReadFailure("Bảng tính có mật khẩu.", Verdict.ENCRYPTED, "Hãy bỏ mật khẩu rồi nạp lại.") from error
    except (calamine.CalamineError, OSError, ValueError, OverflowError, LookupError) as error:
        raise ReadFailure("Bảng tính bị hỏng, không mở được.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc.") from error


def _lines(rows: Iterator[list[Any]]) -> Iterator[str]:
    """The lines of a sheet, those of its letterhead column by column."""
    top: list[_Row] = []
    for cells in rows:
        row = [(column, text) for column, value in enumerate(cells) if (text := cell_text(value).strip())]
        if len(top) < _TOP_ROWS:
            top.append(row)
            if len(top) == _TOP_ROWS:
                yield from _top_lines(top)
        elif row:
            yield _line(row)
    if len(top) < _TOP_ROWS:
        yield from _top_lines(top)


def _line(row: _Row) -> str:
    return "\t".join(" ".join(text.split()) for _, text in row)


def _top_lines(rows: Sequence[_Row]) -> Iterator[str]:
    """The first rows of a sheet; where quốc hiệu is among them, the letterhead's left column, then its right one."""
    motto = next(
        ((at, column) for at, row in enumerate(rows) for column, text in row if LAYOUT_TABLE.search(fold(text))), None
    )
    end = 0
    if motto is not None and motto[1] > 0:
        end = motto[0] + 1
        while end < min(len(rows), motto[0] + 1 + _BELOW_MOTTO) and _is_letterhead(rows[end], motto[1]):
            end += 1
        letterhead = [cell for row in rows[:end] for cell in row]
        for right in (False, True):
            for column, text in letterhead:
                if (column >= motto[1] - 1 and column > 0) is right:
                    yield from (" ".join(line.split()) for line in text.split("\n") if line.strip())
    yield from (_line(row) for row in rows[end:] if row)


def _is_letterhead(row: _Row, motto_column: int) -> bool:
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
