"""TCVN3 and VNI are converted to Unicode in every format, and only where the result proves right."""

from __future__ import annotations

from pathlib import Path

import docx

from ingest.formats.legacy_encodings import convert, detect
from tests.ingest.formats.test_odt import write_odt
from tests.ingest.support import lines_of_text, read_whole
from tests.support.reading_files import draw_lines, new_canvas

TCVN3 = "Uû ban nh©n d©n tØnh ban hµnh QuyÕt ®Þnh nµy ®Ó h­íng dÉn thùc hiÖn chÝnh s¸ch cña Nhµ n­íc"


def test_conversion_of_both_encodings() -> None:
    tcvn3 = "Uû ban nh©n d©n tØnh Thanh Hãa ban hµnh QuyÕt ®Þnh nµy ®Ó h­íng dÉn thùc hiÖn"
    vni = "Uûy ban nhaân daân tænh Thanh Hoùa ban haønh Quyeát ñònh naøy ñeå höôùng daãn thöïc hieän"
    assert convert(tcvn3, "tcvn3").startswith("Uỷ ban nhân dân tỉnh Thanh Hóa ban hành Quyết định này để hướng dẫn")
    assert convert(vni, "vni") == "Ủy ban nhân dân tỉnh Thanh Hóa ban hành Quyết định này để hướng dẫn thực hiện"


def test_unicode_is_not_taken_for_a_legacy_encoding() -> None:
    assert detect("Căn cứ Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ;") is None


def test_legacy_text_in_office_files_and_web_pages_is_converted(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(TCVN3)
    document.save(str(tmp_path / "a.docx"))
    (tmp_path / "a.html").write_text(f"<html><body><p>{TCVN3}</p></body></html>", encoding="utf-8")
    write_odt(tmp_path / "a.odt", f"<text:p>{TCVN3}</text:p>")
    for name in ("a.docx", "a.html", "a.odt"):
        reading = read_whole(tmp_path / name)
        assert reading.text.startswith("Uỷ ban nhân dân tỉnh ban hành Quyết định này để hướng dẫn"), name
        assert "TCVN3" in reading.pages[0].notes[-1]


def test_tcvn3_in_a_pdf_is_converted(tmp_path: Path) -> None:
    canvas = new_canvas(tmp_path / "a.pdf")
    lines = ["Uû ban nh©n d©n tØnh ban hµnh QuyÕt ®Þnh nµy", "®Ó h­íng dÉn thùc hiÖn chÝnh s¸ch cña Nhµ n­íc"]
    draw_lines(canvas, lines)
    canvas.save()
    assert lines_of_text(tmp_path / "a.pdf") == [
        "Uỷ ban nhân dân tỉnh ban hành Quyết định này",
        "để hướng dẫn thực hiện chính sách của Nhà nước",
    ]
    assert "TCVN3" in read_whole(tmp_path / "a.pdf").pages[0].notes[-1]


def test_vni_in_a_pdf_is_converted(tmp_path: Path) -> None:
    canvas = new_canvas(tmp_path / "a.pdf")
    first = "Uûy ban nhaân daân tænh Thanh Hoùa ban haønh Quyeát ñònh naøy"
    second = "ñeå höôùng daãn thöïc hieän chính saùch cuûa Nhaø nöôùc"
    draw_lines(canvas, [first, second])
    canvas.save()
    reading = read_whole(tmp_path / "a.pdf")
    assert reading.source == "text"
    assert reading.text.startswith("Ủy ban nhân dân tỉnh Thanh Hóa ban hành Quyết định này")
    assert "VNI" in reading.pages[0].notes[-1]
