"""TCVN3 and VNI are converted to Unicode in every format, and only where the result proves right."""

from __future__ import annotations

from pathlib import Path

import docx

from ingest.formats.legacy_encodings import convert
from ingest.formats.legacy_stretches import converted, converted_lines, encodings_of
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
    text = "Căn cứ Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ;"
    assert converted_lines(text) == (text, [])


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


VNI = "Quyeát ñònh naøy ñeå höôùng daãn thöïc hieän chính saùch cuûa Nhaø nöôùc"
UNICODE = "Căn cứ Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ"


def test_each_stretch_is_judged_by_itself() -> None:
    stretches = [(TCVN3, ""), (VNI, ""), (UNICODE, ""), ("Sè: 12/Q§-UB", ".VnTime"), ("Số: 12/QĐ-UB", "Arial")]
    assert encodings_of(stretches) == ["tcvn3", "vni", "", "tcvn3", ""]


def test_what_a_short_stretch_leaves_open_is_decided_by_its_font_then_by_the_file() -> None:
    assert encodings_of([(TCVN3, "A"), ("Sè", "A"), ("Sè", "B")]) == ["tcvn3", "tcvn3", "tcvn3"]
    assert encodings_of([(TCVN3, "A"), (UNICODE, "B"), ("Sè", "A"), ("Cố gắng", "B")]) == ["tcvn3", "", "tcvn3", ""]


def test_unicode_in_a_font_named_for_tcvn3_stays() -> None:
    assert encodings_of([(UNICODE, ".VnTime"), ("né", ".VnTime")]) == ["", ""]


def test_a_letterhead_in_vni_above_unicode_is_converted() -> None:
    texts, used = converted([("UYÛ BAN NHAÂN DAÂN", "VNI-Times"), ("XÃ VÂN LĨNH", "Arial"), (UNICODE, "Arial")])
    assert texts == ["UỶ BAN NHÂN DÂN", "XÃ VÂN LĨNH", UNICODE]
    assert used == ["vni"]


def test_words_of_another_encoding_inside_a_stretch() -> None:
    texts, used = converted([("M¹ng cña c¸c ñôn vò sÏ ph¶i nèi", ""), (TCVN3, ""), (VNI, "")])
    assert texts[0] == "Mạng của các đơn vị sẽ phải nối"
    assert used == ["tcvn3", "vni"]


def test_a_line_of_plain_text_may_mix_unicode_and_tcvn3() -> None:
    text = TCVN3 + "\nÁp dụng khoản 1 §iÒu 147 Bé luËt tè tông d©n sù; các Điều 123 và Điều 513 Bộ luật dân sự"
    assert converted_lines(text)[0].split("\n")[1] == (
        "Áp dụng khoản 1 Điều 147 Bộ luật tố tụng dân sự; các Điều 123 và Điều 513 Bộ luật dân sự"
    )


def test_foreign_words_and_signs_are_no_legacy_text() -> None:
    for text in ("François Müller gặp Gérard ở Zürich", "Nhiệt độ 30°C ± 2, diện tích 5 m² · đạt ½", "Ø 50, 10 µm"):
        assert converted_lines(text) == (text, [])


def test_capitals_of_tcvn3() -> None:
    assert convert("MôC LôC, PHÇN THø NHÊT, Sè", "tcvn3") == "MỤC LỤC, PHẦN THỨ NHẤT, Số"
    assert convert("quyÕt ®Þnh", "tcvn3", ".VnTimeH") == "QUYẾT ĐỊNH"
    assert convert("quyÕt ®Þnh", "tcvn3", "ABCDEF+.VnTimeH,Bold") == "QUYẾT ĐỊNH"


def test_letters_that_a_pdf_shows_as_signs() -> None:
    text, used = converted_lines("Ng©n hµng Nhµ n\u2212íc vµ c¸c x\u2219, t\u2212 vÊn h\u2212íng dÉn kinh tÕ - x· héi")
    assert text == "Ngân hàng Nhà nước và các xã, tư vấn hướng dẫn kinh tế - xã hội"
    assert used == ["tcvn3"]
