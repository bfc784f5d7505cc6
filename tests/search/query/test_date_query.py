"""Dates and ranges of dates as they are typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import QueryError
from search.query.date_query import FIRST, LAST, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024", (20240101, 20241231)),
        ("2024-06", (20240601, 20240630)),
        ("2024-02", (20240201, 20240229)),
        ("2024-06-11", (20240611, 20240611)),
        ("11/6/2024", (20240611, 20240611)),
        ("11-06-2024", (20240611, 20240611)),
        ("6/2024", (20240601, 20240630)),
        ("2020..2022", (20200101, 20221231)),
        ("2020-11 .. 2020-12", (20201101, 20201231)),
        ("2020-11..", (20201101, LAST)),
        ("..2022", (FIRST, 20221231)),
        (">=2023", (20230101, LAST)),
        ("<=2023", (FIRST, 20231231)),
        (">2023", (20231232, LAST)),
        ("<2020", (FIRST, 20200100)),
    ],
)
def test_dates_and_ranges_give_first_and_last_day(text: str, expected: tuple[int, int]) -> None:
    assert parse(text, 0) == expected


@pytest.mark.parametrize("text", ["2024-13", "31/2/2024", "..", "2023..2020", "hôm nay", "", ">", "24"])
def test_what_is_no_date_is_refused_at_its_position(text: str) -> None:
    with pytest.raises(QueryError) as refused:
        parse(text, 7)
    assert refused.value.position == 7
    assert "Ví dụ" in refused.value.next_step


@given(st.text(alphabet="0123456789/.-<>= ", max_size=24))
def test_any_string_gives_a_range_or_is_refused(text: str) -> None:
    try:
        low, high = parse(text, 0)
    except QueryError:
        return
    assert low <= high or text.strip()[0] in "<>"
