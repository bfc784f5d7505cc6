"""A whole header (ô 1 to 6), from plain text and from words with boxes."""

from __future__ import annotations

from ingest.layout.header import read_plain_header
from tests.ingest.layout.support import drawn_header

PLAN = """\
 UỶ BAN NHÂN DÂN             CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
TỈNH SƠN LA                             Độc lập – Tự do – Hạnh phúc
 Số:             /KH-UBND                  Sơn La, ngày         tháng      năm 2020
KẾ HOẠCH
Thực hiện Chương trình mỗi xã một sản phẩm
năm 2020, tỉnh Sơn La
Căn cứ Quyết định số 490/QĐ-TTg ngày 07/5/2018 của Thủ tướng Chính phủ;
"""
LETTER = """\
ỦY BAN NHÂN DÂN
THÀNH PHỐ SƠN LA

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Số: 05/UBND-KT TP. Sơn La, ngày 07 tháng 02 năm 2024
V/v đôn đốc thực hiện
Chương trình OCOP

Kính gửi:
- Phòng Kinh tế thành phố;
- UBND các xã, phường.
Theo đề nghị của Sở Công Thương;
"""


def test_a_plan_with_blank_number_and_day() -> None:
    header = read_plain_header(PLAN)
    assert header.value("issuer") == "Ủy ban nhân dân tỉnh Sơn La"
    assert header.value("parent_agency") is None
    assert header.value("so_ky_hieu") is None
    assert header.value("symbol") == "KH-UBND"
    assert header.value("date") == "2020"
    assert header.value("place") == "Sơn La"
    assert header.value("doc_type") == "Kế hoạch"
    # "Thực hiện" opens this trích yếu; elsewhere it opens the text.
    assert header.value("title") == "Thực hiện Chương trình mỗi xã một sản phẩm năm 2020, tỉnh Sơn La"
    assert PLAN[: header.end].rstrip().endswith("tỉnh Sơn La")
    assert header.has_emblem
    assert header.has_number


def test_evidence_points_at_what_is_printed() -> None:
    header = read_plain_header(PLAN)
    for name, printed in (("place", "Sơn La"), ("symbol", "KH-UBND"), ("doc_type", "KẾ HOẠCH")):
        seen = header.fields[name].evidence
        assert PLAN[seen.start : seen.end] == printed


def test_a_letter_with_its_subject_below_the_number() -> None:
    header = read_plain_header(LETTER)
    assert header.value("doc_type") == "Công văn"
    assert header.value("so_ky_hieu") == "05/UBND-KT"
    assert header.value("title") == "đôn đốc thực hiện Chương trình OCOP"
    assert header.value("date") == "2024-02-07"
    assert header.value("place") == "TP. Sơn La"
    assert header.value("addressees") == ["Phòng Kinh tế thành phố", "UBND các xã, phường"]


def test_the_header_of_a_bundled_document_is_read_from_where_it_begins() -> None:
    text = f"Trang trước\f{LETTER}\f{PLAN}"
    start = text.index(LETTER)
    header = read_plain_header(text, start)
    assert header.value("so_ky_hieu") == "05/UBND-KT"
    seen = header.fields["so_ky_hieu"].evidence
    assert text[seen.start : seen.end] == "05/UBND-KT"
    assert start < header.end < text.index(PLAN)


def test_masthead_and_signature_stamp_are_not_part_of_the_header() -> None:
    header = read_plain_header(
        "Ký bởi: CÔNG BÁO\nNgày ký: 2026-04-02 14:08:10 +07:00\nCÔNG BÁO/Số 179/Ngày 03-04-2026\n"
        "BỘ TÀI CHÍNH          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "Số: 21/2026/TT-BTC                Hà Nội, ngày 17 tháng 3 năm 2026\nTHÔNG TƯ\nQuy định mức thu\n"
    )
    assert header.value("issuer") == "Bộ Tài chính"
    assert header.value("date") == "2026-03-17"


def test_an_article_has_no_header() -> None:
    header = read_plain_header("Hội nghị tuyên truyền OCOP\nCăn cứ vào Kế hoạch số 3500/KH-UBND ngày 13/5/2024\n")
    assert not header.anchored
    assert not header.fields


def test_marks_of_urgency_and_secrecy_are_read() -> None:
    header = read_plain_header(LETTER.replace("Kính gửi", "HỎA TỐC\n\nKính gửi"))
    assert header.value("urgency") == "HỎA TỐC"
    assert header.value("secrecy") is None


def test_columns_joined_by_ocr_are_separated_by_place() -> None:
    header = drawn_header(
        [
            [(0.14, "UBND TỈNH KIÊN GIANG"), (0.47, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
            [(0.2, "SỐY TÉ"), (0.54, "Độc lập - Tự do - Hạnh phúc")],
            [(0.18, "Số: 02 /SYT-GAVI"), (0.5, "Kiên Giang, ngày 06 tháng 3 năm 2018")],
            [(0.17, "V/v bàn giao tài sản")],
            [(0.19, "kết thúc Dự án")],
            [(0.3, "Kính gửi: Các Trung tâm y tế huyện")],
        ]
    )
    assert header.value("parent_agency") == "UBND tỉnh Kiên Giang"
    assert header.value("issuer") == "Sở Y tế"
    assert header.value("symbol") == "SYT-GAVI"
    assert header.value("date") == "2018-03-06"
    assert header.value("title") == "bàn giao tài sản kết thúc Dự án"
    box = header.fields["symbol"].evidence.bbox
    assert box is not None
    assert box[2] < 0.4


def test_a_framed_mark_that_ocr_misread_is_proposed_with_a_doubt() -> None:
    header = drawn_header(
        [
            [(0.14, "UBND TỈNH KIÊN GIANG"), (0.47, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
            [(0.18, "Số: 7/SYT-NVY"), (0.5, "Kiên Giang, ngày 12 tháng 3 năm 2017")],
            [(0.08, "[nôa rốc]"), (0.4, "Kính gửi: Các bệnh viện")],
        ]
    )
    assert header.value("urgency") == "HỎA TỐC"
    assert header.fields["urgency"].evidence.needs_review


def test_a_number_line_without_its_signs_still_gives_the_symbol() -> None:
    for printed, symbol in (("S6;B52CAT-PA05", "CAT-PA05"), ("SốN9Ơ1 QĐ-CTUBND", "QĐ-CTUBND")):
        header = drawn_header(
            [
                [(0.12, "ỦY BAN NHÂN DÂN"), (0.5, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
                [(0.16, "TỈNH SƠN LA"), (0.56, "Độc lập - Tự do - Hạnh phúc")],
                [(0.16, printed), (0.52, "Sơn La, ngày 20 tháng 8 năm 2025")],
                [(0.4, "QUYẾT ĐỊNH")],
            ]
        )
        assert header.value("symbol") == symbol
        assert header.fields["symbol"].evidence.needs_review
        assert header.value("so_ky_hieu") is None
        assert header.fields["so_ky_hieu"].evidence.needs_review
