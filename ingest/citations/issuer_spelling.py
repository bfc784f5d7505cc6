"""Names of agencies with the marks that OCR changed put right (``Chính phú`` → Chính phủ)."""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz.distance import Levenshtein

from corpus import agencies
from corpus.fold import canonical, clean, fold
from corpus.tables import rows
from ingest.citations.issuer_words import as_words, phrases_pattern
from ingest.data import DATA

#: "tỉnh" misread, before a name or at the end.
_LEVEL_SLIP = re.compile(r"(?<=\s)t[ìĩiíị]nh(?=\s[A-ZĐ]|$)")
#: Further words of agencies' names whose marks OCR changes.
_FURTHER_WORDS = ("thành phố", "thị xã", "thị trấn", "nhân dân", "Y tế")
#: Letters and spaces in which a name that holds a digit may differ from the name of the ký hiệu's agency.
_SLIPS = 2


@cache
def _names() -> dict[str, str]:
    """Folded name, as in the tables → the name: agencies, their heads, provinces, levels."""
    names = [row["phrase"] for row in rows("agency_heads", DATA)]
    names += [row["name"] for row in rows("agencies")] + [row["name"] for row in rows("agency_names")]
    names += [row["name"] for row in rows("provinces") if " " in row["name"]]
    names += _FURTHER_WORDS
    return {fold(name): name for name in names if len(name) > 3}


@cache
def _names_without_spaces() -> dict[str, str]:
    """The same, found by the letters alone."""
    return {as_words(folded, ""): name for folded, name in _names().items()}


@cache
def spelling_pattern() -> re.Pattern[str]:
    """Names of two words and more in folded text, perhaps with the space between two words lost (``SởY tế``)."""
    names = phrases_pattern([name for name in _names() if " " in name])
    loose = names.replace(r"[.,:]?\s", r"[.,:]?\s?")
    return re.compile(rf"(?<!\w)(?:{loose})(?!\w)")


def name_of(matched: str) -> str:
    """The name, well spelled, that the spelling pattern matched."""
    return _names_without_spaces()[as_words(matched, "")]


def corrected_spelling(printed: str) -> tuple[str, bool]:
    """(an agency's name well spelled, whether anything was changed)."""
    with_level = _LEVEL_SLIP.sub("tỉnh", printed)
    plain = clean(with_level)
    parts: list[str] = []
    at = 0
    for match in spelling_pattern().finditer(fold(plain)):
        name = name_of(match.group())
        if canonical(plain[match.start() : match.end()]) != canonical(name):
            parts += [plain[at : match.start()], name]
            at = match.end()
    if not parts:
        return with_level, plain != clean(printed)
    return "".join([*parts, plain[at:]]), True


def spelling_by_symbol(printed: str, symbol: str) -> str:
    """``Bộ YT6`` cited with ``QĐ-BYT`` → Bộ Y tế: a digit in the name, which else is that of the ký hiệu's agency.

    *printed* itself where it is not. The kind of agency ("Bộ", "Sở") must be the same.
    """
    key = agencies.of_symbol(symbol) if any(c.isdigit() for c in printed) else None
    name = agencies.name_of(key) if key else None
    if name is None or any(c.isdigit() for c in name):
        return printed
    ours, theirs = fold(printed), fold(name)
    is_same_kind = ours.split()[:1] == theirs.split()[:1]
    return name if is_same_kind and Levenshtein.distance(ours, theirs, score_cutoff=_SLIPS) <= _SLIPS else printed
