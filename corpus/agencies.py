"""Agencies: one key for every spelling, so that "UBND tỉnh X" and "Ủy ban nhân dân tỉnh X" are one issuer.

Central agencies have the keys of table ``agencies``: ``ttg``, ``cp``, ``bnnptnt``. Local ones carry their area:
``ubnd:tinh:thanh-hoa``, ``so-y-te:tinh:kien-giang``, ``ubnd:huyen:duc-pho``. ``ubnd:?`` is an agency whose area is not
known; documents are never merged by such a key. "Chủ tịch UBND X" and "UBND X" share one register of numbers, hence one
key.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from corpus import areas
from corpus.fold import clean, fold, letters, squeeze
from corpus.tables import rows

#: Levels of government, from the centre down.
LEVELS = ("trung_uong", "tinh", "huyen", "xa")

# How the codes of local agencies begin in a ký hiệu.
_LOCAL_CODE = re.compile(r"^(UBND|UB|HĐND|HDND|TU|HU|VPĐP|BCĐ|S[A-ZĐ]|P[A-ZĐ]|CC[A-ZĐ])")

#: Ký hiệu of which the agency is remembered.
_SYMBOLS_KEPT = 4096
#: Names of agencies of which the short one and the slug are remembered.
_NAMES_KEPT = 4096

# Words of an agency's name that its key keeps.
_MOST_WORDS = 14


@cache
def _central_names() -> dict[str, str]:
    names = {}
    for row in rows("agencies"):
        for name in (row["name"], *row["names"].split("|")):
            if name:
                names[letters(name)] = row["key"]
    return names


@cache
def _central_codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for row in rows("agencies"):
        for code in row["codes"].split("|"):
            if code:
                codes.setdefault(letters(code), row["key"])
    return codes


@cache
def _heads() -> re.Pattern[str]:
    titles = sorted((row["title"] for row in rows("heads")), key=len, reverse=True)
    return re.compile(r"(?:" + "|".join(re.escape(t) for t in titles) + r")\s+(?=\S)", re.IGNORECASE)


@cache
def name_of(key: str) -> str | None:
    """The full name of a central agency; None for a local or unknown key."""
    return next((row["name"] for row in rows("agencies") if row["key"] == key), None)


@lru_cache(_NAMES_KEPT)
def short(name: str) -> str:
    """``Ủy ban nhân dân tỉnh X`` → ``UBND tỉnh X``; spelling and case of the rest kept."""
    text = squeeze(clean(name))
    text = re.sub(r"(?i)\b[uủ][yỷ]\s+ban\s+nh[âa]n\s+d[âa]n\b", "UBND", text)
    return re.sub(r"(?i)\bh[ộo]i\s+đ[ồo]ng\s+nh[âa]n\s+d[âa]n\b", "HĐND", text)


@lru_cache(_NAMES_KEPT)
def without_head(name: str) -> str:
    """``Chủ tịch UBND tỉnh X`` → ``UBND tỉnh X``; a head who is an agency stays (``Thủ tướng Chính phủ``)."""
    text = squeeze(clean(name))
    if letters(text) in _central_names():
        return text
    match = _heads().match(text)
    return text[match.end() :] if match else text


@lru_cache(_SYMBOLS_KEPT)
def of_symbol(symbol: str) -> str | None:
    """The key of the central agency that a ký hiệu names; None for a local one.

    ``QĐ-BNN-VPĐP`` → ``bnnptnt``, ``QH15`` → ``qh``.
    """
    segments = [s for s in re.split(r"[-/]", clean(symbol)) if s]
    for segment in segments:
        key = _central_codes().get(re.sub(r"\d+$", "", letters(segment)))
        if key:
            return key
        if _LOCAL_CODE.match(segment):
            return None
    return None


def issuer_key(name: str | None, *, symbol: str | None = None, area: str | None = None) -> str | None:
    """The key of an agency by its printed *name*, the ký hiệu and the area of the document that names it.

    area: comma-separated areas of the citing document, nearest first ("huyen:duc-pho,tinh:quang-ngai"); used only
    where the name gives a level without a place ("UBND tỉnh"). None when nothing is known at all.
    """
    if name:
        return _key_of_name(name, area or "")
    return _key_of_symbol(symbol) if symbol else None


@lru_cache(_NAMES_KEPT)
def _key_of_name(name: str, area: str) -> str:
    nearby = [one for one in area.split(",") if one]
    bare = without_head(short(name))
    key = _central_names().get(letters(bare)) or _central_names().get(letters(name))
    if key:
        return key
    agency, level, place = areas.split(bare)
    central = _central_names().get(letters(agency))
    if central and not place:
        return central
    slug = _agency_slug("-".join(areas.slug(agency).split("-")[:_MOST_WORDS]))
    own_level = _level_of_local(slug)
    if place is None and level:
        place = next((a for a in nearby if a.startswith(level + ":")), "?")
    elif place is None and own_level is not None:
        place = next((a for a in nearby if a.startswith(own_level)), "?")
    return f"{slug}:{place}" if place else slug


def _key_of_symbol(symbol: str) -> str | None:
    key = of_symbol(symbol)
    if key:
        return key
    for segment in re.split(r"[-/]", clean(symbol)):
        if _LOCAL_CODE.match(segment):
            return f"{fold(segment)}:?"
    return None


@cache
def _words() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(rf"(?<![^-]){re.escape(row['slug'])}(?![^-])"), row["full"]) for row in rows("agency_words")
    )


def _agency_slug(slug: str) -> str:
    for pattern, full in _words():
        slug = pattern.sub(full, slug)
    return slug


@lru_cache(_NAMES_KEPT)
def full_slug(name: str) -> str:
    """An agency's name as a slug, abbreviations written out.

    ``Sở NN & PTNT`` → ``so-nong-nghiep-va-phat-trien-nong-thon``.
    """
    return _agency_slug(areas.slug(short(name)))


@cache
def _local_levels() -> dict[str, str]:
    return {row["slug"]: row["level"] for row in rows("local_agencies")}


def _level_of_local(slug: str) -> str | None:
    """The level ("" for any) of an agency that many places have; None for one that is unique."""
    levels = _local_levels().items()
    return next((level for first, level in levels if slug == first or slug.startswith(first + "-")), None)


def level(key: str | None) -> str | None:
    """trung_uong, tinh, huyen or xa; None where the key does not show it."""
    if not key:
        return None
    parts = key.split(":")
    if len(parts) == 1:
        return "trung_uong"
    return parts[1] if parts[1] in LEVELS else None


def province(key: str | None, area: str | None = None) -> str | None:
    """The province id of a local agency: its own area's, else that of *area*."""
    for part in (key or "").split(":", 1)[1:] + (area or "").split(","):
        if part.startswith("tinh:"):
            return part.removeprefix("tinh:")
    return None
