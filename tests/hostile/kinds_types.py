"""Hostile files: of another type than their name says, and under unusual names."""

from __future__ import annotations

import io
import random
import zipfile

from tests.hostile.files import BROKEN, FOREIGN, KEPT, Made, kind
from tests.hostile.good_files import good_files, zipped
from tests.support.reading_files import BODY
from tests.support.word_files import compound


@kind("other type than named")
def other_types(chance: random.Random) -> Made:
    """Files whose name or first bytes promise another type."""
    made = good_files()
    for ending, data in (
        ("docx", made["pdf"]),
        ("txt", made["pdf"]),
        ("pdf", made["txt"]),
        ("pdf", made["docx"]),
        ("png", made["rtf"]),
        ("doc", made["html"]),
        ("doc", made["rtf"]),
        ("exe", made["odt"]),
    ):
        yield f"as.{ending}", data, KEPT
    yield "prefix.pdf", b"rubbish before\n" * 20 + made["pdf"], KEPT | BROKEN
    yield "pdf-and-zip.pdf", made["pdf"] + made["docx"], KEPT | BROKEN
    yield "zip-and-pdf.docx", made["docx"] + made["pdf"], KEPT | BROKEN
    yield "png-and-html.html", made["png"] + made["html"], KEPT | BROKEN
    yield "gif-and-script.gif", b"GIF89a/*" + bytes(50) + b"*/=1;alert(1)", FOREIGN
    for name, start in {
        "a.exe": b"MZ\x90\0",
        "a.elf": b"\x7fELF\2\1\1",
        "a.gif": b"GIF89a",
        "a.bmp": b"BM\x46\0",
        "a.7z": b"7z\xbc\xaf\x27\x1c",
        "a.rar": b"Rar!\x1a\x07\1\0",
        "a.gz": b"\x1f\x8b\x08\0",
        "a.bz2": b"BZh91AY&SY",
        "a.xz": b"\xfd7zXZ\0",
        "a.webp": b"RIFF\x24\0\0\0WEBPVP8 ",
        "a.ps": b"%!PS-Adobe-3.0\n",
        "a.mp4": b"\0\0\0\x20ftypisom\0\0\2\0",
        "a.db": b"SQLite format 3\0",
        "a.pickle": b"\x80\4\x95\x1c\0\0\0\0\0\0\0\x8c\5posix\x94",
        "a.class": b"\xca\xfe\xba\xbe\0\0\0\x34",
        "a.psd": b"8BPS\0\1",
        "a.ico": b"\0\0\1\0\1\0",
        "a.jp2": b"\0\0\0\x0cjP  \r\n\x87\n",
        "a.eps": b"\xc5\xd0\xd3\xc6\x1e\0\0\0",
        "a.fits": b"SIMPLE  =                    T\0\0",
    }.items():
        yield name, start + chance.randbytes(3000), FOREIGN
    yield "a.heic", b"\0\0\0\x18ftypheic\0\0\0\0" + chance.randbytes(3000), BROKEN
    yield "a.xlsx", zipped({"xl/workbook.xml": b"<x/>", "word/document.xml": b"<x/>"}), KEPT | BROKEN | FOREIGN
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    yield "b.xlsx", out.getvalue(), BROKEN
    yield "a.eml", b"From: a@b.vn\r\nTo: c@d.vn\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\nhello", KEPT
    yield "a.xls", compound({"Workbook": bytes(5000)}), BROKEN
    yield "a.msg", compound({"__substg1.0_001A001F": bytes(5000)}), BROKEN
    yield "zeros.bin", bytes(5000), FOREIGN
    yield "script.sh", b"#!/bin/sh\nrm -rf /tmp/evil\n" + made["txt"], KEPT
    yield "svg.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', KEPT | BROKEN


@kind("names")
def names(_: random.Random) -> Made:
    """Good files under unusual names."""
    for number, name in enumerate(
        (
            "xuống\ndòng",
            "ngược\u202etxt.exe",
            "-rf",
            "--library=evil",
            "dấu cách cuối ",
            "chấm cuối.",
            "$(touch evil)",
            "`evil`",
            ";rm -rf evil",
            "'nháy'",
            '"kép"',
            "%s%n%x",
            "%2e%2e%2f",
            "<script>alert(1)",
            "\x1b[31mđỏ\x07",
            "a\tb",
            "CON",
            "NUL",
            "te\u0302n ro\u031b\u0300i",
            "\U0001f4c4\U0001f600",
            "\u200b\u200d",
            "a\\b",
            "a:b",
            "*?",
            "~",
            "#",
            "&amp;",
            "=1+1",
            "\udcff\udcfe không phải UTF-8",
            "\udc80",
            "tên dài " + "a" * 236,
            "*.txt",
            "a" * 250,
        )
    ):
        text = "\n".join((*BODY, f"Tên tệp thứ {number}"))
        yield name, text.encode(), KEPT
