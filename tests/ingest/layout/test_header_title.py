"""Type and trích yếu of a header (ô 5)."""

from __future__ import annotations

import pytest

from ingest.layout.header import read_plain_header
from ingest.layout.header_values import Header
from tests.ingest.layout.support import drawn_header

_TOP = [(0.14, "UBND TỈNH KIÊN GIANG"), (0.47, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")]


def test_a_received_stamp_beside_the_title_is_not_part_of_it() -> None:
    header = drawn_header(
        [
            _TOP,
            [(0.18, "Số: 7/TTr-UBND"), (0.5, "Kiên Giang, ngày 12 tháng 3 năm 2017")],
            [(0.42, "TỜ TRÌNH")],
            [(0.26, "Về việc đề nghị phê duyệt Đề án")],
            [(0.01, "ĐẾN Số 12"), (0.3, "giai đoạn 2018 - 2020")],
            [(0.2, "Căn cứ Luật Đầu tư công ngày 13/6/2019;")],
        ]
    )
    assert header.value("title") == "Về việc đề nghị phê duyệt Đề án giai đoạn 2018 - 2020"


def test_the_line_that_names_who_decides_ends_the_title() -> None:
    header = read_plain_header(
        "UBND TỈNH SƠN LA\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 7/QĐ-UBND\nQUYẾT ĐỊNH\n"
        "Về việc ban hành Quy chế\nCHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH\nCăn cứ Luật Tổ chức;\n"
    )
    assert header.value("doc_type") == "Quyết định"
    assert header.value("title") == "Về việc ban hành Quy chế"


def test_without_heading_and_subject_the_symbol_gives_the_type() -> None:
    header = read_plain_header("UBND TỈNH SƠN LA\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 7/QĐ-UBND\nNội dung khác\n")
    found = header.fields["doc_type"]
    assert found.value == "Quyết định"
    assert found.evidence.needs_review
    assert found.evidence.reasons == ["loại theo ký hiệu"]


def _titled(*lines: str) -> Header:
    """The header of a born-digital document with *lines* below its columns."""
    left = "UBND TỈNH SƠN LA\nSỞ CÔNG THƯƠNG\nSố: 7/SCT\n"
    right = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSơn La, ngày 5 tháng 6 năm 2024\n"
    return read_plain_header(left + right + "\n".join(lines) + "\n")


@pytest.mark.parametrize(
    ("heading", "doc_type"),
    [
        ("BIÊN BẢN HỌP", "Biên bản"),
        ("QUY CHẾ PHỐI HỢP", "Quy chế"),
        ("KẾ HOẠCH LIÊN TỊCH", "Kế hoạch"),
        ("PHIẾU TRÌNH GIẢI QUYẾT CÔNG VIỆC", "Phiếu trình"),
        ("QUYẾT ĐỊNH CỦA ỦY BAN NHÂN DÂN TỈNH SƠN LA", "Quyết định"),
        ("ĐIỀU LỆ (SỬA ĐỔI, BỔ SUNG)", "Điều lệ"),
    ],
)
def test_a_type_with_more_on_its_line(heading: str, doc_type: str) -> None:
    header = _titled(heading, "Về tiêu thụ sản phẩm OCOP", "Căn cứ Luật Tổ chức;")
    assert (header.value("doc_type"), header.value("title")) == (doc_type, "Về tiêu thụ sản phẩm OCOP")
    assert not header.fields["doc_type"].evidence.needs_review


def test_words_behind_a_type_are_the_title_where_nothing_follows() -> None:
    header = _titled("NỘI QUY TIẾP CÔNG DÂN", "I. Lịch tiếp công dân:")
    assert (header.value("doc_type"), header.value("title")) == ("Nội quy", "TIẾP CÔNG DÂN")


def test_a_type_outside_the_table_is_kept_as_printed_with_a_doubt() -> None:
    header = _titled("ĐƠN ĐỀ NGHỊ", "Sáp nhập hai hội", "Kính gửi: Sở Nội vụ")
    assert (header.value("doc_type"), header.value("title")) == ("Đơn đề nghị", "Sáp nhập hai hội")
    assert header.fields["doc_type"].evidence.needs_review


def test_a_schedule_is_its_own_title() -> None:
    header = _titled("LỊCH TIẾP CÔNG DÂN", "của UBND xã năm 2024", "1. Thứ hai hằng tuần")
    assert header.value("title") == "LỊCH TIẾP CÔNG DÂN của UBND xã năm 2024"


def test_the_symbols_type_stands_over_a_subject() -> None:
    header = read_plain_header(
        "HỘI A\nSố: 34/BC-HA\nV/v kết quả Đại hội\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nKính gửi: Sở Nội vụ\n"
    )
    assert header.value("doc_type") == "Báo cáo"
    assert header.fields["doc_type"].evidence.needs_review
    header = read_plain_header(
        "THANH TRA TỈNH\nSố: 34/TT-NV1\nV/v kết quả\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nKính gửi: Sở Nội vụ\n"
    )
    assert header.value("doc_type") == "Công văn"


def test_an_invitation_without_a_title_has_none() -> None:
    header = _titled("GIẤY MỜI", "Thực hiện Chương trình công tác, Sở Công Thương tổ chức họp;", "1. Chủ trì")
    assert header.value("title") is None
    header = drawn_header(
        [
            _TOP,
            [(0.18, "Số: 7/GM-UBND"), (0.5, "Kiên Giang, ngày 12 tháng 3 năm 2017")],
            [(0.45, "GIẤY MỜI")],
            [(0.18, "Thực hiện Chương trình công tác tháng 01 năm 2026, Ủy ban nhân dân tỉnh họp")],
            [(0.12, "đánh giá công tác năm.")],
        ]
    )
    assert header.value("title") is None


def test_a_rule_ends_the_title() -> None:
    header = _titled("QUYẾT ĐỊNH", "Về việc bổ nhiệm", "____________", "Luật Tổ chức chính quyền địa phương năm 2025;")
    assert header.value("title") == "Về việc bổ nhiệm"


def test_a_stamp_joined_to_a_line_of_the_title_is_taken_off() -> None:
    header = drawn_header(
        [
            _TOP,
            [(0.18, "Số: 7/QĐ-UBND"), (0.5, "Kiên Giang, ngày 12 tháng 3 năm 2017")],
            [(0.42, "QUYẾT ĐỊNH")],
            [(0.06, "THANH TRA ĐẾN |"), (0.28, "Về việc ban hành Quy chế tiếp công")],
            [(0.06, "CÔNG VĂN ĐẾN"), (0.28, "dân, xử lý đơn thư của công dân")],
            [(0.06, "Số 12 ngày 5")],
            [(0.2, "Căn cứ Luật Đầu tư công ngày 13/6/2019;")],
        ]
    )
    assert header.value("title") == "Về việc ban hành Quy chế tiếp công dân, xử lý đơn thư của công dân"


def test_a_note_pasted_beside_a_subject_is_no_part_of_it() -> None:
    header = drawn_header(
        [
            _TOP,
            [(0.14, "Số: 7/SGD-CT"), (0.5, "Kiên Giang, ngày 12 tháng 3 năm 2017")],
            [(0.14, "V/v bảo đảm an toàn giao"), (0.46, "1. Cô Hương gửi các đơn vị để phổ biến")],
            [(0.14, "thông cho học sinh"), (0.46, "2. Phòng Công tác phối hợp")],
            [(0.2, "Kính gửi: Các trường")],
        ]
    )
    assert header.value("title") == "bảo đảm an toàn giao thông cho học sinh"


def test_a_letter_in_a_scan_without_a_subject_is_in_doubt() -> None:
    header = drawn_header(
        [
            _TOP,
            [(0.18, "Số: 7/SYT-NVY"), (0.5, "Kiên Giang, ngày 12 tháng 3 năm 2017")],
            [(0.3, "Kính gửi: Các bệnh viện")],
        ]
    )
    assert header.value("title") is None
    assert header.fields["title"].evidence.needs_review


@pytest.mark.parametrize(
    ("subject", "doubted"),
    [("ứng phó bão số l6", True), ("phê duyệt nghị quyét", True), ("giải bóng đá mini năm 2018", False)],
)
def test_a_scanned_title_with_an_impossible_word_is_in_doubt(subject: str, doubted: bool) -> None:
    header = drawn_header(
        [
            _TOP,
            [(0.18, "Số: 7/QĐ-UBND"), (0.5, "Kiên Giang, ngày 12 tháng 3 năm 2017")],
            [(0.42, "QUYẾT ĐỊNH")],
            [(0.3, f"Về việc {subject}")],
            [(0.2, "Căn cứ Luật Đầu tư công ngày 13/6/2019;")],
        ]
    )
    assert header.fields["title"].evidence.needs_review is doubted


def test_a_speck_between_two_words_of_a_scanned_title_is_left_out() -> None:
    header = drawn_header(
        [
            [(0.1, "UBND TỈNH VÂN LĨNH"), (0.45, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
            [(0.1, "Số: 07/CT-UBND"), (0.45, "Vân Lĩnh, ngày 12 tháng 5 năm 2024")],
            [(0.45, "CHỈ THỊ")],
            [(0.3, "Về việc tăng cường quản lý sản phẩm trên địa . bàn tỉnh")],
        ]
    )
    assert header.value("title") == "Về việc tăng cường quản lý sản phẩm trên địa bàn tỉnh"


def test_specks_before_and_a_torn_addressee_behind_a_scanned_title_are_left_out() -> None:
    header = drawn_header(
        [
            [(0.1, "UBND TỈNH VÂN LĨNH"), (0.45, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
            [(0.1, "Số: 07/CT-UBND"), (0.45, "Vân Lĩnh, ngày 12 tháng 5 năm 2024")],
            [(0.45, "CHỈ THỊ")],
            [(0.3, "soc o. cày Về việc tăng cường quản lý K ính gửi ó Hội")],
        ]
    )
    assert header.value("title") == "Về việc tăng cường quản lý"
    assert header.fields["title"].evidence.needs_review
