"""How numbers of documents are stored in the index, and which of them a typed number may mean.

A stored term is ``<number key>|<ký hiệu>``, its segments folded and joined by hyphens: ``4464|QD-BNN-VPDP``. A mention
without ký hiệu ("Quyết định 148") is ``148|?QD``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from corpus.fold import clean, fold, letters
from corpus.so_ky_hieu import PATTERN, SoKyHieu, number_key
from corpus.spoken_number import SpokenNumber, type_names
from corpus.tables import rows

_YEAR = re.compile(r"(?:19|20)\d\d")


def term(number: str, segments: Sequence[str]) -> str:
    """The stored term of a number key and the folded segments of its ký hiệu."""
    return f"{number}|{'-'.join(segments)}"


def term_of(printed: SoKyHieu) -> str:
    """The stored term of a số ký hiệu."""
    return term(printed.number_key, [letters(segment) for segment in printed.segments])


def short_term(query: SpokenNumber) -> str | None:
    """The term of a mention by loại and number alone (``148|?QD``) that may mean *query*; None without a loại."""
    return f"{query.number_key}|?{type_letters(query.doc_type)}" if query.doc_type else None


def syllables_of(stored: str) -> tuple[str, ...]:
    """The folded syllables in which a stored term is written in a text: ``919|QD-TTG`` → 919, qd, ttg."""
    number, _, symbol = stored.partition("|")
    return number, *(part.lower() for part in symbol.split("-") if part and not part.startswith("?"))


def mentions(text: str) -> set[str]:
    """The terms of every số ký hiệu in *text*, and of every mention by loại and number alone."""
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
    """Matches a loại and a number without a ký hiệu: "Quyết định 148", "Luật số 22"."""
    names: defaultdict[str, list[str]] = defaultdict(list)  # by first letter, so that few are tried at each word
    for name in sorted((r"\s+".join(map(re.escape, words)) for words in type_names()), key=len, reverse=True):
        names[name[0]].append(name[1:])
    every = "|".join(rf"{first}(?:{'|'.join(rest)})" for first, rest in names.items())
    return re.compile(rf"\b({every})\s+(so\s*(?::\s*)?)?(\d{{1,5}})(?![\w/-]|[.,]\d|\s?[/-]\s?\w|\s+thang)")


@cache
def _code_of(folded_name: str) -> str:
    """The code of a loại, or its name where it has none (Luật)."""
    for row in rows("document_types"):
        if fold(row["name"]) == folded_name:
            return row["code"] or row["name"]
    return folded_name


def type_letters(doc_type: str) -> str:
    """The letters of a loại in stored terms: those of its code, else of its name (``QD``, ``LUAT``)."""
    return letters(_code_of(fold(doc_type)))


def is_exact(query: SpokenNumber, stored: str) -> bool:
    """Whether a stored term is the very number of the query, ký hiệu included."""
    return query.symbol is not None and stored.partition("|")[2].replace("-", "") == query.symbol


def is_of_type(query: SpokenNumber, stored: str) -> bool:
    """Whether a stored term is of the loại that the query names instead of a ký hiệu."""
    if query.symbol is not None or query.doc_type is None:
        return False
    return stored.partition("|")[2].split("-")[0] == type_letters(query.doc_type)


def is_near(query: SpokenNumber, stored: str) -> bool:
    """Whether a stored term may be meant although the ký hiệu differs.

    One ký hiệu continues the other (``1084/QĐ-UBND``, ``1084/QĐ-UBND-HC``) or lacks segments in the middle
    (``4464/QĐ-VPĐP``, ``4464/QĐ-BNN-VPĐP``).
    """
    if query.symbol is None:
        return False
    segments = stored.partition("|")[2].split("-")
    have, want = "".join(segments), query.symbol
    if have == want or not have:
        return False
    if have.startswith(want) or (want.startswith(have) and len(segments) > 1):
        return True
    if _lacks_segments(query.segments, segments) or _lacks_segments(segments, query.segments):
        return True
    if query.segments or not segments or not want.startswith(segments[0]):
        return False
    return _skips_segments(want, segments)


def _lacks_segments(shorter: Sequence[str], longer: Sequence[str]) -> bool:
    """Whether both begin with the same segment and *shorter* is *longer* with segments left out."""
    if len(shorter) < 2 or len(shorter) >= len(longer) or shorter[0] != longer[0]:
        return False
    rest = iter(longer)
    return all(segment in rest for segment in shorter)


def _skips_segments(want: str, segments: list[str]) -> bool:
    """Whether letters typed without separators are *segments* with some left out."""
    reached = {len(segments[0])}
    for segment in segments[1:]:
        reached |= {at + len(segment) for at in reached if want.startswith(segment, at)}
    return len(want) in reached
