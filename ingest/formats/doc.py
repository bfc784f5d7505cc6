"""Word 97–2003 files (.doc): text in reading order, tables by cells, deleted text left out, footnotes at the end.

After [MS-DOC], Microsoft's description of the format: the text lies in pieces (CLX) all over the stream
``WordDocument``; what a character or a paragraph looks like lies beside it in pages of 512 bytes (FKP) that name byte
ranges. Only what decides the text is read: the marks of cells and rows, fonts (TCVN3 and VNI are told by them), deleted
and hidden text.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.formats.flow import flow_page, table_lines
from ingest.formats.legacy_runs import Run, font_encoding, paragraph_texts
from ingest.limits import MEGABYTE, now
from ingest.page import Page

# Offsets in the file information block, and the indexes of its table of (offset, size) pairs.
_MAGIC, _FIRST_97 = 0xA5EC, 0x00C1
_FLAGS, _LENGTHS, _PAIRS = 0x0A, 0x4C, 0x9A
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_CHPX, _PAPX, _FONTS, _CLX = 12, 13, 15, 33
_PAGE = 512

# What may be said of a run or a paragraph (sprm), and the size of its operand by the upper three bits.
_DELETED, _HIDDEN, _CAPITALS, _FONT = 0x0800, 0x083C, 0x083B, 0x4A4F
_IN_TABLE, _ROW_END = 0x2416, 0x2417
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_TABLE_DEFINITION = 0xD608

_CELL, _PARAGRAPH, _PAGE_BREAK, _COLUMN_BREAK = "\x07", "\r", "\f", "\x0e"
_ENDS = re.compile(r"[\x07\r\f\x0e]")
_SIGNS = {0x0B: "\n", 0x1E: "-", 0x1F: "", 0x01: "", 0x02: "", 0x03: "", 0x04: "", 0x05: "", 0x08: ""}


@dataclass(frozen=True, slots=True)
class _Look:
    """What is said of a stretch of characters."""

    hidden: bool = False
    capitals: bool = False
    font: str = ""


@dataclass(slots=True)
class _Paragraph:
    """A paragraph with the character that ends it. row_end: it is the mark at the end of a table row."""

    runs: list[Run] = field(default_factory=list)
    end: str = _PARAGRAPH
    in_table: bool = False
    row_end: bool = False


def read_doc(path: Path) -> list[Page]:
    """The one page of a Word 97–2003 file. Raises ReadFailure: ``hong``, ``ma_hoa``, ``khong_ho_tro``, ``qua_lon``."""
    import olefile

    if path.stat().st_size > now().unpacked_bytes:
        raise ReadFailure(
            f"Tệp Word lớn hơn {now().unpacked_bytes // MEGABYTE} MB.", Verdict.TOO_LARGE, "Hãy lưu lại từ Word."
        )
    try:
        with olefile.OleFileIO(str(path)) as container:
            main = _stream(container, "WordDocument")
            if len(main) < _PAIRS + 8 * (_CLX + 1) and len(main) < 0x20:
                raise ValueError("no file information block")
            version, flags = _u16(main, 2), _u16(main, _FLAGS)
            if _u16(main, 0) != _MAGIC or version < _FIRST_97:
                raise ReadFailure(
                    "Tệp Word 95 hoặc cũ hơn, chưa đọc được.", Verdict.UNSUPPORTED, "Hãy lưu lại dạng .docx hoặc PDF."
                )
            if flags & _ENCRYPTED:
                raise ReadFailure("Tệp Word có mật khẩu.", Verdict.ENCRYPTED, "Hãy bỏ mật khẩu rồi nạp lại.")
            table = _stream(container, "1Table" if flags & _TABLE_1 else "0Table")
        paragraphs = list(_Reader(main, table).paragraphs())
    except ReadFailure:
        raise
    except (OSError, ValueError, IndexError, struct.error, RecursionError, TypeError, AttributeError) as error:
        raise ReadFailure("Tệp Word bị hỏng, không mở được.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc.") from error
    texts, encodings = paragraph_texts([p.runs for p in paragraphs])
    notes = [f"đã chuyển từ bảng mã {name.upper()}" for name in encodings]
    return [flow_page(list(_lines(paragraphs, texts)), notes)]


def _stream(container: Any, name: str) -> bytes:
    with container.openstream(name) as stream:
        data: bytes = stream.read()
        return data


def _u16(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "little")


def _u32(data: bytes, at: int) -> int:
    if at + 4 > len(data):
        raise ValueError("cut short")
    return int.from_bytes(data[at : at + 4], "little")


class _Ranges:
    """What is said of byte ranges of the main stream, as the FKP pages list them in order."""

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.said: list[dict[int, int]] = []

    def at(self, position: int) -> tuple[dict[int, int], int]:
        """What is said at *position*, and where that ends."""
        index = bisect_right(self.starts, position) - 1
        if index >= 0 and position < self.ends[index]:
            return self.said[index], self.ends[index]
        following = self.starts[index + 1] if index + 1 < len(self.starts) else 1 << 40
        return {}, following


class _Reader:
    """A document's two streams; everything is checked against their length, for a file may say anything."""

    def __init__(self, main: bytes, table: bytes) -> None:
        self.main = main
        self.table = table
        self.fonts = self._fonts()
        self.characters = self._ranges(_CHPX, paragraphs=False)
        self.marks = self._ranges(_PAPX, paragraphs=True)

    def _pair(self, index: int) -> bytes:
        """A structure of the table stream."""
        offset, size = _u32(self.main, _PAIRS + 8 * index), _u32(self.main, _PAIRS + 8 * index + 4)
        return self.table[offset : offset + size]

    def paragraphs(self) -> Iterator[_Paragraph]:
        """Those of the main text, then of footnotes, endnotes and text boxes; not headers, not comments."""
        lengths = [_u32(self.main, _LENGTHS + 4 * n) for n in range(8)]
        at, kept = 0, []
        for number, length in enumerate(lengths):
            if number in {0, 1, 5, 6}:  # of: text, footnotes, headers, macros, comments, endnotes, boxes, header boxes
                kept.append((at, at + length))
            at += length
        for first, last in kept:
            yield from self._between(first, last)

    def _between(self, first: int, last: int) -> Iterator[_Paragraph]:
        paragraph = _Paragraph()
        for text, look, position, width in self._stretches(first, last):
            begin = 0
            for end in _ENDS.finditer(text):
                self._put(paragraph, text[begin : end.start()], look)
                begin = end.end()
                said, _ = self.marks.at(position + width * end.start())
                paragraph.end = end.group()
                paragraph.in_table = bool(said.get(_IN_TABLE)) or paragraph.end == _CELL
                paragraph.row_end = bool(said.get(_ROW_END)) and paragraph.end == _CELL
                yield paragraph
                paragraph = _Paragraph()
            self._put(paragraph, text[begin:], look)
        if paragraph.runs:
            yield paragraph

    def _put(self, paragraph: _Paragraph, text: str, look: _Look) -> None:
        if text and not look.hidden:
            if look.capitals and not font_encoding(look.font):
                text = text.upper()
            paragraph.runs.append((text, look.font))

    def _stretches(self, first: int, last: int) -> Iterator[tuple[str, _Look, int, int]]:
        """(text, its look, byte position in the main stream, bytes a character) between two character positions."""
        for start, end, position, width in self._pieces():
            left, right = max(first, start), min(last, end)
            if left >= right:
                continue
            at, stop = position + (left - start) * width, position + (right - start) * width
            if stop > len(self.main):
                raise ValueError("cut short")
            while at < stop:
                said, until = self.characters.at(at)
                cut = min(stop, max(until, at + width))
                cut -= (cut - at) % width
                data = self.main[at:cut]
                text = data.decode("utf-16-le", "replace") if width == 2 else data.decode("cp1252", "replace")
                if len(text) * width != len(data):  # characters beyond 16 bits: positions of marks must still fit
                    text = "".join(chr(_u16(data, n)) for n in range(0, len(data), 2))
                yield text, self._look(said), at, width
                at = cut

    def _look(self, said: dict[int, int]) -> _Look:
        if not said:
            return _Look()
        font = self.fonts[said[_FONT]] if said.get(_FONT, len(self.fonts)) < len(self.fonts) else ""
        return _Look(bool(said.get(_DELETED) or said.get(_HIDDEN)), bool(said.get(_CAPITALS)), font)

    def _pieces(self) -> Iterator[tuple[int, int, int, int]]:
        """(first and last character position, byte position, bytes a character)."""
        clx, at = self._pair(_CLX), 0
        while at < len(clx) and clx[at] == 1:  # settings of pieces, which say nothing of the text
            at += 3 + _u16(clx, at + 1)
        if at >= len(clx) or clx[at] != 2:
            raise ValueError("no piece table")
        size = _u32(clx, at + 1)
        plc = clx[at + 5 : at + 5 + size]
        count = (len(plc) - 4) // 12
        if count < 1:
            raise ValueError("no pieces")
        for n in range(count):
            start, end = _u32(plc, 4 * n), _u32(plc, 4 * n + 4)
            where = _u32(plc, 4 * (count + 1) + 8 * n + 2)
            if where & 0x40000000:
                yield start, end, (where & 0x3FFFFFFF) // 2, 1
            else:
                yield start, end, where & 0x3FFFFFFF, 2

    def _fonts(self) -> list[str]:
        data, names = self._pair(_FONTS), []
        at = 4
        while at < len(data):
            size = data[at] + 1
            entry = data[at : at + size]
            names.append(entry[40:].decode("utf-16-le", "ignore").partition("\0")[0])
            at += size
        return names

    def _ranges(self, index: int, *, paragraphs: bool) -> _Ranges:
        found = _Ranges()
        plc = self._pair(index)
        count = (len(plc) - 4) // 8
        for n in range(max(0, count)):
            number = _u32(plc, 4 * (count + 1) + 4 * n) & 0x3FFFFF
            page = self.main[number * _PAGE : (number + 1) * _PAGE]
            if len(page) < _PAGE:
                continue
            runs = page[-1]
            width = 13 if paragraphs else 1
            if 4 * (runs + 1) + width * runs > _PAGE:
                continue
            for run in range(runs):
                start, end = _u32(page, 4 * run), _u32(page, 4 * run + 4)
                if found.starts and start < found.starts[-1]:
                    continue  # out of order: not to be searched
                found.starts.append(start)
                found.ends.append(end)
                found.said.append(_said(page, 2 * page[4 * (runs + 1) + width * run], paragraphs=paragraphs))
        return found


