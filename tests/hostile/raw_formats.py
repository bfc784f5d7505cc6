"""PDF, PNG and TIFF files written byte by byte, so that every part of them can be made wrong."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from typing import TypedDict, Unpack

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"


def pdf(objects: Mapping[int, bytes], *, root: int = 1, trailer: bytes = b"", head: bytes = b"%PDF-1.7\n") -> bytes:
    """A PDF of *objects* with a correct cross-reference table."""
    out, offsets = bytearray(head), {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start, size = len(out), max(objects, default=0) + 1
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number in sorted(offsets):
        out += b"%d 1\n%010d 00000 n \n" % (number, offsets[number])
    out += b"trailer\n<< /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, trailer, start)
    return bytes(out)


def stream(data: bytes, more: bytes = b"", *, packed: int = 0) -> bytes:
    """A PDF stream, deflated *packed* times."""
    filters = b""
    for _ in range(packed):
        data = zlib.compress(data, 9)
    if packed:
        filters = b"/Filter [" + b"/FlateDecode " * packed + b"]"
    return b"<< /Length %d %s %s >>\nstream\n" % (len(data), filters, more) + data + b"\nendstream"


def text_content(text: str) -> bytes:
    """Page content that shows lines of ASCII."""
    shown = b"".join(b"(%s) Tj 0 -16 Td " % line.encode("ascii", "replace") for line in text.splitlines())
    return b"BT /F1 11 Tf 70 770 Td " + shown + b"ET"


LINES = "UY BAN NHAN DAN TINH\nSo: 12/QD-UBND\nQUYET DINH ve viec phe duyet san pham OCOP dot mot nam hai khong hai bon"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


class PageParts(TypedDict, total=False):
    """What of a PDF of one page is other than usual."""

    #: The content stream.
    content: bytes
    #: Further entries of the page.
    page: bytes
    #: The page's MediaBox, an array of four numbers.
    box: bytes
    #: Entries of the page's resources.
    resources: bytes
    #: Further entries of the catalogue.
    catalogue: bytes
    #: Objects by number, in place of those made here or beside them.
    objects: Mapping[int, bytes]
    #: The page tree's array of pages.
    kids: bytes
    #: How many pages the page tree claims.
    count: int
    #: Further entries of the trailer.
    trailer: bytes


_USUAL: PageParts = {
    "content": text_content(LINES),
    "page": b"",
    "box": b"[0 0 595 842]",
    "resources": b"/Font << /F1 5 0 R >>",
    "catalogue": b"",
    "objects": {},
    "kids": b"[3 0 R]",
    "count": 1,
    "trailer": b"",
}


def one_page(**parts: Unpack[PageParts]) -> bytes:
    """A PDF of one page with a few lines.

    Objects 1 to 5 are the catalogue, the page tree, the page, its content and a font.
    """
    part: PageParts = {**_USUAL, **parts}
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 4 0 R /Resources << %s >> %s >>"
    made = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % part["catalogue"],
        2: b"<< /Type /Pages /Kids %s /Count %d >>" % (part["kids"], part["count"]),
        3: page % (part["box"], part["resources"], part["page"]),
        4: stream(part["content"]),
        5: FONT,
    }
    return pdf(made | dict(part["objects"]), trailer=part["trailer"])


def chunk(name: bytes, data: bytes, *, length: int | None = None, crc: int | None = None) -> bytes:
    """A chunk of a PNG. length, crc: None for the correct one."""
    correct = zlib.crc32(name + data)
    return (
        struct.pack(">I", len(data) if length is None else length)
        + name
        + data
        + struct.pack(">I", correct if crc is None else crc)
    )


def png(width: int, height: int, data: bytes = b"", *, depth: int = 8, colour: int = 0, more: bytes = b"") -> bytes:
    """A PNG that claims a size; *data* are its packed rows."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return PNG_MAGIC + chunk(b"IHDR", head) + more + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def zeros(count: int) -> bytes:
    """*count* zero bytes, deflated, without holding them in memory."""
    packer, out = zlib.compressobj(9), bytearray()
    block = bytes(1 << 20)
    for _ in range(count >> 20):
        out += packer.compress(block)
    out += packer.compress(bytes(count & ((1 << 20) - 1)))
    return bytes(out + packer.flush())


def tiff(entries: Mapping[int, tuple[int, int, int]], data: bytes = b"", *, following: int = 0) -> bytes:
    """A little-endian TIFF of one directory: tag → (type, count, value). *data* begins at byte 8."""
    at = 8 + len(data) + len(data) % 2
    body = struct.pack("<H", len(entries))
    for tag, (kind, count, value) in sorted(entries.items()):
        body += struct.pack("<HHII", tag, kind, count, value)
    return b"II*\0" + struct.pack("<I", at) + data.ljust(at - 8, b"\0") + body + struct.pack("<I", following)


def grey_tiff(width: int, height: int, data: bytes, *, packing: int = 1, following: int = 0, **more: int) -> bytes:
    """A grey TIFF of one strip that claims a size. more: tags by number, ``t322=…``."""
    tags = {
        256: (4, 1, width),
        257: (4, 1, height),
        258: (3, 1, 8),
        259: (3, 1, packing),
        262: (3, 1, 1),
        273: (4, 1, 8),
        277: (3, 1, 1),
        278: (4, 1, height),
        279: (4, 1, len(data)),
    }
    for name, value in more.items():
        tags[int(name[1:])] = (4, 1, value)
    return tiff(tags, data, following=following)
