"""Dates that may be slips for one another, and ký hiệu with parts left out."""

from __future__ import annotations

import pytest

from corpus import identity


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("2018-07-05", "2018-05-07", True),  # day and month exchanged
        ("2019-05-07", "2018-05-07", True),  # one part differs
        ("2023-02-24", "2025-01-16", False),
        ("2018", "2019", False),  # a year alone
    ],
)
def test_two_dates_are_one_slip_apart_when_a_part_differs_or_two_are_exchanged(a: str, b: str, expected: bool) -> None:
    assert identity.one_slip(a, b) is expected


@pytest.mark.parametrize(
    ("short", "whole", "expected"),
    [
        ("QĐ-VPĐP", "QĐ-BNN-VPĐP", True),
        ("QĐ-UBND", "QĐ-UBND-HC", True),
        ("QĐ-UBND", "KH-UBND-HC", False),
    ],
)
def test_a_symbol_is_within_another_when_the_type_and_the_order_of_parts_agree(
    short: str, whole: str, expected: bool
) -> None:
    assert identity.within_symbol(short, whole) is expected
