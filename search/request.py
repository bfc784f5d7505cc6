"""What is asked of a search: one value for pages, the API and commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corpus.errors import UsageError
from search.index.index_fields import FACETS
from search.plan import Order

#: Results on a page, at most.
MAX_PAGE_SIZE = 1_000
#: The filter that takes ranges of dates, as the field ``ngay:`` does.
DATE_FILTER = "ngay"


@dataclass(frozen=True, slots=True)
class QueryOptions:
    """How the text of a query is read."""

    #: Diacritics are not restored.
    literal: bool = False
    #: Diacritics that were typed must be there.
    exact_only: bool = False
    #: Inferred dates count as well as printed ones.
    inferred_dates: bool = False
    #: ``tinh:`` means the provinces of today.
    province_now: bool = False


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search.

    Raises UsageError when it is made with an unknown filter, or with a page or a page size that cannot be.
    """

    #: The query; empty to list documents.
    text: str = ""
    #: Facet (:data:`search.index.index_fields.FACETS`) → values, any of which will do; ``ngay`` takes ranges of dates
    #: (``2020..2022``).
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: Order = Order.RELEVANCE
    #: Counted from 1.
    page: int = 1
    #: 1 to :data:`MAX_PAGE_SIZE`.
    page_size: int = 20
    options: QueryOptions = QueryOptions()
    #: Passages shown of each document, at most.
    snippets: int = 3
    #: Whether values to filter by are counted.
    facets: bool = True
    #: Values of each of them, at most; None for all.
    facet_values: int | None = None
    #: Where no document has all the words, those that have most of them are found (:mod:`search.nearest`).
    degrees: bool = False

    def __post_init__(self) -> None:
        if self.facet_values is not None and self.facet_values < 1:
            raise ValueError(self.facet_values)
        if self.page < 1 or not 1 <= self.page_size <= MAX_PAGE_SIZE:
            raise UsageError("Số trang không hợp lệ.", "Trang đếm từ 1, mỗi trang 1 đến 1000 kết quả.")
        filters = {name: tuple(values) for name, values in self.filters.items() if values}
        for name in filters:
            if name not in FACETS and name != DATE_FILTER:
                raise UsageError(
                    f"Không lọc được theo “{name}”.", f"Lọc được theo: {', '.join(FACETS)}, {DATE_FILTER}."
                )
        object.__setattr__(self, "filters", filters)

    @property
    def offset(self) -> int:
        """Results before the page asked for."""
        return (self.page - 1) * self.page_size
