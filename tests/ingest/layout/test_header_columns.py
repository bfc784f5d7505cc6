"""Số, ký hiệu and date of a header (ô 3 and 4)."""

from __future__ import annotations

import pytest

from ingest.layout.header import read_plain_header
from tests.ingest.layout.support import drawn_header

_TOP = [(0.14, "UBND TỈNH KIÊN GIANG"), (0.47, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Số: 05-NQ/TW", {"so_ky_hieu": "05-NQ/TW", "symbol": "NQ/TW"}),
        ("Số: 66.7/2025/NQ-CP", {"so_ky_hieu": "66.7/2025/NQ-CP"}),
        ("Số: 12a/KH-UBND", {"so_ky_hieu": "12a/KH-UBND"}),
        ("Luật số: 69/2020/QH14", {"so_ky_hieu": "69/2020/QH14", "symbol": "QH14"}),
        ("Số: 01/QĐ-BCĐTW-VPĐP", {"so_ky_hieu": "01/QĐ-BCĐTW-VPĐP"}),
        ("Số: 1578 /KH-UBND", {"so_ky_hieu": "1578/KH-UBND"}),
    ],
)
def test_numbers_of_every_form(text: str, expected: dict[str, str]) -> None:
    header = read_plain_header(f"CƠ QUAN\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n{text}\n")
    assert {name: header.value(name) for name in expected} == expected


def test_an_impossible_day_is_left_out_with_its_reason() -> None:
    header = drawn_header([_TOP, [(0.18, "Số: 7/QĐ-UBND"), (0.5, "Kiên Giang, ngày 43 tháng I1 năm 2017")]])
    found = header.fields["date"]
    assert found.value == "2017-11"
    assert found.evidence.needs_review
    assert "ngày không hợp lệ" in found.evidence.reasons


def test_a_blank_number_in_a_scan_is_marked() -> None:
    header = drawn_header([_TOP, [(0.18, "Số: /QĐ-UBND"), (0.5, "Kiên Giang, ngày 12 tháng 3 năm 2017")]])
    found = header.fields["so_ky_hieu"]
    assert found.value is None
    assert found.evidence.reasons == ["số trống hoặc viết tay"]


def test_a_date_inside_a_sentence_is_not_the_documents() -> None:
    header = read_plain_header("Hội nghị diễn ra vào ngày 12 tháng 3 năm 2017 tại hội trường lớn của tỉnh.\n")
    assert header.value("date") is None


@pytest.mark.parametrize(
    ("text", "so_ky_hieu"),
    [
        ("Số: 212/QĐ - UBND", "212/QĐ-UBND"),
        ("Số: 12/KH-UBND - TP. Vân Lĩnh", "12/KH-UBND"),
        ("Số: 144/2002/QĐ/BTC", "144/2002/QĐ/BTC"),
        ("Số: 17/HHVL-2025", "17/HHVL-2025"),
        ("Số: 7/CAT-PC04(Đ2)", "7/CAT-PC04(Đ2)"),
        ("Số: 123 CV/HU", "123-CV/HU"),
        ("Số: 52/Vp", "52/Vp"),
    ],
)
def test_symbols_of_every_form(text: str, so_ky_hieu: str) -> None:
    header = read_plain_header(f"CƠ QUAN\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n{text}\n")
    assert header.value("so_ky_hieu") == so_ky_hieu


def test_the_blank_number_of_a_party_draft_is_no_agency() -> None:
    left = "ĐẢNG ỦY XÃ VÂN LĨNH\n*\nSố      -KH/ĐU\n"
    right = "ĐẢNG CỘNG SẢN VIỆT NAM\nVân Lĩnh, ngày      tháng 9 năm 2025\n"
    header = read_plain_header(f"{left}{right}KẾ HOẠCH\n")
    assert (header.value("symbol"), header.value("so_ky_hieu")) == ("KH/ĐU", None)
    assert header.value("issuer") == "Đảng ủy xã Vân Lĩnh"
    assert header.value("date") == "2025-09"


