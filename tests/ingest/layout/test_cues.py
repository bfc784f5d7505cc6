"""Every cue by which a part of a document is recognised, with what it must and must not take."""

from __future__ import annotations

import re

import pytest

from corpus.fold import fold
from ingest.layout import cues

#: Name of a pattern, texts it takes, texts it does not take; the patterns of folded text, then those of printed text.
FOLDED: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    ("NATION", ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CỘNG HOÀ XÃ HỌI CHỦ NGHĨA"), ("Hội chợ xã", "Công hàm")),
    ("MOTTO", ("Độc lập - Tự do - Hạnh phúc", "Độc lập – Tự do – Hạnh phúc"), ("độc lập và tự do",)),
    ("PARTY", ("ĐẢNG CỘNG SẢN VIỆT NAM",), ("Đảng bộ tỉnh",)),
    ("MASTHEAD", ("CÔNG BÁO/Số 179/Ngày 03-04-2026",), ("Công bố số liệu",)),
    ("MASTHEAD_LINE", ("38 CÔNG BÁO/Số 292/Ngày 30-05-2026",), ("(Xem tiếp Công báo số 507)",)),
    ("AUTHORITY", ("CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH", "BỘ TRƯỞNG BỘ Y TẾ"), ("Căn cứ Luật",)),
    ("ADDRESSEE", ("Kính gửi:", "Kinh gởi"), ("kinh phí",)),
    (
        "PREAMBLE",
        ("Căn cứ Luật", "Gan cứ Luật", "Theo đề nghị", "Thực hiện Kế hoạch", "Trên cơ sở"),
        ("Theo đó, các đơn vị", "Luật Đầu tư"),
    ),
    ("SURE_PREAMBLE", ("Căn cứ Luật", "Xét đề nghị", "Kính gửi"), ("Thực hiện Kế hoạch",)),
    ("OPERATIVE", ("QUYẾT ĐỊNH:", "QUYẾT NGHỊ", "CHỈ THỊ:"), ("Quyết định này có hiệu lực",)),
    ("NUMBERED", ("Điều 1. Phê duyệt", "I. MỤC TIÊU", "1. Mục đích", "a) Nội dung"), ("Điều 12.", "12. Khác")),
    ("AS_FOLLOWS", ("ban hành Kế hoạch như sau:", "cụ thể:"), ("như sau đây là",)),
    ("FIRST_RECIPIENT", ("- Như trên;", "- Lưu: VT."), ("Như vậy",)),
    ("ATTACHMENT", ("PHỤ LỤC I", "DANH SÁCH TỔ CÔNG TÁC", "Mẫu số 02"), ("Căn cứ",)),
    ("ATTACHED_TO", ("(Kèm theo Quyết định số 12)", "Ban hành kèm theo Thông tư"), ("Gửi kèm theo",)),
]
PRINTED: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    ("STAMP", ("Người ký: Ủy ban", "Thời gian ký: 24.02.2023"), ("Người ký tên",)),
    ("RECEIVED", ("ĐẾN Số: 5555", "Công văn đến"), ("Đều phải",)),
    ("PAGE_NUMBER", ("12", "- 3 -"), ("12 xã",)),
    (
        "NUMBER",
        ("Số: 12/2024/QĐ-UBND", "Số:   /KH-UBND", "Số.92ŸÄ /SYT-NVY", "Luật số: 69/2020/QH14"),
        ("Căn cứ Luật", "Số lượng"),
    ),
    ("NUMBER_WITHOUT_SLASH", ("Số: 4 6957QĐ-SYT",), ("Số: 12",)),
    (
        "BROKEN_NUMBER",
        ("Só/5%CAT-PA05", "Só:ØÓ6` KH-TCT", "Số; //72STC- GCS&TCDN", "TTr-HCC", "S6;B5CAT-PA05"),
        ("Số liệu QĐ-UBND gửi", "Số9Ơ1 QĐ-UBND"),
    ),
    ("NUMBER_WITHOUT_SIGNS", ("Số9Ơ1 QĐ-UBND", "Số KH-UBND"), ("Số liệu QĐ-UBND gửi", "Số 12 QĐ-UBND", "Số nhà A-B")),
    ("NUMBER_REMAINS", ("ô: 7Z_ Vp", "Số 48", "4ý /UBND"), ("Sở Y tế", "Kính gửi: Sở")),
    ("PARTY_NUMBER", ("Số 05-NQ/TW", "Số 36 - HD/VPTW", "Số -KH/ĐU", "Số: 123 CV/HU"), ("Số 05/NQ-TW",)),
    ("SYMBOL", ("QĐ-UBND", "BNN-VPĐP"), ("UBND", "Thanh Hóa")),
    (
        "DATE",
        ("Hà Nội, ngày 05 tháng 01 năm 2020", "ngày   tháng   năm 2024", "tigày 5 tháng 6 năm 2024"),
        ("năm 2024",),
    ),
    ("SHORT_DATE", ("ngày 07/5/2018", "ngày 03-4-2018", "Sơn La, 05.9.2025"), ("07/5/2018",)),
    (
        "BLURRED_DATE",
        ("Sơn La, wgày tháng Ẵ năm 2014", "Huế, ngày k tớng 6 năm 2026", "Sơn La, ngày 28 thắng 11 năm 2025"),
        ("Sơn La, ngày tháng", "Sở Y tế, dự thảo năm 2025"),
    ),
    ("DATE_REMAINS", ("cày tháng năm", "ngày 12"), ("ngày 12 tháng 6 năm 2024", "Ngân hàng")),
    ("SUBJECT", ("V/v đôn đốc", "Về việc phê duyệt", "V / v gửi"), ("Vị trí", "VI. Lĩnh vực")),
    ("FOOTNOTE_NUMBER", ("(1)", "[2]", "3"), ("(1) Theo",)),
    ("RECIPIENTS", ("Nơi nhận:", "Nơi nhận: KT. GIÁM ĐỐC", "Nei nhân:"), ("tiếp nhận hồ sơ",)),
    ("LAST_RECIPIENT", ("Lưu: VT", "- Lưu VT, KT(3)"), ("UBND tỉnh",)),
    ("RECIPIENT_ITEM", ("- Như trên", "+ Sở Y tế", "= Lưu"), ("Như trên",)),
    (
        "SIGNING_FORM",
        ("KT. CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN", "T/M BAN THƯỜNG VỤ", "TUQ. GIÁM ĐỐC", "Q. GIÁM ĐỐC"),
        ("CHỦ TỊCH", "Quyết định"),
    ),
    ("SIGNED", ("(Đã ký)", "Đã ký"), ("Đã ký hợp đồng",)),
    ("CLOSING", ("để thực hiện./.", "để thực hiện ./."), ("ngày 5/6.2024 tại đây",)),
]


