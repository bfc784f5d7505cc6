"""Agency names as a header prints them (capitals) as sentences print them, OCR slips mended."""

from __future__ import annotations

import re
from functools import cache

from corpus import areas
from corpus.fold import clean, letters, squeeze
from corpus.tables import rows

_CONNECTIVES = {"và", "của", "các", "cho", "thuộc", "về"}
_LEVEL_NAMES = {
    letters(name): name.upper()
    for name in ("tỉnh", "thành phố", "huyện", "quận", "thị xã", "xã", "phường", "thị trấn", "đặc khu")
}
_LEVELS = re.compile(r"(?i)\b(tỉnh|thành phố|tp\.?|huyện|quận|thị xã|tx\.?|xã|phường|thị trấn|đặc khu)(?=\s+\S)")


@cache
def _known() -> dict[str, str]:
    """Letters of a printed form → the name: central agencies, agencies of a place, UBND and HĐND of every province."""
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


def within(a: str, b: str, most: int) -> bool:
    """Whether the edit distance of *a* and *b* is at most *most* (small: names that differ are told by their first letters)."""
    if abs(len(a) - len(b)) > most:
        return False
    at, end = 0, min(len(a), len(b))
    while at < end and a[at] == b[at]:
        at += 1
    a, b = a[at:], b[at:]
    if not a or not b:
        return True  # what is left of one is no longer than *most*
    return most > 0 and (within(a[1:], b[1:], most - 1) or within(a[1:], b, most - 1) or within(a, b[1:], most - 1))


def known(printed: str) -> tuple[str, bool] | None:
    """(name, exact) for a printed agency that the tables hold; exact False where letters had to be mended."""
    key = letters(printed)
    if key in _known():
        return _known()[key], True
    most = 0 if len(key) < 6 else 1 if len(key) < 16 else 2
    near = [name for k, name in _known().items() if most and within(key, k, most)]
    return (near[0], False) if len(near) == 1 else None


#: Words of an agency's name; what is longer is none, and is left as it is.
_LONGEST = 60


def from_capitals(printed: str) -> str:
    """``SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG`` → ``Sở Nông nghiệp và Môi trường``; mixed case is left as it is."""
    text = squeeze(clean(printed))
    if text != text.upper() or text.count(" ") >= _LONGEST:
        return text
    out: list[str] = []
    proper = False
    for word in text.lower().split():
        if word.strip("().,").upper() in {"UBND", "HĐND", "OCOP", "NTM", "TW", "MTTQ", "PTNT"}:
            out.append(word.upper())
        elif word in _CONNECTIVES and not proper:
            out.append(word)
        elif proper or not out or out[-1] in {"-", "và"} or out[-1].endswith(",") or len(out) == 1:
            out.append(word[:1].upper() + word[1:])
        else:
            out.append(word)
        joined = " ".join(out)
        if _LEVELS.search(joined + " x") and re.search(
            r"(?i)(tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn)$", joined
        ):
            words = 2 if joined.lower().endswith(("thành phố", "thị xã", "thị trấn")) else 1
            out[-words:] = [w.lower() for w in out[-words:]]
            proper = True
    return " ".join(out)


def _levelled(words: list[str]) -> str:
    """The place behind a head with its level word spelt right: OCR loses marks, ``TÍNH VÂN LĨNH`` is a tỉnh."""
    for count in (2, 1):
        level = _LEVEL_NAMES.get(letters("".join(words[:count]))) if len(words) > count else None
        if level:
            return " ".join([level, *words[count:]])
    return " ".join(words)


def read(printed: str) -> tuple[str, bool]:
    """The name to keep for a printed agency and whether its letters were mended."""
    found = known(printed)
    if found:
        return found[0], not found[1]
    whole = squeeze(clean(printed))
    words = whole.split()
    for count in range(min(len(words), _LONGEST) - 1, 0, -1):  # "TỈNH ỦY SƠN HÀ": a known head, then the place
        head = _known().get(letters(" ".join(words[:count])))
        if head and whole == whole.upper():
            rest = _levelled(words[count:])
            place = _LEVELS.match(rest) is None and areas.province_named(rest)
            return f"{head} {areas.provinces()[place].name if place else from_capitals(rest)}", False
    return from_capitals(printed), False
