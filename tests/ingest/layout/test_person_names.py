"""Vietnamese names of persons in lines of a signature."""

from __future__ import annotations

import pytest

from ingest.layout.person_names import (
    combined_readings,
    has_doubtful_marks,
    is_name_line,
    person_of,
    with_first_letter,
    with_surname,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nguyễn Trúc Giang", "Nguyễn Trúc Giang"),
        ("_NGUYỄN VĂN AN", "Nguyễn Văn An"),
        ("WPhạm Vũ Hồng", "Phạm Vũ Hồng"),
        ("Phó Giám Đóc", None),
        ("ỦY BAN CHỨNG KHOÁN NHÀ NƯỚC", None),
        ("- Lưu: VT", None),
    ],
)
def test_names(text: str, name: str | None) -> None:
    found = person_of(text)
    assert (found and found[0]) == name


def test_a_name_line_holds_little_else() -> None:
    assert is_name_line("Nguyễn Trúc Giang")
    assert not is_name_line("Nguyễn Trúc Giang được cử đi tập huấn")
    assert not is_name_line("Nguyễn Trúc Giang " * 20)


def test_two_readings_of_a_name_complete_each_other() -> None:
    assert combined_readings("Đỉnh Trọng Nghĩa", "Đinh Trong Nghĩa") == "Đinh Trọng Nghĩa"
    assert combined_readings("Đinh Nghĩa", "Đinh Trong Nghĩa") == "Đinh Trong Nghĩa"


def test_a_covered_first_letter_is_restored_where_one_surname_fits() -> None:
    assert with_first_letter("guyễn Hải Yến") == "Nguyễn Hải Yến"
    assert with_first_letter("rần") is None


def test_marks_that_no_common_name_has_are_doubted() -> None:
    assert has_doubtful_marks("Trần Đỉnh Bảo")
    assert not has_doubtful_marks("Trần Đình Bảo")
    assert not has_doubtful_marks("Nguyễn Thị Lê Hà")  # a surname as a middle name
    assert not has_doubtful_marks("H'Xuyzê Ayun")  # unlike any common syllable: a name of another people


@pytest.mark.parametrize(
    ("read", "name"),
    [
        ("Nguyên Hải Yến", "Nguyễn Hải Yến"),
        ("LỆ Hoàng Anh", "Lê Hoàng Anh"),
        ("Nauyển Hải Yến", "Nguyễn Hải Yến"),
        ("S Thải Văn Nam", "S Thái Văn Nam"),
        ("Lễ Kiên", "Lê Kiên"),
        ("Lê Văn An", None),
        ("uyễn Hải Yến", None),
        ("Hội Trường", None),
        ("Đan Tỉnh Đăk", None),
    ],
)
def test_a_surname_with_other_marks_is_put_right(read: str, name: str | None) -> None:
    assert with_surname(read) == name
