"""The words that begin an agency's name, that end it, and that never belong to one.

Word patterns of several syllables are matched in folded text. A single syllable needs its marks, since without them it
says too little (``thì`` and ``thị``, ``số`` and ``sở``, ``năm`` and ``Nam``).
"""

from __future__ import annotations

import re
from functools import cache

from corpus.fold import canonical, fold
from corpus.tables import rows
from ingest.citations.tokenise import type_pattern
from ingest.data import DATA

_CITED = re.compile(r"\s?(?:so\b|\d)")
_NUMBER_FOLLOWS = re.compile(r"so\s?[:./\d]")
#: Titles of office-holders before the full name of their agency.
_OFFICES = ("chu tich ", "bo truong ", "giam doc ", "thong doc ", "phong ", "van phong ")
#: Characters that a cue of one syllable may have, with its marks decomposed: before a stop, and before a title.
_STOP_LENGTH, _CUE_LENGTH = 12, 16
#: Names of central agencies that no table has, as printed.
_FURTHER_NAMES = ("Bộ Lao động thương binh và xã hội", "Văn hóa Thể thao và Du lịch")


def phrases_pattern(phrases: list[str]) -> str:
    """A pattern for any of *phrases*, the longest first; a mark may stand before the space between two words."""
    return "|".join(re.escape(p).replace(r"\ ", r"[.,:]?\s") for p in sorted(set(phrases), key=len, reverse=True))


def as_words(folded: str, joint: str = " ") -> str:
    """A matched phrase with *joint* for the marks and spaces between its words."""
    return re.sub(r"[.,:\s]+", joint, folded)


@cache
def _heads() -> dict[str, dict[str, str]]:
    """Folded first words of agencies' names → their row in the table."""
    return {fold(row["phrase"]): row for row in rows("agency_heads", DATA)}


@cache
def head_pattern() -> re.Pattern[str]:
    """The first words of an agency's name."""
    other = phrases_pattern([fold(row["phrase"]) for row in rows("not_agencies", DATA)])
    return re.compile(rf"(?<!\w)(?!(?:{other})(?!\w))(?:{phrases_pattern(list(_heads()))})(?!\w)")


def is_whole_name(head: str) -> bool:
    """Whether matched first words are the whole name (``Chính phủ``)."""
    row = _heads().get(as_words(head))
    return row is not None and row["whole"] == "1"


def is_common_noun(name: str) -> bool:
    """Whether *name* is a common noun alone (``Hội đồng``, ``Sở``): a kind of agency, not one that signs."""
    row = _heads().get(as_words(fold(name)).strip())
    return row is not None and row["common"] == "1"


@cache
def _known_names() -> re.Pattern[str]:
    """Central agencies by their full names: where such a name ends is no guess."""
    names = list(_FURTHER_NAMES)
    for row in rows("agencies"):
        names += [row["name"], *(name for name in row["names"].split("|") if " " in name.strip())]
    folded = {re.sub(r"\s{0,2}-\s{0,2}", " - ", fold(name.strip())) for name in names if name.strip()}
    spaced = "|".join(
        re.escape(name).replace(r"\ \-\ ", r"\s{0,2}-{0,2}\s{0,2}").replace(r"\ ", r"\s\.?").replace(",", r"\s?,?")
        for name in sorted(folded, key=len, reverse=True)
    )
    return re.compile(rf"(?:{spaced})(?!\w)")


def known_name_end(folded: str, start: int, head_end: int) -> int | None:
    """Where the full name of a central agency ends, with or without its head's title before it; None without one."""
    starts = [start]
    if folded[head_end : head_end + 1].isspace():
        starts.append(head_end + 1)
    starts += [start + len(office) for office in _OFFICES if folded.startswith(office, start)]
    names = [_known_names().match(folded, at) for at in starts]
    return max((name.end() for name in names if name), default=None)


@cache
def _words_of(*tables: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """(phrases of several syllables, folded; single syllables with their marks)."""
    phrases = [row["phrase"] for table in tables for row in rows(table, DATA)]
    several = [fold(phrase) for phrase in phrases if " " in phrase or "/" in phrase]
    single = [canonical(phrase) for phrase in phrases if " " not in phrase and "/" not in phrase]
    return re.compile(rf"(?:{phrases_pattern(several)})(?!\w)"), re.compile(rf"(?:{phrases_pattern(single)})(?!\w)")


def name_stops(text: str, folded: str, at: int) -> bool:
    """Whether a word that no agency's name holds stands at *at*."""
    if text[at : at + 1].isupper() and not folded.startswith(("ve ", "v/v", "ve\n"), at):
        return False
    if _NUMBER_FOLLOWS.match(folded[at : at + 6]):
        return True
    several, single = _words_of("title_cues", "issuer_stops")
    return bool(several.match(folded, at) or single.match(canonical(text[at : at + _STOP_LENGTH])))


def title_start_end(text: str, folded: str, at: int) -> int | None:
    """Where the first words of a title that begins at *at* end; None where none begins."""
    several, single = _words_of("title_cues")
    if match := several.match(folded, at):
        return match.end()
    match = single.match(canonical(text[at : at + _CUE_LENGTH]))
    return at + match.end() if match else None


#: "Luật sư" and "Luật gia" in names of agencies.
_LAWYER = re.compile(r"luat\s(?:su|gia)(?!\w)")


def citation_begins(text: str, folded: str, at: int) -> bool:
    """Whether the next citation begins at *at*."""
    match = type_pattern().match(folded, at)
    if match and _LAWYER.match(folded, at):
        return False
    return bool(match and (text[at : at + 1].isupper() or _CITED.match(folded, match.end())))
