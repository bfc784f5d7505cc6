"""Hostile files: Word 97 compound files."""

from __future__ import annotations

import random
import struct

from tests.hostile.files import BROKEN, FOREIGN, HEAVY, KEPT, LOCKED, Made, kind
from tests.hostile.good_files import good_files


@kind("compound files")
def compounds(chance: random.Random) -> Made:
    """Word 97 files whose tables of sectors are wrong."""
    good = good_files()["doc"]

    def harmed(*changes: tuple[int, bytes]) -> bytes:
        made = bytearray(good)
        for at, data in changes:
            made[at : at + len(data)] = data
        return bytes(made)

    every = KEPT | BROKEN | FOREIGN | HEAVY
    fat = 512 * (1 + struct.unpack_from("<I", good, 76)[0])
    directory = 512 * (1 + struct.unpack_from("<I", good, 48)[0])
    yield "table-loop.doc", harmed((fat, struct.pack("<I", 0))), every
    yield "table-pair.doc", harmed((fat, struct.pack("<II", 1, 0))), every
    yield "table-beyond.doc", harmed((fat, struct.pack("<I", 0x7FFFFFF0))), every
    yield "directory-circle.doc", harmed((directory + 128 + 68, struct.pack("<III", 1, 1, 1))), every
    yield "directory-root.doc", harmed((directory + 76, struct.pack("<I", 0))), every
    yield "size.doc", harmed((directory + 128 + 120, struct.pack("<Q", 1 << 40))), every
    yield "start.doc", harmed((directory + 128 + 116, struct.pack("<I", 0xFFFFFF))), every
    yield "sector-size.doc", harmed((30, b"\x1e\0")), every
    yield "sector-none.doc", harmed((30, b"\0\0")), every
    yield "tables-many.doc", harmed((44, b"\xff\xff\xff\x7f")), every
    yield "more-tables.doc", harmed((68, struct.pack("<II", 0, 0xFFFFFFF0))), every
    yield "mini.doc", harmed((56, struct.pack("<I", 0xFFFFFFFF))), every
    yield "pieces.doc", harmed((512 + 0x9A + 8 * 33, struct.pack("<II", 0xFFFFFF00, 0xFFFFFFFF))), every
    yield "lengths.doc", harmed((512 + 0x4C, struct.pack("<I", 0x7FFFFFFF))), every
    yield "looks.doc", harmed((512 + 0x9A + 8 * 12, struct.pack("<II", 0, 0xFFFFFF))), every
    yield "word-95.doc", harmed((514, b"\x65\0")), FOREIGN
    for number in range(4):
        changes = [(chance.randrange(512, len(good)), chance.randbytes(4)) for _ in range(40)]
        yield f"noise-{number}.doc", harmed(*changes), every | LOCKED
