"""Reads a số hiệu from what a user types, in any spelling; one grammar for the search and for finding a document.

``919/QĐ-TTg``, ``919 qd ttg``, ``qd-ttg 919``, ``so 919/qđ-ttg``, ``QĐ919``, ``919-QĐ-TTg``, ``919QDTTg``, ``quyet
dinh 919`` and ``919/2022/QĐ-TTg`` all name one number. What follows it ("tỉnh Thanh Hóa", "năm 2022") is kept apart:
it narrows the search.

:func:`recognise` takes a text for a number only where the spelling leaves no doubt, as any other text is a query by
words. :func:`recognise_loosely` takes any number with words beside it, for a caller that looks the result up among
known documents.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from corpus import dates
from corpus.fold import clean, fold, letters, nfc, squeeze
from corpus.identity import compatible
from corpus.so_ky_hieu import PATTERN, code_of_type, from_match, number_key
from corpus.tables import rows

#: Longer queries are text.
_LONGEST = 200
#: Segments of a ký hiệu that are read.
_MOST_SEGMENTS = 7

_PART = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(r"(\d{1,6})([a-z]?)")
#: 919qdttg
_GLUED_AFTER = re.compile(r"(\d{1,6})([a-z]{2,15}(?:\d\d)?)")
#: qd919
_GLUED_BEFORE = re.compile(r"([a-z]{2,10})(\d{1,6})")
#: A ký hiệu of the National Assembly, which ends in its term (QH15).
_WITH_DIGITS = re.compile(r"(?:ubtv)?qh\d{1,2}")
_SEGMENT = re.compile(r"[a-z]{1,15}\d{0,2}")
_DATE = re.compile(r"(?:ngay\s+)?(\d{1,2})(?:\s?[/.-]\s?|\s+thang\s+)(\d{1,2})(?:\s?[/.-]\s?|\s+nam\s+)(\d{4})")
_IN_YEAR = re.compile(r"\bnam\s+((?:19|20)\d\d)\b")
_OF = re.compile(r"^(?:của|cua)\s+", re.IGNORECASE)
#: Words that may stand before a number and say nothing of it.
_LEADING_WORDS = ("so ky hieu", "so hieu", "van ban so", "van ban", "vb", "so")
#: Characters of the query language that no number has.
_QUERY_SIGNS = re.compile(r'["():*~]')


@dataclass(frozen=True, slots=True)
class SpokenNumber:
    """A số hiệu as far as it was typed."""

    #: See :func:`corpus.so_ky_hieu.number_key`.
    number_key: str
    #: Folded letters of the ký hiệu (``QDTTG``); None when only a loại was typed.
    symbol: str | None
    #: Folded segments of the ký hiệu, where separators show them.
    segments: tuple[str, ...]
    #: The loại, typed or named by the ký hiệu.
    doc_type: str | None
    #: The year typed in the number (``919/2022/QĐ-TTg``) or after it ("năm 2022").
    year: int | None
    #: What follows the number, without the year or day ("tỉnh Thanh Hóa").
    rest: str = ""
    #: The day typed after it, EDTF. It narrows the search to its year only, since days are often mistyped or misread.
    day: str | None = None
    #: The year typed in the number alone.
    number_year: int | None = None
    #: All that follows the number, as typed.
    following: str = ""

    @property
    def letters(self) -> str:
        """The folded letters of the ký hiệu, or else those of the loại's code; "" where neither is known."""
        return self.symbol or letters(code_of_type(self.doc_type or "") or "")


@dataclass(frozen=True, slots=True)
class _Number:
    """A number read from the parts of a query. end: the offset where it ends."""

    number: str
    end: int
    symbol: str | None = None
    segments: tuple[str, ...] = ()
    year: int | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """A run of letters and digits in a folded query, with its offsets."""

    text: str
    start: int
    end: int

    @property
    def code(self) -> str:
        """The part as codes are written."""
        return self.text.upper()


@cache
def _type_codes() -> dict[str, str]:
    """Folded code → loại (``QD`` → Quyết định); the first row of a code wins."""
    codes: dict[str, str] = {}
    for row in rows("document_types"):
        if row["code"]:
            codes.setdefault(letters(row["code"]), row["name"])
    return codes


