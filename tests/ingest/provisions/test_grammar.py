"""Rows of provisions: units, labels, lists, ranges, and which unit contains which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.fold import fold, nfc
from corpus.model import Pinpoint
from corpus.provisions import words
from ingest.provisions.grammar import rows_in


def named(text: str) -> list[str]:
    """The provisions of all rows of a text, in words."""
    text = nfc(text)
    found = [p for row in rows_in(text, fold(text)) for p in row.provisions()]
    return [
        words(Pinpoint(p.start, p.end, p.article, p.clause, p.point, p.section, p.appendix, p.inferred)) for p in found
    ]


@pytest.mark.parametrize(
    ("text", "provisions"),
    [
        (
            "điểm a, c khoản 1 và khoản 3 Điều 5, các Điều 7, 9 và Điều 12 Nghị định",
            ["điểm a khoản 1 Điều 5", "điểm c khoản 1 Điều 5", "khoản 3 Điều 5", "Điều 7", "Điều 9", "Điều 12"],
        ),
        ("các Điều 584, Điều 558, Điều 590 và Điều 603 của Bộ luật", ["Điều 584", "Điều 558", "Điều 590", "Điều 603"]),
        ("Điều 116; 117; 136 và Điều 299", ["Điều 116", "Điều 117", "Điều 136", "Điều 299"]),
        ("các Điều: 292, 342, 463,466 của", ["Điều 292", "Điều 342", "Điều 463", "Điều 466"]),
        ("Điều 5 khoản 2 điểm đ", ["điểm đ khoản 2 Điều 5"]),
        ("Điều 5 khoản 2, Điều 6 khoản 1", ["khoản 2 Điều 5", "khoản 1 Điều 6"]),
        ("Điều 5, khoản 2 Điều 6", ["Điều 5", "khoản 2 Điều 6"]),
        ("khoản 7, Điều 26", ["khoản 7 Điều 26"]),
        ("điểm c khoản 4 của Điều 31", ["điểm c khoản 4 Điều 31"]),
        ("các điểm b2, b3 khoản 1 Điều 2", ["điểm b2 khoản 1 Điều 2", "điểm b3 khoản 1 Điều 2"]),
        ("Điều 5 đến Điều 8", ["Điều 5", "Điều 6", "Điều 7", "Điều 8"]),
        ("các khoản 2 đến 4 Điều 9", ["khoản 2 Điều 9", "khoản 3 Điều 9", "khoản 4 Điều 9"]),
        ("Mục 1, Mục 2 Chương I", ["Mục 1, Chương I", "Mục 2, Chương I"]),
        ("khoản 1 Phụ lục II", ["khoản 1 Phụ lục II"]),
        ("Điều 5 và Phụ lục II kèm theo", ["Điều 5", "Phụ lục II"]),
        ("điểm a mục 4 Phần III", ["điểm a Mục 4, Phần III"]),
        ("Điều 7a và Điều 9", ["Điều 7a", "Điều 9"]),
    ],
)
def test_lists_and_orders(text: str, provisions: list[str]) -> None:
    assert named(text) == provisions


@pytest.mark.parametrize(
    "text",
    [
        "tại thời điểm 5 năm trước",
        "tài khoản 123 tại ngân hàng",
        "danh mục 12 sản phẩm",
        "từng phần 1 và 2",
        "quan điểm ở đây",
        "điểm cao nhất",
        "diều 5 mét",
    ],
)
def test_other_words_are_no_units(text: str) -> None:
    assert named(text) == []


def test_a_number_that_counts_something_ends_the_list() -> None:
    assert named("khoản 1 Điều 5, 30 ngày sau") == ["khoản 1 Điều 5"]


def test_what_lies_inside_a_range_is_marked_as_inferred() -> None:
    text = "Điều 5 đến Điều 7"
    (row,) = rows_in(text, fold(text))
    assert [(p.article, p.inferred) for p in row.provisions()] == [("5", False), ("6", True), ("7", False)]


@given(st.lists(st.integers(1, 300), min_size=1, max_size=8), st.sampled_from([", ", "; ", " và ", ","]))
def test_every_number_of_a_list_is_an_article(numbers: list[int], separator: str) -> None:
    text = f"các Điều {separator.join(map(str, numbers))} của Luật"
    assert named(text) == [f"Điều {number}" for number in numbers]


@given(st.text(alphabet="điềukhoản m123,;.ab\n()", max_size=80))
def test_every_label_lies_in_the_text(text: str) -> None:
    text = nfc(text)
    for row in rows_in(text, fold(text)):
        for provision in row.provisions():
            assert row.start <= provision.start < provision.end <= row.end
