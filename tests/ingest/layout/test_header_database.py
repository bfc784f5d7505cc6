"""Headings of law databases: type, issuer, number and date in one paragraph of capitals."""

from __future__ import annotations

import pytest

from ingest.layout.header import read_plain_header

REST = "\nCăn cứ Luật Đầu tư công ngày 29 tháng 11 năm 2024;\nĐiều 1. Phê duyệt."


@pytest.mark.parametrize(
    ("heading", "number", "date", "issuer"),
    [
        (
            "THÔNG TƯ\nCỦA BỘ TÀI CHÍNH SỐ 45/2005/TT-BTC\nNGÀY 06 THÁNG 6 NĂM 2005 HƯỚNG DẪN THI HÀNH\nNGHỊ ĐỊNH SỐ "
            "7/2005/NĐ-CP NGÀY 19 THÁNG 01 NĂM 2005",
            "45/2005/TT-BTC",
            "2005-06-06",
            "Bộ Tài chính",
        ),
        (
            "NGHỊ ĐỊNH\nCỦA CHÍNH PHỦ SỐ 8/2001/NĐ-CP NGÀY 22/02/2001 VỀ ĐIỀU KIỆN KINH DOANH",
            "8/2001/NĐ-CP",
            "2001-02-22",
            "Chính phủ",
        ),
        (
            "QUYẾT ĐỊNH SỐ 31/2004/QĐ-BTC NGÀY 05 THÁNG 4 NĂM 2004 CỦA BỘ TRƯỞNG BỘ TÀI CHÍNH\nVỀ VIỆC SỬA ĐỔI MỨC THU",
            "31/2004/QĐ-BTC",
            "2004-04-05",
            "Bộ Tài chính",
        ),
    ],
)
def test_a_heading_in_capitals_is_read(heading: str, number: str, date: str, issuer: str) -> None:
    header = read_plain_header(heading + REST)
    assert (header.value("so_ky_hieu"), header.value("date"), header.value("issuer")) == (number, date, issuer)
    assert header.anchored


def test_mixed_case_is_a_citation_and_no_heading() -> None:
    header = read_plain_header("THÔNG TƯ\nhướng dẫn Nghị định của Chính phủ số 8/2001/NĐ-CP ngày 22/02/2001" + REST)
    assert header.value("so_ky_hieu") is None


def test_a_number_of_another_type_is_no_number_of_the_heading() -> None:
    header = read_plain_header("THÔNG TƯ\nCỦA BỘ TÀI CHÍNH SỐ 8/2001/NĐ-CP NGÀY 22/02/2001" + REST)
    assert header.value("so_ky_hieu") is None


def test_a_letterhead_is_not_overruled() -> None:
    header = read_plain_header(
        "BỘ TÀI CHÍNH\nSố: 9/2005/TT-BTC\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nHà Nội, ngày 01 tháng 02 năm 2005\n"
        "THÔNG TƯ\nCỦA BỘ TÀI CHÍNH SỐ 45/2005/TT-BTC NGÀY 06 THÁNG 6 NĂM 2005" + REST
    )
    assert header.value("so_ky_hieu") == "9/2005/TT-BTC"
