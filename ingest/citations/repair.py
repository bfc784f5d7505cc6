"""Slips of the OCR, mended only inside a candidate and always flagged (domain 6.4). The stored text stays as it was read."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from corpus.so_ky_hieu import CHAIN, SoKyHieu, normal_symbol
from corpus.tables import rows
from ingest.citations.tokenise import Number, type_words
from ingest.data import DATA


@cache
def digits() -> dict[int, str]:
    """Translate table: misread sign → digit."""
    return {ord(row["seen"]): row["digit"] for row in rows("ocr_digits", DATA)}


@cache
def _digit_class() -> str:
    return "".join(re.escape(row["seen"]) for row in rows("ocr_digits", DATA))


@cache
def _loose() -> tuple[re.Pattern[str], ...]:
    """Shapes of a misread number, the likelier first.

    Digits parted by a space or misread (``61 10/QĐ-BYT``, ``6§9/TCDS``, ``12/202 1/NQ-HĐND``); a slash misread or lost, only
    beside a year (``117I2014/NĐ-CP``) or before a known loại and an agency (``490lQĐ-TTg``, ``1830 QĐ-UBND``).
    """
    sign = rf"[\d{_digit_class()}]"
    year = rf"[12](?:\s?{sign}){{3}}"
    slash = r"\s?[/Il|!]\s?"
    codes = sorted(_codes(), key=len, reverse=True)
    known = "|".join(re.escape(code) for code in codes if len(code) > 1)
    return (
        re.compile(
            rf"(?P<number>{sign}{{1,6}}(?:\s{sign}{{1,4}})?)\s?/\s?(?:(?P<year>{year})\s?/\s?)?(?P<symbol>{CHAIN})(?!\w)"
        ),
        re.compile(rf"(?P<number>\d{{1,4}})(?:{slash}|\s)(?P<year>{year}){slash}(?P<symbol>{CHAIN})(?!\w)"),
        re.compile(
            rf"(?P<number>\d{{1,5}})(?:\s?[Il|!:_\\]\s?|\s)(?P<year>(?!))?(?P<symbol>(?:{known})\s?-\s?{CHAIN})(?!\w)"
        ),
    )


def number_at(text: str, at: int) -> Number | None:
    """A số ký hiệu that begins at *at* once misread or parted digits are mended, or None. Always flagged."""
    match = next((found for shape in _loose() if (found := shape.match(text, at))), None)
    if not match or not re.search(r"\d", match["number"]):
        return None
    number = re.sub(r"\s", "", match["number"]).translate(digits())
    year = re.sub(r"\s", "", match["year"] or "").translate(digits()) or None
    if not number.isdigit() or len(number) > 6 or (year and not re.fullmatch(r"(?:19|20)\d\d", year)):
        return None
    value, _ = symbol(SoKyHieu(number, year, normal_symbol(match["symbol"])))
    return Number(match.start(), match.end(), value, True)


@cache
def _segments() -> tuple[dict[str, str], dict[str, str]]:
    first = {row["seen"]: row["segment"] for row in rows("ocr_segments", DATA) if row["first"] == "1"}
    any_place = {row["seen"]: row["segment"] for row in rows("ocr_segments", DATA) if row["first"] != "1"}
    return first, any_place


def symbol(value: SoKyHieu) -> tuple[SoKyHieu, bool]:
    """The ký hiệu with misread segments put right, and whether any was."""
    first, any_place = _segments()
    parts = re.split(r"([-/&])", value.symbol)
    # A lone QD or ND may be an agency of its own; as a loại it has an agency behind it.
    if len(parts) > 1 and parts[0] in first:
        parts[0] = first[parts[0]]
    parts = [_snapped(any_place.get(part, part)) for part in parts]
    mended = "".join(parts)
    return (replace(value, symbol=mended), True) if mended != value.symbol else (value, False)


# The only agency that is written with small letters is Thủ tướng (TTg); a near miss of it is a slip.
_TTG = re.compile(r"T[A-ZĐ]{1,2}[a-zđ]{1,2}|TT[a-zđ]{1,3}")
_WITH_SMALL = {"TTg", "TTgCP", "TTr", "CTr", "QyĐ", "TrS", "NoQ"}


_BODIES = ("UBND", "HĐND")


def _snapped(segment: str) -> str:
    """The segment, put right where it can be but one: TTg by its small letters, UBND and HĐND by their length."""
    if segment not in _WITH_SMALL and _TTG.fullmatch(segment):
        return "TTg"
    if 3 <= len(segment) <= 5 and segment not in _BODIES:
        return next(
            (body for body in _BODIES if one_slip(segment, body) and segment[-2:] in ("ND", "NĐ", "BN")), segment
        )
    return segment


@cache
def _codes() -> set[str]:
    return {row["code"] for row in rows("document_types") if row["code"]}


_TAIL = re.compile(r"\s(?P<tail>[A-ZĐ&]{1,6}(?:-[A-ZĐ&]{1,6}){0,2})(?=,?\s?(?:ngày|của)\s)")
_STRAY = re.compile(rf"(?:-\s?['’`\".,:;]{{1,2}}\s?|[:~=])(?P<tail>{CHAIN})(?!\w)")


def tail(text: str, number: Number) -> Number:
    """Takes in the end of a ký hiệu that a space (``04/GA VI ngày``) or a stray sign (``CĐ- 'BYT``) cut off."""
    stray = _STRAY.match(text, number.end)
    if stray and (text[number.end] == "-" or number.value.symbol in _codes()):
        longer = f"{number.value.symbol}-{normal_symbol(stray['tail'])}"
        return Number(number.start, stray.end(), replace(number.value, symbol=longer), True)
    if len(number.value.segments) > 1 or number.value.doc_type is not None:
        return number  # never completed: "QĐ BTC" may be two words
    parted = _TAIL.match(text, number.end)
    if parted:
        joined = number.value.symbol + parted["tail"]
        return Number(number.start, parted.end(), replace(number.value, symbol=joined), True)
    return number


def type_before(text: str, folded: str, edge: int) -> tuple[int, str] | None:
    """A type word misread by one letter right before *edge* (``Quyẽt dịnh``), as (start, loại), or None."""
    base = max(0, edge - 40)
    words = list(re.finditer(r"[^\W\d_]+", folded[base:edge]))
    for count in (4, 3, 2):
        if len(words) < count:
            continue
        start = base + words[-count].start()
        phrase = re.sub(r"\s+", " ", folded[start:edge].strip())
        if re.search(r"[^a-z ]", phrase) or not text[start].isalpha():
            continue
        for known, word in type_words().items():
            if known.count(" ") == count - 1 and len(known) >= 7 and one_slip(phrase, known):
                return start, word.doc_type
    return None


def one_slip(a: str, b: str) -> bool:
    """Whether one letter more, less or other makes *a* into *b*."""
    if abs(len(a) - len(b)) > 1:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    if len(a) == len(b):
        return a[i + 1 :] == b[i + 1 :]
    return a[i + 1 :] == b[i:] if len(a) > len(b) else a[i:] == b[i + 1 :]
