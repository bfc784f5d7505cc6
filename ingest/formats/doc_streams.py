"""The streams of a Word 97–2003 file, taken apart after [MS-DOC], Microsoft's description of the format.

The text lies in pieces (CLX) all over the stream ``WordDocument``. What characters and paragraphs look like lies beside
it, in pages of 512 bytes (FKP) that name byte ranges. Only what decides the text is read: the ends of cells and rows,
fonts (they show TCVN3 and VNI), struck and hidden text. A damaged or hostile file raises ValueError or IndexError:
every offset is checked against the length of the stream.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.formats.legacy_encodings import font_encoding
from ingest.formats.legacy_stretches import Run

#: The character that ends a table cell.
CELL_END = "\x07"

# Offsets in the file information block, and indexes in its table of (offset, size) pairs.
_MAGIC, _FIRST_97 = 0xA5EC, 0x00C1
_FLAGS, _LENGTHS, _PAIRS = 0x0A, 0x4C, 0x9A
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_CHPX, _PAPX, _FONTS, _CLX = 12, 13, 15, 33
#: Bytes of an FKP page.
_PAGE_BYTES = 512

# Properties of a run or a paragraph (sprm), and the bytes of their operand by the upper three bits.
_DELETED, _HIDDEN, _CAPITALS, _FONT = 0x0800, 0x083C, 0x083B, 0x4A4F
_IN_TABLE, _ROW_END = 0x2416, 0x2417
_OPERAND_BYTES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_TABLE_DEFINITION = 0xD608

_PARAGRAPH_END = "\r"
#: Ends of a cell, a paragraph, a page and a column.
_ENDS = re.compile(r"[\x07\r\f\x0e]")
#: The parts of the text that are kept, of: text, footnotes, headers, macros, comments, endnotes, text boxes, text boxes
#: of headers.
_KEPT_PARTS = frozenset({0, 1, 5, 6})


@dataclass(frozen=True, slots=True)
class _CharacterStyle:
    hidden: bool = False
    #: Struck out under tracked changes, which nobody has accepted or refused yet.
    struck: bool = False
    capitals: bool = False
    font: str = ""


@dataclass(slots=True)
class Paragraph:
    """A paragraph of the file."""

    runs: list[Run] = field(default_factory=list)
    #: The runs of it that are struck out under tracked changes.
    struck: list[Run] = field(default_factory=list)
    #: The character that ends it.
    end: str = _PARAGRAPH_END
    in_table: bool = False
    #: Whether it is the mark at the end of a table row.
    row_end: bool = False


def is_word_97(main: bytes) -> bool:
    """Whether the stream ``WordDocument`` is of Word 97 or later. Raises ValueError where it is too short."""
    if len(main) < 0x20:
        raise ValueError("no file information block")
    return _u16(main, 0) == _MAGIC and _u16(main, 2) >= _FIRST_97


def is_encrypted(main: bytes) -> bool:
    """Whether the file has a password."""
    return bool(_u16(main, _FLAGS) & _ENCRYPTED)


def table_name(main: bytes) -> str:
    """The name of the table stream that belongs to the stream ``WordDocument``."""
    return "1Table" if _u16(main, _FLAGS) & _TABLE_1 else "0Table"


def _u16(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "little")


def _u32(data: bytes, at: int) -> int:
    if at + 4 > len(data):
        raise ValueError("cut short")
    return int.from_bytes(data[at : at + 4], "little")


class _Ranges:
    """Properties of byte ranges of the main stream, as the FKP pages list them in order."""

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.properties: list[dict[int, int]] = []

    def add(self, start: int, end: int, properties: dict[int, int]) -> None:
        """Append a range; one out of order cannot be searched and is left out."""
        if self.starts and start < self.starts[-1]:
            return
        self.starts.append(start)
        self.ends.append(end)
        self.properties.append(properties)

    def at(self, position: int) -> tuple[dict[int, int], int]:
        """The properties at *position*, and where they end."""
        index = bisect_right(self.starts, position) - 1
        if index >= 0 and position < self.ends[index]:
            return self.properties[index], self.ends[index]
        following = self.starts[index + 1] if index + 1 < len(self.starts) else 1 << 40
        return {}, following


class DocumentStreams:
    """The two streams of a document: ``WordDocument`` and its table stream."""

    def __init__(self, main: bytes, table: bytes) -> None:
        self._main = main
        self._table = table
        self._fonts = self._font_names()
        self._characters = self._ranges(_CHPX, paragraphs=False)
        self._paragraph_ends = self._ranges(_PAPX, paragraphs=True)

    def _structure(self, index: int) -> bytes:
        """A structure of the table stream."""
        offset, size = _u32(self._main, _PAIRS + 8 * index), _u32(self._main, _PAIRS + 8 * index + 4)
        return self._table[offset : offset + size]

    def paragraphs(self) -> Iterator[Paragraph]:
        """The paragraphs of the main text, then of footnotes, endnotes and text boxes."""
        lengths = [_u32(self._main, _LENGTHS + 4 * n) for n in range(8)]
        at, kept = 0, []
        for number, length in enumerate(lengths):
            if number in _KEPT_PARTS:
                kept.append((at, at + length))
            at += length
        for first, last in kept:
            yield from self._between(first, last)

    def _between(self, first: int, last: int) -> Iterator[Paragraph]:
        """The paragraphs between two character positions."""
        paragraph = Paragraph()
        for text, style, position, width in self._runs(first, last):
            begin = 0
            for end in _ENDS.finditer(text):
                _append(paragraph, text[begin : end.start()], style)
                begin = end.end()
                properties, _ = self._paragraph_ends.at(position + width * end.start())
                paragraph.end = end.group()
                paragraph.in_table = bool(properties.get(_IN_TABLE)) or paragraph.end == CELL_END
                paragraph.row_end = bool(properties.get(_ROW_END)) and paragraph.end == CELL_END
                yield paragraph
                paragraph = Paragraph()
            _append(paragraph, text[begin:], style)
        if paragraph.runs or paragraph.struck:
            yield paragraph

    def _runs(self, first: int, last: int) -> Iterator[tuple[str, _CharacterStyle, int, int]]:
        """Between two character positions: (text, style, byte position in the main stream, bytes per character)."""
        for start, end, position, width in self._pieces():
            left, right = max(first, start), min(last, end)
            if left >= right:
                continue
            at, stop = position + (left - start) * width, position + (right - start) * width
            if stop > len(self._main):
                raise ValueError("cut short")
            while at < stop:
                properties, until = self._characters.at(at)
                cut = min(stop, max(until, at + width))
                cut -= (cut - at) % width
                data = self._main[at:cut]
                text = data.decode("utf-16-le", "replace") if width == 2 else data.decode("cp1252", "replace")
                if len(text) * width != len(data):  # characters beyond 16 bits: byte positions must still fit
                    text = "".join(chr(_u16(data, n)) for n in range(0, len(data), 2))
                yield text, self._style(properties), at, width
                at = cut

    def _style(self, properties: dict[int, int]) -> _CharacterStyle:
        if not properties:
            return _CharacterStyle()
        number = properties.get(_FONT, len(self._fonts))
        font = self._fonts[number] if number < len(self._fonts) else ""
        hidden, struck = bool(properties.get(_HIDDEN)), bool(properties.get(_DELETED))
        return _CharacterStyle(hidden, struck, bool(properties.get(_CAPITALS)), font)

    def _pieces(self) -> Iterator[tuple[int, int, int, int]]:
        """(first and last character position, byte position, bytes per character) of each piece of text."""
        clx, at = self._structure(_CLX), 0
        while at < len(clx) and clx[at] == 1:  # property modifiers, which do not affect the text
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

    def _font_names(self) -> list[str]:
        data, names = self._structure(_FONTS), []
        at = 4
        while at < len(data):
            size = data[at] + 1
            entry = data[at : at + size]
            names.append(entry[40:].decode("utf-16-le", "ignore").partition("\0")[0])
            at += size
        return names

    def _ranges(self, index: int, *, paragraphs: bool) -> _Ranges:
        """The properties that the FKP pages of one kind list."""
        found = _Ranges()
        plc = self._structure(index)
        count = (len(plc) - 4) // 8
        for n in range(max(0, count)):
            number = _u32(plc, 4 * (count + 1) + 4 * n) & 0x3FFFFF
            page = self._main[number * _PAGE_BYTES : (number + 1) * _PAGE_BYTES]
            if len(page) < _PAGE_BYTES:
                continue
            runs = page[-1]
            width = 13 if paragraphs else 1
            if 4 * (runs + 1) + width * runs > _PAGE_BYTES:
                continue
            for run in range(runs):
                place = 2 * page[4 * (runs + 1) + width * run]
                start, end = _u32(page, 4 * run), _u32(page, 4 * run + 4)
                found.add(start, end, _properties(page, place, paragraphs=paragraphs))
        return found


def _append(paragraph: Paragraph, text: str, style: _CharacterStyle) -> None:
    if text and not style.hidden:
        if style.capitals and not font_encoding(style.font):
            text = text.upper()
        (paragraph.struck if style.struck else paragraph.runs).append((text, style.font))


def _properties(page: bytes, at: int, *, paragraphs: bool) -> dict[int, int]:
    """The properties (sprm → operand) at *at* of an FKP page."""
    if at == 0:
        return {}
    size, at = page[at], at + 1
    if paragraphs:
        if size:
            size = 2 * size - 1
        else:
            size, at = 2 * page[at] if at < _PAGE_BYTES else 0, at + 1
        size, at = size - 2, at + 2  # the number of the style
    end = min(at + size, _PAGE_BYTES - 1)
    found: dict[int, int] = {}
    while at + 3 <= end:
        sprm = _u16(page, at)
        at += 2
        length = _OPERAND_BYTES.get(sprm >> 13)
        if length is None:
            length = _u16(page, at) + 1 if sprm == _TABLE_DEFINITION else page[at] + 1
        found[sprm] = int.from_bytes(page[at : at + min(length, 4)], "little")
        at += length
    return found
