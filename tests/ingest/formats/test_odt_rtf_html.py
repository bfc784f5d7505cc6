"""OpenDocument, RTF and saved web pages."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ReadFailure
from ingest.formats.rtf import _Reader
from ingest.read import read

HEADER = ["ỦY BAN NHÂN DÂN", "TỈNH THANH HÓA", "Số: 12/QĐ-UBND", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]
PLACE = "Thanh Hóa, ngày 05 tháng 01 năm 2024"
BODY = "Căn cứ Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ;"
EXPECTED = [*HEADER, PLACE, "QUYẾT ĐỊNH", BODY, "1\tNước mắm\t4 sao"]


def lines(path: Path) -> list[str]:
    with read(path) as reading:
        assert reading.source == "text"
        return reading.text.split("\n")


def odt(path: Path, body: str, manifest: str = "<manifest/>") -> Path:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for name, long in (("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"))
    )
    content = f"<office:document-content {spaces}><office:body><office:text>{body}</office:text></office:body>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content + "</office:document-content>")
    return path


def test_odt(tmp_path: Path) -> None:
    def p(text: str) -> str:
        return f"<text:p>{text}</text:p>"

    def table(*rows: tuple[str, ...]) -> str:
        made = "".join(
            "<table:table-row>"
            + "".join(f"<table:table-cell>{c}</table:table-cell>" for c in row)
            + "</table:table-row>"
            for row in rows
        )
        return f"<table:table>{made}</table:table>"

    body = (
        table((p(HEADER[0]) + p(HEADER[1]), p(HEADER[3])), (p(HEADER[2]), p(PLACE)))
        + "<text:tracked-changes><text:p>đã xóa</text:p></text:tracked-changes>"
        + "<text:h>QUYẾT<text:s/>ĐỊNH</text:h>"
        + p(
            BODY.replace("của", "<text:note><text:note-body><text:p>Chú thích</text:p></text:note-body></text:note>của")
        )
        + table((p("1"), p("Nước mắm"), p("4 sao")))
    )
    assert lines(odt(tmp_path / "a.doc", body)) == [*EXPECTED, "Chú thích"]
    for made, verdict in (
        (odt(tmp_path / "b", "", "<encryption-data/>"), "ma_hoa"),
        (odt(tmp_path / "c", "<"), "hong"),
    ):
        with pytest.raises(ReadFailure) as caught, read(made):
            pass
        assert caught.value.verdict == verdict


def test_html(tmp_path: Path) -> None:
    file = tmp_path / "a.htm"
    file.write_text(
        f"""<!DOCTYPE html><html><head><title>Bỏ</title><script>alert("bỏ")</script></head><body>
        <table><tr><td><b>{HEADER[0]}</b><br>{HEADER[1]}</td><td>{HEADER[3]}</td></tr>
        <tr><td>{HEADER[2]}</td><td><i>{PLACE}</i></td></tr></table>
        <p align=center>QUYẾT&nbsp;ĐỊNH<p>Căn cứ Quyết định số
        919/Q&#272;-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ;</p>
        <table><tr><td>1<td>Nước mắm<td>4 sao</table></body></html>""",
        encoding="utf-8",
    )
    assert [line.replace("\xa0", " ") for line in lines(file)] == EXPECTED


def rtf_text(text: str) -> str:
    return "".join(c if c.isascii() else f"\\u{ord(c) if ord(c) < 32768 else ord(c) - 65536}?" for c in text)


def test_rtf(tmp_path: Path) -> None:
    row = "\\trowd\\pard\\intbl {}\\cell {}\\cell\\row"
    parts = [
        "{\\rtf1\\ansi\\ansicpg1252\\uc1{\\fonttbl{\\f0\\fcharset0 Times New Roman;}{\\f1\\fnil .VnTime;}}",
        "{\\*\\generator bo}{\\info{\\title bo}}{\\header bo\\par}",
        row.format(f"{rtf_text(HEADER[0])}\\par {rtf_text(HEADER[1])}", rtf_text(HEADER[3])),
        row.format(rtf_text(HEADER[2]).replace("-", "\\_"), rtf_text(PLACE)),
        "\\pard " + rtf_text("QUYẾT ĐỊNH") + "\\par",
        "{\\deleted " + rtf_text("đã xóa") + "}" + rtf_text(BODY) + "\\par",
        "\\trowd\\pard\\intbl 1\\cell " + rtf_text("Nước mắm") + "\\cell 4 sao\\cell\\row\\pard",
        "{\\f1 " + "".join(f"\\'{b:02x}" for b in "Uû ban nh©n d©n".encode("cp1252")) + "}\\par}",
    ]
    file = tmp_path / "a.doc"
    file.write_text("\n".join(parts), encoding="ascii")
    assert lines(file) == [*EXPECTED, "Uỷ ban nhân dân"]


def test_rtf_footnotes_boxes_pictures_and_what_is_hidden(tmp_path: Path) -> None:
    file = tmp_path / "a.rtf"
    file.write_bytes(
        b"{\\rtf1\\ansi\\uc1{\\fonttbl{\\f0 Times New Roman;}}Mot{\\footnote Chu thich\\par} hai {\\v giau}{\\caps ba}\\par"
        b"{\\pict\\bin9 }}{\\bad{\\}{\\shp{\\*\\shpinst{\\sp{\\sn a}{\\sv b}}{\\shptxt Trong khung\\par}}}"
        b"{\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt Bon}} \\u55357?\\u56832?\\par}"
    )
    assert lines(file) == ["Mot hai BA", "Bon \U0001f600", "Chu thich", "Trong khung"]


def test_a_cut_rtf_is_never_read_as_if_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.rtf"
    file.write_bytes(b"{\\rtf1\\ansi Quyet dinh so 12 cua")
    with pytest.raises(ReadFailure) as caught, read(file):
        pass
    assert caught.value.verdict == "hong"


@given(st.binary(max_size=200))
def test_rtf_is_read_or_refused(data: bytes) -> None:
    with suppress(ReadFailure):
        _Reader().read(b"{\\rtf1" + data)


def test_legacy_letters_are_made_unicode_in_every_format(tmp_path: Path) -> None:
    legacy = "Uû ban nh©n d©n tØnh ban hµnh QuyÕt ®Þnh nµy ®Ó h­íng dÉn thùc hiÖn chÝnh s¸ch cña Nhµ n­íc"
    document = docx.Document()
    document.add_paragraph(legacy)
    document.save(str(tmp_path / "a.docx"))
    (tmp_path / "a.html").write_text(f"<html><body><p>{legacy}</p></body></html>", encoding="utf-8")
    for file in (tmp_path / "a.docx", tmp_path / "a.html", odt(tmp_path / "a.odt", f"<text:p>{legacy}</text:p>")):
        with read(file) as reading:
            assert reading.text.startswith("Uỷ ban nhân dân tỉnh ban hành Quyết định này để hướng dẫn"), file
            assert "TCVN3" in reading.pages[0].notes[-1]


def test_a_zip_damaged_inside_is_refused(tmp_path: Path) -> None:
    document = docx.Document()
    for number in range(200):
        document.add_paragraph(f"Điều {number}. {BODY}")
    file = tmp_path / "a.docx"
    document.save(str(file))
    data = bytearray(file.read_bytes())
    for at in range(2000, len(data) - 2000, 97):
        data[at] ^= 0x55
    file.write_bytes(data)
    with pytest.raises(ReadFailure) as caught, read(file):
        pass
    assert caught.value.verdict == "hong"
