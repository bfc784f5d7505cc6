"""Hostile files: Word XML and its parts, web archives, spreadsheets, presentations, containers, mixed encodings."""

from __future__ import annotations

import base64
import io
import random
import zipfile
from collections.abc import Mapping

from tests.hostile.files import ANY, BROKEN, HEAVY, KEPT, Made, kind
from tests.hostile.good_files import WORD_BODY, good_files, paragraph, zipped
from tests.support.reading_files import BODY
from tests.support.word_files import compound

_2003 = "http://schemas.microsoft.com/office/word/2003/wordml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SLIDE = "http://schemas.openxmlformats.org/presentationml/2006/main"


def _archive(entries: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries.items():
            made.writestr(name, data)
    return out.getvalue()


def _relations(*pairs: tuple[str, str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="{name}" Type="{_RELATIONS}/{what}" Target="{target}"/>' for name, what, target in pairs
    )
    return f'<Relationships xmlns="{_PACKAGE}">{listed}</Relationships>'


@kind("Word XML")
def word_xml(chance: random.Random) -> Made:
    """Word 2003 XML and single-file packages that are cut, deep, or expand."""

    def document(body: str, head: str = "") -> bytes:
        root = f'<w:wordDocument xmlns:w="{_2003}"><w:body>{body}</w:body></w:wordDocument>'
        return f'<?xml version="1.0"?>{head}{root}'.encode()

    every = ANY | HEAVY
    good = document(WORD_BODY)
    yield "good.doc", good, KEPT
    yield "cut.doc", good[: len(good) // 2], BROKEN
    yield "no-body.xml", f'<?xml version="1.0"?><w:wordDocument xmlns:w="{_2003}"/>'.encode(), BROKEN
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    laughs = f'<!DOCTYPE x [<!ENTITY a0 "ha">{levels}]>'
    yield "laughs.xml", document(WORD_BODY + paragraph("&a11;"), laughs), every
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    yield "entity.xml", document(WORD_BODY + paragraph("&a;"), outside), every
    yield "deep.xml", document("<w:sect>" * 5000 + WORD_BODY), every
    deep_tables = "<w:tbl><w:tr><w:tc>" * 70 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 70
    yield "tables.xml", document(deep_tables + WORD_BODY), every
    yield "fields.xml", document('<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>' * 50_000 + WORD_BODY), every
    yield (
        "package.xml",
        b'<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"/>',
        BROKEN,
    )
    made = bytearray(good)
    for at in range(200, len(made), 61):
        made[at] = chance.randrange(256)
    yield "noise.xml", bytes(made), every


@kind("Word parts")
def word_parts(_: random.Random) -> Made:
    """Word files whose lists, styles, headers and embedded documents are wrong, endless or circular."""
    every = ANY | HEAVY

    def part(root: str, content: str) -> bytes:
        return f'<w:{root} xmlns:w="{_WORD}" xmlns:r="{_RELATIONS}">{content}</w:{root}>'.encode()

    def with_parts(body: str, parts: Mapping[str, bytes], *pairs: tuple[str, str, str]) -> bytes:
        entries = {
            "word/document.xml": part("document", f"<w:body>{body}</w:body>"),
            "word/_rels/document.xml.rels": _relations(*pairs).encode(),
        }
        return zipped({**entries, **{f"word/{name}": data for name, data in parts.items()}})

    circle = "".join(
        f'<w:style w:type="paragraph" w:styleId="{a}"><w:basedOn w:val="{b}"/></w:style>' for a, b in ("ab", "ba", "cc")
    )
    in_circle = '<w:p><w:pPr><w:pStyle w:val="a"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>'
    yield (
        "styles-circle.docx",
        with_parts(WORD_BODY + in_circle, {"styles.xml": part("styles", circle)}, ("s", "styles", "styles.xml")),
        KEPT,
    )
    lists = (
        '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="999999999999"/>'
        f'<w:numFmt w:val="lowerLetter"/><w:lvlText w:val="{"%1" * 2000}"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    numbered = '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr></w:p>'
    yield (
        "labels.docx",
        with_parts(
            WORD_BODY + numbered * 500, {"numbering.xml": part("numbering", lists)}, ("n", "numbering", "numbering.xml")
        ),
        every,
    )
    wrong = '<w:p><w:pPr><w:numPr><w:ilvl w:val="-7"/><w:numId w:val="x"/></w:numPr></w:pPr></w:p>'
    yield "no-lists.docx", with_parts(WORD_BODY + wrong * 50, {}), KEPT
    chunk = '<w:altChunk r:id="c"/>'
    for name, data in {
        "itself.docx": good_files()["docx"],
        "pdf.docx": good_files()["pdf"],
        "html.docx": b"<html>" + b"<div>" * 100_000,
        "rtf.docx": b"{\\rtf1 " + b"{" * 5000,
        "noise.docx": bytes(range(256)) * 400,
        "bomb.docx": _archive({"word/document.xml": bytes(64 << 20)}),
    }.items():
        made = with_parts(WORD_BODY + chunk * 20, {"part.bin": data}, ("c", "aFChunk", "part.bin"))
        yield f"chunk-{name}", made, every
    yield "chunk-up.docx", with_parts(WORD_BODY + chunk, {}, ("c", "aFChunk", "../../../../etc/passwd")), KEPT
    nested = good_files()["docx"]
    for _depth in range(8):
        nested = with_parts(WORD_BODY + chunk, {"part.bin": nested}, ("c", "aFChunk", "part.bin"))
    yield "chunk-nested.docx", nested, every
    section = '<w:sectPr><w:headerReference w:type="default" r:id="h"/></w:sectPr>'
    yield "header-none.docx", with_parts(WORD_BODY + section, {}, ("h", "header", "none.xml")), KEPT
    yield (
        "header-broken.docx",
        with_parts(WORD_BODY + section, {"h.xml": b"<w:hdr"}, ("h", "header", "h.xml")),
        KEPT | BROKEN,
    )


@kind("web archives")
def web_archives(chance: random.Random) -> Made:
    """Saved pages whose envelope is wrong, deep or large, and pages with unusual frames and styles."""
    every = ANY | HEAVY
    page = good_files()["html"]
    head = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
    part = b"--b\r\nContent-Type: text/html; charset=utf-8\r\n"
    yield "good.mht", head + part + b"\r\n" + page + b"\r\n--b--\r\n", KEPT
    yield "open.mht", head + part + b"\r\n" + page, KEPT
    encoded = base64.encodebytes(page)
    yield "base64.mht", head + part + b"Content-Transfer-Encoding: base64\r\n\r\n" + encoded[:-30], every
    yield "charset.mht", head + part.replace(b"utf-8", b"no-such") + b"\r\n" + page, every
    yield "empty.mht", head + b"--b--\r\n", BROKEN
    yield "parts.mht", head + (b"--b\r\nContent-Type: image/png\r\n\r\nx\r\n" * 30_000) + part + b"\r\n" + page, every
    deep = b"".join(b"--b%d\r\nContent-Type: multipart/related; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(300))
    yield "deep.mht", head.replace(b"boundary=b", b"boundary=b0") + deep + page, every
    noise = bytearray(head + part + b"\r\n" + page)
    for at in range(90, len(noise), 37):
        noise[at] = chance.randrange(256)
    yield "noise.mht", bytes(noise), every
    motto = "<p>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p>"
    many = "".join(f"<div>{motto}<p>Căn cứ {n}</p></div>" for n in range(3000))
    yield "frames.html", f"<html><body>{many}</body></html>".encode(), every
    yield "nested.html", (f"<html>{'<div>' * 20_000}{motto}<p>Điều 1. a</p>").encode(), every
    yield "hidden.html", ("<html><body hidden>" + "".join(f"<p>{line}" for line in BODY)).encode(), BROKEN
    yield (
        "styles.html",
        (f"<html><style>{'.a{display:none} ' * 50_000}</style>{motto}" + "<p class=b>x" * 100).encode(),
        every,
    )


@kind("spreadsheets")
def spreadsheets(chance: random.Random) -> Made:
    """Spreadsheets with false sizes, broken parts and streams."""
    every = ANY | HEAVY

    def book(sheet: str | bytes, **more: str | bytes) -> bytes:
        return _archive(
            {
                "_rels/.rels": _relations(("r", "officeDocument", "xl/workbook.xml")),
                "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_RELATIONS}"><sheets>'
                '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
                "xl/_rels/workbook.xml.rels": _relations(("r1", "worksheet", "worksheets/a.xml")),
                "xl/worksheets/a.xml": sheet,
                **{name.replace("__", "/"): data for name, data in more.items()},
            }
        )

    def sheet(cells: str) -> str:
        return f'<worksheet xmlns="{_SHEET}"><sheetData>{cells}</sheetData></worksheet>'

    text = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{line}</t></is></c></row>' for n, line in enumerate(BODY, 1)
    )
    good = book(sheet(text))
    yield "good.xlsx", good, KEPT
    yield "cut.xlsx", good[: len(good) // 2], BROKEN
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    yield "far-cell.xlsx", book(sheet(text + far)), every
    yield "row.xlsx", book(sheet('<row r="99999999999"><c r="ZZZZZZ9"><v>1</v></c></row>')), every
    yield "string.xlsx", book(sheet('<row r="1"><c r="A1" t="s"><v>999999</v></c></row>')), every
    yield "numbers.xlsx", book(sheet('<row r="1"><c r="A1"><v>1e999</v></c><c r="B1"><v>nan</v></c></row>')), every
    yield "empty.xlsx", book(sheet("")), BROKEN
    yield "no-sheet.xlsx", book(b""), every
    yield "bomb.xlsx", book(bytes(64 << 20)), frozenset({"qua_lon"})
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    yield (
        "laughs.xlsx",
        book(f'<!DOCTYPE x [<!ENTITY a0 "ha">{levels}]>' + sheet(text.replace("<t>", "<t>&a11;"))),
        every,
    )
    yield "deep.xlsx", book(sheet("<row>" * 100_000)), every
    for number in range(4):
        noise = bytearray(good)
        for _ in range(30):
            noise[chance.randrange(len(noise))] = chance.randrange(256)
        yield f"noise-{number}.xlsx", bytes(noise), every
    yield "zeros.xls", compound({"Workbook": bytes(5000)}), BROKEN
    begin = b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12)
    yield "begin.xls", compound({"Workbook": begin * 200}), every
    yield "record.xls", compound({"Workbook": begin + b"\xfc\x00\xff\xff" + chance.randbytes(4000)}), every
    yield "noise.xls", compound({"Workbook": begin + chance.randbytes(20_000)}), every
    yield "book.xls", compound({"Book": chance.randbytes(5000)}), every


@kind("presentations")
def presentations(_: random.Random) -> Made:
    """Presentations with missing, circular and deep slides."""
    every = ANY | HEAVY
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/main"

    def deck(slide: str | bytes, times: int = 1) -> bytes:
        listed = "".join('<p:sldId r:id="s"/>' for _ in range(times))
        return _archive(
            {
                "ppt/presentation.xml": f'<p:presentation xmlns:p="{_SLIDE}" xmlns:r="{_RELATIONS}">{listed}'
                "</p:presentation>",
                "ppt/_rels/presentation.xml.rels": _relations(("s", "slide", "slides/a.xml")),
                "ppt/slides/a.xml": slide,
            }
        )

    def slide(content: str) -> str:
        return f'<p:sld xmlns:p="{_SLIDE}" xmlns:a="{drawing}">{content}</p:sld>'

    lines = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in BODY)
    yield "good.pptx", deck(slide(lines)), KEPT
    yield "many.pptx", deck(slide(lines), 5000), every
    yield "empty.pptx", deck(slide("")), BROKEN
    yield "broken.pptx", deck(b"<p:sld"), BROKEN
    yield "deep.pptx", deck(slide("<a:p>" * 3000)), BROKEN
    yield "nothing.pptx", _archive({"ppt/x.xml": b"<x/>"}), BROKEN
    yield "powerpoint.ppt", compound({"PowerPoint Document": bytes(5000)}), frozenset({"khong_ho_tro"})


@kind("mixed encodings")
def mixed_encodings(chance: random.Random) -> Made:
    """Texts that mix encodings line by line, and Markdown that goes on and on."""
    every = ANY | HEAVY
    tcvn3 = "Uû ban nh©n d©n tØnh ban hµnh QuyÕt ®Þnh nµy"
    vni = "Uûy ban nhaân daân tænh ban haønh Quyeát ñònh naøy"
    lines = [chance.choice((tcvn3, vni, *BODY)) for _ in range(1000)]
    yield "mixed.txt", "\n".join(lines).encode(), KEPT
    yield "one-line.txt", (" ".join(lines)).encode(), every
    yield "signs.txt", ("\u2212" * 200_000 + tcvn3 * 3).encode(), every
    yield "hyphens.txt", ("a-" * 200_000 + "\n" + (tcvn3 + "\n") * 5).encode(), every
    yield "stars.md", ("# a\n" * 3 + "*" * 100_000 + "\n" + "\n".join(BODY)).encode(), every
    yield "bold.md", ("# a\n" * 3 + "**a " * 50_000 + "\n".join(BODY)).encode(), every
    yield "links.md", ("# a\n" * 3 + "[" * 50_000 + "](" * 50_000 + "\n".join(BODY)).encode(), every
    yield "table.md", ("|---|---|\n" + "| a " * 20_000 + "|\n" + "\n".join(BODY)).encode(), every
