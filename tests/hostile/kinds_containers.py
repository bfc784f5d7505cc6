"""Hostile files: archives, mail messages, envelopes and portfolios, and scans of two pages."""

from __future__ import annotations

import base64
import io
import random
import struct
import zipfile

from PIL import Image

from tests.hostile.files import BROKEN, FOREIGN, HEAVY, KEPT, LOCKED, OPENED, Made, kind
from tests.hostile.good_files import good_files
from tests.support.reading_files import BODY, picture
from tests.support.word_files import compound

_HEAD = b"From: a@b.vn\r\nTo: c@d.vn\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
_TEXT = "\n".join(BODY).encode()


def _archive(entries: dict[str, bytes], comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
        archive.comment = comment
    return out.getvalue()


@kind("archives of documents")
def archives(chance: random.Random) -> Made:
    """Archives as offices send them, and such that are made to harm."""
    made = good_files()
    yield "two.zip", _archive({"a.docx": made["docx"], "b.pdf": made["pdf"]}), OPENED
    yield "up.zip", _archive({"../../../etc/evil": b"x" + _TEXT, "/etc/evil": b"y" + _TEXT}), OPENED
    yield "names.zip", _archive({f"{'a/' * 500}{n}": f"{n} ".encode() + _TEXT for n in range(20)}), OPENED
    yield "slashes.zip", _archive({"a//b//c.txt": b"1" + _TEXT, "//": b"2" + _TEXT, "\\\\a\\b": b"3" + _TEXT}), OPENED
    yield "same.zip", _archive({"a.txt": b"4" + _TEXT, "b.txt": b"4" + _TEXT}), OPENED
    yield "control.zip", _archive({"a\x1b[31m\n\u202e.txt": b"5" + _TEXT}), OPENED
    yield "empty.zip", b"PK\x05\x06" + bytes(18), FOREIGN | BROKEN
    yield "folders.zip", _archive({f"{n}/": b"" for n in range(50)}), BROKEN
    yield "many.zip", _archive({f"{n}.txt": b"x" for n in range(3000)}), HEAVY
    yield "bomb.zip", _archive({"a.txt": bytes(64 << 20)}), HEAVY
    layers = _archive({"a.txt": b"6" + _TEXT})
    for _ in range(30):
        layers = _archive({"a.zip": layers})
    yield "deep.zip", layers, OPENED
    wide = _archive({f"{n}.txt": f"7 {n} ".encode() + _TEXT for n in range(40)})
    yield "wide.zip", _archive({f"{n}.zip": wide for n in range(40)}), HEAVY
    inner = _archive({"a.bin": bytes(4 << 20)})
    yield "sum.zip", _archive({f"{n}.zip": inner for n in range(100)}), HEAVY | OPENED
    noise = bytearray(_archive({"a.docx": made["docx"], "b.txt": b"8" + _TEXT}))
    for number in range(4):
        for at in chance.sample(range(40, len(noise) - 30), 30):
            noise[at] = chance.randrange(256)
        yield f"noise-{number}.zip", bytes(noise), OPENED | BROKEN | FOREIGN | LOCKED | HEAVY
    locked = bytearray(_archive({"a.txt": b"9" + _TEXT}))
    locked[6] |= 1
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    yield "locked.zip", bytes(locked), LOCKED | BROKEN
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    yield "link.zip", out.getvalue(), OPENED
    yield (
        "hostile-inside.zip",
        _archive({"a.pdf": b"%PDF-1.7\n" + chance.randbytes(3000), "b.doc": b"\xd0\xcf\x11\xe0"}),
        OPENED,
    )


def _mail(*parts: bytes, boundary: bytes = b"b") -> bytes:
    head = _HEAD + b"Content-Type: multipart/mixed; boundary=" + boundary + b"\r\n"
    return head + b"".join(b"\r\n--b\r\n" + part for part in parts) + b"\r\n--b--\r\n"


def _attached(name: bytes, data: bytes, encoding: bytes = b"base64") -> bytes:
    head = b"Content-Disposition: attachment; filename=" + name + b"\r\nContent-Transfer-Encoding: " + encoding
    return head + b"\r\n\r\n" + (base64.encodebytes(data) if encoding == b"base64" else data)


@kind("mail messages")
def messages(chance: random.Random) -> Made:
    """Messages that are damaged, nested, or lie about themselves."""
    made = good_files()
    text = b"Content-Type: text/plain; charset=utf-8\r\n\r\nk\xc3\xadnh g\xe1\xbb\xadi " + _TEXT
    yield "good.eml", _mail(text, _attached(b"a.docx", made["docx"])), KEPT
    yield "plain.eml", _mail(b"\r\nx"), KEPT | BROKEN
    yield "only-attached.eml", _mail(_attached(b"a.txt", b"a" + _TEXT)), OPENED | KEPT
    yield "folded.eml", _HEAD + b"Subject:" + b"\r\n =?utf-8?b?w6k=?=" * 20_000 + b"\r\n\r\nx", KEPT | BROKEN
    yield "noise.eml", _HEAD + b"\r\n" + chance.randbytes(5000), KEPT | FOREIGN | BROKEN
    yield "not-base64.eml", _mail(text, _attached(b"a.pdf", b"@@@@", b"8bit")), KEPT
    yield "charset.eml", _mail(b"Content-Type: text/plain; charset=no-such-thing\r\n\r\n" + _TEXT), KEPT | BROKEN
    yield "encoding.eml", _mail(text, _attached(b"a.txt", b"b" + _TEXT, b"x-uuencode")), KEPT
    yield "name.eml", _mail(text, _attached(b'"../../../../tmp/evil"', b"c" + _TEXT)), KEPT
    yield "long-name.eml", _mail(text, _attached(b'"' + b"a" * 20_000 + b'"', b"d" + _TEXT)), KEPT
    yield "parts.eml", _mail(*[b"\r\nx"] * 20_000), KEPT | BROKEN | HEAVY
    yield "attachments.eml", _mail(*[_attached(b"a.txt", b"x")] * 1500), HEAVY
    nested = _mail(text)
    for _ in range(60):
        nested = _mail(b"Content-Type: message/rfc822\r\n\r\n" + nested)
    yield "nested.eml", nested, KEPT | BROKEN | HEAVY
    yield "page.eml", _mail(b"Content-Type: text/html\r\n\r\n<p>" + b"<div>" * 50_000 + _TEXT), KEPT | BROKEN
    yield "bomb.eml", _mail(text, _attached(b"a.zip", _archive({"a.txt": bytes(64 << 20)}))), KEPT | HEAVY


@kind("Outlook messages")
def outlook(chance: random.Random) -> Made:
    """Messages of Outlook with streams that lie."""
    body = {"__substg1.0_1000001F": "\n".join(BODY).encode("utf-16-le")}
    yield "good.msg", compound(body), KEPT
    yield "narrow.msg", compound({"__substg1.0_1000001E": _TEXT}), KEPT
    yield "page.msg", compound({"__substg1.0_10130102": b"<p>" * 20_000 + _TEXT}), KEPT | BROKEN
    yield "nothing.msg", compound({"__substg1.0_001A001F": bytes(5000)}), BROKEN
    yield "odd.msg", compound({"__substg1.0_1000001F": chance.randbytes(5001)}), KEPT | BROKEN | FOREIGN
    whole = bytearray(compound(body))
    yield "cut.msg", bytes(whole[: len(whole) // 2]), KEPT | BROKEN | FOREIGN
    for number in range(4):
        for at in chance.sample(range(8, len(whole)), 40):
            whole[at] = chance.randrange(256)
        yield f"noise-{number}.msg", bytes(whole), KEPT | BROKEN | FOREIGN | HEAVY


@kind("envelopes")
def envelopes(_: random.Random) -> Made:
    """Envelopes of e-office programs."""

    def envelope(*attachments: str) -> bytes:
        inner = "".join(f"<Attachment>{one}</Attachment>" for one in attachments)
        return f'<?xml version="1.0"?><edXML>{inner}</edXML>'.encode()

    content = base64.b64encode(b"e" + _TEXT).decode()
    yield "good.edxml", envelope(f"<Name>a.txt</Name><Content>{content}</Content>"), OPENED
    yield "base64.edxml", envelope("<Content>@@@</Content>"), OPENED | BROKEN
    yield "no-name.edxml", envelope(f"<Content>{content[:-1]}</Content>"), OPENED | BROKEN
    yield "names.edxml", envelope(*[f"<Name>../{'a' * 5000}</Name><Content>{content}</Content>"] * 3), OPENED
    yield "many.edxml", envelope(*["<Content>eA==</Content>"] * 2000), HEAVY
    yield "deep.edxml", b"<edXML>" + b"<a>" * 100_000, BROKEN
    yield (
        "laughs.edxml",
        b'<?xml version="1.0"?><!DOCTYPE edXML [<!ENTITY a "x">]>' + envelope()[21:],
        BROKEN | FOREIGN | KEPT,
    )


@kind("scans of two pages")
def two_pages(chance: random.Random) -> Made:
    """Wide images that look like two pages."""

    def image(picture: Image.Image, dpi: int = 150) -> bytes:
        out = io.BytesIO()
        picture.save(out, "PNG", dpi=(dpi, dpi))
        return out.getvalue()

    first = picture(BODY[:3], dpi=100).convert("L")
    both = Image.new("L", (2 * first.width, first.height), 255)
    both.paste(first, (0, 0))
    both.paste(first, (first.width, 0))
    yield "good.png", image(both), KEPT
    yield "small.png", image(both.resize((14, 10))), BROKEN
    yield "dots.png", image(Image.frombytes("L", (1400, 1000), chance.randbytes(1_400_000))), KEPT | BROKEN
    yield "one-colour.png", image(Image.new("L", (1400, 1000), 90)), BROKEN
    stripes = Image.new("L", (1400, 1000), 255)
    stripes.paste(0, (0, 0, 650, 1000))
    stripes.paste(0, (750, 0, 1400, 1000))
    yield "stripes.png", image(stripes), KEPT | BROKEN
    yield "claim.png", image(both)[:8] + struct.pack(">I", 13) + b"IHDR" + bytes(13), BROKEN
