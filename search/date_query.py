"""Reads the value of ``ngay:``: one date, a span, or an open end.

``2024`` · ``2024-06`` · ``2024-06-11`` · ``11/6/2024`` · ``6/2024`` · ``2020..2022`` · ``2020-11..`` · ``>=2023`` · ``<2020``
"""

from __future__ import annotations

import re

from corpus import dates
from corpus.errors import QueryError
from corpus.fold import clean, squeeze

EXAMPLE = "Ví dụ: ngay:2024-06, ngay:11/6/2024, ngay:2020..2022, ngay:>=2023."
FIRST, LAST = 19000101, 21001231

_DAY_FIRST = re.compile(r"(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def parse(text: str, position: int) -> tuple[int, int]:
    """First and last day meant, as numbers (20240611).

    Raises QueryError where there is no such date or the span runs backwards.
    """
    value = squeeze(clean(text)).replace(" ", "")
    compared = re.fullmatch(r"(>=|<=|>|<)(.+)", value)
    if compared:
        low, high = _interval(compared[2], position)
        if compared[1] == ">=":
            return low, LAST
        if compared[1] == "<=":
            return FIRST, high
        return (high + 1, LAST) if compared[1] == ">" else (FIRST, low - 1)
    if ".." in value:
        first, _, last = value.partition("..")
        if not first and not last:
            raise QueryError("Khoảng ngày trống.", position, EXAMPLE)
        low = _interval(first, position)[0] if first else FIRST
        high = _interval(last, position)[1] if last else LAST
        if low > high:
            raise QueryError("Khoảng ngày bị ngược: ngày đầu sau ngày cuối.", position, EXAMPLE)
        return low, high
    return _interval(value, position)


def _interval(value: str, position: int) -> tuple[int, int]:
    edtf = None
    if match := _YEAR_FIRST.fullmatch(value):
        edtf = dates.make(*(int(group) if group else None for group in match.groups()))
    elif match := _DAY_FIRST.fullmatch(value):
        day, month, year = (int(group) if group else None for group in match.groups())
        edtf = dates.make(year, month, day)
    if edtf is None:
        raise QueryError(f"Không đọc được ngày “{value}”.", position, EXAMPLE)
    low, high = dates.interval(edtf)
    return int(low.replace("-", "")), int(high.replace("-", ""))
