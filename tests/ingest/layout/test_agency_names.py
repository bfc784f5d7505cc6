"""Names of agencies from the capitals of a header."""

from __future__ import annotations

import pytest

from ingest.layout import agency_names


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("ỦY BAN NHÂN DÂN TÍNH VÂN LĨNH", "Ủy ban nhân dân tỉnh Vân Lĩnh"),
        ("UBND HUYEN PHONG LĨNH", "UBND huyện Phong Lĩnh"),
        ("ỦY BAN NHÂN DÂN THANH PHỐ NHA TRANG", "Ủy ban nhân dân thành phố Nha Trang"),
        ("UBND TĨNH KIÊN GIANG", "UBND tỉnh Kiên Giang"),
    ],
)
def test_levels_that_lost_their_marks_are_restored(printed: str, name: str) -> None:
    assert agency_names.read(printed)[0] == name


def test_capitals_become_the_case_of_a_sentence() -> None:
    assert agency_names.read("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG")[0] == "Sở Nông nghiệp và Môi trường"
    assert agency_names.from_capitals("VĂN PHÒNG UBND TỈNH") == "Văn Phòng UBND tỉnh"


def test_a_slip_in_a_known_name_is_repaired_and_reported() -> None:
    assert agency_names.read("BỘ TÀI CHÍNK") == ("Bộ Tài chính", True)
    assert agency_names.read("BỘ TÀI CHÍNH") == ("Bộ Tài chính", False)


def test_a_line_too_long_for_a_name_is_left_as_it_is() -> None:
    words = ["SỞ", *["TỐI", "MẬ"] * 2_000]
    assert agency_names.read(" ".join(words)) == (" ".join(words), False)