def _said(page: bytes, at: int, *, paragraphs: bool) -> dict[int, int]:
    """The settings (sprm → operand) at *at* of an FKP page."""
    if at == 0:
        return {}
    size, at = page[at], at + 1
    if paragraphs:
        if size:
            size = 2 * size - 1
        else:
            size, at = 2 * page[at] if at < _PAGE else 0, at + 1
        size, at = size - 2, at + 2  # the style's number
    end = min(at + size, _PAGE - 1)
    said: dict[int, int] = {}
    while at + 3 <= end:
        sprm = _u16(page, at)
        at += 2
        length = _SIZES.get(sprm >> 13)
        if length is None:
            length = _u16(page, at) + 1 if sprm == _TABLE_DEFINITION else page[at] + 1
        said[sprm] = int.from_bytes(page[at : at + min(length, 4)], "little")
        at += length
    return said


def _lines(paragraphs: list[_Paragraph], texts: list[str]) -> Iterator[str]:
    rows: list[list[list[str]]] = []
    row: list[list[str]] = []
    cell: list[str] = []
    for paragraph, text in zip(paragraphs, _without_fields(texts), strict=True):
        lines = [line.strip(" ") for line in text.translate(_SIGNS).split("\n") if line.strip()]
        if paragraph.row_end:
            rows.append(row)
            row, cell = [], []
        elif paragraph.end == _CELL:
            row.append(cell + lines)
            cell = []
        elif paragraph.in_table:
            cell += lines
        else:
            if rows or row or cell:
                yield from table_lines([r for r in [*rows, [*row, cell] if cell else row] if r])
                rows, row, cell = [], [], []
            yield from lines
    yield from table_lines([r for r in [*rows, [*row, cell] if cell else row] if r])


def _without_fields(texts: list[str]) -> list[str]:
    """Fields without their instructions: what stands between 0x13 and 0x14; a result may run over paragraphs."""
    kept, depth, shown = [], 0, [True]
    for text in texts:
        if not any(mark in text for mark in "\x13\x14\x15") and depth == 0:
            kept.append(text)
            continue
        out = []
        for char in text:
            if char == "\x13":
                depth += 1
                shown.append(False)
            elif char == "\x14" and depth:
                shown[-1] = True
            elif char == "\x15" and depth:
                depth -= 1
                shown.pop()
            elif all(shown):
                out.append(char)
        kept.append("".join(out))
    return kept