@cache
def _type_codes_by_length() -> tuple[str, ...]:
    return tuple(sorted(_type_codes(), key=len, reverse=True))


@cache
def _agency_codes() -> frozenset[str]:
    """The folded codes of agencies, and those that agencies of a kind share."""
    codes = {code for row in rows("agencies") for code in row["codes"].split("|") if code}
    return frozenset(letters(code) for code in codes | {row["code"] for row in rows("shared_codes")})


@cache
def type_names() -> dict[tuple[str, ...], str]:
    """The folded words of each loại → its name."""
    return {tuple(fold(row["name"]).split()): row["name"] for row in rows("document_types")}


def recognise(text: str) -> SpokenNumber | None:
    """The số hiệu that *text* is or begins with; None where it is a text query."""
    text = squeeze(clean(nfc(text)))
    if not text or len(text) > _LONGEST or _QUERY_SIGNS.search(text.replace("số:", "số").replace("Số:", "Số")):
        return None
    folded = fold(text).replace("so:", "so ")
    parts = [_Part(m.group(), m.start(), m.end()) for m in _PART.finditer(folded)]
    doc_type, at = _type_at(parts, _after_leading_words(folded))
    if at < len(parts) and parts[at].text == "so":
        at += 1
    found = _Reader(folded, parts).number_at(at, typed=doc_type is not None)
    if found is None:
        return None
    symbol, segments = found.symbol, found.segments
    if len(segments) == 1 and segments[0] in _type_codes():  # "QĐ 919": a loại, no more
        doc_type, symbol, segments = doc_type or _type_codes()[segments[0]], None, ()
    if symbol is None and doc_type is None:
        return None
    doc_type = doc_type or _type_of_symbol(symbol or "", segments)
    return _spoken(found.number, symbol, segments, doc_type, found.year, text[found.end :])


def recognise_loosely(text: str) -> SpokenNumber | None:
    """Any số hiệu in *text*: a printed one wherever it stands, or else the first number with what may be its ký hiệu.

    >>> found = recognise_loosely("kế hoạch 45 xa dong may")
    >>> found.number_key, found.symbol
    ('45', 'KHXADONGMAY')
    """
    text = squeeze(clean(nfc(text)))
    match = PATTERN.search(text)
    if match:
        printed = from_match(match)
        segments = tuple(letters(segment) for segment in printed.segments)
        year = int(printed.year) if printed.year else None
        return _spoken(printed.number, printed.sym_key, segments, printed.doc_type, year, text[match.end() :])
    return _loose(text)


def _spoken(
    number: str,
    symbol: str | None,
    segments: tuple[str, ...],
    doc_type: str | None,
    number_year: int | None,
    after: str,
) -> SpokenNumber:
    following = squeeze(after.strip(" ,.;-/"))
    year, rest = _split_year(following, number_year)
    key = number_key(number)
    return SpokenNumber(key, symbol, segments, doc_type, year, rest, _day_of(following), number_year, following)


#: A number among words, and a year joined to it.
_LOOSE_NUMBER = re.compile(r"(?<![\d/.,])(\d{1,6}(?:\.\d{1,2})?(?:[a-z](?![a-z]))?)(?:\s?/\s?((?:19|20)\d\d)(?!\d))?")
#: A number behind letters: "qd919".
_AFTER_LETTERS = re.compile(r"(?<=[a-z])(\d{1,6})(?!\d)()")
#: Where words that narrow a search begin.
_NARROWING = re.compile(r"\s(?:cua|do|nam|ngay)\s|$")
#: Words that may be the segments of a ký hiệu.
_LOOSE_SYMBOL = re.compile(r"[\s/-]*((?:[a-z&]{1,12}\d{0,2}(?:[\s/-]+|$)){1,5})$")
#: More letters than this before a number are no ký hiệu.
_MOST_LETTERS_BEFORE = 12


