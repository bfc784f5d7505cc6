"""Second verb: tokenise. The words a citation is made of: type words, numbers, dates.

Every pattern here is bounded, so that no input makes it slower than linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus import dates
from corpus.fold import fold
from corpus.so_ky_hieu import SoKyHieu
from corpus.tables import rows

DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True, slots=True)
class TypeWord:
    """What a citation calls a document. doc_type: the loại. short: a bare number may follow it."""

    doc_type: str
    short: bool


@cache
def type_words() -> dict[str, TypeWord]:
    """Folded phrase → the type it names."""
    words = {fold(row["name"]): TypeWord(row["name"], False) for row in rows("document_types")}
    for row in rows("cited_types", DATA):
        words[fold(row["phrase"])] = TypeWord(row["doc_type"], row["short"] == "1")
    return words


def _alternatives(phrases: list[str]) -> str:
    """Longest first, any one white space between words."""
    return "|".join(re.escape(p).replace(r"\ ", r"\s") for p in sorted(phrases, key=len, reverse=True))


@cache
def type_pattern() -> re.Pattern[str]:
    """A type word in folded text."""
    return re.compile(rf"(?<![\w])(?:{_alternatives(list(type_words()))})(?!\w)")


def type_of_phrase(folded: str) -> TypeWord | None:
    return type_words().get(" ".join(folded.split()))


# --- dates -----------------------------------------------------------------------------------------------------------------
_DATE = re.compile(
    r"(?:ngay\W{0,2}\s?|hom\s)?"
    r"(?:(?P<d>\d{1,2})\s?[/.\-]\s?(?P<m>\d{1,2})\s?[/.\-]\s?(?P<y>(?:19|20)\d\d)(?!\d)"
    r"|(?P<d2>\d{1,2})\s?thang\s?(?P<m2>\d{1,2}),?\s?nam\s?(?P<y2>(?:19|20)\d\d)(?!\d))"
    r"|ngay\s?(?P<hole>[^\s\d,;()]{0,4}[\s.]{0,8})thang\s?(?P<m3>\d{1,2})?[\s.]{0,6}nam\s?(?P<y3>(?:19|20)\d\d)(?!\d)"
    r"|thang\s(?P<m4>\d{1,2})\s?(?:nam\s|/\s?)(?P<y4>(?:19|20)\d\d)(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Date:
    """A date read at a place. edtf is None when the parts are no date (31/02). partial: the day was blank or not read."""

    start: int
    end: int
    edtf: str | None
    partial: bool = False


def date_at(folded: str, offset: int) -> Date | None:
    """The date that begins at *offset* of the folded working copy."""
    match = _DATE.match(folded, offset)
    if not match:
        return None
    return _date(match)


def _date(match: re.Match[str]) -> Date:
    g = match.groupdict()
    day, month, year = (
        g["d"] or g["d2"],
        g["m"] or g["m2"] or g["m3"] or g["m4"],
        g["y"] or g["y2"] or g["y3"] or g["y4"],
    )
    edtf = dates.make(int(year), int(month) if month else None, int(day) if day else None)
    return Date(match.start(), match.end(), edtf, day is None)


def dates_in(folded: str, start: int, end: int) -> list[Date]:
    """All dates of a stretch."""
    return [_date(match) for match in _DATE.finditer(folded, start, end)]


# --- numbers ---------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Number:
    """A số ký hiệu seen at start…end of the working copy. repaired: an OCR slip was mended, a person should look."""

    start: int
    end: int
    value: SoKyHieu
    repaired: bool = False
