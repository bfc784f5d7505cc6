"""Numbers that are asked for without their ký hiệu."""

from __future__ import annotations

import pytest

from search.query.asked_number import asked_number, in_words, names_agency, number_with_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1048", "số 1048"),
        ("số 96", "số 96"),
        ("919/2022", "số 919, năm 2022"),
        ("148 2023", "số 148, năm 2023"),
        ("919 thu tuong", "số 919, của “thu tuong”"),
        ("148 của Thủ tướng năm 2023", "số 148, của “Thủ tướng”, năm 2023"),
        ("96 ubnd tỉnh Lai Châu", "số 96, của “ubnd tỉnh Lai Châu”"),
        ("96 thanh hoa", "số 96, của “thanh hoa”"),
        ("kh so 96", "Kế hoạch số 96"),
        ("96 kế hoạch", "Kế hoạch số 96"),
        ("quyết định 919", "Quyết định số 919"),
    ],
)
def test_words_of_issuer_year_and_type_belong_to_the_number(text: str, words: str) -> None:
    number = asked_number(text)
    assert number is not None
    assert in_words(number) == words


@pytest.mark.parametrize(
    "text",
    [
        "2024",
        "30 ngày làm việc",
        "5 sao",
        "63 tỉnh thành",
        "3 bộ phận",
        "96,4 tỷ đồng",
        '148 "của"',
        "148 của",
        "a 1",
        "",
    ],
)
def test_other_words_beside_a_number_make_it_text(text: str) -> None:
    assert asked_number(text) is None


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("thủ tướng", True),
        ("TTg", True),
        ("UBND", True),
        ("Sở Y tế Lai Châu", True),
        ("phòng học", False),
        ("sở", False),
    ],
)
def test_an_agency_is_named_for_certain(name: str, known: bool) -> None:
    assert names_agency(name) is known


def test_a_long_number_may_have_any_words_behind_it() -> None:
    found = number_with_words("4464 bộ nông nghiệp tập huấn")
    assert found is not None
    assert (found.number_key, found.rest) == ("4464", "bộ nông nghiệp tập huấn")
    assert number_with_words("30 ngày làm việc") is None
    assert number_with_words("4464") is None
    assert number_with_words('4464 "tập huấn"') is None
