"""What titles say of series: documents of one agency on one subject, year after year.

==============================================  =====================================================
"Triển khai Chương trình OCOP năm 2024"         programme ``ocop``, period 2024 to 2024
"Đề án OCOP giai đoạn 2021 - 2025"              programme ``ocop``, period 2021 to 2025
"… năm 2023" and "… năm 2024" of one agency     one series: their titles differ in years and numbers
==============================================  =====================================================
"""

from __future__ import annotations

import re
from functools import cache

from corpus.fold import clean, fold, squeeze
from corpus.tables import rows

#: First and last year.
Period = tuple[int, int]

_YEAR = r"(?:19|20)\d\d"
_SPAN = re.compile(rf"({_YEAR})\s*(?:-|den(?: nam)?)\s*({_YEAR})")
_ONE = re.compile(rf"(?<!\d)(?<!/)({_YEAR})(?!\d)")
_NUMBERS = re.compile(r"\d+|\b(?:dot|quy|lan|giai doan|nam|thang|ky)\b")
_WORDS = re.compile(r"[a-z]+")
#: A title with fewer words names no subject.
_LEAST_WORDS = 4


@cache
def _programmes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["key"], re.compile(rf"\b(?:{row['names']})\b")) for row in rows("programmes"))


@cache
def programme_names() -> dict[str, str]:
    """The Vietnamese name of each programme, by its key."""
    return {row["key"]: row["name"] for row in rows("programmes")}


def programme(title: str | None) -> str | None:
    """The programme that a title names first; None where it names none."""
    folded = fold(squeeze(clean(title or "")))
    found = [(match.start(), key) for key, pattern in _programmes() if (match := pattern.search(folded))]
    return min(found)[1] if found else None


def period(title: str | None) -> Period | None:
    """The years that a title is about: its last span of years, else its last year; None without any."""
    folded = fold(squeeze(clean(title or "")))
    spans = _SPAN.findall(folded)
    if spans:
        first, last = map(int, spans[-1])
        return (first, last) if first <= last else None
    years = _ONE.findall(folded)
    return (int(years[-1]), int(years[-1])) if years else None


def series_key(title: str | None, issuer_key: str | None) -> str | None:
    """What the documents of one series share: the agency, and the title without its years and numbers.

    None where the agency is not known or the title names no subject.
    """
    if not title or not issuer_key or issuer_key.endswith("?"):
        return None
    words = _WORDS.findall(_NUMBERS.sub(" ", fold(clean(title))))
    return f"{issuer_key}|{' '.join(words)}" if len(words) >= _LEAST_WORDS else None