@pytest.mark.parametrize("printed", ["Só/5%ZSYT-NVY", "Só:ØÓ6` SYT-NVY", "Số; //7SYT- NVY"])
def test_a_broken_number_line_gives_its_symbol_and_a_doubt(printed: str) -> None:
    header = drawn_header([_TOP, [(0.2, "SỞ Y TẾ")], [(0.18, printed), (0.5, "Kiên Giang, ngày 13 tháng 11 năm 2017")]])
    assert header.value("symbol") == "SYT-NVY"
    assert header.fields["so_ky_hieu"].evidence.needs_review
    assert (header.value("issuer"), header.value("parent_agency")) == ("Sở Y tế", "UBND tỉnh Kiên Giang")


def test_remains_of_a_number_line_are_a_doubt_and_no_agency() -> None:
    rows = [_TOP, [(0.2, "SỞ Y TẾ")], [(0.18, "ô: 7Z_"), (0.5, "Kiên Giang, ngày 13 tháng 11 năm 2017")]]
    header = drawn_header([*rows, [(0.4, "BÁO CÁO")]])
    assert header.value("so_ky_hieu") is None
    assert header.fields["so_ky_hieu"].evidence.needs_review
    assert header.fields["symbol"].evidence.needs_review
    assert header.value("issuer") == "Sở Y tế"


def test_an_empty_blank_of_a_born_digital_draft_is_no_doubt() -> None:
    header = read_plain_header("SỞ Y TẾ\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố:       /SYT-NVY\n")
    assert header.value("symbol") == "SYT-NVY"
    assert not any(found.evidence.needs_review for found in header.fields.values())


def test_misread_words_of_a_date_still_give_year_and_place() -> None:
    header = drawn_header([_TOP, [(0.18, "Số: 7/QĐ-UBND"), (0.5, "Kiên Giang, wgày 28 thắng 11 năm 2017")]])
    assert (header.value("date"), header.value("place")) == ("2017-11-28", "Kiên Giang")


def test_remains_of_a_date_are_a_doubt() -> None:
    header = drawn_header([_TOP, [(0.18, "Số: 7/QĐ-UBND"), (0.6, "cày tháng năm")], [(0.4, "QUYẾT ĐỊNH")]])
    assert header.value("date") is None
    assert header.fields["date"].evidence.needs_review


@pytest.mark.parametrize("subject", ["triển khai Kế hoạch số 96/KH-UBND ngày 12/02/2025", "kết nối ngày 20/9/2025"])
def test_the_date_in_a_subject_is_not_the_documents(subject: str) -> None:
    header = read_plain_header(
        f"UBND TỈNH X\nSố: 33/UBND-NN\nV/v {subject}\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
        "Vân Lĩnh, ngày 15 tháng 9 năm 2025\nKính gửi: Các sở, ban, ngành.\n"
    )
    assert (header.value("date"), header.value("title")) == ("2025-09-15", subject)


def test_stamps_above_the_emblem_are_no_agencies() -> None:
    rows = [[(0.15, "TRUNG TÂM CÔNG BÁO"), (0.7, "SAO Y")], [], [(0.7, "SAOY")], _TOP, [(0.2, "SỞ Y TẾ")]]
    header = drawn_header([*rows, [(0.18, "Số: 7/SYT-NVY"), (0.5, "Kiên Giang, ngày 13 tháng 11 năm 2017")]])
    assert (header.value("issuer"), header.value("parent_agency")) == ("Sở Y tế", "UBND tỉnh Kiên Giang")


def test_the_date_of_the_document_that_an_attachment_belongs_to_is_not_its_own() -> None:
    header = read_plain_header(
        "ỦY BAN NHÂN DÂN\nTỈNH VÂN LĨNH\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
        "ĐIỀU LỆ (SỬA ĐỔI)\nHIỆP HỘI OCOP TỈNH VÂN LĨNH\n(Kèm theo Quyết định số 15/QĐ-UBND ngày 30 tháng 6 năm 2025)\n"
    )
    assert header.value("date") is None
    assert (header.value("doc_type"), header.value("title")) == ("Điều lệ", "HIỆP HỘI OCOP TỈNH VÂN LĨNH")
    assert header.value("issuer") == "Ủy ban nhân dân tỉnh Vân Lĩnh"
