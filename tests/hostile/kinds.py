"""The hostile files, kind by kind: each with the verdicts that are honest about it."""

from __future__ import annotations

import io
import random
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image

from tests.hostile.raw import (
    LINES,
    PNG_MAGIC,
    chunk,
    grey_tiff,
    one_page,
    pdf,
    png,
    said,
    stream,
    tiff,
    zeros,
)  # fmt: skip
from tests.ingest.formats.test_odt import write_odt
from tests.support.reading_files import BODY, picture, scan_pdf, text_pdf
from tests.support.word_files import Piece, compound, write_doc

#: What may honestly become of a file: kept whole ("kept"), kept as far as it goes and marked ("part"), or a verdict.
Honest = frozenset[str]
KEPT, PART = frozenset({"kept"}), frozenset({"part"})
BROKEN = frozenset({"hong", "trong"})
HEAVY = frozenset({"het_gio", "het_bo_nho", "qua_lon"})
FOREIGN = frozenset({"khong_ho_tro"})
LOCKED = frozenset({"ma_hoa"})
ANY = KEPT | PART | BROKEN | FOREIGN


@dataclass(frozen=True, slots=True)
class Hostile:
    """kind: of harm. name: the file's, bytes that need not be UTF-8. honest: the verdicts that may be given.

    text: what a file kept whole must say, if that is known. size: bytes it claims beyond *data* (a sparse file).
    """

    kind: str
    name: bytes
    data: bytes
    honest: Honest
    text: str = ""
    size: int = 0


Made = Iterator[tuple[str, bytes, Honest]]
KINDS: dict[str, Callable[[random.Random], Made]] = {}


def kind(name: str) -> Callable[[Callable[[random.Random], Made]], Callable[[random.Random], Made]]:
    def keep(make: Callable[[random.Random], Made]) -> Callable[[random.Random], Made]:
        KINDS[name] = make
        return make

    return keep


def all_hostile(seed: int = 0, kinds: tuple[str, ...] = ()) -> Iterator[Hostile]:
    """Every hostile file, the same for the same seed."""
    for name, make in KINDS.items():
        if kinds and name not in kinds:
            continue
        for number, (file, data, honest) in enumerate(make(random.Random(f"{seed} {name}"))):
            own = file.encode("utf-8", "surrogateescape")
            yield Hostile(name, own if name == "names" else f"{number:03d}-".encode() + own, data, honest)


# --- what is harmed ----------------------------------------------------------------------------------------------


@cache
def bases() -> dict[str, bytes]:
    """A good file of each type, by its ending."""
    import docx

    made = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made["pdf"] = text_pdf(folder / "a.pdf", [BODY] * 4).read_bytes()
        small = picture(BODY[:3], dpi=72)
        made["scan.pdf"] = scan_pdf(folder / "b.pdf", [small]).read_bytes()
        for ending, form in (("png", "PNG"), ("jpg", "JPEG"), ("tif", "TIFF")):
            out = io.BytesIO()
            small.convert("L").save(out, form)
            made[ending] = out.getvalue()
        document = docx.Document()
        for line in BODY:
            document.add_paragraph(line)
        document.save(str(folder / "a.docx"))
        made["docx"] = (folder / "a.docx").read_bytes()
        paragraphs = "".join(f"<text:p>{line}</text:p>" for line in BODY)
        made["odt"] = write_odt(folder / "a.odt", paragraphs).read_bytes()
        made["doc"] = write_doc(folder / "a.doc", [Piece(line + "\r") for line in BODY]).read_bytes()
    made["rtf"] = b"{\\rtf1\\ansi " + b"".join(rtf_text(line) + b"\\par\n" for line in BODY) + b"}"
    made["html"] = ("<html><body>" + "".join(f"<p>{line}</p>" for line in BODY) + "</body></html>").encode()
    made["txt"] = "\n".join(BODY).encode()
    return made


def rtf_text(text: str) -> bytes:
    return b"".join(c.encode() if ord(c) < 128 else b"\\u%d?" % ord(c) for c in text)


def zipped(entries: dict[str, bytes], base: str = "docx") -> bytes:
    """The good file of that type with *entries* put in place of its own or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bases()[base])) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in source.infolist():
            if entry.filename not in entries:
                made.writestr(entry, source.read(entry))
        for name, data in entries.items():
            made.writestr(name, data)
    return out.getvalue()


def word(body: str, head: str = "") -> bytes:
    """A Word file with that body."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    text = f'<?xml version="1.0"?>{head}<w:document {space}><w:body>{body}</w:body></w:document>'
    return zipped({"word/document.xml": text.encode()})


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


SAID = "".join(paragraph(line) for line in BODY)


