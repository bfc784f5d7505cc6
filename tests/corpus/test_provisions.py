"""Provisions in words, and whether a change of one touches another."""

from __future__ import annotations

import pytest

from corpus.model import Pinpoint
from corpus.provisions import list_words, meet, words


def pin(**units: str) -> Pinpoint:
    """A provision with these units."""
    return Pinpoint(0, 1, **units)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pinpoint", "expected"),
    [
        (pin(article="5", clause="1", point="a"), "điểm a khoản 1 Điều 5"),
        (pin(clause="2", section="Mục II"), "khoản 2 Mục II"),
        (pin(appendix="II", clause="1"), "khoản 1 Phụ lục II"),
        (pin(appendix=""), "Phụ lục"),
        (pin(appendix="Mẫu số 02"), "Mẫu số 02"),
    ],
)
def test_words_name_the_smaller_unit_first(pinpoint: Pinpoint, expected: str) -> None:
    assert words(pinpoint) == expected


def test_a_list_names_each_provision_once() -> None:
    assert list_words([pin(article="5"), pin(article="7"), pin(article="5")]) == "Điều 5; Điều 7"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (pin(article="5"), pin(article="5", clause="1"), True),
        (pin(article="5", clause="1", point="a"), pin(article="5", clause="1"), True),
        (pin(article="5", clause="1"), pin(article="5", clause="2"), False),
        (pin(article="5"), pin(article="6"), False),
        (pin(appendix="II", clause="1", point="a"), pin(appendix="II", clause="2"), False),
        (pin(appendix="II"), pin(appendix="II", clause="1", point="b"), True),
        (pin(appendix="II"), pin(article="2"), False),
        (pin(appendix=""), pin(appendix="II"), None),
        (pin(section="Chương II"), pin(article="12"), None),
        (pin(article="5", point="a"), pin(article="5", clause="1"), None),
        (pin(section="Mục II", article="5"), pin(article="5"), True),
    ],
)
def test_a_change_touches_what_contains_it_or_lies_in_it(one: Pinpoint, other: Pinpoint, expected: bool | None) -> None:
    assert meet(one, other) is expected
    assert meet(other, one) is expected
