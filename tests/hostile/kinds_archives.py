"""Hostile files: archives and the XML in them."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib

from tests.hostile.files import BROKEN, HEAVY, KEPT, Made, kind
from tests.hostile.good_files import WORD_BODY, good_files, paragraph, word, zipped
from tests.hostile.raw_formats import LINES


@kind("zip bomb")
def zip_bombs(_: random.Random) -> Made:
    """Archives that unpack to far more than they are, or lie about it."""

    def entry(name: str, data: bytes, size: int, crc: int = 0) -> tuple[bytes, bytes]:
        head = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, crc, len(data), size, len(name), 0)
        return b"PK\x03\x04" + head + name.encode() + data, head

    for name in ("word/document.xml", "word/media/a.bin", "[Content_Types].xml"):
        yield f"{len(name)}.docx", zipped({name: bytes(64 << 20)}), frozenset({"qua_lon"})
    yield (
        "mimetype.odt",
        zipped({"mimetype": b"application/vnd.oasis.opendocument.text" + bytes(64 << 20)}, "odt"),
        (frozenset({"qua_lon"})),
    )
    yield "content.odt", zipped({"content.xml": bytes(64 << 20)}, "odt"), frozenset({"qua_lon"})
    inner = zipped({"a.bin": bytes(8 << 20)})
    yield "zip-in-zip.docx", zipped({f"word/embeddings/{n}.docx": inner for n in range(50)}), KEPT
    many = {f"word/x{n}": b"" for n in range(20_000)}
    yield "entries.docx", zipped(many), frozenset({"qua_lon"})
    # The directory claims ten bytes; what is unpacked is far more.
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(64 << 20)) + packer.flush()
    local, head = entry("word/document.xml", packed, 10)
    central = b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, 0) + b"word/document.xml"
    end = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    yield "lying-size.docx", local + central + b"PK\x05\x06" + end, BROKEN | {"qua_lon"}
    overlap = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 300, 300, len(central) * 300, len(local), 0)
    yield "overlap.docx", local + central * 300 + overlap, BROKEN | {"qua_lon"}


@kind("XML bomb")
def xml_bombs(_: random.Random) -> Made:
    """XML that expands, or is large in an unusual way."""
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    laughs = f'<!DOCTYPE x [<!ENTITY a0 "ha">{levels}]>'
    long = f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]>'
    yield "laughs.docx", word(WORD_BODY + paragraph("&a11;"), laughs), KEPT | BROKEN
    yield "square.docx", word(WORD_BODY + paragraph("&a;" * 20_000), long), KEPT | BROKEN | HEAVY
    body = good_files()["odt"]
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        content = archive.read("content.xml").decode()
    yield (
        "laughs.odt",
        zipped({"content.xml": (laughs + content.replace("QUYẾT", "&a11;")).encode()}, "odt"),
        (KEPT | BROKEN),
    )
    own = '<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]>'
    yield "circle.docx", word(WORD_BODY + paragraph("&a;"), own), KEPT | BROKEN
    attributes = " ".join(f'a{n}="1"' for n in range(50_000))
    yield "attributes.docx", word(f"<w:p {attributes}/>" + WORD_BODY), KEPT | BROKEN
    names = "".join(f"<w:x{n}/>" for n in range(50_000))
    yield "names.docx", word(names + WORD_BODY), KEPT
    yield "laughs.html", f"<!doctype html>{laughs}<p>&a11;</p><p>{LINES}</p>".encode(), KEPT | BROKEN
    yield "huge-text.docx", word(paragraph("OCOP " * 3_000_000)), KEPT | HEAVY | BROKEN


@kind("zip slip")
def zip_slips(_: random.Random) -> Made:
    """Archives with entries that would be unpacked outside their folder."""
    for number, name in enumerate(
        (
            "../../../../evil.txt",
            "/tmp/evil-absolute.txt",
            "..\\..\\evil.txt",
            "word/../../evil.xml",
            "C:\\evil.txt",
            "word/document.xml/../../../evil",
            "a" * 5000,
            "evil\0.xml",
        )
    ):
        yield f"{number}.docx", zipped({name: b"evil"}), KEPT | BROKEN
    out = io.BytesIO(good_files()["docx"])
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("word/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    yield "link.docx", out.getvalue(), KEPT
    yield "slip.odt", zipped({"../../evil.txt": b"evil"}, "odt"), KEPT | BROKEN