def _loose(text: str) -> SpokenNumber | None:
    """The first number of *text*; the words beside it are its ký hiệu where they are few."""
    doc_type, folded = _leading_type(fold(text))
    folded = re.sub(r"^\s*(?:so|s0)\b[\s:.]*", " ", folded)
    found = _LOOSE_NUMBER.search(folded) or _AFTER_LETTERS.search(folded)
    if not found:
        return None
    before = letters(re.sub(r"\bso\b", " ", folded[: found.start()]))
    prefix = letters(code_of_type(doc_type or "") or "")
    if len(before) > _MOST_LETTERS_BEFORE or (before and prefix):
        return None
    after = folded[found.end() :]
    narrowing = _NARROWING.search(after)
    beside = after[: narrowing.start()] if narrowing else after
    codes = _LOOSE_SYMBOL.match(beside)
    tail = letters(codes[1]) if codes else ""
    symbol = tail if tail and tail.startswith(prefix) else (before or prefix) + tail
    number_year = int(found[2]) if found[2] else None
    return _spoken(found[1], symbol or None, (), doc_type, number_year, after[len(beside) :] if tail else after)


def _leading_type(folded: str) -> tuple[str | None, str]:
    """The loại that a folded text begins with, and what follows it."""
    for words, name in sorted(type_names().items(), key=lambda item: -len(" ".join(item[0]))):
        spelt = " ".join(words)
        if folded == spelt or folded.startswith(spelt + " "):
            return name, folded[len(spelt) :]
    return None, folded


def _after_leading_words(folded: str) -> int:
    """The index of the first part after words like "văn bản số"."""
    for lead in _LEADING_WORDS:
        if folded.startswith(lead + " "):
            return len(lead.split())
    return 0


def _type_at(parts: list[_Part], at: int) -> tuple[str | None, int]:
    """The loại spelt out at part *at*, and the part after it; None where no loại stands there."""
    for length in (4, 3, 2, 1):
        name = type_names().get(tuple(part.text for part in parts[at : at + length]))
        if name and len(parts) > at + length:
            return name, at + length
    return None, at


def _type_of_symbol(symbol: str, segments: tuple[str, ...]) -> str | None:
    """The loại that a ký hiệu names: by its first segment, or by its first letters where no segments are known."""
    if segments:
        return _type_codes().get(segments[0])
    return next((_type_codes()[code] for code in _type_codes_by_length() if symbol.startswith(code)), None)


def _day_of(rest: str) -> str | None:
    match = _DATE.search(fold(rest))
    return dates.make(int(match[3]), int(match[2]), int(match[1])) if match else None


def has_other_day(query: SpokenNumber, date: str | None) -> bool:
    """Whether a document of *date* (EDTF) cannot have the day that was typed."""
    return query.day is not None and not compatible(date, query.day)


def _split_year(rest: str, year: int | None) -> tuple[int | None, str]:
    """Takes a date or "năm 2022" out of *rest*: the year (*year* where one is known already) and what remains."""
    folded = fold(rest)
    for pattern, group in ((_DATE, 3), (_IN_YEAR, 1)):
        match = pattern.search(folded)
        if match:
            year = year or int(match[group])
            rest = squeeze(rest[: match.start()] + " " + rest[match.end() :])
            folded = fold(rest)
    rest = _OF.sub("", rest.strip(" ,.;"))
    return year, rest if re.search(r"\w", rest) else ""


