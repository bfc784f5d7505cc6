"""Type and trích yếu of a header (ô 5)."""

from __future__ import annotations

from ingest.layout.header import read_plain_header
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
