"""Reads the value of the field ``ngay:``: one date, a range, or an open range.

``2024`` · ``2024-06`` · ``2024-06-11`` · ``11/6/2024`` · ``6/2024`` · ``2020..2022`` · ``2020-11..`` · ``>=2023`` ·
``<2020``
"""

from __future__ import annotations

import re

from corpus import dates
from corpus.errors import QueryError
from corpus.fold import clean, squeeze
from search.index.engine_document import day_number

#: The days before and after which no range extends.
FIRST, LAST = 19000101, 21001231

_EXAMPLE = "Ví dụ: ngay:2024-06, ngay:11/6/2024, ngay:2020..2022, ngay:>=2023."
_DAY_FIRST = re.compile(r"(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_COMPARED = re.compile(r"(>=|<=|>|<)(.+)")


def parse(text: str, position: int) -> tuple[int, int]:
    """First and last day meant, as numbers (20240611).

    Raises QueryError at *position* where there is no such date or the range is reversed.
    """
    value = squeeze(clean(text)).replace(" ", "")
    compared = _COMPARED.fullmatch(value)
    if compared:
        return _compared(compared[1], *_interval(compared[2], position))
    if ".." in value:
        first, _, last = value.partition("..")
        if not first and not last:
            raise QueryError("Khoảng ngày trống.", position, _EXAMPLE)
        low = _interval(first, position)[0] if first else FIRST
        high = _interval(last, position)[1] if last else LAST
        if low > high:
            raise QueryError("Khoảng ngày bị ngược: ngày đầu sau ngày cuối.", position, _EXAMPLE)
        return low, high
    return _interval(value, position)


def _compared(sign: str, low: int, high: int) -> tuple[int, int]:
    """The range that *sign* and a date from *low* to *high* mean."""
    return {
        ">=": (low, LAST),
        "<=": (FIRST, high),
        ">": (high + 1, LAST),
        "<": (FIRST, low - 1),
    }[sign]


def _interval(value: str, position: int) -> tuple[int, int]:
    """First and last day of one date."""
    edtf = None
    if match := _YEAR_FIRST.fullmatch(value):
        edtf = dates.make(*(int(group) if group else None for group in match.groups()))
    elif match := _DAY_FIRST.fullmatch(value):
        day, month, year = (int(group) if group else None for group in match.groups())
        edtf = dates.make(year, month, day)
    if edtf is None:
        raise QueryError(f"Không đọc được ngày “{value}”.", position, _EXAMPLE)
    low, high = dates.interval(edtf)
    return day_number(low), day_number(high)
