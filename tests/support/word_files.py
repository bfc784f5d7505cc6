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


def write_doc(
    path: Path,
    text: Sequence[Piece],
    *,
    footnotes: Sequence[Piece] = (),
    headers: Sequence[Piece] = (),
    fonts: Sequence[str] = ("Times New Roman",),
    flags: int = 0,
    version: int = 0x00C1,
) -> Path:
    """A Word file at *path*, its text in the pieces given."""
    main = bytearray(_FIB) + bytearray(-_FIB % _SECTOR)
    pieces, lengths = [], []
    for part in (text, footnotes, headers):
        lengths.append(sum(len(piece.text) for piece in part))
        pieces += list(part)
    characters: list[tuple[int, int, bytes]] = []  # byte range and its properties
    paragraphs: list[tuple[int, int, bytes]] = []
    places, at, begun = [], 0, None
    for piece in pieces:
        if len(main) % 2:
            main += b"\0"
        start = len(main)
        data = piece.text.encode("utf-16-le" if piece.wide else "cp1252")
        main += data
        places.append((at, at + len(piece.text), start, piece.wide))
        at += len(piece.text)
        properties = b"".join(struct.pack("<HB", sprm, 1) for sprm in piece.properties)
        characters.append((start, len(main), properties + struct.pack("<HH", 0x4A4F, piece.font)))
        begun = start if begun is None else begun
        width = 2 if piece.wide else 1
        for number, char in enumerate(piece.text):
            if char in "\r\x07\f":
                end = start + width * (number + 1)
                mark = b"" if not piece.in_table else struct.pack("<HB", _IN_TABLE, 1)
                if piece.row_end:
                    mark += struct.pack("<HB", _ROW_END, 1)
                paragraphs.append((begun, end, mark))
                begun = end
        if begun == len(main):
            begun = None
    character_pages = _pages(main, characters, paragraphs=False)
    paragraph_pages = _pages(main, paragraphs, paragraphs=True)

    table = bytearray()
    pairs: dict[int, tuple[int, int]] = {}

    def put(index: int, data: bytes) -> None:
        pairs[index] = (len(table), len(data))
        table.extend(data)

    plc = b"".join(struct.pack("<I", first) for first, *_ in places) + struct.pack("<I", at)
    for _, _, start, wide in places:
        plc += struct.pack("<HIH", 0, start if wide else (start * 2) | 0x40000000, 0)
    put(33, b"\x01\x03\x00abc\x02" + struct.pack("<I", len(plc)) + plc)
    names = b"".join(_font(name) for name in fonts)
    put(15, struct.pack("<HH", len(fonts), 0) + names)
    put(12, character_pages)
    put(13, paragraph_pages)

    struct.pack_into("<HH", main, 0, 0xA5EC, version)
    struct.pack_into("<H", main, 0x0A, 0x0200 | flags)
    struct.pack_into("<HHI", main, 0x18, 0, 0, _SECTOR * 2)
    struct.pack_into("<H", main, 0x20, 14)
    struct.pack_into("<H", main, 0x3E, 22)
    struct.pack_into("<3I", main, 0x4C, *lengths)
    struct.pack_into("<H", main, 0x98, 93)
    for index, (offset, size) in pairs.items():
        struct.pack_into("<II", main, 0x9A + 8 * index, offset, size)
    path.write_bytes(compound({"WordDocument": bytes(main), "1Table": bytes(table)}))
    return path


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
