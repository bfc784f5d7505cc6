"""How long a recognition is valid: the sentence of the decision that says so, and the day that follows from it."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from corpus import dates
from corpus.model import Record

#: Months where the decision says nothing (Quyết định 148/QĐ-TTg of 24/02/2023).
GENERAL_MONTHS = 36
#: Months that a term may have.
_SHORTEST, _LONGEST = 6, 120

_TERM = re.compile(
    r"(?:giá\s+trị|hiệu\s+lực|thời\s+hạn|công\s+nhận)[^.;]{0,120}?\b(\d{1,3})\s*(?:\([^)]{1,30}\)\s*)?(tháng|năm)"
    r"[,\s]+(?:kể\s+|tính\s+)?từ\s+ngày([^.;]{0,90})",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"(?:giá\s+trị|hiệu\s+lực|thời\s+hạn)[^.;]{0,60}?\bđến\s+(?:hết\s+)?ngày\s+"
    r"(\d{1,2})(?:\s+tháng\s+|[/.-])(\d{1,2})(?:\s+năm\s+|[/.-])(\d{4})",
    re.IGNORECASE,
)
_DAY = re.compile(r"(\d{1,2})(?:\s+tháng\s+|[/.-])(\d{1,2})(?:\s+năm\s+|[/.-])(\d{4})")
_WHOLE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Term:
    """The last day of a recognition."""

    #: EDTF; None where the first day is not known.
    expiry: str | None
    #: The sentence in the stored text; None where the general rule gives the term.
    span: tuple[int, int] | None


def term_of(record: Record, date: str | None) -> Term:
    """The term that *record* gives to what it recognises on *date*."""
    until = _UNTIL.search(record.text)
    if until is not None:
        day, month, year = (int(part) for part in until.groups())
        return Term(dates.make(year, month, day), _sentence(record.text, until))
    for match in _TERM.finditer(record.text):
        months = int(match.group(1)) * (12 if match.group(2).casefold() == "năm" else 1)
        if _SHORTEST <= months <= _LONGEST:
            return Term(months_later(_first_day(record, match.group(3), date), months), _sentence(record.text, match))
    return Term(months_later(date, GENERAL_MONTHS), None)


def _first_day(record: Record, words: str, date: str | None) -> str | None:
    """The day from which a term counts: the one that is named, that of effect, that of the decision."""
    named = _DAY.search(words)
    if named is not None:
        day, month, year = (int(part) for part in named.groups())
        return dates.make(year, month, day)
    if "hiệu lực" in " ".join(words.split()).casefold() and record.effective_date:
        return record.effective_date
    return date


def _sentence(text: str, match: re.Match[str]) -> tuple[int, int]:
    """The sentence around *match*."""
    start = max(
        text.rfind(". ", 0, match.start()), text.rfind(".\n", 0, match.start()), text.rfind("\f", 0, match.start())
    )
    start = 0 if start < 0 else start + 1
    start += len(text[start : match.start()]) - len(text[start : match.start()].lstrip())
    end = text.find(".", match.end())
    return start, len(text) if end < 0 else end + 1


def months_later(date: str | None, months: int) -> str | None:
    """The same day so many months later, the last of the month where it is shorter; None for a date without a day."""
    if date is None or not _WHOLE_DAY.fullmatch(date):
        return None
    first = dt.date.fromisoformat(date)
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    month += 1
    return dt.date(year, month, min(first.day, calendar.monthrange(year, month)[1])).isoformat()
