"""Dates as EDTF strings: ``2024-06-11``, ``2024-06``, ``2024``.

Source: EDTF level 0 (ISO 8601-2). Vietnamese documents always write the day first: day/month/year.
"""

from __future__ import annotations

import calendar
import re
from functools import lru_cache

from corpus.fold import squeeze

_EDTF = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
#: Dates that are remembered: the documents of an office have few.
_KEPT = 4096


def make(year: int | None, month: int | None = None, day: int | None = None) -> str | None:
    """The EDTF string; None where the parts are no date (month 13, 31 February, year 20212)."""
    if year is None or not 1900 <= year <= 2100:
        return None
    if month is None:
        return f"{year:04d}"
    if not 1 <= month <= 12:
        return None
    if day is None:
        return f"{year:04d}-{month:02d}"
    if not 1 <= day <= (28 if day <= 28 else calendar.monthrange(year, month)[1]):
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


@lru_cache(_KEPT)
def is_edtf(text: str) -> bool:
    """Whether *text* is a year, a month or a day that the calendar has."""
    match = _EDTF.fullmatch(text)
    if match is None:
        return False
    year, month, day = match.groups()
    return make(int(year), int(month) if month else None, int(day) if day else None) == text


@lru_cache(_KEPT)
def interval(edtf: str) -> tuple[str, str]:
    """The first and the last day that a partial date may mean: ``2024-02`` → (``2024-02-01``, ``2024-02-29``).

    Raises ValueError when *edtf* is no date.
    """
    match = _EDTF.fullmatch(edtf)
    if not match:
        raise ValueError(edtf)
    year, month, day = (int(g) if g else None for g in match.groups())
    assert year is not None
    if month is None:
        return f"{year:04d}-01-01", f"{year:04d}-12-31"
    if day is None:
        return f"{year:04d}-{month:02d}-01", f"{year:04d}-{month:02d}-{calendar.monthrange(year, month)[1]:02d}"
    return edtf, edtf


def overlap(a: str, b: str) -> bool:
    """Whether two partial dates may mean the same day."""
    (a0, a1), (b0, b1) = interval(a), interval(b)
    return a0 <= b1 and b0 <= a1


def year(edtf: str | None) -> int | None:
    """The year of a date; None where there is none."""
    return int(edtf[:4]) if edtf else None


def vietnamese(edtf: str) -> str:
    """The date as officials write it: ``11/6/2024``, ``tháng 6/2024``, ``2024``.

    Nghị định 30/2020/NĐ-CP, phụ lục I: days below 10 and the months 1 and 2 have a leading zero.
    """
    parts = edtf.split("-")
    if len(parts) == 1:
        return parts[0]
    month = parts[1] if int(parts[1]) < 3 else str(int(parts[1]))
    return f"{parts[2]}/{month}/{parts[0]}" if len(parts) == 3 else f"tháng {month}/{parts[0]}"


_WRITTEN = re.compile(
    r"(?<![\d/])(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})(?!\d)"
    r"|ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})(?!\d)",
    re.IGNORECASE,
)


def impossible(text: str) -> str | None:
    """The first date in *text* that the calendar does not have, as written (``31/4/2024``), or None."""
    for match in _WRITTEN.finditer(text):
        day, month, year_ = (int(g) for g in match.groups() if g)
        if make(year_, month, day) is None:
            return re.sub(r"(?i)^ngày ", "", squeeze(match.group()))
    return None
