"""Searches as addresses: what an address asks for, and the addresses of facets, filters and pages of results."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from starlette.datastructures import QueryParams

from corpus.errors import QueryError, UsageError
from search.facets import check_value, label
from search.plan import Order
from search.request import DATE_FILTER, QueryOptions, SearchRequest
from search.results import Results
from search.searcher import Search
from webui.app.labels import FACETS, SORTS, date_text
from webui.web.rendering import address

#: Values of a facet shown at once; the rest is behind "xem thêm".
SHOWN = 8
#: Values of a facet that are listed at all.
LISTED = 60
#: Stands for a value in an address; nobody can guess it.
_PLACEHOLDER = secrets.token_hex(8)
#: Characters of a query that count; the rest is cut off.
LONGEST = 2_000


#: Values of facets are mostly the same from one answer to the next.
_quoted = lru_cache(20_000)(quote_plus)


@dataclass(slots=True)
class SearchAddress:
    """What an address asks for."""

    q: str = ""
    filters: dict[str, list[str]] = field(default_factory=dict)
    since: str = ""
    until: str = ""
    sort: str = "relevance"
    page: int = 1
    literal: bool = False
    inferred: bool = False

    @property
    def empty(self) -> bool:
        """Whether neither a query nor a filter is given."""
        return not self.q.strip() and not self.filters and not self.span

    def or_held(self) -> SearchAddress:
        """This, or where it is empty all documents that are held."""
        return replace(self, filters={"trangthai": ["co_van_ban"]}) if self.empty else self

    @property
    def span(self) -> str | None:
        """The dates asked for, as the filter ``ngay`` takes them."""
        return f"{self.since}..{self.until}" if self.since or self.until else None

    def parameters(self) -> dict[str, Any]:
        """The address's parameters, without the page."""
        return {
            "q": self.q,
            **self.filters,
            "tu": self.since,
            "den": self.until,
            "xep": None if self.sort == "relevance" else self.sort,
            "dung_chu": "1" if self.literal else None,
            "suy_doan": "1" if self.inferred else None,
        }

    def url(self, path: str = "/", **changes: Any) -> str:
        """The address at *path* with some parameters changed; it begins again at the first page."""
        return address(path, **{**self.parameters(), **changes})

    def _changed(self, name: str, values: list[str]) -> str:
        return address("/", **{**self.parameters(), name: values})

    def without(self, name: str, value: str) -> str:
        """The address without one value of a facet."""
        return self._changed(name, [v for v in self.filters.get(name, []) if v != value])

    def adding(self, name: str) -> Callable[[str], str]:
        """A function from a value of a facet to the address with it as well; made once for many values."""
        before, _, after = self._changed(name, [*self.filters.get(name, []), _PLACEHOLDER]).partition(_PLACEHOLDER)
        return lambda value: f"{before}{_quoted(value)}{after}"


def parse(parameters: QueryParams) -> SearchAddress:
    """What an address asks for. Raises UsageError for a page that is no number, an unknown order or filter value."""
    sort = parameters.get("xep") or "relevance"
    page = parameters.get("trang") or "1"
    if sort not in SORTS:
        raise UsageError(f"Không có cách xếp “{sort[:40]}”.", "Có: " + ", ".join(SORTS) + ".")
    if not page.isascii() or not page.isdigit() or not 1 <= int(page[:6]) <= 100_000:
        raise UsageError("Số trang không hợp lệ.", "Trang đếm từ 1.")
    filters = {name: list(dict.fromkeys(v for v in parameters.getlist(name) if v)) for name in FACETS}
    for name, values in filters.items():
        for value in values:
            check_value(name, FACETS[name], value)
    return SearchAddress(
        q=(parameters.get("q") or "")[:LONGEST],
        filters={name: values for name, values in filters.items() if values},
        since=(parameters.get("tu") or "").strip()[:20],
        until=(parameters.get("den") or "").strip()[:20],
        sort=sort,
        page=int(page[:6]),
        literal=bool(parameters.get("dung_chu")),
        inferred=bool(parameters.get("suy_doan")),
    )


def run(
    search: Search,
    asked: SearchAddress,
    page_size: int,
    *,
    facets: bool = True,
    facet_values: int | None = None,
    snippets: int = 3,
) -> Results:
    """The results of the search that an address asks for. Raises QueryError.

    facet_values: listed of each facet, at most. Where no document has all the words the nearest ones are added, but not
    in a letter-by-letter search.
    """
    wanted = request_of(asked, page_size)
    wanted = replace(wanted, facets=facets, facet_values=facet_values, snippets=snippets)
    return search.search(replace(wanted, degrees=not asked.literal))


def request_of(asked: SearchAddress, page_size: int) -> SearchRequest:
    """The search that an address asks for. Raises UsageError."""
    filters = dict(asked.filters)
    if asked.span:
        filters[DATE_FILTER] = [asked.span]
    return SearchRequest(
        asked.q,
        filters=filters,
        sort=Order(asked.sort),
        page=asked.page,
        page_size=page_size,
        options=QueryOptions(literal=asked.literal, inferred_dates=asked.inferred),
    )


def chips(asked: SearchAddress) -> list[dict[str, str]]:
    """The filters in force, each with the address that drops it: ``{"label", "url"}``."""
    found = [
        {"label": f"{FACETS[name]}: {label(name, value)}", "url": asked.without(name, value)}
        for name, values in asked.filters.items()
        for value in values
    ]
    if asked.span:
        since, until = date_text(asked.since) or "…", date_text(asked.until) or "…"
        found.append({"label": f"Ngày: {since} – {until}", "url": asked.url(tu="", den="")})
    return found


def facets(results: dict[str, Any], asked: SearchAddress) -> list[dict[str, Any]]:
    """The facets with more than one value: each value with its count and the address that filters by it."""
    shown = []
    for name, heading in FACETS.items():
        chosen = set(asked.filters.get(name, []))
        adding = asked.adding(name)
        values = [
            {
                **value,
                "chosen": value["value"] in chosen,
                "url": asked.without(name, value["value"]) if value["value"] in chosen else adding(value["value"]),
            }
            for value in results["facets"].get(name, [])[:LISTED]
        ]
        if len(values) > 1 or chosen:
            shown.append({"name": name, "heading": heading, "values": values[:SHOWN], "more": values[SHOWN:]})
    return shown


def pages(results: dict[str, Any], asked: SearchAddress) -> list[dict[str, Any]]:
    """Links to the first, the last and the neighbouring pages; ``gap`` before one that does not follow."""
    last = results["pages"]
    numbers = sorted({1, last, *range(max(1, asked.page - 2), min(last, asked.page + 2) + 1)})
    return [
        {"number": n, "url": asked.url(trang=n if n > 1 else None), "gap": at > 0 and n - numbers[at - 1] > 1}
        for at, n in enumerate(numbers)
        if n >= 1
    ]


def other_ways(search: Search, asked: SearchAddress) -> list[dict[str, Any]]:
    """After a search without results: the query less one of its words, with the number of results; most first."""
    words = asked.q.split()
    if not 2 <= len(words) <= 8 or any(sign in asked.q for sign in '"():~*'):
        return []
    ways: list[dict[str, Any]] = []
    for at, word in enumerate(words):
        less = replace(asked, q=" ".join([*words[:at], *words[at + 1 :]]), page=1)
        try:
            total = search.total(request_of(less, 1))
        except QueryError:
            continue
        if total:
            ways.append({"label": f"Bỏ từ “{word}”: {less.q}", "url": less.url(), "count": total})
    return sorted(ways, key=lambda way: -way["count"])[:4]
