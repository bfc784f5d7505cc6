"""Hostile files: good files damaged, noise, and files protected by a password."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from tests.hostile.files import ANY, BROKEN, KEPT, LOCKED, Made, kind
from tests.hostile.good_files import good_files, zipped
from tests.hostile.raw_formats import PNG_MAGIC, one_page
from tests.support.reading_files import text_pdf
from tests.support.word_files import Piece, WordFile, compound


@kind("cut")
def cut(_: random.Random) -> Made:
    """Good files cut off at some share of their length."""
    for ending, data in good_files().items():
        whole = ending in {"txt", "html"}
        for share in (3, 20, 45, 70, 85, 97):
            honest = (KEPT if whole else ANY) | BROKEN
            yield f"{share}.{ending}", data[: len(data) * share // 100], honest


@kind("flipped bits")
def flipped(chance: random.Random) -> Made:
    """Good files with bits flipped."""
    for ending, data in good_files().items():
        for number in range(4):
            harmed = bytearray(data)
            for _ in range(1 + len(data) // 400 if number else 1):
                at = chance.randrange(len(harmed))
                harmed[at] ^= 1 << chance.randrange(8)
            yield f"{number}.{ending}", bytes(harmed), ANY | LOCKED | {"qua_lon"}


@kind("noise behind a valid beginning")
def noise(chance: random.Random) -> Made:
    """Noise behind the first bytes of each file type."""
    beginnings = {
        "pdf": b"%PDF-1.7\n",
        "png": PNG_MAGIC,
        "jpg": b"\xff\xd8\xff\xe0",
        "tif": b"II*\0\x08\0\0\0",
        "docx": b"PK\x03\x04",
        "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "rtf": b"{\\rtf1 ",
        "html": b"<html>",
        "txt": b"",
    }
    for ending, start in beginnings.items():
        for number in range(3):
            yield f"{number}.{ending}", start + chance.randbytes(2000 + 20_000 * number), ANY | LOCKED | {"qua_lon"}


@kind("locked")
def locked(_: random.Random) -> Made:
    """Files protected by a password."""
    from reportlab.lib.pdfencrypt import StandardEncryption

    with tempfile.TemporaryDirectory() as name:
        for strength in (40, 128):
            file = text_pdf(Path(name) / "a.pdf", encrypt=StandardEncryption("mat khau", strength=strength))
            yield f"{strength}.pdf", file.read_bytes(), LOCKED
        owner = text_pdf(Path(name) / "b.pdf", encrypt=StandardEncryption("", "owner", strength=128))
        yield "owner.pdf", owner.read_bytes(), KEPT
        yield "flag.doc", WordFile([Piece("x\r")], flags=0x0100).write(Path(name) / "a.doc").read_bytes(), LOCKED
    yield "office.docx", compound({"EncryptedPackage": bytes(5000), "EncryptionInfo": bytes(5000)}), LOCKED
    yield "manifest.odt", zipped({"META-INF/manifest.xml": b"<manifest><encryption-data/></manifest>"}, "odt"), LOCKED
    flagged = bytearray(good_files()["docx"])
    at = -1
    while (at := flagged.find(b"PK\x01\x02", at + 1)) >= 0:
        flagged[at + 8] |= 1
    yield "zip-flag.docx", bytes(flagged), LOCKED
    handler = b"/Encrypt << /Filter /Nobodys /V 9 /R 9 >> /ID [(a) (a)]"
    yield "unknown-handler.pdf", one_page(trailer=handler), LOCKED | BROKEN
    keys = b"/U <%s> /O <%s> /UE <%s> /OE <%s> /Perms <%s>" % tuple(b"5a" * n for n in (48, 48, 32, 32, 16))
    method = b"/CF << /StdCF << /CFM /AESV3 /Length 32 >> >> /StmF /StdCF /StrF /StdCF /P -4 /Length 256"
    handler = b"/Encrypt << /Filter /Standard /V 5 /R 6 %s %s >> /ID [(a) (a)]" % (keys, method)
    yield "256.pdf", one_page(trailer=handler), LOCKED
