"""The request value: what it refuses and what it normalises."""

from __future__ import annotations

import pytest

from corpus.errors import UsageError
from search.request import MAX_PAGE_SIZE, SearchRequest


@pytest.mark.parametrize(("page", "page_size"), [(0, 20), (1, 0), (1, MAX_PAGE_SIZE + 1)])
def test_a_page_that_cannot_be_is_refused(page: int, page_size: int) -> None:
    with pytest.raises(UsageError, match="Số trang"):
        SearchRequest("a", page=page, page_size=page_size)


def test_an_unknown_filter_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"Lọc được theo: loai, coquan, .*, ngay"):
        SearchRequest("a", filters={"mau": ["x"]})


def test_filters_without_values_are_dropped() -> None:
    assert SearchRequest("a", filters={"loai": [], "nam": ["2024"]}).filters == {"nam": ("2024",)}


def test_the_offset_counts_the_results_of_earlier_pages() -> None:
    assert SearchRequest("a", page=3, page_size=10).offset == 20
