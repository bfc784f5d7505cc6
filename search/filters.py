"""Plans for the filters of a request, and for ranges of dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from search.index.engine_document import day_number
from search.plan import And, AnyOf, Plan, Range, all_of, any_of
from search.query import date_query
from search.request import DATE_FILTER, QueryOptions

#: First and last day, as numbers (20240611).
DayRange = tuple[int, int]

_FIRST_DAY, _LAST_DAY = 1, day_number("9999-12-31")
_PRINTED, _INFERRED = ("date_low", "date_high"), ("inferred_low", "inferred_high")


def date_fields(options: QueryOptions) -> list[tuple[str, str]]:
    """The pairs of number fields that hold the dates which count."""
    return [_PRINTED, _INFERRED] if options.inferred_dates else [_PRINTED]


def dates_overlapping(ranges: Sequence[DayRange], options: QueryOptions) -> Plan:
    """Documents whose date may be in one of *ranges*."""
    return any_of(
        [
            And((Range(first, _FIRST_DAY, high), Range(last, low, _LAST_DAY)))
            for low, high in ranges
            for first, last in date_fields(options)
        ]
    )


def dates_within(ranges: Sequence[DayRange], options: QueryOptions) -> Plan:
    """Documents whose date is certainly in one of *ranges*."""
    return any_of(
        [
            And((Range(first, low, _LAST_DAY), Range(last, _FIRST_DAY, high)))
            for low, high in ranges
            for first, last in date_fields(options)
        ]
    )


def date_ranges(filters: Mapping[str, Sequence[str]]) -> list[DayRange]:
    """The ranges of dates among the filters. Raises QueryError."""
    return [date_query.parse(value, 0) for value in filters.get(DATE_FILTER, ())]


def condition(filters: Mapping[str, Sequence[str]], ranges: Sequence[DayRange], options: QueryOptions) -> Plan | None:
    """What must hold of every document; *ranges* are the filters' :func:`date_ranges`. None without filters."""
    plans = [
        dates_overlapping(ranges, options) if name == DATE_FILTER else AnyOf(name, tuple(values))
        for name, values in filters.items()
    ]
    return all_of(plans) if plans else None