@pytest.mark.parametrize(("name", "taken", "left"), FOLDED)
def test_patterns_of_folded_text(name: str, taken: tuple[str, ...], left: tuple[str, ...]) -> None:
    pattern = getattr(cues, name)
    assert [text for text in taken if not pattern.search(fold(text))] == []
    assert [text for text in left if pattern.search(fold(text))] == []


@pytest.mark.parametrize(("name", "taken", "left"), PRINTED)
def test_patterns_of_printed_text(name: str, taken: tuple[str, ...], left: tuple[str, ...]) -> None:
    pattern = getattr(cues, name)
    assert [text for text in taken if not pattern.search(text)] == []
    assert [text for text in left if pattern.search(text)] == []


def test_every_pattern_is_tested_once() -> None:
    patterns = {name for name, value in vars(cues).items() if name.isupper() and isinstance(value, re.Pattern)}
    public = {name for name in patterns if not name.startswith("_")}
    tested = [name for name, _, _ in (*FOLDED, *PRINTED)]
    assert set(tested) == public
    assert len(tested) == len(set(tested))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True),
        ("UBND TỈNH X CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True),
        ("Độc lập - Tự do - Hạnh phúc", True),
        ("nước Cộng hòa xã hội chủ nghĩa Việt Nam", False),
        ("Kế hoạch", False),
    ],
)
def test_an_emblem_is_in_capitals_or_a_motto(text: str, expected: bool) -> None:
    assert cues.is_emblem_line(text, fold(text)) is expected


@pytest.mark.parametrize(
    ("text", "expected"), [("KẾ HOẠCH", True), ("KẾ HOẠCH a", True), ("Kế hoạch", False), ("12", False)]
)
def test_mostly_capitals(text: str, expected: bool) -> None:
    assert cues.is_mostly_capitals(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Số: 12/QĐ-UBND", True),
        ("Luật số: 69/2020/QH14", True),
        ("Số:", True),
        ("UBND TỈNH", False),
    ],
)
def test_number_lines(text: str, expected: bool) -> None:
    assert cues.is_number_line(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Số: 12/QĐ-UBND", True),
        ("so: 12/QĐ-UBND", True),
        ("số 126/2020/NĐ-CP ngày 19 tháng 10", False),
        ("Nghị định số 31/2001/NĐ-CP", False),
    ],
)
def test_a_number_of_the_header_begins_its_line(text: str, expected: bool) -> None:
    assert cues.begins_with_number_word(text) is expected


@pytest.mark.parametrize(("symbol", "expected"), [("QĐ-UBND", True), ("TTg", True), ("Trung tâm", False), ("A", False)])
def test_a_plausible_symbol_is_in_capitals(symbol: str, expected: bool) -> None:
    assert cues.is_plausible_symbol(symbol) is expected


def test_weak_cues_may_open_a_title_too() -> None:
    assert cues.starts_body(fold("Căn cứ Luật"), weak=False)
    assert cues.starts_body(fold("Thực hiện Chương trình"))
    assert not cues.starts_body(fold("Thực hiện Chương trình"), weak=False)


def test_addressees_may_begin_with_a_dash() -> None:
    assert cues.opens_addressees(fold("- Kính gửi: Sở Y tế"))
    assert not cues.opens_addressees(fold("Sở Y tế kính gửi"))


@pytest.mark.parametrize(
    ("text", "ocr", "expected"),
    [
        ("Nơi nhận:", False, True),
        ("Mơi nhận:", False, False),
        ("Mơi nhận:", True, True),
        ("tiếp nhận;", True, False),
        ("xác nhận:", True, False),
    ],
)
def test_recipients_open_with_their_heading(text: str, ocr: bool, expected: bool) -> None:
    assert cues.opens_recipients(fold(text), ocr=ocr) is expected


def test_marks_and_heading_types_come_from_tables() -> None:
    assert cues.marks()["HOATOC"] == ("urgency", "HỎA TỐC")
    assert cues.marks()["MAT"] == ("secrecy", "MẬT")
    assert cues.heading_types()["QUYETDINH"] == "Quyết định"
