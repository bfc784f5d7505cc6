"""How likely figures are by the rules for writing them."""

from __future__ import annotations

import pytest

from ingest.layout.figure_weights import (
    calendar_weight,
    day_or_month_weights,
    number_weight,
    partly_read,
    start_of_year,
)


def test_a_leading_zero_comes_only_and_always_before_one_digit() -> None:
    assert number_weight("05") > number_weight("050")
    assert number_weight("0") < number_weight("9")


def test_a_day_of_one_digit_has_probably_lost_its_first() -> None:
    weights, _ = day_or_month_weights({"8": 0.7, "18": 0.2}, 31)
    assert weights[18] > weights[8]
    weights, _ = day_or_month_weights({"08": 0.7, "18": 0.2}, 31)
    assert weights[8] > weights[18]


def test_a_month_from_3_on_is_written_with_one_digit() -> None:
    weights, _ = day_or_month_weights({"6": 0.7, "1": 0.2, "11": 0.1}, 12)
    assert weights == pytest.approx({6: 0.7, 1: 0.03, 11: 0.1})


def test_a_4_or_7_before_another_digit_is_a_slanted_1() -> None:
    weights, _ = day_or_month_weights({"74": 0.3, "44": 0.1, "52": 0.6}, 31)
    assert set(weights) == {14}


def test_one_figure_of_two_leaves_the_values_that_have_it_there() -> None:
    assert partly_read("A9", 31) == [9, 19, 29]
    assert partly_read("2O", 31) == [*range(20, 30)]
    assert partly_read("1-", 12) == []
    assert partly_read("15", 31) == partly_read("AB", 31) == []


@pytest.mark.parametrize(
    ("text", "number"), [("15/2017", "15"), ("15217", "15"), ("152017", "15"), ("58/201", "58"), ("06/2019", "06")]
)
def test_the_year_behind_a_number_is_found_though_digits_are_lost(text: str, number: str) -> None:
    year = {"15/2017": "2017", "15217": "2017", "152017": "2017"}.get(text, "2019")
    assert text[: start_of_year(text, year)] == number


def test_offices_date_documents_on_working_days() -> None:
    assert calendar_weight(2019, 6, 18) > 10 * calendar_weight(2019, 6, 16)  # a Tuesday, a Sunday
    assert calendar_weight(2019, 6, 15) == calendar_weight(2019, 6, 16)
    assert calendar_weight(1995, 6, 17) == calendar_weight(1995, 6, 16)  # offices worked on Saturdays
    assert calendar_weight(2019, 2, 30) == 0
