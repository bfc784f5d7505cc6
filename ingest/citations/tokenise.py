"""Second step: tokenise. The words a citation is made of: type words, numbers, dates.

Every pattern here is bounded, so that no input takes more than linear time.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from corpus import dates
from corpus.fold import canonical, fold
from corpus.so_ky_hieu import SoKyHieu
from corpus.tables import rows
from ingest.data import DATA

# --- type words


@dataclass(frozen=True, slots=True)
class TypeWord:
    """What a citation calls a document."""

    #: The loại it stands for.
    doc_type: str
    #: Whether a bare number may follow it ("Nghị định 98").
    short: bool


@cache
def type_words() -> dict[str, TypeWord]:
    """Folded phrase → the type it names."""
    words = {fold(row["name"]): TypeWord(row["name"], False) for row in rows("document_types")}
    for row in rows("cited_types", DATA):
        words[fold(row["phrase"])] = TypeWord(row["doc_type"], row["short"] == "1")
    return words


def alternatives(phrases: list[str]) -> str:
    """A pattern for any of *phrases*, the longest first, with any one white space between words."""
    return "|".join(re.escape(p).replace(r"\ ", r"\s") for p in sorted(phrases, key=len, reverse=True))


@cache
def type_pattern() -> re.Pattern[str]:
    """A type word in folded text."""
    return re.compile(rf"(?<![\w])(?:{alternatives(list(type_words()))})(?!\w)")


@cache
def _spellings_of_single_words() -> dict[str, str]:
    """Folded type word of one syllable → the same with its marks."""
    phrases = [row["name"] for row in rows("document_types")] + [row["phrase"] for row in rows("cited_types", DATA)]
    return {fold(p): canonical(p) for p in phrases if " " not in p}


@dataclass(frozen=True, slots=True)
class Typed:
    """A type word at start…end of the working copy."""

    start: int
    end: int
    word: TypeWord


class Types:
    """All type words of a text, in order. A word of one syllable needs its marks: ``Thủ`` is not Thư."""

    def __init__(self, text: str, folded: str) -> None:
        spellings = _spellings_of_single_words()
        words = type_words()
        #: In order.
        self.all: list[Typed] = []
        for match in type_pattern().finditer(folded):
            phrase = match.group()
            spelling = spellings.get(phrase)
            if spelling is None or canonical(text[match.start() : match.end()]) == spelling:
                self.all.append(Typed(match.start(), match.end(), words[" ".join(phrase.split())]))
        self._ends = [typed.end for typed in self.all]

    def before(self, edge: int, floor: int) -> Typed | None:
        """The last type word that lies between *floor* and *edge*."""
        index = bisect_right(self._ends, edge) - 1
        return self.all[index] if index >= 0 and self.all[index].start >= floor else None


def type_of_phrase(folded: str) -> TypeWord | None:
    """The type that a folded phrase names; None where it names none."""
    return type_words().get(" ".join(folded.split()))


# --- dates

_DATE = re.compile(
    r"(?:(?:ngay|(?<!\w)\w{0,3}gay)\W{0,2}\s?|hom\s)?"
    r"(?:(?P<d>\d{1,2})\s?[/.\-]\s?(?P<m>\d{1,2})\s?[/.\-]\s?(?P<y>(?:19|20)\d\d)(?!\d)"
    r"|(?P<d2>\d{1,2})\s?thang\s?(?P<m2>\d{1,2}),?\s?nam\s?(?P<y2>(?:19|20)\d\d)(?!\d))"
    r"|ngay\s?(?P<hole>[^\s\d,;()]{0,4}[\s.]{0,8})thang\s?(?P<m3>\d{1,2})?[\s.]{0,6}nam\s?(?P<y3>(?:19|20)\d\d)(?!\d)"
    r"|thang\s(?P<m4>\d{1,2})\s?(?:nam\s|/\s?)(?P<y4>(?:19|20)\d\d)(?!\d)"
)
_UNREAD_DATE = re.compile(
    r"ngay\s?[^\s;,()]{0,4}(?:\s[^\s;,()]{1,4})?\s?thang\s?[^\s;,()]{0,4}\s?nam\s?(?P<y>(?:19|20)\d\d)(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Date:
    """A date at start…end of the working copy."""

    start: int
    end: int
    #: None where the parts are no date (31/02).
    edtf: str | None
    #: Whether the day was blank or not read.
    partial: bool = False


@cache
def _misread_date() -> re.Pattern[str]:
    signs = "".join(re.escape(row["seen"]) for row in rows("ocr_digits", DATA))
    two = rf"[\d{signs}](?:\s?[\d{signs}])?"
    year = rf"[12]\s?[\d{signs}](?:\s?[\d{signs}]){{2}}"
    return re.compile(
        rf"\w{{0,3}}[gG][àâaáảãạ]y\W{{0,3}}\s?(?:(?P<d>{two}?)\s?[/.Il|]\s?(?P<m>{two}?)\s?[/.Il|]\s?(?P<y>{year})"
        rf"|(?P<d2>{two})\s?\W?\s?th[áâaà]ng\s?(?P<m2>{two})\s?\W?\s?n[ăâaắ]m\s?(?P<y2>{year}))(?!\w)"
    )


def repaired_date_at(text: str, offset: int) -> Date | None:
    """The date at *offset* with misread digits repaired (``ngày 0] tháng 11 năm 2017``); always to be reviewed."""
    match = _misread_date().match(text, offset)
    if not match:
        return None
    g = match.groupdict()
    table = {ord(row["seen"]): row["digit"] for row in rows("ocr_digits", DATA)}
    parts = [re.sub(r"\s", "", (g[name] or g[name + "2"])).translate(table) for name in ("y", "m", "d")]
    if not all(part.isdigit() for part in parts):
        return None
    edtf = dates.make(*(int(part) for part in parts))
    return Date(match.start(), match.end(), edtf, True) if edtf else None


def unread_date_at(folded: str, offset: int) -> Date | None:
    """A date of which only the year could be read: ``ngày 09 tháng §r năm 2017``."""
    match = _UNREAD_DATE.match(folded, offset)
    return Date(match.start(), match.end(), match["y"], True) if match else None


def date_at(folded: str, offset: int) -> Date | None:
    """The date that begins at *offset* of the folded working copy."""
    match = _DATE.match(folded, offset)
    return _date(match) if match else None


def dates_in(folded: str, start: int, end: int) -> list[Date]:
    """All dates in a part of the folded working copy."""
    return [_date(match) for match in _DATE.finditer(folded, start, end)]


def _date(match: re.Match[str]) -> Date:
    g = match.groupdict()
    day = g["d"] or g["d2"]
    month = g["m"] or g["m2"] or g["m3"] or g["m4"]
    year = g["y"] or g["y2"] or g["y3"] or g["y4"]
    edtf = dates.make(int(year), int(month) if month else None, int(day) if day else None)
    return Date(match.start(), match.end(), edtf, day is None)


# --- numbers


@dataclass(frozen=True, slots=True)
class Number:
    """A số ký hiệu at start…end of the working copy."""

    start: int
    end: int
    value: SoKyHieu
    #: Whether a slip of OCR was repaired, so that a person should check it.
    repaired: bool = False
