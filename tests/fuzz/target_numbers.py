"""Fuzzed: số ký hiệu in text, and numbers as they are spoken."""

from __future__ import annotations

import re

from corpus import so_ky_hieu
from corpus.fold import clean, letters
from corpus.spoken_number import recognise_loosely
from search.index.number_terms import mentions
from tests.fuzz.promises import check_folding, check_strings, must


def number(text: str) -> set[str]:
    """Every số ký hiệu in a text: printed and parsed again it is the same, and it is in the text."""
    stored = check_folding(text)
    plain = clean(stored)
    kinds: set[str] = set()
    whole = so_ky_hieu.parse(text)
    found = [("whole", whole)] if whole else []
    found += [("A", so_ky_hieu.from_match(match)) for match in so_ky_hieu.PATTERN.finditer(plain)]
    found += [("D", so_ky_hieu.from_older(match)) for match in so_ky_hieu.OLDER.finditer(plain)]
    known = letters(stored)
    for how, value in found:
        _check(value)
        must(letters(value.number) in known and letters(value.symbol) in known, "not in the text", str(value))
        kinds.add(
            f"{how} {value.year is not None} {value.party} {value.joint} {value.doc_type is None} {len(value.segments)}"
        )
    check_strings(sorted(mentions(stored)), "mentions")
    spoken = recognise_loosely(stored)
    if spoken:
        check_strings([spoken.number_key, spoken.letters], "spoken")
        kinds.add(f"spoken {spoken.number_year is not None} {bool(spoken.letters)} {bool(spoken.following)}")
    return kinds


def _check(value: so_ky_hieu.SoKyHieu) -> None:
    printed = str(value)
    again = so_ky_hieu.parse(printed)
    must(again is not None and str(again) == printed, "format, parse", printed, again)
    must(value.number[:1].isdigit() and printed.isprintable(), "number", printed)
    must(value.number_key.isascii() or value.number_key[-1] in "đĐ", "digits", printed)
    must(value.year is None or re.fullmatch(r"(?:19|20)\d\d", value.year, re.ASCII), "year", printed)
    check_strings([printed, value.symbol, value.number_key, value.sym_key, value.doc_type], "số ký hiệu")
