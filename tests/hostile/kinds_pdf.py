"""Hostile files: PDFs."""

from __future__ import annotations

import random
from pathlib import Path

from tests.hostile.files import BROKEN, HEAVY, KEPT, PART, Made, kind
from tests.hostile.raw_formats import LINES, one_page, pdf, stream, text_content, zeros


@kind("PDF bomb")
def pdf_bombs(_: random.Random) -> Made:
    """PDFs whose content or pictures unpack to far more than they are."""
    image = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /%s /BitsPerComponent %d"
    shown = stream(b"q 595 0 0 842 0 0 cm /I Do Q")

    def with_image(width: int, height: int, data: bytes, space: bytes, bits: int, **more: bytes) -> bytes:
        head = image % (width, height, space, bits)
        made = b"<< /Length %d %s /Filter /%s >>\nstream\n" % (len(data), head, more.get("packing", b"FlateDecode"))
        return one_page(content=shown, resources=b"/XObject << /I 6 0 R >>", objects={6: made + data + b"\nendstream"})

    yield "content.pdf", one_page(content=stream(b"q Q " * (8 << 20), packed=1)), KEPT | BROKEN | HEAVY
    yield "twice-packed.pdf", one_page(content=stream(bytes(256 << 20), packed=2)), BROKEN | HEAVY
    yield "ten-times-packed.pdf", one_page(content=stream(text_content(LINES), packed=10)), KEPT | BROKEN
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
            content=stream(many + text_content(LINES)),
            objects=objects,
            resources=b"/Font << /F1 5 0 R >> /XObject << /I 6 0 R >>",
        ),
        KEPT | PART | BROKEN | HEAVY,
    )
    paths = b"".join(b"%d %d m %d %d l S " % (n % 595, n % 842, n * 7 % 595, n * 3 % 842) for n in range(150_000))
    yield "strokes.pdf", one_page(content=stream(paths + text_content(LINES), packed=1)), KEPT | PART | BROKEN | HEAVY
    text = b"BT /F1 1 Tf 1 1 Td " + b"(xin chao moi nguoi) Tj " * 150_000 + b"ET"
    yield "characters.pdf", one_page(content=stream(text, packed=1)), KEPT | PART | BROKEN | HEAVY


@kind("impossible pages")
def odd_pages(_: random.Random) -> Made:
    """PDFs with pages of impossible sizes, numbers and kinds."""
    every = KEPT | PART | BROKEN | HEAVY
    for name, box in {
        "million-points": b"[0 0 1000000 1000000]",
        "long": b"[0 0 1000000 1]",
        "nothing": b"[0 0 0 0]",
        "turned-inside-out": b"[595 842 0 0]",
        "negative": b"[-1000000 -1000000 -999000 -999000]",
        "infinite": b"[0 0 1e308 1e308]",
        "nameless": b"[/a /b /c /d]",
        "nan": b"[nan nan nan nan]",
        "digits": b"[0 0 " + b"9" * 400 + b" 842]",
        "three": b"[0 0 595]",
        "none": b"null",
    }.items():
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
    """PDFs whose fonts have no map to characters, or a wrong one."""
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
        "noise": chance.randbytes(20_000),
        "true-noise": b"\0\1\0\0\0\x20" + chance.randbytes(20_000),
        "otto-noise": b"OTTO\0\x20" + chance.randbytes(20_000),
        "empty": b"",
    }.items():
        yield f"file-{name}.pdf", font(file=b"/FontFile2 9 0 R", n9=stream(data)), every
    from tests.support.reading_files import FONT as serif

    real = bytearray(Path(serif).read_bytes()[:60_000])
    for _ in range(300):
        real[chance.randrange(200, len(real))] ^= 0xFF
    yield "file-flipped.pdf", font(file=b"/FontFile2 9 0 R", n9=stream(bytes(real), packed=1)), every
    differences = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Differences [0 " + b"/a " * 70_000
    yield "differences.pdf", one_page(objects={5: differences + b"] >> >>"}), every
