"""Hostile files: PDFs nested very deep or whose objects contain themselves."""

from __future__ import annotations

import random

from tests.hostile.files import BROKEN, HEAVY, KEPT, PART, Made, kind
from tests.hostile.raw_formats import LINES, one_page, stream, text_content


@kind("PDF depth and cycles")
def deep_pdfs(_: random.Random) -> Made:
    """PDFs nested very deep, or whose objects contain themselves."""
    deep = 100_000
    every = KEPT | PART | BROKEN | HEAVY
    yield "array.pdf", one_page(catalogue=b"/X " + b"[" * deep + b"]" * deep), every
    yield "dictionary.pdf", one_page(catalogue=b"/X " + b"<< /A " * deep + b"1" + b" >>" * deep), every
    yield (
        "array-in-content.pdf",
        one_page(content=stream(b"[" * deep + b"]" * deep + b" TJ " + text_content(LINES))),
        every,
    )
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
        yield (
            f"{name}.pdf",
            one_page(content=stream(text_content(LINES) + b" /I Do"), objects=objects, resources=shows),
            every,
        )
    glyph = {
        5: b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /CharProcs << /a 6 0 R >> "
        b"/Encoding << /Type /Encoding /Differences [0 /a] >> /FirstChar 0 /LastChar 0 /Widths [9] "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        6: stream(b"BT /F1 9 Tf (\\000) Tj ET"),
    }
    yield "glyph-of-itself.pdf", one_page(objects=glyph), every
    tile = {
        6: stream(
            b"/Pattern cs /P scn 0 0 99 99 re f",
            b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 "
            b"/BBox [0 0 1 1] /XStep 0.001 /YStep 0.001 /Resources << /Pattern << /P 6 0 R >> >>",
        )
    }
    yield (
        "pattern-of-itself.pdf",
        one_page(
            content=stream(b"/Pattern cs /P scn 0 0 595 842 re f " + text_content(LINES)),
            objects=tile,
            resources=b"/Font << /F1 5 0 R >> /Pattern << /P 6 0 R >>",
        ),
        every,
    )
    mask = {
        7: b"<< /SMask << /S /Luminosity /G 6 0 R >> >>",
        6: stream(
            b"/G gs 0 0 99 99 re f",
            b"/Type /XObject /Subtype /Form /BBox [0 0 99 99] /Group << /S /Transparency >> "
            b"/Resources << /ExtGState << /G 7 0 R >> >>",
        ),
    }
    yield (
        "mask-of-itself.pdf",
        one_page(
            content=stream(b"/G gs 0 0 99 99 re f " + text_content(LINES)),
            objects=mask,
            resources=b"/Font << /F1 5 0 R >> /ExtGState << /G 7 0 R >>",
        ),
        every,
    )
    yield "saved-states.pdf", one_page(content=stream(b"q " * 1_000_000 + text_content(LINES), packed=1)), every
    good = one_page()
    at = good.rindex(b"startxref")
    where = good[at + 10 :].split()[0]
    yield "table-of-itself.pdf", good.replace(b"/Size 6", b"/Size 6 /Prev " + where), every
    yield (
        "length-of-itself.pdf",
        one_page(content=b"<< /Length 4 0 R >>\nstream\n" + text_content(LINES) + b"\nendstream"),
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
            content=stream(b"/S sh " + text_content(LINES)),
            resources=b"/Font << /F1 5 0 R >> "
            b"/Shading << /S << /ShadingType 1 /ColorSpace /DeviceGray /Function 6 0 R >> >>",
            objects={6: function},
        ),
        every,
    )
    space = b"/Font << /F1 5 0 R >> /ColorSpace << /C 6 0 R >>"
    yield (
        "colour-of-itself.pdf",
        one_page(
            content=stream(b"/C cs 0 sc 0 0 9 9 re f " + text_content(LINES)),
            resources=space,
            objects={6: b"[/Indexed 6 0 R 1 (ab)]"},
        ),
        every,
    )
