"""Which of the documents of one number a user means, by the ký hiệu and by the words after it.

The words may name the agency, its place, the year or the day: ``45/KH-UBND xã Đồng Mây năm 2023``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import RowMapping

from corpus import agencies, areas, dates, identity
from corpus.fold import fold, letters, squeeze
from corpus.so_ky_hieu import code_of_type
from corpus.spoken_number import SpokenNumber

#: "Bà Rịa - Vũng Tàu" has five words.
_MOST_WORDS_OF_A_PLACE = 5
#: A ký hiệu of fewer letters than this is too short to identify a longer one that begins with it.
_SHORTEST_SYMBOL = 4
#: Fewer letters than this do not name a place.
_SHORTEST_PLACE = 4

_DAY = re.compile(r"(?<!\d)(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?((?:19|20)\d\d)(?!\d)")
_YEAR = re.compile(r"(?<![\w/.-])(?:năm\s+|nam\s+)?((?:19|20)\d\d)(?![\d/.-])", re.IGNORECASE)
#: Words that an agency's or a place's name begins with, with or without their marks.
_KINDS_OF_AGENCY = (
    r"ubnd|hđnd|hdnd|[uủ][yỷ] ban|h[oộ]i [đd][oồ]ng|ch[uủ] t[iị]ch|th[uủ] t[uư][oớ]ng|ch[ií]nh ph[uủ]|qu[oố]c h[oộ]i|"
    r"b[oộ]|s[oở]|ph[oò]ng|chi c[uụ]c|v[aă]n ph[oò]ng|ban|(?:t[iỉ]nh|huy[eệ]n|th[iị]|th[aà]nh) [uủ]y|t[iỉ]nh|huy[eệ]n|"
    r"qu[aậ]n|x[aã]|ph[uư][oờ]ng|th[iị] x[aã]|th[iị] tr[aấ]n|th[aà]nh ph[oố]|tp\.?|đ[aặ]c khu"
)
_AGENCY = re.compile(
    rf"(?:^|[\s,(])(?:(?:của|cua|do)\s+(?=\S)|(?=(?:{_KINDS_OF_AGENCY})(?!\w)))(?P<name>[^\d,;()]+)", re.IGNORECASE
)
_AFTER_AGENCY = re.compile(r"\s(?:nam|ngay|ve|v/v|phe duyet|ban hanh)(?!\w).*$")


def narrowed(rows: Sequence[RowMapping], number: SpokenNumber) -> list[RowMapping]:
    """Those of *rows*, all of one number key, that *number* may mean. Empty where it names another agency or symbol."""
    if number.number_year:
        rows = [row for row in rows if _printed_year(row) == str(number.number_year)] or rows
    found = _of_agency_named(_of_day(rows, number.following), number.following)
    symbol = number.letters
    if not symbol:
        return found
    exact = [row for row in found if row["sym_key"] == symbol]
    return (
        exact or [row for row in found if _names_place(symbol, row)] or [row for row in found if _is_near(symbol, row)]
    )


def _fact(row: RowMapping, field: str) -> str:
    return (row["facts"].get("f") or {}).get(field) or ""


def _printed_year(row: RowMapping) -> str:
    return _fact(row, "year")


def _of_day(rows: Sequence[RowMapping], words: str) -> list[RowMapping]:
    """Those of the day, or else of the year, that *words* name; all where they name none."""
    day = _DAY.search(words)
    if day:
        wanted = dates.make(int(day[3]), int(day[2]), int(day[1]))
        return [row for row in rows if wanted and row["date"] and identity.compatible(row["date"], wanted)]
    year = _YEAR.search(words)
    if year:
        return [row for row in rows if year[1] in (_printed_year(row), (row["date"] or "")[:4])]
    return list(rows)


def _of_agency_named(rows: list[RowMapping], words: str) -> list[RowMapping]:
    """Those of the agency or place that *words* name; all where they name none."""
    agency = _AGENCY.search(words)
    if agency:
        return [row for row in rows if _is_of_agency(row, agency["name"])]
    place = _bare_place(words)
    if not place:
        return rows
    found = [row for row in rows if _is_of_agency(row, place)]
    return found if found or areas.province_named(place) else rows


def _bare_place(words: str) -> str:
    """What may be a place's name without its kind ("Đồng Mây"): *words* where they are few, else ""."""
    place = _YEAR.sub(" ", _DAY.sub(" ", words)).strip(" ,.;:()-").split()
    return " ".join(place) if len(place) <= _MOST_WORDS_OF_A_PLACE and "," not in "".join(place) else ""


def _is_of_agency(row: RowMapping, name: str) -> bool:
    """Whether an agency's or a place's name is that of *row*'s issuer: its words are in it, or the keys are equal."""
    wanted = squeeze(_AFTER_AGENCY.sub("", fold(agencies.short(name))))
    issuer = squeeze(fold(agencies.short(_fact(row, "issuer"))))
    if wanted and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", issuer):
        return True
    key = row["issuer_key"] or ""
    named = areas.mentioned(name)
    if named and f"tinh:{named[0][0]}" in key:
        return True
    return bool(key) and agencies.issuer_key(squeeze(name)) == key


def _names_place(symbol: str, row: RowMapping) -> bool:
    """Whether letters are the ký hiệu, or its loại, and then a place's.

    ``45 kh ubnd xa dong may`` gives KHUBNDXADONGMAY, ``ke hoach 45 dong may`` KHDONGMAY.
    """
    key = row["sym_key"] or ""
    issuer = _fact(row, "issuer")
    if (
        len(key) >= _SHORTEST_SYMBOL
        and symbol.startswith(key)
        and symbol != key
        and symbol[len(key) :] in letters(issuer)
    ):
        return True
    code = letters(code_of_type(row["doc_type"] or "") or "")
    return bool(code) and key.startswith(code) and symbol.startswith(code) and _are_words(symbol[len(code) :], issuer)


def _are_words(joined: str, name: str) -> bool:
    """Whether letters are whole words of *name*, one after the other."""
    words = [letters(word) for word in fold(name).split()]
    return len(joined) >= _SHORTEST_PLACE and any(
        joined == "".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)
    )


def _is_near(symbol: str, row: RowMapping) -> bool:
    """Whether letters are the ký hiệu with something left out or added.

    ``QDTTG`` is near QĐ-TTg-OCOP, ``QDVPDP`` near QĐ-BNN-VPĐP.
    """
    key = row["sym_key"] or ""
    if key.startswith(symbol) or (symbol.startswith(key) and len(key) >= _SHORTEST_SYMBOL):
        return True
    first, *others = [letters(part) for part in re.split(r"[-/]", _fact(row, "symbol")) if part] or [""]
    if not others or not symbol.startswith(first):
        return False
    remaining = symbol[len(first) :]
    joined = "".join(others)
    return bool(remaining) and (remaining in joined or remaining.endswith(joined))
