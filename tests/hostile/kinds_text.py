"""Hostile files: text, and the text formats."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from tests.hostile.files import BROKEN, FOREIGN, HEAVY, KEPT, PART, Made, kind
from tests.hostile.good_files import WORD_BODY, paragraph, rtf_text, word
from tests.ingest.formats.test_odt import write_odt
from tests.support.reading_files import BODY


@kind("encodings")
def encodings(chance: random.Random) -> Made:
    """Text in unusual or broken encodings."""
    text = "\n".join(BODY)
    every = KEPT | FOREIGN | BROKEN
    for name in ("utf-16-le", "utf-16-be"):
        yield f"{name}.txt", text.encode(name), KEPT
        yield f"{name}-odd.txt", text.encode(name)[:-1], every
    for name in ("utf-16", "utf-32", "utf-8-sig", "utf-7"):
        yield f"{name}.txt", text.encode(name), every
    data = text.encode()
    for name, harm in {
        "lone-continuation": b"\x80\xbf",
        "overlong": b"\xc0\xaf\xe0\x80\xaf",
        "surrogates": b"\xed\xa0\x80\xed\xb0\x80",
        "beyond": b"\xf7\xbf\xbf\xbf",
        "cut-letter": b"\xe1\xba",
        "nul": b"\0",
        "nuls": bytes(500),
        "control": b"\x1b[2J\x07\x08",
        "marks": b"\xff\xfe\xfe\xff",
        "not-letters": "\ufffe\uffff\ufdd0".encode(),
        "right-to-left": "\u202e\u2066".encode(),
        "combining": ("a" + "\u0301" * 50_000).encode(),
        "joiners": ("\u200d" * 50_000).encode(),
    }.items():
        yield f"{name}.txt", data[:200] + harm + data[200:], every
        yield f"{name}-often.txt", b"".join(data[n : n + 50] + harm[:4] for n in range(0, len(data), 50)), every
    yield "mark-alone.txt", b"\xef\xbb\xbf", BROKEN | FOREIGN
    yield "mark-alone-16.txt", b"\xff\xfe", BROKEN | FOREIGN
    yield "half-noise.txt", data + chance.randbytes(2000), every
    yield "declared-wrong.html", b'<html><meta charset="utf-7">' + data, every
    yield "declared-nothing.html", b'<html><meta charset="rot13">' + data, every
    yield "declared-codec.html", b'<html><meta charset="zlib_codec">' + "ti\xeang".encode("latin-1") * 50, every


@kind("text depth and length")
def deep_texts(_: random.Random) -> Made:
    """Text formats nested very deep, or with very long runs of one thing."""
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
    yield "tables.docx", word(cell * 2000 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 2000 + WORD_BODY), every
    yield "tables-80.docx", word(cell * 80 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 80 + WORD_BODY), every
    yield "controls.docx", word("<w:sdt><w:sdtContent>" * 5000 + WORD_BODY + "</w:sdtContent></w:sdt>" * 5000), every
    yield "runs.docx", word("<w:p>" + "<w:ins>" * 3000 + "</w:ins>" * 3000 + "</w:p>" + WORD_BODY), every
    rows = "<w:tr>" + f"<w:tc>{paragraph('1')}</w:tc>" * 20 + "</w:tr>"
    yield "rows.docx", word(f"<w:tbl>{rows * 2000}</w:tbl>" + WORD_BODY), every
    boxes = "<w:r><w:pict><w:txbxContent>"
    yield (
        "boxes.docx",
        word(f"<w:p>{(boxes + '<w:p>') * 80}{'</w:p></w:txbxContent></w:pict></w:r>' * 80}</w:p>" + WORD_BODY),
        every,
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = "".join(f"<text:p>{line}</text:p>" for line in BODY)
        section = "<text:section>" * 5000 + lines + "</text:section>" * 5000
        yield "sections.odt", write_odt(folder / "a.odt", section).read_bytes(), every
        yield (
            "spaces.odt",
            write_odt(
                folder / "a.odt", "<text:p>a" + '<text:s text:c="999999999"/>' * 500 + "</text:p>" + lines
            ).read_bytes(),
            every,
        )
        yield (
            "spaces-minus.odt",
            write_odt(folder / "a.odt", '<text:p>a<text:s text:c="x"/></text:p>' + lines).read_bytes(),
            every,
        )
    head = "\n".join(BODY) + "\n"
    for name, text in {
        "one-line": "sản phẩm OCOP " * 40_000,
        "numbers": "số 12/QĐ-UBND; " * 4_000,
        "bases": "Căn cứ " * 20_000,
        "digits": "1" * 200_000,
        "slashes": "/" * 300_000,
        "dashes": "12-" * 100_000,
        "spaces": " " * 500_000 + "x",
        "brackets": "(" * 200_000,
        "dates": "ngày 01 tháng 01 năm 2024 " * 8_000,
        "lines": "\n" * 300_000 + "x",
        "agencies": "Ủy ban nhân dân " * 10_000,
        "articles": "Điều 1. " * 20_000,
        "laws": "Luật " * 20_000,
        "dots": "." * 200_000,
        "form-feeds": "trang\f" * 20_000,
        "receivers": "Nơi nhận:\n" * 10_000,
        "tabs": "a\t" * 100_000,
    }.items():
        yield f"{name}.txt", (head + text).encode(), every