@kind("cut")
def cut(_: random.Random) -> Made:
    for ending, data in bases().items():
        whole = ending in {"txt", "html"}
        for share in (3, 20, 45, 70, 85, 97):
            honest = (KEPT if whole else ANY) | BROKEN
            yield f"{share}.{ending}", data[: len(data) * share // 100], honest


@kind("flipped bits")
def flipped(chance: random.Random) -> Made:
    for ending, data in bases().items():
        for number in range(4):
            harmed = bytearray(data)
            for _ in range(1 + len(data) // 400 if number else 1):
                at = chance.randrange(len(harmed))
                harmed[at] ^= 1 << chance.randrange(8)
            yield f"{number}.{ending}", bytes(harmed), ANY | LOCKED | {"qua_lon"}


@kind("noise behind a right beginning")
def noise(chance: random.Random) -> Made:
    beginnings = {
        "pdf": b"%PDF-1.7\n", "png": PNG_MAGIC, "jpg": b"\xff\xd8\xff\xe0", "tif": b"II*\0\x08\0\0\0", "docx": b"PK\x03\x04",
        "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "rtf": b"{\\rtf1 ", "html": b"<html>", "txt": b"",
    }  # fmt: skip
    for ending, start in beginnings.items():
        for number in range(3):
            yield f"{number}.{ending}", start + chance.randbytes(2000 + 20_000 * number), ANY | LOCKED | {"qua_lon"}


@kind("locked")
def locked(_: random.Random) -> Made:
    from reportlab.lib.pdfencrypt import StandardEncryption

    with tempfile.TemporaryDirectory() as name:
        for strength in (40, 128):
            file = text_pdf(Path(name) / "a.pdf", encrypt=StandardEncryption("mat khau", strength=strength))
            yield f"{strength}.pdf", file.read_bytes(), LOCKED
        owner = text_pdf(Path(name) / "b.pdf", encrypt=StandardEncryption("", "owner", strength=128))
        yield "owner.pdf", owner.read_bytes(), KEPT
        yield "flag.doc", write_doc(Path(name) / "a.doc", [Piece("x\r")], flags=0x0100).read_bytes(), LOCKED
    yield "office.docx", compound({"EncryptedPackage": bytes(5000), "EncryptionInfo": bytes(5000)}), LOCKED
    yield "manifest.odt", zipped({"META-INF/manifest.xml": b"<manifest><encryption-data/></manifest>"}, "odt"), LOCKED
    flagged = bytearray(bases()["docx"])
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


@kind("zip bomb")
def zip_bombs(_: random.Random) -> Made:
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
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    laughs = f'<!DOCTYPE x [<!ENTITY a0 "ha">{levels}]>'
    long = f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]>'
    yield "laughs.docx", word(SAID + paragraph("&a11;"), laughs), KEPT | BROKEN
    yield "square.docx", word(SAID + paragraph("&a;" * 20_000), long), KEPT | BROKEN | HEAVY
    body = bases()["odt"]
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        content = archive.read("content.xml").decode()
    yield (
        "laughs.odt",
        zipped({"content.xml": (laughs + content.replace("QUYẾT", "&a11;")).encode()}, "odt"),
        (KEPT | BROKEN),
    )
    own = '<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]>'
    yield "circle.docx", word(SAID + paragraph("&a;"), own), KEPT | BROKEN
    attributes = " ".join(f'a{n}="1"' for n in range(50_000))
    yield "attributes.docx", word(f"<w:p {attributes}/>" + SAID), KEPT | BROKEN
    names = "".join(f"<w:x{n}/>" for n in range(50_000))
    yield "names.docx", word(names + SAID), KEPT
    yield "laughs.html", f"<!doctype html>{laughs}<p>&a11;</p><p>{LINES}</p>".encode(), KEPT | BROKEN
    yield "huge-text.docx", word(paragraph("OCOP " * 3_000_000)), KEPT | HEAVY | BROKEN


@kind("PDF bomb")
def pdf_bombs(_: random.Random) -> Made:
    image = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /%s /BitsPerComponent %d"
    shown = stream(b"q 595 0 0 842 0 0 cm /I Do Q")

    def with_image(width: int, height: int, data: bytes, space: bytes, bits: int, **more: bytes) -> bytes:
        head = image % (width, height, space, bits)
        made = b"<< /Length %d %s /Filter /%s >>\nstream\n" % (len(data), head, more.get("packing", b"FlateDecode"))
        return one_page(content=shown, resources=b"/XObject << /I 6 0 R >>", objects={6: made + data + b"\nendstream"})

    yield "content.pdf", one_page(content=stream(b"q Q " * (8 << 20), packed=1)), KEPT | BROKEN | HEAVY
    yield "twice-packed.pdf", one_page(content=stream(bytes(256 << 20), packed=2)), BROKEN | HEAVY
    yield "ten-times-packed.pdf", one_page(content=stream(said(LINES), packed=10)), KEPT | BROKEN
    yield "picture-1bit.pdf", with_image(60_000, 60_000, zeros(60_000 * 7500), b"DeviceGray", 1), BROKEN | HEAVY
    yield "picture-8bit.pdf", with_image(20_000, 20_000, zeros(400 << 20), b"DeviceGray", 8), BROKEN | HEAVY
    yield "picture-rgb-short.pdf", with_image(30_000, 30_000, zeros(1000), b"DeviceRGB", 8), BROKEN | HEAVY
    yield "picture-2e9.pdf", with_image(2_000_000_000, 2, zeros(1000), b"DeviceGray", 8), BROKEN | HEAVY
    yield "picture-16bit.pdf", with_image(12_000, 12_000, zeros(288 << 20), b"DeviceGray", 16), BROKEN | HEAVY
    yield (
        "fax.pdf",
        with_image(60_000, 60_000, bytes(5000), b"DeviceGray", 1, packing=b"CCITTFaxDecode"),
        BROKEN | HEAVY,
    )
    yield (
        "runs.pdf",
        with_image(20_000, 20_000, b"\x81\0" * 200_000, b"DeviceGray", 8, packing=b"RunLengthDecode"),
        (BROKEN | HEAVY),
    )
    many = b"q 100 0 0 100 0 0 cm /I Do Q " * 3000
    objects = {6: stream(zeros(4 << 20), image % (2048, 2048, b"DeviceGray", 8) + b" /Filter /FlateDecode")}
    yield (
        "same-picture-3000-times.pdf",
        one_page(
            content=stream(many + said(LINES)),
            objects=objects,
            resources=b"/Font << /F1 5 0 R >> /XObject << /I 6 0 R >>",
        ),
        KEPT | PART | BROKEN | HEAVY,
    )
    paths = b"".join(b"%d %d m %d %d l S " % (n % 595, n % 842, n * 7 % 595, n * 3 % 842) for n in range(150_000))
    yield "strokes.pdf", one_page(content=stream(paths + said(LINES), packed=1)), KEPT | PART | BROKEN | HEAVY
    text = b"BT /F1 1 Tf 1 1 Td " + b"(xin chao moi nguoi) Tj " * 150_000 + b"ET"
    yield "characters.pdf", one_page(content=stream(text, packed=1)), KEPT | PART | BROKEN | HEAVY


@kind("image bomb")
def image_bombs(_: random.Random) -> Made:
    def saved(image: Image.Image, form: str, **options: object) -> bytes:
        out = io.BytesIO()
        image.save(out, form, **options)
        return out.getvalue()

    rows = zeros(20_000 * 20_001)
    yield "400-million.png", png(20_000, 20_000, rows), BROKEN | HEAVY
    yield "400-million-1bit.png", png(20_000, 20_000, zeros(20_000 * 2501), depth=1), BROKEN | HEAVY
    yield "900-million-rgb.png", png(30_000, 30_000, zeros(1000), colour=2), frozenset({"qua_lon"})
    yield "16bit.png", png(12_000, 12_000, zeros(12_000 * 24_001), depth=16), BROKEN | HEAVY
    yield "two-billion-wide.png", png(0x7FFFFFFF, 1, zeros(1000)), frozenset({"qua_lon"}) | BROKEN
    yield "claims-all.png", png(0x7FFFFFFF, 0x7FFFFFFF, b""), frozenset({"qua_lon"}) | BROKEN
    text = chunk(b"zTXt", b"a\0\0" + zeros(80 << 20))
    yield "text.png", png(64, 64, zeros(64 * 65), more=text), BROKEN | HEAVY
    many = b"".join(chunk(b"zTXt", b"k%d\0\0" % n + zeros(900_000)) for n in range(100))
    yield "texts.png", png(64, 64, zeros(64 * 65), more=many), BROKEN | HEAVY
    profile = chunk(b"iCCP", b"a\0\0" + zeros(80 << 20))
    yield "profile.png", png(64, 64, zeros(64 * 65), more=profile), BROKEN | HEAVY
    fax = saved(Image.new("1", (20_000, 20_000), 1), "TIFF", compression="group4")
    yield "400-million-fax.tif", fax, BROKEN | HEAVY
    yield "deflate.tif", grey_tiff(20_000, 20_000, zeros(400_000_000), packing=8), BROKEN | HEAVY
    yield "claims.tif", grey_tiff(60_000, 60_000, bytes(100)), BROKEN | HEAVY
    yield "strip-4GB.tif", grey_tiff(100, 100, bytes(100), t279=0xFFFFFFFF), BROKEN | HEAVY
    yield "tile.tif", grey_tiff(64, 64, bytes(100), t322=0x7FFFFFF0, t323=0x7FFFFFF0, t324=8, t325=100), BROKEN | HEAVY
    yield "jpeg-65500.jpg", _sof(bases()["jpg"], 65_500, 65_500), BROKEN | HEAVY
    yield "jpeg-400-million.jpg", saved(Image.new("L", (20_000, 20_000), 255), "JPEG", quality=20), BROKEN | HEAVY
    yield "thin.png", saved(Image.new("L", (60_000, 3), 255), "PNG"), BROKEN
    with_text = Image.new("L", (12_000, 16_000), 255)
    with_text.paste(picture(BODY[:4], dpi=300).convert("L").resize((9924, 14028)), (500, 500))
    yield "readable-190-million.png", saved(with_text, "PNG", compress_level=1, dpi=(1200, 1200)), KEPT | BROKEN | HEAVY
    scans = saved(picture(BODY[:3], dpi=72), "JPEG", progressive=True)
    at = scans.rindex(b"\xff\xda")
    yield "scans.jpg", scans[:-2] + scans[at:-2] * 2000 + b"\xff\xd9", KEPT | BROKEN | HEAVY


def _sof(data: bytes, width: int, height: int) -> bytes:
    at = data.index(b"\xff\xc0")
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


@kind("broken image")
def broken_images(chance: random.Random) -> Made:
    good = bases()["png"]
    at = good.index(b"IDAT")
    yield "length.png", png(64, 64, b"", more=chunk(b"tEXt", b"abc", length=0x7FFFFFFF)), BROKEN
    yield "check.png", good[: at + 30] + b"\0\0\0\0" + good[at + 34 :], BROKEN | KEPT
    yield "no-data.png", PNG_MAGIC + chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 0, 0, 0, 0)), BROKEN
    yield "no-size.png", png(0, 0), BROKEN
    yield "no-head.png", PNG_MAGIC + chunk(b"IEND", b""), BROKEN
    yield "bad-depth.png", png(10, 10, zeros(110), depth=77, colour=9), BROKEN
    yield "two-heads.png", good[:33] + good[8:33] + good[33:], BROKEN | KEPT
    yield "palette.png", png(300, 300, zeros(300 * 301), colour=3), BROKEN
    jpeg = bases()["jpg"]
    yield "no-end.jpg", jpeg[:-2], BROKEN | KEPT
    yield "tables.jpg", jpeg.replace(b"\xff\xc4", b"\xff\xfe"), BROKEN | KEPT
    yield "no-size.jpg", _sof(jpeg, 0, 0), BROKEN
    yield "segments.jpg", jpeg[:2] + b"\xff\xe1\xff\xff" * 5000 + jpeg[2:], BROKEN | KEPT
    yield "restart.jpg", jpeg[:2] + b"\xff\xdd\0\4\0\1" + jpeg[2:], BROKEN | KEPT
    yield "directory-loop.tif", grey_tiff(64, 64, bytes(4096), following=8 + 4096), BROKEN
    yield "directory-beyond.tif", grey_tiff(64, 64, bytes(4096), following=0x7FFFFFFF), BROKEN
    yield "offsets.tif", grey_tiff(64, 64, bytes(4096), t273=0xFFFFFFF0), BROKEN
    yield "packing.tif", grey_tiff(64, 64, chance.randbytes(4096), packing=34_712), BROKEN
    yield "lzw-noise.tif", grey_tiff(640, 640, chance.randbytes(4096), packing=5), BROKEN
    yield "jpeg-noise.tif", grey_tiff(640, 640, chance.randbytes(4096), packing=7), BROKEN
    yield "no-entries.tif", tiff({}), BROKEN
    yield "count.tif", tiff({256: (4, 0x7FFFFFFF, 8), 257: (4, 1, 9)}), BROKEN
    frames = io.BytesIO()
    Image.new("1", (8, 8), 1).save(
        frames, "TIFF", save_all=True, append_images=[Image.new("1", (8, 8), 1) for _ in range(400)]
    )
    yield "400-frames.tif", frames.getvalue(), frozenset({"qua_lon"})
    first = io.BytesIO()
    one = picture(BODY[:3], dpi=72).convert("L")
    one.save(first, "TIFF", save_all=True, append_images=[one, one])
    yield "third-frame-cut.tif", first.getvalue()[:-3000], ANY


