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
