"""Recognises a số hiệu in a query, however it is typed, and says which known numbers it may mean.

``919/QĐ-TTg``, ``919 qd ttg``, ``qd-ttg 919``, ``so 919/qđ-ttg``, ``QĐ919``, ``919-QĐ-TTg``, ``919QDTTg``, ``quyet dinh
919``, ``919/2022/QĐ-TTg`` are one number. What follows the number ("tỉnh Thanh Hóa", "năm 2022") is kept apart: it
narrows, it never widens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from corpus import dates
from corpus.fold import clean, fold, letters, nfc, squeeze
from corpus.identity import compatible
from corpus.so_ky_hieu import PATTERN, SoKyHieu, number_key
from corpus.tables import rows

_PART = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(r"(\d{1,6})([a-z]?)")
_GLUED_AFTER = re.compile(r"(\d{1,6})([a-z]{2,15}(?:\d\d)?)")  # 919qdttg
_GLUED_BEFORE = re.compile(r"([a-z]{2,10})(\d{1,6})")  # qd919
_WITH_DIGITS = re.compile(r"(?:ubtv)?qh\d{1,2}")
_DATE = re.compile(r"(?:ngay\s+)?(\d{1,2})(?:\s?[/.-]\s?|\s+thang\s+)(\d{1,2})(?:\s?[/.-]\s?|\s+nam\s+)(\d{4})")
_IN_YEAR = re.compile(r"\bnam\s+((?:19|20)\d\d)\b")
_LEAD = ("so ky hieu", "so hieu", "van ban so", "van ban", "vb", "so")


@dataclass(frozen=True, slots=True)
class NumberQuery:
    """A số hiệu as far as it was typed.

    number_key: see :mod:`corpus.so_ky_hieu`. symbol: folded letters of the ký hiệu (``QDTTG``), None when only a loại
    was typed. segments: its parts where separators show them. doc_type: the loại, typed or named by the ký hiệu.
    year: typed in the number or with it. rest: what else was typed ("tỉnh Thanh Hóa"). day: typed behind it, EDTF; it
    narrows to its year alone, since days are mistyped and misread, and what bears another day says so.
    """

    number_key: str
    symbol: str | None
    segments: tuple[str, ...]
    doc_type: str | None
    year: int | None
    rest: str = ""
    day: str | None = None


@cache
def _type_codes() -> dict[str, str]:
    """Folded code → loại: ``QD`` → Quyết định; the first row of a code wins."""
    codes: dict[str, str] = {}
    for row in rows("document_types"):
        if row["code"]:
            codes.setdefault(letters(row["code"]), row["name"])
    return codes


@cache
def _agency_codes() -> frozenset[str]:
    codes = {letters(code) for row in rows("agencies") for code in row["codes"].split("|") if code}
    return frozenset(codes | {"UBND", "UB", "HDND", "VPDP", "TTG", "CP", "TW", "TU", "HU", "BCD", "BCDTW", "VP"})


@cache
def _type_names() -> dict[tuple[str, ...], str]:
    """Folded words of each loại → its name, plus the words that stand for a law."""
    return {tuple(fold(row["name"]).split()): row["name"] for row in rows("document_types")}


def type_words() -> list[tuple[str, ...]]:
    """Folded words of every loại."""
    return list(_type_names())


def term(number: str, segments: list[str] | tuple[str, ...]) -> str:
    """How a số ký hiệu is written in the index: ``4464|QD-BNN-VPDP``."""
    return f"{number}|{'-'.join(segments)}"


def of_so_ky_hieu(found: SoKyHieu) -> str:
    return term(found.number_key, [letters(segment) for segment in found.segments])


def recognise(text: str) -> NumberQuery | None:
    """The số hiệu that *text* is or begins with; None where it is a text query."""
    text = squeeze(clean(nfc(text)))
    if not text or len(text) > 200 or re.search(r'["():*~]', text.replace("số:", "số").replace("Số:", "Số")):
        return None
    folded = fold(text).replace("so:", "so ")
    parts = [(m.group(), m.start(), m.end()) for m in _PART.finditer(folded)]
    at = 0
    for lead in _LEAD:
        if folded.startswith(lead + " "):
            at = len(lead.split())
            break
    doc_type, at = _type_at(parts, at)
    if at < len(parts) and parts[at][0] == "so":
        at += 1
    parsed = _read(folded, parts, at, typed=doc_type is not None)
    if parsed is None:
        return None
    number, symbol, year, end, segments = parsed
    if len(segments) == 1 and segments[0] in _type_codes():  # "QĐ 919": a loại, no more
        doc_type, symbol, segments = doc_type or _type_codes()[segments[0]], None, ()
    if symbol is None and doc_type is None:
        return None
    if doc_type is None and segments:
        doc_type = _type_codes().get(segments[0])
    if symbol is not None and not segments and doc_type is None:
        doc_type = next((_type_codes()[code] for code in _codes_by_length() if symbol.startswith(code)), None)
    rest = squeeze(text[end:].strip(" ,.;-/"))
    day = _day_of(rest)
    year, rest = _year_of(rest, year)
    if rest and not re.search(r"\w", rest):
        rest = ""
    return NumberQuery(number_key(number), symbol, segments, doc_type, year, rest, day)


@cache
def _codes_by_length() -> tuple[str, ...]:
    return tuple(sorted(_type_codes(), key=len, reverse=True))


def _type_at(parts: list[tuple[str, int, int]], at: int) -> tuple[str | None, int]:
    for length in (4, 3, 2, 1):
        name = _type_names().get(tuple(part for part, _, _ in parts[at : at + length]))
        if name and len(parts) > at + length:
            return name, at + length
    return None, at


def _day_of(rest: str) -> str | None:
    match = _DATE.search(fold(rest))
    return dates.make(int(match[3]), int(match[2]), int(match[1])) if match else None


def other_day(query: NumberQuery, date: str | None) -> bool:
    """Whether a document of *date* (EDTF) cannot bear the day that was typed."""
    return query.day is not None and not compatible(date, query.day)


def _year_of(rest: str, year: int | None) -> tuple[int | None, str]:
    """A date or "năm 2022" in the rest gives the year and goes."""
    folded = fold(rest)
    for pattern, group in ((_DATE, 3), (_IN_YEAR, 1)):
        match = pattern.search(folded)
        if match:
            year = year or int(match[group])
            rest = squeeze(rest[: match.start()] + " " + rest[match.end() :])
            folded = fold(rest)
    rest = re.sub(r"^(?:của|cua)\s+", "", rest.strip(" ,.;"), flags=re.IGNORECASE)
    return year, rest


def _read(
    folded: str, parts: list[tuple[str, int, int]], at: int, *, typed: bool
) -> tuple[str, str | None, int | None, int, tuple[str, ...]] | None:
    """(number, symbol letters, year, where it ends, segments) from part *at* on, or None."""
    if at >= len(parts):
        return None
    first, _, end = parts[at]
    glued = _GLUED_AFTER.fullmatch(first)
    if glued and _symbolic(glued[2].upper()):
        return glued[1], glued[2].upper(), None, end, ()
    before = _GLUED_BEFORE.fullmatch(first)
    if before and before[1].upper() in _type_codes() and not _WITH_DIGITS.fullmatch(first):
        code = before[1].upper()
        more, stop = _symbol(folded, parts, at + 1, joined_only=False)
        return before[2], "".join((code, *more)), None, parts[stop - 1][2] if more else end, (code, *more)
    number = _NUMBER.fullmatch(first)
    if number:
        return _number_first(folded, parts, at, typed=typed)
    if first.upper() in _type_codes():  # qd-ttg 919
        segments, stop = _symbol(folded, parts, at, joined_only=False)
        if segments and stop < len(parts) and _NUMBER.fullmatch(parts[stop][0]):
            digits = parts[stop][0]
            full = _number_first(folded, parts, stop, typed=False)
            if full is not None:  # "NĐ 30/2020/NĐ-CP"
                return full
            return digits, "".join(segments), None, parts[stop][2], tuple(segments)
    return None


def _number_first(
    folded: str, parts: list[tuple[str, int, int]], at: int, *, typed: bool
) -> tuple[str, str | None, int | None, int, tuple[str, ...]] | None:
    number, _, end = parts[at]
    if end < len(folded) - 1 and folded[end] == "." and at + 1 < len(parts) and parts[at + 1][1] == end + 1:
        fraction = parts[at + 1][0]  # 66.7/2025/NQ-CP
        if fraction.isdigit() and len(fraction) <= 2:
            number, end, at = f"{number}.{fraction}", parts[at + 1][2], at + 1
    year, stop = None, at + 1
    if stop < len(parts) and _YEAR.fullmatch(parts[stop][0]) and folded[end : parts[stop][1]].strip() in ("/", ""):
        follows = stop + 1 < len(parts)
        if follows and _symbol(folded, parts, stop + 1, joined_only=True, after=parts[stop][2])[0]:
            year, end, stop = int(parts[stop][0]), parts[stop][2], stop + 1
        elif typed and folded[end : parts[stop][1]].strip() == "/":
            return number, None, int(parts[stop][0]), parts[stop][2], ()
    joined, after_joined = _symbol(folded, parts, stop, joined_only=True, after=end)
    if joined:
        return number, "".join(joined), year, parts[after_joined - 1][2], tuple(joined)
    loose, after_loose = _symbol(folded, parts, stop, joined_only=False)
    if loose:
        return number, "".join(loose), year, parts[after_loose - 1][2], tuple(loose)
    return (number, None, year, end, ()) if typed and year is None else None


def _symbol(
    folded: str, parts: list[tuple[str, int, int]], at: int, *, joined_only: bool, after: int | None = None
) -> tuple[list[str], int]:
    """The segments of a ký hiệu that begins at part *at*, and the part after it.

    joined_only: segments hang together by ``/``, ``-`` or ``&`` (the first by one to the number that ends at *after*);
    otherwise they are known codes parted by anything, of which the first is a loại's.
    """
    segments: list[str] = []
    end = after
    while at < len(parts) and len(segments) < 7:
        part, start, stop = parts[at]
        code = part.upper()
        gap = folded[end:start] if end is not None else ""
        hangs = end is not None and gap.strip() in ("/", "-", "&") and gap.strip() != "" and len(gap) <= 3
        if part.isdigit() or not re.fullmatch(r"[a-z]{1,15}\d{0,2}", part):
            break
        if segments and hangs:
            if gap.strip() == "&":
                segments[-1] += code
            else:
                segments.append(code)
        elif joined_only:
            if not hangs or segments:
                break
            segments.append(code)
        elif (not segments and (code in _type_codes() or _symbolic(code))) or (
            segments and (code in _agency_codes() or _WITH_DIGITS.fullmatch(part))
        ):
            segments.append(code)
        else:
            break
        at, end = at + 1, stop
    return segments, at


def _symbolic(code: str) -> bool:
    """Whether letters without separators are a ký hiệu: a loại's code, then agencies' codes (``QDTTG``, ``KHUBND``)."""
    if _WITH_DIGITS.fullmatch(code.lower()):
        return True
    return any(code.startswith(first) and _made_of_codes(code[len(first) :]) for first in _type_codes())


def _made_of_codes(text: str) -> bool:
    if not text:
        return True
    return any(text.startswith(code) and _made_of_codes(text[len(code) :]) for code in _agency_codes() if code)


def exact(query: NumberQuery, stored: str) -> bool:
    """Whether a stored term (``919|QD-TTG``) is the very number of the query."""
    return query.symbol is not None and stored.partition("|")[2].replace("-", "") == query.symbol


def near(query: NumberQuery, stored: str) -> bool:
    """Whether a stored term may be meant: one ký hiệu goes on where the other ends, or lacks middle parts.

    ``1084/QĐ-UBND`` and ``1084/QĐ-UBND-HC``; ``4464/QĐ-VPĐP`` and ``4464/QĐ-BNN-VPĐP``.
    """
    if query.symbol is None:
        return False
    segments = stored.partition("|")[2].split("-")
    have, want = "".join(segments), query.symbol
    if have == want or not have:
        return False
    if have.startswith(want) or (want.startswith(have) and len(segments) > 1):
        return True
    if _within(query.segments, segments) or _within(segments, query.segments):
        return True
    if query.segments or not segments or not want.startswith(segments[0]):
        return False
    return _skips(want, segments)


def _within(inner: tuple[str, ...] | list[str], outer: tuple[str, ...] | list[str]) -> bool:
    """Both begin alike and *inner* is *outer* with parts left out."""
    if len(inner) < 2 or len(inner) >= len(outer) or inner[0] != outer[0]:
        return False
    rest = iter(outer)
    return all(part in rest for part in inner)


def _skips(want: str, segments: list[str]) -> bool:
    """Whether letters typed without separators are the segments with some left out."""
    reached = {len(segments[0])}
    for segment in segments[1:]:
        reached |= {at + len(segment) for at in reached if want.startswith(segment, at)}
    return len(want) in reached


def mentions(text: str) -> set[str]:
    """Terms of every số ký hiệu in a text (``490|QD-TTG``) and of every short mention (``148|?QD``)."""
    cleaned = clean(text)
    found = set()
    for match in PATTERN.finditer(cleaned):
        symbol = [letters(s) for s in re.split(r"[-/]", re.sub(r"\s+", "", match["symbol"])) if s]
        found.add(term(number_key(match["number"]), symbol))
    for match in _short_mention().finditer(fold(cleaned)):
        code = letters(_code_of(" ".join(match[1].split())))
        if match[2] or not _YEAR.fullmatch(match[3]):
            found.add(f"{number_key(match[3])}|?{code}")
    return found


@cache
def _short_mention() -> re.Pattern[str]:
    """A type word and a number without a ký hiệu: "Quyết định 148", "Luật số 22"."""
    names = sorted((r"\s+".join(map(re.escape, words)) for words in _type_names()), key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(names)})\s+(so\s*(?::\s*)?)?(\d{{1,5}})(?![\w/-]|[.,]\d|\s?[/-]\s?\w|\s+thang)")


@cache
def _code_of(folded_name: str) -> str:
    """The code of a loại, or its name where it has none (Luật)."""
    for row in rows("document_types"):
        if fold(row["name"]) == folded_name:
            return row["code"] or row["name"]
    return folded_name


def type_letters(doc_type: str) -> str:
    """How a loại is written in short mentions: its code's letters, or its name's (``QD``, ``LUAT``)."""
    return letters(_code_of(fold(doc_type)))


def short_term(query: NumberQuery) -> str | None:
    """The short mention (``148|?QD``) that may mean the query's number; None without a loại."""
    return f"{query.number_key}|?{type_letters(query.doc_type)}" if query.doc_type else None


def of_type(query: NumberQuery, stored: str) -> bool:
    """Whether a stored term is of the loại that stands in the query instead of a ký hiệu."""
    if query.symbol is not None or query.doc_type is None:
        return False
    return stored.partition("|")[2].split("-")[0] == type_letters(query.doc_type)
