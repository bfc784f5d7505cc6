"""Repairs slips of OCR, only inside a candidate number and always marked. The stored text is not changed."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from rapidfuzz.distance import Levenshtein

from corpus.so_ky_hieu import CHAIN, SoKyHieu, normal_symbol
from corpus.tables import rows
from ingest.citations.tokenise import Number, type_words
from ingest.data import DATA


@cache
def digits() -> dict[int, str]:
    """Translation table: misread sign → digit."""
    return {ord(row["seen"]): row["digit"] for row in rows("ocr_digits", DATA)}


@cache
def _misread_numbers() -> tuple[re.Pattern[str], ...]:
    """Shapes of a misread number, the likelier first.

    Digits separated by a space or misread (``61 10/QĐ-BYT``, ``6§9/TCDS``, ``12/202 1/NQ-HĐND``); a slash misread or
    lost, only beside a year (``117I2014/NĐ-CP``) or before a known loại and an agency (``490lQĐ-TTg``).
    """
    signs = "".join(re.escape(row["seen"]) for row in rows("ocr_digits", DATA))
    sign = rf"[\d{signs}]"
    year = rf"[12](?:\s?{sign}){{3}}"
    slash = r"\s?[/Il|!]\s?"
    codes = sorted(_codes(), key=len, reverse=True)
    known = "|".join(re.escape(code) for code in codes if len(code) > 1)
    return (
        re.compile(
            rf"(?P<number>{sign}{{1,6}}(?:\s{sign}{{1,4}})?)\s?/\s?(?:(?P<year>{year})\s?/"
            rf"\s?)?(?P<symbol>{CHAIN})(?!\w)"
        ),
        re.compile(rf"(?P<number>\d{{1,4}})(?:{slash}|\s)(?P<year>{year}){slash}(?P<symbol>{CHAIN})(?!\w)"),
        re.compile(
            rf"(?P<number>\d{{1,5}})(?:\s?[Il|!:_\\]\s?|\s)(?P<year>(?!))?(?P<symbol>(?:{known})\s?-\s?{CHAIN})(?!\w)"
        ),
    )


def number_at(text: str, at: int) -> Number | None:
    """The số ký hiệu that begins at *at* once misread or separated digits are repaired; None where there is none."""
    match = next((found for shape in _misread_numbers() if (found := shape.match(text, at))), None)
    if not match or not re.search(r"\d", match["number"]):
        return None
    number = re.sub(r"\s", "", match["number"]).translate(digits())
    year = re.sub(r"\s", "", match["year"] or "").translate(digits()) or None
    if not number.isdigit() or len(number) > 6 or (year and not re.fullmatch(r"(?:19|20)\d\d", year)):
        return None
    value, _ = repaired_symbol(SoKyHieu(number, year, normal_symbol(match["symbol"])))
    return Number(match.start(), match.end(), value, True)


@cache
def _segments() -> tuple[dict[str, str], dict[str, str]]:
    """Misread segment → what is printed: for the first segment only, and for any."""
    first = {row["seen"]: row["segment"] for row in rows("ocr_segments", DATA) if row["first"] == "1"}
    anywhere = {row["seen"]: row["segment"] for row in rows("ocr_segments", DATA) if row["first"] != "1"}
    return first, anywhere


def repaired_symbol(value: SoKyHieu) -> tuple[SoKyHieu, bool]:
    """(the number with misread segments of its ký hiệu repaired, whether any was)."""
    first, anywhere = _segments()
    parts = re.split(r"([-/&])", value.symbol)
    # A lone QD or ND may be an agency; as a loại it has an agency behind it.
    if len(parts) > 1 and parts[0] in first:
        parts[0] = first[parts[0]]
    parts = [_repaired_segment(anywhere.get(part, part)) for part in parts]
    symbol = "".join(parts)
    return (replace(value, symbol=symbol), True) if symbol != value.symbol else (value, False)


# Thủ tướng (TTg) is the only agency written with small letters: a near miss of it is a slip.
_LIKE_TTG = re.compile(r"T[A-ZĐ]{1,2}[a-zđ]{1,2}|TT[a-zđ]{1,3}")
_WITH_SMALL_LETTERS = {"TTg", "TTgCP", "TTr", "CTr", "QyĐ", "TrS", "NoQ"}
_BODIES = ("UBND", "HĐND")


# The Quốc hội's khóa has two digits, the first a 1 from the tenth on; "H1" and "HI1" are one letter and the 1.
_LIKE_NATIONAL_ASSEMBLY = re.compile(r"Q(?:H|FI|II|U)[IlH]?1?(?P<last>[0-6])")


def _repaired_segment(segment: str) -> str:
    """A segment that can only be one: QH15 by its digits, TTg by its small letters, UBND and HĐND by their length and
    end."""
    assembly = _LIKE_NATIONAL_ASSEMBLY.fullmatch(segment)
    if assembly and not re.fullmatch(r"QH\d{1,2}", segment):
        return f"QH1{assembly['last']}"
    if segment not in _WITH_SMALL_LETTERS and _LIKE_TTG.fullmatch(segment):
        return "TTg"
    if 3 <= len(segment) <= 5 and segment not in _BODIES and segment[-2:] in ("ND", "NĐ", "BN"):
        return next((body for body in _BODIES if is_one_slip(segment, body)), segment)
    return segment


@cache
def _codes() -> set[str]:
    return {row["code"] for row in rows("document_types") if row["code"]}


_TAIL = re.compile(r"\s(?P<tail>[A-ZĐ&]{1,6}(?:-[A-ZĐ&]{1,6}){0,2})(?=,?\s?(?:ngày|của)\s)")
_STRAY = re.compile(rf"(?:-\s?['’`\".,:;]{{1,2}}\s?|[:~=])(?P<tail>{CHAIN})(?!\w)")


def with_tail(text: str, number: Number) -> Number:
    """A number with the end of its ký hiệu that a space (``04/GA VI ngày``) or a stray sign (``CĐ- 'BYT``) cut off."""
    stray = _STRAY.match(text, number.end)
    if stray and (text[number.end] == "-" or number.value.symbol in _codes()):
        longer = f"{number.value.symbol}-{normal_symbol(stray['tail'])}"
        return Number(number.start, stray.end(), replace(number.value, symbol=longer), True)
    if len(number.value.segments) > 1 or number.value.doc_type is not None:
        return number  # never completed: "QĐ BTC" may be two words
    separated = _TAIL.match(text, number.end)
    if separated:
        joined = number.value.symbol + separated["tail"]
        return Number(number.start, separated.end(), replace(number.value, symbol=joined), True)
    return number


def type_before(text: str, folded: str, edge: int) -> tuple[int, str] | None:
    """A type word misread by one letter directly before *edge* (``Quyẽt dịnh``), as (start, loại)."""
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
            if known.count(" ") == count - 1 and len(known) >= 7 and is_one_slip(phrase, known):
                return start, word.doc_type
    return None


def is_one_slip(a: str, b: str) -> bool:
    """Whether one letter more, less or other makes *a* into *b*."""
    return Levenshtein.distance(a, b, score_cutoff=1) <= 1