@kind("depth and circles in PDF")
def deep_pdfs(_: random.Random) -> Made:
    deep = 100_000
    every = KEPT | PART | BROKEN | HEAVY
    yield "array.pdf", one_page(catalogue=b"/X " + b"[" * deep + b"]" * deep), every
    yield "dictionary.pdf", one_page(catalogue=b"/X " + b"<< /A " * deep + b"1" + b" >>" * deep), every
    yield "array-in-content.pdf", one_page(content=stream(b"[" * deep + b"]" * deep + b" TJ " + said(LINES))), every
    yield "unclosed.pdf", one_page(catalogue=b"/X " + b"[" * deep), every
    chain = {n: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 /Parent %d 0 R >>" % (n + 1, n - 1) for n in range(10, 5010)}
    chain[10] = b"<< /Type /Pages /Kids [11 0 R] /Count 1 >>"
    chain[5010] = b"<< /Type /Page /Parent 5009 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>"
    yield "pages-tree.pdf", one_page(objects=chain | {2: chain.pop(10)}, kids=b"[11 0 R]"), every
    yield "kids-self.pdf", one_page(kids=b"[2 0 R]", count=5), every
    yield "kids-both.pdf", one_page(kids=b"[3 0 R 2 0 R 3 0 R]", count=50), every
    yield (
        "kids-circle.pdf",
        one_page(
            kids=b"[6 0 R]", count=3, objects={6: b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 3 /Parent 2 0 R >>"}
        ),
        every,
    )
    yield "parent-circle.pdf", one_page(page=b"/Parent 3 0 R"), every
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /I %d 0 R >> >>"
    shows = b"/Font << /F1 5 0 R >> /XObject << /I 6 0 R >>"
    for name, objects in {
        "form-self": {6: stream(b"/I Do", form % 6)},
        "form-pair": {6: stream(b"/I Do", form % 7), 7: stream(b"/I Do", form % 6)},
        "form-chain": {n: stream(b"/I Do", form % (n + 1)) for n in range(6, 600)} | {600: stream(b"", form % 6)},
        "form-tree": {
            n: stream(b"/I Do /I Do /I Do /I Do /I Do /I Do /I Do /I Do", form % (n + 1)) for n in range(6, 40)
        },
    }.items():
        yield f"{name}.pdf", one_page(content=stream(said(LINES) + b" /I Do"), objects=objects, resources=shows), every
    glyph = {
        5: b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /CharProcs << /a 6 0 R >> "
        b"/Encoding << /Type /Encoding /Differences [0 /a] >> /FirstChar 0 /LastChar 0 /Widths [9] "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        6: stream(b"BT /F1 9 Tf (\\000) Tj ET"),
    }
    yield "glyph-of-itself.pdf", one_page(objects=glyph), every
    tile = {6: stream(b"/Pattern cs /P scn 0 0 99 99 re f", b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 "
            b"/BBox [0 0 1 1] /XStep 0.001 /YStep 0.001 /Resources << /Pattern << /P 6 0 R >> >>")}  # fmt: skip
    yield "pattern-of-itself.pdf", one_page(
        content=stream(b"/Pattern cs /P scn 0 0 595 842 re f " + said(LINES)), objects=tile,
        resources=b"/Font << /F1 5 0 R >> /Pattern << /P 6 0 R >>",
    ), every  # fmt: skip
    mask = {7: b"<< /SMask << /S /Luminosity /G 6 0 R >> >>",
            6: stream(b"/G gs 0 0 99 99 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 99 99] /Group << /S /Transparency >> "
            b"/Resources << /ExtGState << /G 7 0 R >> >>")}  # fmt: skip
    yield "mask-of-itself.pdf", one_page(
        content=stream(b"/G gs 0 0 99 99 re f " + said(LINES)), objects=mask,
        resources=b"/Font << /F1 5 0 R >> /ExtGState << /G 7 0 R >>",
    ), every  # fmt: skip
    yield "saved-states.pdf", one_page(content=stream(b"q " * 1_000_000 + said(LINES), packed=1)), every
    good = one_page()
    at = good.rindex(b"startxref")
    where = good[at + 10 :].split()[0]
    yield "table-of-itself.pdf", good.replace(b"/Size 6", b"/Size 6 /Prev " + where), every
    yield (
        "length-of-itself.pdf",
        one_page(content=b"<< /Length 4 0 R >>\nstream\n" + said(LINES) + b"\nendstream"),
        every,
    )
    yield "reference-of-itself.pdf", one_page(objects={4: b"4 0 R"}), every
    yield (
        "object-stream-circle.pdf",
        one_page(objects={6: stream(b"7 0 << >>", b"/Type /ObjStm /N 1 /First 4 /Extends 6 0 R")}),
        every,
    )
    outlines = b"/Outlines 6 0 R"
    yield (
        "outline-circle.pdf",
        one_page(
            catalogue=outlines,
            objects={6: b"<< /First 7 0 R /Last 7 0 R >>", 7: b"<< /Title (x) /Parent 6 0 R /Next 7 0 R >>"},
        ),
        every,
    )
    function = b"<< /FunctionType 3 /Domain [0 1] /Functions [6 0 R] /Bounds [] /Encode [0 1] >>"
    yield (
        "function-of-itself.pdf",
        one_page(
            content=stream(b"/S sh " + said(LINES)),
            resources=b"/Font << /F1 5 0 R >> /Shading << /S << /ShadingType 1 /ColorSpace /DeviceGray /Function 6 0 R >> >>",
            objects={6: function},
        ),
        every,
    )
    space = b"/Font << /F1 5 0 R >> /ColorSpace << /C 6 0 R >>"
    yield (
        "colour-of-itself.pdf",
        one_page(
            content=stream(b"/C cs 0 sc 0 0 9 9 re f " + said(LINES)),
            resources=space,
            objects={6: b"[/Indexed 6 0 R 1 (ab)]"},
        ),
        every,
    )


@kind("odd pages")
def odd_pages(_: random.Random) -> Made:
    every = KEPT | PART | BROKEN | HEAVY
    for name, box in {
        "million-points": b"[0 0 1000000 1000000]", "long": b"[0 0 1000000 1]", "nothing": b"[0 0 0 0]",
        "turned-inside-out": b"[595 842 0 0]", "negative": b"[-1000000 -1000000 -999000 -999000]",
        "infinite": b"[0 0 1e308 1e308]", "nameless": b"[/a /b /c /d]", "nan": b"[nan nan nan nan]",
        "digits": b"[0 0 " + b"9" * 400 + b" 842]", "three": b"[0 0 595]", "none": b"null",
    }.items():  # fmt: skip
        yield f"{name}.pdf", one_page(box=box), every
        if name in {"million-points", "long", "infinite"}:
            drawn = stream(b"0 0 m 100 100 l S " * 500)
            yield f"{name}-drawn.pdf", one_page(box=box, content=drawn), every
    yield "unit.pdf", one_page(page=b"/UserUnit 1e9"), every
    yield "turned-45.pdf", one_page(page=b"/Rotate 45"), every
    yield "turned-huge.pdf", one_page(page=b"/Rotate 99999999999999"), every
    yield "no-pages.pdf", one_page(kids=b"[]", count=0), BROKEN
    yield "minus-pages.pdf", one_page(count=-7), every
    yield "100000-pages.pdf", one_page(kids=b"[" + b"3 0 R " * 100_000 + b"]", count=100_000), frozenset({"qua_lon"})
    yield "claims-2e9-pages.pdf", one_page(count=2_000_000_000), KEPT | BROKEN | {"qua_lon"}
    yield "no-catalogue.pdf", pdf({2: b"<< >>"}, root=9), BROKEN
    yield "page-is-a-number.pdf", one_page(objects={3: b"42"}), BROKEN | PART
    second = {6: b"[broken"}
    yield "second-page-broken.pdf", one_page(kids=b"[3 0 R 6 0 R]", count=2, objects=second), PART | KEPT | BROKEN
    notes = b"/Annots [" + b"6 0 R " * 50_000 + b"]"
    note = {6: b"<< /Type /Annot /Subtype /FreeText /Rect [0 0 99 99] /Contents (x) /DA (/F1 9 Tf) >>"}
    yield "50000-notes.pdf", one_page(page=notes, objects=note), every
    yield "empty.pdf", b"", frozenset({"trong"})
    yield "ten-gigabytes.pdf", b"%PDF-1.7\n", frozenset({"qua_lon"})


@kind("fonts without maps")
def fonts(chance: random.Random) -> Made:
    every = KEPT | PART | BROKEN | HEAVY
    wide = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [7 0 R] %s >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
        b"/Supplement 0 >> /FontDescriptor 8 0 R %s >>",
        b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontBBox [0 0 9 9] %s >>",
    )

    def font(maps: bytes = b"", widths: bytes = b"", file: bytes = b"", **objects: bytes) -> bytes:
        made = {5: wide[0] % maps, 7: wide[1] % widths, 8: wide[2] % file}
        made |= {int(name[1:]): data for name, data in objects.items()}
        shown = stream(b"BT /F1 12 Tf 70 700 Td <" + chance.randbytes(800).hex().encode() + b"> Tj ET")
        return one_page(content=shown, objects=made)

    yield "no-map.pdf", font(), every
    yield (
        "map-of-itself.pdf",
        font(b"/ToUnicode 9 0 R", n9=stream(b"/X usecmap begincmap endcmap", b"/UseCMap 9 0 R")),
        every,
    )
    ranges = b"begincmap 100 beginbfrange " + b"<0000> <ffff> <0000> " * 20_000 + b"endbfrange endcmap"
    yield "map-ranges.pdf", font(b"/ToUnicode 9 0 R", n9=stream(ranges, packed=1)), every
    private = b"begincmap 1 beginbfrange <0000> <ffff> <e000> endbfrange endcmap"
    yield "map-private.pdf", font(b"/ToUnicode 9 0 R", n9=stream(private)), every
    lies = b"begincmap 1 beginbfrange <0000> <ffff> <0041> endbfrange endcmap"
    yield "map-lies.pdf", font(b"/ToUnicode 9 0 R", n9=stream(lies)), every
    yield "widths.pdf", font(widths=b"/W [0 " + b"[1] " * 60_000 + b"]"), every
    yield "widths-range.pdf", font(widths=b"/W [0 2000000000 500]"), every
    for name, data in {
        "noise": chance.randbytes(20_000), "true-noise": b"\0\1\0\0\0\x20" + chance.randbytes(20_000),
        "otto-noise": b"OTTO\0\x20" + chance.randbytes(20_000), "empty": b"",
    }.items():  # fmt: skip
        yield f"file-{name}.pdf", font(file=b"/FontFile2 9 0 R", n9=stream(data)), every
    from tests.support.reading_files import FONT as serif

    real = bytearray(Path(serif).read_bytes()[:60_000])
    for _ in range(300):
        real[chance.randrange(200, len(real))] ^= 0xFF
    yield "file-flipped.pdf", font(file=b"/FontFile2 9 0 R", n9=stream(bytes(real), packed=1)), every
    differences = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Differences [0 " + b"/a " * 70_000
    yield "differences.pdf", one_page(objects={5: differences + b"] >> >>"}), every


@kind("reaching out")
def reaching_out(_: random.Random) -> Made:
    there = "http://127.0.0.1:9/x"  # whoever listens there is told by the run
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{there}">]>'
    file = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    either = KEPT | BROKEN
    yield "entity.docx", word(SAID + paragraph("&e;"), entity), either
    yield "entity-file.docx", word(SAID + paragraph("&e;"), file), either
    yield "parameter.docx", word(SAID, f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{there}"> %p;]>'), either
    yield "dtd.docx", word(SAID, f'<!DOCTYPE x SYSTEM "{there}">'), either
    relation = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
        f'Target="{there}" TargetMode="External"/></Relationships>'
    )
    for what in ("attachedTemplate", "image", "oleObject", "aFChunk", "footnotes", "subDocument"):
        entries = {"word/_rels/document.xml.rels": relation.format(what).encode()}
        yield f"{what}.docx", zipped(entries), either
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{there}"/>'
    yield "include.docx", word(SAID + include), either
    sheet = f'<?xml-stylesheet href="{there}" type="text/xsl"?>'
    yield "stylesheet.docx", word(SAID, sheet), either
    picture_ = f'<text:p><draw:image xlink:href="{there}" xmlns:xlink="http://www.w3.org/1999/xlink"/>OCOP</text:p>'
    with tempfile.TemporaryDirectory() as name:
        lines = "".join(f"<text:p>{line}</text:p>" for line in BODY)
        yield "picture.odt", write_odt(Path(name) / "a.odt", picture_ + lines).read_bytes(), either
    html = f'<html><head><base href="{there}"><meta http-equiv="refresh" content="0;url={there}"><link rel=stylesheet '
    html += (
        f'href="{there}"><script src="{there}"></script></head><body><img src="{there}"><iframe src="{there}"></iframe>'
    )
    html += f'<object data="{there}"></object><video src="{there}"></video>' + "".join(f"<p>{b}</p>" for b in BODY)
    yield "page.html", html.encode(), KEPT
    yield "frames.rtf", b"{\\rtf1 {\\field{\\*\\fldinst INCLUDETEXT \"%s\"}{\\fldrslt x}}{\\*\\template %s} %s}" % (
        there.encode(), there.encode(), rtf_text(" ".join(BODY))
    ), KEPT  # fmt: skip
    yield (
        "object.rtf",
        b"{\\rtf1 {\\object\\objautlink\\objupdate{\\*\\objdata 0105000002000000}} %s}" % (rtf_text(" ".join(BODY))),
        KEPT,
    )
    act = there.encode()
    for name, action in {
        "script": b"/S /JavaScript /JS (app.launchURL\\('%s'\\); while\\(1\\);)" % act,
        "launch": b"/S /Launch /F (/bin/sh) /Win << /F (cmd.exe) /P (/c calc) >>",
        "address": b"/S /URI /URI (%s)" % act, "submit": b"/S /SubmitForm /F << /FS /URL /F (%s) >>" % act,
        "elsewhere": b"/S /GoToR /F (//127.0.0.1/share/a.pdf) /D [0 /Fit]", "import": b"/S /ImportData /F (%s)" % act,
        "chain": b"/S /URI /URI (%s) /Next 6 0 R" % act,
    }.items():  # fmt: skip
        data = one_page(catalogue=b"/OpenAction 6 0 R /AA << /WC 6 0 R >>", objects={6: b"<< " + action + b" >>"})
        yield f"{name}.pdf", data, KEPT
    inside = {6: b"<< /Type /Filespec /F (a.exe) /EF << /F 7 0 R >> >>", 7: stream(b"MZ" + bytes(1000))}
    yield (
        "embedded.pdf",
        one_page(catalogue=b"/Names << /EmbeddedFiles << /Names [(a.exe) 6 0 R] >> >>", objects=inside),
        KEPT,
    )
    outer = b"<< /Length 0 /F << /FS /URL /F (%s) >> >>\nstream\n\nendstream" % act
    yield "content-elsewhere.pdf", one_page(objects={4: outer}), either
    form = b"/AcroForm << /XFA 6 0 R /Fields [] >>"
    xfa = f'<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><!-- {there} --></xdp:xdp>'.encode()
    yield "xfa.pdf", one_page(catalogue=form, objects={6: stream(xfa)}), KEPT


@kind("zip slip")
def zip_slips(_: random.Random) -> Made:
    for number, name in enumerate((
        "../../../../evil.txt", "/tmp/evil-absolute.txt", "..\\..\\evil.txt", "word/../../evil.xml", "C:\\evil.txt",
        "word/document.xml/../../../evil", "a" * 5000, "evil\0.xml",
    )):  # fmt: skip
        yield f"{number}.docx", zipped({name: b"evil"}), KEPT | BROKEN
    out = io.BytesIO(bases()["docx"])
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("word/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    yield "link.docx", out.getvalue(), KEPT
    yield "slip.odt", zipped({"../../evil.txt": b"evil"}, "odt"), KEPT | BROKEN


@kind("another type than it says")
def other_types(chance: random.Random) -> Made:
    made = bases()
    for ending, data in (("docx", made["pdf"]), ("txt", made["pdf"]), ("pdf", made["txt"]), ("pdf", made["docx"]),
                         ("png", made["rtf"]), ("doc", made["html"]), ("doc", made["rtf"]), ("exe", made["odt"])):  # fmt: skip
        yield f"as.{ending}", data, KEPT
    yield "prefix.pdf", b"rubbish before\n" * 20 + made["pdf"], KEPT | BROKEN
    yield "pdf-and-zip.pdf", made["pdf"] + made["docx"], KEPT | BROKEN
    yield "zip-and-pdf.docx", made["docx"] + made["pdf"], KEPT | BROKEN
    yield "png-and-html.html", made["png"] + made["html"], KEPT | BROKEN
    yield "gif-and-script.gif", b"GIF89a/*" + bytes(50) + b"*/=1;alert(1)", FOREIGN
    for name, start in {
        "a.exe": b"MZ\x90\0", "a.elf": b"\x7fELF\2\1\1", "a.gif": b"GIF89a", "a.bmp": b"BM\x46\0", "a.7z": b"7z\xbc\xaf\x27\x1c",
        "a.rar": b"Rar!\x1a\x07\1\0", "a.gz": b"\x1f\x8b\x08\0", "a.bz2": b"BZh91AY&SY", "a.xz": b"\xfd7zXZ\0",
        "a.webp": b"RIFF\x24\0\0\0WEBPVP8 ", "a.heic": b"\0\0\0\x18ftypheic\0\0\0\0", "a.ps": b"%!PS-Adobe-3.0\n", "a.mp4":
        b"\0\0\0\x20ftypisom\0\0\2\0", "a.db": b"SQLite format 3\0", "a.pickle": b"\x80\4\x95\x1c\0\0\0\0\0\0\0\x8c\5posix\x94",
        "a.class": b"\xca\xfe\xba\xbe\0\0\0\x34", "a.psd": b"8BPS\0\1", "a.ico": b"\0\0\1\0\1\0", "a.jp2": b"\0\0\0\x0cjP  \r\n\x87\n",
        "a.eps": b"\xc5\xd0\xd3\xc6\x1e\0\0\0", "a.fits": b"SIMPLE  =                    T\0\0",
    }.items():  # fmt: skip
        yield name, start + chance.randbytes(3000), FOREIGN
    yield "a.xlsx", zipped({"xl/workbook.xml": b"<x/>", "word/document.xml": b"<x/>"}), KEPT | BROKEN | FOREIGN
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    yield "b.xlsx", out.getvalue(), FOREIGN
    yield "a.eml", b"From: a@b.vn\r\nTo: c@d.vn\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\nhello", FOREIGN
    yield "a.xls", compound({"Workbook": bytes(5000)}), FOREIGN
    yield "a.msg", compound({"__substg1.0_001A001F": bytes(5000)}), FOREIGN
    yield "zeros.bin", bytes(5000), FOREIGN
    yield "script.sh", b"#!/bin/sh\nrm -rf /tmp/evil\n" + made["txt"], KEPT
    yield "svg.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', KEPT | BROKEN


@kind("letters")
def encodings(chance: random.Random) -> Made:
    text = "\n".join(BODY)
    every = KEPT | FOREIGN | BROKEN
    for name in ("utf-16-le", "utf-16-be"):
        yield f"{name}.txt", text.encode(name), KEPT
        yield f"{name}-odd.txt", text.encode(name)[:-1], every
    for name in ("utf-16", "utf-32", "utf-8-sig", "utf-7"):
        yield f"{name}.txt", text.encode(name), every
    data = text.encode()
    for name, harm in {
        "lone-continuation": b"\x80\xbf", "overlong": b"\xc0\xaf\xe0\x80\xaf", "surrogates": b"\xed\xa0\x80\xed\xb0\x80",
        "beyond": b"\xf7\xbf\xbf\xbf", "cut-letter": b"\xe1\xba", "nul": b"\0", "nuls": bytes(500), "control": b"\x1b[2J\x07\x08",
        "marks": b"\xff\xfe\xfe\xff", "not-letters": "\ufffe\uffff\ufdd0".encode(), "right-to-left": "\u202e\u2066".encode(),
        "combining": ("a" + "\u0301" * 50_000).encode(), "joiners": ("\u200d" * 50_000).encode(),
    }.items():  # fmt: skip
        yield f"{name}.txt", data[:200] + harm + data[200:], every
        yield f"{name}-often.txt", b"".join(data[n : n + 50] + harm[:4] for n in range(0, len(data), 50)), every
    yield "mark-alone.txt", b"\xef\xbb\xbf", BROKEN | FOREIGN
    yield "mark-alone-16.txt", b"\xff\xfe", BROKEN | FOREIGN
    yield "half-noise.txt", data + chance.randbytes(2000), every
    yield "declared-wrong.html", b'<html><meta charset="utf-7">' + data, every
    yield "declared-nothing.html", b'<html><meta charset="rot13">' + data, every
    yield "declared-codec.html", b'<html><meta charset="zlib_codec">' + "ti\xeang".encode("latin-1") * 50, every


@kind("depth and length in text")
def deep_texts(_: random.Random) -> Made:
    every = KEPT | PART | BROKEN | HEAVY
    deep = 100_000
    body = "".join(f"<p>{line}</p>" for line in BODY)
    for tag in ("div", "table><tr><td", "b", "ul><li", "script", "svg"):
        yield f"{tag.partition('>')[0]}.html", (f"<html><{tag}>" + f"<{tag}>" * deep + body).encode(), every
    yield "open-tags.html", b"<html>" + b"<a " * deep + body.encode(), every
    yield "open-comment.html", b"<html>" + b"<!--" * deep + body.encode(), every
    yield "attributes.html", b"<html><p " + b'a="b" ' * deep + b">" + body.encode(), every
    yield "references.html", b"<html><p>" + b"&#x1F600;&amp;&lt" * 50_000 + body.encode(), every
    yield "cells.html", ("<html><table>" + ("<tr>" + "<td>1" * 40) * 2500 + "</table>" + body).encode(), every
    yield "letters-apart.html", ("<html><p>" + "<b>x</b>" * deep + body).encode(), every
    rtf_body = rtf_text(" ".join(BODY))
    yield "groups.rtf", b"{\\rtf1 " + b"{" * deep + rtf_body + b"}" * deep + b"}", every
    yield "closings.rtf", b"{\\rtf1 " + b"}" * deep + rtf_body, every
    yield "footnotes.rtf", b"{\\rtf1 " + b"{\\footnote x}" * 30_000 + rtf_body + b"}", every
    yield "binary.rtf", b"{\\rtf1 {\\pict\\bin2147483647 " + b"x" * 5000 + b"}" + rtf_body + b"}", every
    yield "unicode.rtf", b"{\\rtf1\\uc32000 " + b"\\u7913?" * 20_000 + rtf_body + b"}", every
    yield "fonts.rtf", b"{\\rtf1{\\fonttbl" + b"{\\f1 A;}" * 30_000 + b"}" + rtf_body + b"}", every
    yield "cells.rtf", b"{\\rtf1\\trowd " + b"\\intbl x\\cell " * 50_000 + b"\\row\\pard " + rtf_body + b"}", every
    cell = "<w:tbl><w:tr><w:tc>"
    yield "tables.docx", word(cell * 2000 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 2000 + SAID), every
    yield "tables-80.docx", word(cell * 80 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 80 + SAID), every
    yield "controls.docx", word("<w:sdt><w:sdtContent>" * 5000 + SAID + "</w:sdtContent></w:sdt>" * 5000), every
    yield "runs.docx", word("<w:p>" + "<w:ins>" * 3000 + "</w:ins>" * 3000 + "</w:p>" + SAID), every
    rows = "<w:tr>" + f"<w:tc>{paragraph('1')}</w:tc>" * 20 + "</w:tr>"
    yield "rows.docx", word(f"<w:tbl>{rows * 2000}</w:tbl>" + SAID), every
    boxes = "<w:r><w:pict><w:txbxContent>"
    yield (
        "boxes.docx",
        word(f"<w:p>{(boxes + '<w:p>') * 80}{'</w:p></w:txbxContent></w:pict></w:r>' * 80}</w:p>" + SAID),
        every,
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = "".join(f"<text:p>{line}</text:p>" for line in BODY)
        section = "<text:section>" * 5000 + lines + "</text:section>" * 5000
        yield "sections.odt", write_odt(folder / "a.odt", section).read_bytes(), every
        yield "spaces.odt", write_odt(folder / "a.odt", "<text:p>a" + '<text:s text:c="999999999"/>' * 500 + "</text:p>" + lines
            ).read_bytes(), every  # fmt: skip
        yield (
            "spaces-minus.odt",
            write_odt(folder / "a.odt", '<text:p>a<text:s text:c="x"/></text:p>' + lines).read_bytes(),
            every,
        )
    head = "\n".join(BODY) + "\n"
    for name, text in {
        "one-line": "sản phẩm OCOP " * 40_000, "numbers": "số 12/QĐ-UBND; " * 4_000, "bases": "Căn cứ " * 20_000,
        "digits": "1" * 200_000, "slashes": "/" * 300_000, "dashes": "12-" * 100_000, "spaces": " " * 500_000 + "x",
        "brackets": "(" * 200_000, "dates": "ngày 01 tháng 01 năm 2024 " * 8_000, "lines": "\n" * 300_000 + "x",
        "agencies": "Ủy ban nhân dân " * 10_000, "articles": "Điều 1. " * 20_000, "laws": "Luật " * 20_000,
        "dots": "." * 200_000, "form-feeds": "trang\f" * 20_000, "receivers": "Nơi nhận:\n" * 10_000, "tabs": "a\t" * 100_000,
    }.items():  # fmt: skip
        yield f"{name}.txt", (head + text).encode(), every


@kind("compound files")
def compounds(chance: random.Random) -> Made:
    good = bases()["doc"]

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


@kind("names")
def names(_: random.Random) -> Made:
    for number, name in enumerate((
        "xuống\ndòng", "ngược\u202etxt.exe", "-rf", "--library=evil", "dấu cách cuối ", "chấm cuối.", "$(touch evil)", "`evil`",
        ";rm -rf evil", "'nháy'", '"kép"', "%s%n%x", "%2e%2e%2f", "<script>alert(1)", "\x1b[31mđỏ\x07", "a\tb", "CON", "NUL",
        "te\u0302n ro\u031b\u0300i", "\U0001f4c4\U0001f600", "\u200b\u200d", "a\\b", "a:b", "*?", "~", "#", "&amp;", "=1+1",
        "\udcff\udcfe không phải UTF-8", "\udc80", "tên dài " + "a" * 236, "*.txt", "a" * 250,
    )):  # fmt: skip
        text = "\n".join((*BODY, f"Tên tệp thứ {number}"))
        yield name, text.encode(), KEPT
