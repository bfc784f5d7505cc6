"""Names of agencies as headers print them, in capitals, turned into names as sentences print them."""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz.distance import Levenshtein

from corpus import areas
from corpus.fold import clean, letters, squeeze
from corpus.tables import rows

_CONNECTIVES = {"và", "của", "các", "cho", "thuộc", "về"}
_ABBREVIATIONS = {"UBND", "HĐND", "OCOP", "NTM", "TW", "MTTQ", "PTNT"}
_LEVELS = ("tỉnh", "thành phố", "huyện", "quận", "thị xã", "xã", "phường", "thị trấn", "đặc khu")
_LEVEL_NAMES = {letters(name): name.upper() for name in _LEVELS}
_TWO_SYLLABLES = ("thành phố", "thị xã", "thị trấn")
_BEGINS_WITH_LEVEL = re.compile(
    r"(?i)\b(tỉnh|thành phố|tp\.?|huyện|quận|thị xã|tx\.?|xã|phường|thị trấn|đặc khu)(?=\s+\S)"
)
_ENDS_WITH_LEVEL = re.compile(r"(?i)(tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn)$")
#: Words of an agency's name; a longer text is none and is left as it is.
_MAX_WORDS = 60


@cache
def _known() -> dict[str, str]:
    """Letters of a printed form → the name: central agencies, local ones, UBND and HĐND of every province."""
    names: dict[str, str] = {}
    for row in rows("agencies"):
        names[letters(row["name"])] = row["name"]
    for row in rows("agency_names"):
        names.setdefault(letters(row["name"]), row["name"])
        if row["name"].startswith("Sở "):
            names.setdefault(letters(row["name"] + " tỉnh"), row["name"] + " tỉnh")
    for province in areas.provinces().values():
        full = f"{province.kind} {province.name}"
        for head in ("UBND", "Ủy ban nhân dân", "HĐND", "Hội đồng nhân dân"):
            names[letters(f"{head} {full}")] = f"{head} {full}"
        for row in rows("agency_names"):
            if row["name"].startswith("Sở "):
                names.setdefault(letters(f"{row['name']} {province.name}"), f"{row['name']} {province.name}")
    return names


def known(printed: str) -> tuple[str, bool] | None:
    """(name, whether the letters match exactly) for a printed agency that the tables hold; None for any other."""
    key = letters(printed)
    if key in _known():
        return _known()[key], True
    slips = 0 if len(key) < 6 else 1 if len(key) < 16 else 2
    if not slips:
        return None
    near = [name for k, name in _known().items() if Levenshtein.distance(key, k, score_cutoff=slips) <= slips]
    return (near[0], False) if len(near) == 1 else None


def from_capitals(printed: str) -> str:
    """``SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG`` → ``Sở Nông nghiệp và Môi trường``; mixed case is left as it is."""
    text = squeeze(clean(printed))
    if text != text.upper() or text.count(" ") >= _MAX_WORDS:
        return text
    out: list[str] = []
    in_place = False
    for word in text.lower().split():
        out.append(_cased(word, out, in_place))
        joined = " ".join(out)
        if _BEGINS_WITH_LEVEL.search(joined + " x") and _ENDS_WITH_LEVEL.search(joined):
            words = 2 if joined.lower().endswith(_TWO_SYLLABLES) else 1
            out[-words:] = [w.lower() for w in out[-words:]]
            in_place = True
    return " ".join(out)


def _cased(word: str, before: list[str], in_place: bool) -> str:
    """A word of a name in the case sentences use, behind the words before it."""
    if word.strip("().,").upper() in _ABBREVIATIONS:
        return word.upper()
    if word in _CONNECTIVES and not in_place:
        return word
    if in_place or len(before) < 2 or before[-1] in {"-", "và"} or before[-1].endswith(","):
        return word[:1].upper() + word[1:]
    return word


def _with_level(words: list[str]) -> str:
    """The place behind an agency with its level spelled right: ``TÍNH VÂN LĨNH``, which lost a mark, is a tỉnh."""
    for count in (2, 1):
        level = _LEVEL_NAMES.get(letters("".join(words[:count]))) if len(words) > count else None
        if level:
            return " ".join([level, *words[count:]])
    return " ".join(words)


def read(printed: str) -> tuple[str, bool]:
    """(the name of a printed agency, whether its letters were repaired)."""
    found = known(printed)
    if found:
        return found[0], not found[1]
    whole = squeeze(clean(printed))
    words = whole.split()
    for count in range(min(len(words), _MAX_WORDS) - 1, 0, -1):  # "TỈNH ỦY SƠN HÀ": a known agency, then the place
        head = _known().get(letters(" ".join(words[:count])))
        if head and whole == whole.upper():
            rest = _with_level(words[count:])
            place = _BEGINS_WITH_LEVEL.match(rest) is None and areas.province_named(rest)
            return f"{head} {areas.provinces()[place].name if place else from_capitals(rest)}", False
    return from_capitals(printed), False
