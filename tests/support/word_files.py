"""Writes small Word 97–2003 files (.doc) after [MS-DOC] and [MS-CFB]: pieces of text, fonts, properties."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_FIB, _SECTOR, _LEAST = 0x382, 512, 4096
DELETED, HIDDEN, CAPITALS = 0x0800, 0x083C, 0x083B
_IN_TABLE, _ROW_END = 0x2416, 0x2417


@dataclass(frozen=True)
class Piece:
    """Text with the same properties. It ends a paragraph where it ends with ``\\r``, ``\\x07`` or ``\\f``."""

    text: str
    font: int = 0
    properties: tuple[int, ...] = ()
    in_table: bool = False
    row_end: bool = False
    wide: bool = True


def row(*cells: str, wide: bool = True) -> list[Piece]:
    """A table row; a line feed in a cell separates paragraphs."""
    made = [Piece(text.replace("\n", "\r") + "\x07", in_table=True, wide=wide) for text in cells]
    return [*made, Piece("\x07", in_table=True, row_end=True, wide=wide)]


@dataclass(frozen=True)
class WordFile:
    """What a Word file holds; :meth:`write` makes it."""

    #: The main text.
    text: Sequence[Piece]
    footnotes: Sequence[Piece] = ()
    headers: Sequence[Piece] = ()
    #: Names of the fonts that pieces give by number.
    fonts: Sequence[str] = ("Times New Roman",)
    #: Flags of the file information block, [MS-DOC] 2.5.2: 0x0100 is fEncrypted.
    flags: int = 0
    #: nFib: the version of the format.
    version: int = 0x00C1

    def write(self, path: Path) -> Path:
        """Writes the file to *path* and returns that."""
        main = bytearray(_FIB) + bytearray(-_FIB % _SECTOR)
        stories = (self.text, self.footnotes, self.headers)
        laid = _Laid()
        for piece in (piece for story in stories for piece in story):
            laid.add(main, piece)
        character_pages = _pages(main, laid.characters, paragraphs=False)
        paragraph_pages = _pages(main, laid.paragraphs, paragraphs=True)
        names = b"".join(_font(name) for name in self.fonts)
        parts = {
            33: laid.piece_table(),
            15: struct.pack("<HH", len(self.fonts), 0) + names,
            12: character_pages,
            13: paragraph_pages,
        }
        table = bytearray()
        struct.pack_into("<HH", main, 0, 0xA5EC, self.version)
        struct.pack_into("<H", main, 0x0A, 0x0200 | self.flags)
        struct.pack_into("<HHI", main, 0x18, 0, 0, _SECTOR * 2)
        struct.pack_into("<H", main, 0x20, 14)
        struct.pack_into("<H", main, 0x3E, 22)
        struct.pack_into("<3I", main, 0x4C, *(sum(len(piece.text) for piece in story) for story in stories))
        struct.pack_into("<H", main, 0x98, 93)
        for index, data in parts.items():
            struct.pack_into("<II", main, 0x9A + 8 * index, len(table), len(data))
            table += data
        path.write_bytes(compound({"WordDocument": bytes(main), "1Table": bytes(table)}))
        return path


class _Laid:
    """Where pieces of text lie in the file, and the byte ranges of their properties."""

    def __init__(self) -> None:
        #: First and last byte of a run of characters, and its properties.
        self.characters: list[tuple[int, int, bytes]] = []
        #: First and last byte of a paragraph, and its properties.
        self.paragraphs: list[tuple[int, int, bytes]] = []
        #: First character of a piece, its first byte, and whether its characters have two bytes.
        self._places: list[tuple[int, int, bool]] = []
        self._length = 0
        self._paragraph_start: int | None = None

    def add(self, main: bytearray, piece: Piece) -> None:
        """Appends the text of *piece* to *main*."""
        main += bytes(len(main) % 2)
        start = len(main)
        main += piece.text.encode("utf-16-le" if piece.wide else "cp1252")
        self._places.append((self._length, start, piece.wide))
        self._length += len(piece.text)
        properties = b"".join(struct.pack("<HB", sprm, 1) for sprm in piece.properties)
        self.characters.append((start, len(main), properties + struct.pack("<HH", 0x4A4F, piece.font)))
        self._add_paragraphs(piece, start)

    def _add_paragraphs(self, piece: Piece, start: int) -> None:
        begun = start if self._paragraph_start is None else self._paragraph_start
        mark = struct.pack("<HB", _IN_TABLE, 1) if piece.in_table else b""
        if piece.row_end:
            mark += struct.pack("<HB", _ROW_END, 1)
        for number, char in enumerate(piece.text, start=1):
            if char in "\r\x07\f":
                end = start + number * (2 if piece.wide else 1)
                self.paragraphs.append((begun, end, mark))
                begun = end
        self._paragraph_start = None if piece.text.endswith(("\r", "\x07", "\f")) else begun

    def piece_table(self) -> bytes:
        """The Clx of [MS-DOC] 2.9.38: the first character of each piece and where its bytes lie."""
        plc = b"".join(struct.pack("<I", first) for first, *_ in self._places) + struct.pack("<I", self._length)
        for _, start, wide in self._places:
            plc += struct.pack("<HIH", 0, start if wide else (start * 2) | 0x40000000, 0)
        return b"\x01\x03\x00abc\x02" + struct.pack("<I", len(plc)) + plc


def _font(name: str) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return bytes([39 + len(text)]) + bytes(39) + text


def _pages(main: bytearray, ranges: Sequence[tuple[int, int, bytes]], *, paragraphs: bool) -> bytes:
    """Append FKP pages to *main*; returns the table that finds them."""
    starts, numbers = [], []
    for first in range(0, len(ranges), 12):
        some = ranges[first : first + 12]
        page = bytearray(_SECTOR)
        width, free = (13 if paragraphs else 1), _SECTOR - 2
        for number, (start, end, properties) in enumerate(some):
            struct.pack_into("<II", page, 4 * number, start, end)
            if paragraphs:
                body = b"\0\0" + properties
                entry = bytes([len(body) // 2 + 1]) + body if len(body) % 2 else bytes([0, len(body) // 2]) + body
            else:
                entry = bytes([len(properties)]) + properties
            free = (free - len(entry)) // 2 * 2
            page[free : free + len(entry)] = entry
            page[4 * (len(some) + 1) + width * number] = free // 2
        page[-1] = len(some)
        main += bytes(-len(main) % _SECTOR)
        numbers.append(len(main) // _SECTOR)
        main += page
        starts.append(some[0][0])
    starts.append(ranges[-1][1])
    return b"".join(struct.pack("<I", n) for n in [*starts, *numbers])


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file whose streams are all too long for its mini stream."""
    chains: list[tuple[int, int]] = []
    sectors = bytearray()
    fat: list[int] = []
    for data in streams.values():
        padded = data + bytes(max(0, _LEAST - len(data)))
        chains.append((len(fat), len(padded)))
        count = -(-len(padded) // _SECTOR)
        first = len(fat)
        fat += [*range(first + 1, first + count), 0xFFFFFFFE]
        sectors += padded + bytes(count * _SECTOR - len(padded))
    directory = len(fat)
    entries = [_entry("Root Entry", 5, 1, 0xFFFFFFFE, 0)]
    for number, (name, (start, size)) in enumerate(zip(streams, chains, strict=True)):
        following = number + 2 if number + 1 < len(streams) else 0xFFFFFFFF
        entries.append(_entry(name, 2, 0xFFFFFFFF, start, size, following))
    raw = b"".join(entries)
    raw += bytes(-len(raw) % _SECTOR)
    count = len(raw) // _SECTOR
    fat += [*range(directory + 1, directory + count), 0xFFFFFFFE]
    sectors += raw
    tables = -(-(len(fat) + 1) // 128)
    at = len(fat)
    fat += [0xFFFFFFFD] * tables
    fat += [0xFFFFFFFF] * (tables * 128 - len(fat))
    sectors += struct.pack(f"<{len(fat)}I", *fat)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, tables, directory, 0, _LEAST, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    difat = [at + n for n in range(tables)] + [0xFFFFFFFF] * (109 - tables)
    return header + struct.pack("<109I", *difat) + bytes(sectors)


def _entry(name: str, kind: int, child: int, start: int, size: int, following: int = 0xFFFFFFFF) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, following, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