class _Reader:
    """Reads numbers from the parts of a folded query."""

    def __init__(self, folded: str, parts: list[_Part]) -> None:
        self._folded = folded
        self._parts = parts

    def number_at(self, at: int, *, typed: bool) -> _Number | None:
        """The number that begins at part *at*. typed: its loại was spelt out before it."""
        if at >= len(self._parts):
            return None
        first = self._parts[at]
        glued = _GLUED_AFTER.fullmatch(first.text)
        if glued and _is_symbol(glued[2].upper()):
            return _Number(glued[1], first.end, glued[2].upper())
        before = _GLUED_BEFORE.fullmatch(first.text)
        if before and before[1].upper() in _type_codes() and not _WITH_DIGITS.fullmatch(first.text):
            code = before[1].upper()
            more, stop = self._loose_symbol(at + 1)
            segments = (code, *more)
            return _Number(before[2], self._parts[stop - 1].end if more else first.end, "".join(segments), segments)
        if _NUMBER.fullmatch(first.text):
            return self._number_first(at, typed=typed)
        if first.code in _type_codes():
            return self._symbol_first(at)
        return None

    def _symbol_first(self, at: int) -> _Number | None:
        """The ký hiệu before the number: ``qd-ttg 919``, ``NĐ 30/2020/NĐ-CP``."""
        segments, stop = self._loose_symbol(at)
        if not segments or stop >= len(self._parts) or not _NUMBER.fullmatch(self._parts[stop].text):
            return None
        full = self._number_first(stop, typed=False)
        if full is not None:
            return full
        number = self._parts[stop]
        return _Number(number.text, number.end, "".join(segments), tuple(segments))

    def _number_first(self, at: int, *, typed: bool) -> _Number | None:
        number, end, at = self._with_fraction(at)
        year, stop = None, at + 1
        following = self._parts[stop] if stop < len(self._parts) else None
        if following and _YEAR.fullmatch(following.text):
            between = self._folded[end : following.start].strip()
            if between in ("/", ""):
                if stop + 1 < len(self._parts) and self._joined_symbol(stop + 1, following.end)[0]:
                    year, end, stop = int(following.text), following.end, stop + 1
                elif typed and between == "/":
                    return _Number(number, following.end, year=int(following.text))
        for segments, after in (self._joined_symbol(stop, end), self._loose_symbol(stop)):
            if segments:
                return _Number(number, self._parts[after - 1].end, "".join(segments), tuple(segments), year)
        return _Number(number, end) if typed and year is None else None

    def _with_fraction(self, at: int) -> tuple[str, int, int]:
        """The number at part *at* with its decimal (``66.7/2025/NQ-CP``), where it ends, and its last part."""
        number = self._parts[at]
        if at + 1 < len(self._parts) and self._folded[number.end : number.end + 1] == ".":
            fraction = self._parts[at + 1]
            if fraction.start == number.end + 1 and fraction.text.isdigit() and len(fraction.text) <= 2:
                return f"{number.text}.{fraction.text}", fraction.end, at + 1
        return number.text, number.end, at

    def _joined_symbol(self, at: int, end: int) -> tuple[list[str], int]:
        """Segments from part *at* on, joined by ``/``, ``-`` or ``&`` to each other and to what ends at *end*."""
        segments: list[str] = []
        while at < len(self._parts) and len(segments) < _MOST_SEGMENTS:
            part, joint = self._parts[at], self._joint(end, at)
            if not _SEGMENT.fullmatch(part.text) or joint is None:
                break
            _append(segments, part.code, joint if segments else "-")
            at, end = at + 1, part.end
        return segments, at

    def _loose_symbol(self, at: int) -> tuple[list[str], int]:
        """Known codes from part *at* on, however separated; the first is the code of a loại or a whole ký hiệu."""
        segments: list[str] = []
        end = None
        while at < len(self._parts) and len(segments) < _MOST_SEGMENTS:
            part = self._parts[at]
            if not _SEGMENT.fullmatch(part.text):
                break
            joint = self._joint(end, at) if end is not None else None
            if segments and joint is not None:
                _append(segments, part.code, joint)
            elif _may_follow(part) if segments else _may_begin(part):
                segments.append(part.code)
            else:
                break
            at, end = at + 1, part.end
        return segments, at

    def _joint(self, end: int, at: int) -> str | None:
        """The sign that joins part *at* to what ends at *end*; None where none does."""
        gap = self._folded[end : self._parts[at].start]
        return gap.strip() if len(gap) <= 3 and gap.strip() in ("/", "-", "&") else None


def _append(segments: list[str], code: str, joint: str) -> None:
    """One more segment; ``&`` joins it to the last one (``NN&PTNT``)."""
    if joint == "&":
        segments[-1] += code
    else:
        segments.append(code)


def _may_begin(part: _Part) -> bool:
    return part.code in _type_codes() or _is_symbol(part.code)


def _may_follow(part: _Part) -> bool:
    return part.code in _agency_codes() or bool(_WITH_DIGITS.fullmatch(part.text))


def _is_symbol(code: str) -> bool:
    """Whether letters without separators are a ký hiệu: the code of a loại, then codes of agencies (``QDTTG``)."""
    if _WITH_DIGITS.fullmatch(code.lower()):
        return True
    return any(code.startswith(first) and _made_of_codes(code[len(first) :]) for first in _type_codes())


def _made_of_codes(text: str) -> bool:
    if not text:
        return True
    return any(text.startswith(code) and _made_of_codes(text[len(code) :]) for code in _agency_codes() if code)
