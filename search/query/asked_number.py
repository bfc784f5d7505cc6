"""A số hiệu that is asked for by its number alone, or with words of its issuer, year or loại beside it.

``1048``, ``919/2022``, ``919 thủ tướng``, ``148 của thủ tướng năm 2023``, ``96 kế hoạch`` and ``kh so 96`` name a
number although no ký hiệu is typed. The whole query must be of this form: "30 ngày làm việc" is text, and so is a year
alone.
"""

from __future__ import annotations

import re

from corpus import agencies, areas
from corpus.fold import clean, fold, letters, nfc, squeeze
from corpus.so_ky_hieu import number_key
from corpus.spoken_number import SpokenNumber, recognise
from corpus.tables import rows

#: A number, a year joined to it, and the words behind it. Written for folded text.
_NUMBER = re.compile(r"(?:so\s+)?(\d{1,5})(?:\s?/\s?((?:19|20)\d\d))?(?:\s+(?P<after>[^\d].*|(?:19|20)\d\d))?")
#: A year at the end of the words.
_YEAR = re.compile(r"(?:^|\s)(?:nam\s+)?((?:19|20)\d\d)$")
_OF = re.compile(r"(?:cua|do)\s+")
#: The code of a loại, "số" and the number.
_CODE_FIRST = re.compile(r"([a-z]{2,4})\s+so\s+(\d{1,5}(?:\s?/\s?(?:19|20)\d\d)?)(?!\S)(.*)")
_PLAIN_YEAR = re.compile(r"(?:19|20)\d\d")
#: Characters of the query language that no number has.
_QUERY_SIGNS = re.compile(r'["():*~]')
#: Agencies that every place has, whose name alone says whose number it is.
_COUNCILS = ("ubnd", "hdnd", "vpdp")
#: Digits of a number that hardly counts things ("30 ngày làm việc").
_LONG_NUMBER = 3
#: Longer queries are text.
_LONGEST = 80


def asked_number(text: str) -> SpokenNumber | None:
    """The number that *text* asks for; None where it is text."""
    plain = squeeze(clean(nfc(text)))
    folded = fold(plain)
    code = _CODE_FIRST.fullmatch(folded)
    if code and _types().get(code[1].upper()):
        return recognise(f"{_types()[code[1].upper()]} số {code[2]}{plain[len(folded) - len(code[3]) :]}")
    return recognise(text) or _alone(plain, folded)


def number_with_words(text: str) -> SpokenNumber | None:
    """A long number with any words behind it: "4464 bộ nông nghiệp tập huấn"; None for other text.

    It is a number only where a document has it whose agency and title have the words: the caller looks.
    """
    plain = squeeze(clean(nfc(text)))
    number = _alone(plain, fold(plain), any_words=True)
    return number if number and number.rest and len(number.number_key) >= _LONG_NUMBER else None


def _alone(plain: str, folded: str, *, any_words: bool = False) -> SpokenNumber | None:
    """A number without loại or ký hiệu before it. any_words: the words behind it need not name an agency."""
    found = _NUMBER.fullmatch(folded)
    if not found or len(plain) > _LONGEST or _PLAIN_YEAR.fullmatch(folded) or _QUERY_SIGNS.search(plain):
        return None
    year = int(found[2]) if found[2] else None
    number_year = year
    after, rest = found["after"] or "", plain[found.start("after") :] if found["after"] else ""
    year_behind = _YEAR.search(after)
    if year_behind:
        year = year or int(year_behind[1])
        after, rest = after[: year_behind.start()].strip(), rest[: year_behind.start()].strip()
    doc_type = _type_named(after)
    if doc_type:
        after = rest = ""
    owned = _OF.match(after)
    if owned:
        after, rest = after[owned.end() :], rest[owned.end() :]
    if after and not (owned or any_words or names_agency(rest)):
        return None
    return SpokenNumber(number_key(found[1]), None, (), doc_type, year, rest, None, number_year, rest)


def names_agency(name: str) -> bool:
    """Whether *name* is an agency's or a province's; a word that only might be ("phòng", "hội") is not."""
    key = agencies.issuer_key(name) or ""
    if agencies.name_of(key) or areas.province_named(fold(name)) or agencies.of_symbol(name.upper()):
        return True
    agency, _, place = key.partition(":")
    return bool(place) and (place != "?" or agency.partition("-")[0] in _COUNCILS)


def in_words(number: SpokenNumber) -> str:
    """How a number was understood, in Vietnamese: "số 148, của “thủ tướng”, năm 2023"."""
    parts = [f"{number.doc_type or ''} số {number.number_key}".strip()]
    if number.rest:
        parts.append(f"của “{number.rest}”")
    if number.year:
        parts.append(f"năm {number.year}")
    return ", ".join(parts)


def _types() -> dict[str, str]:
    """The code of each loại, folded → its name."""
    return {letters(row["code"]): row["name"] for row in reversed(rows("document_types")) if row["code"]}


def _type_named(folded: str) -> str | None:
    """The loại that words behind a number name, by its name or its code."""
    if not folded:
        return None
    named = (row["name"] for row in rows("document_types") if fold(row["name"]) == folded)
    return next(named, None) or _types().get(folded.upper())
