"""Provinces in time, and the areas that agency names carry.

An area is ``tinh:<id>`` (provinces and cities under the centre), ``huyen:<slug>`` (huyện, quận, thị xã, city of a
province) or ``xa:<slug>`` (xã, phường, thị trấn, đặc khu). Source: Nghị quyết 202/2025/QH15 and 203/2025/QH15.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from corpus.fold import clean, fold, squeeze
from corpus.tables import rows

#: Names of agencies that are remembered: the documents of an office have few.
_NAMES_KEPT = 4096
#: A word for a kind of area → its level; a "thành phố" may also be a province, which its name shows.
_LEVEL = {
    "tinh": "tinh",
    **dict.fromkeys(("thanh pho", "tp", "huyen", "quan", "thi xa", "tx"), "huyen"),
    **dict.fromkeys(("xa", "phuong", "thi tran", "tt", "dac khu"), "xa"),
}
_LEVEL_WORD = re.compile(
    r"\b(thành phố|thanh pho|tp\.?|tỉnh|tinh|huyện|quận|thị xã|tx\.?|xã|phường|thị trấn|đặc khu)(?=[\s.])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Province:
    """A province as it stood between two days (ISO strings, "" where open)."""

    id: str
    name: str
    kind: str
    valid_from: str
    valid_to: str
    successor: str


def slug(name: str) -> str:
    """``Đức Phổ`` → ``duc-pho``; digits kept (``Phường 1``)."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")


@cache
def provinces() -> dict[str, Province]:
    """All provinces by id, those that were merged in 2025 included."""
    return {
        row["id"]: Province(row["id"], row["name"], row["kind"], row["valid_from"], row["valid_to"], row["successor"])
        for row in rows("provinces")
    }


@cache
def _province_slugs() -> dict[str, str]:
    names = {}
    for row in rows("provinces"):
        for name in (row["name"], *row["aliases"].split("|")):
            if name:
                names[slug(name)] = row["id"]
    return names


def province_named(name: str) -> str | None:
    """The id of the province of that name (any spelling of table ``provinces``), or None."""
    return _province_slugs().get(slug(name))


def now(province: str) -> str:
    """The province that *province* belongs to today: ``kon-tum`` → ``quang-ngai``."""
    current = province
    while provinces()[current].successor:
        current = provinces()[current].successor
    return current


def full_name(province: str) -> str:
    """``quang-ngai`` → ``tỉnh Quảng Ngãi``."""
    row = provinces()[province]
    return f"{row.kind} {row.name}"


@lru_cache(_NAMES_KEPT)
def split(name: str) -> tuple[str, str | None, str | None]:
    """An agency's name without its area: (agency words, level, area).

    ========================  ==================================================
    ``UBND thị xã Đức Phổ``   (``UBND``, ``huyen``, ``huyen:duc-pho``)
    ``Sở Y tế tỉnh``          (``Sở Y tế``, ``tinh``, None)
    ``Sở Y tế Kiên Giang``    (``Sở Y tế``, ``tinh``, ``tinh:kien-giang``)
    ``Bộ Y tế``               (``Bộ Y tế``, None, None)
    ========================  ==================================================
    """
    name = squeeze(clean(name))
    return _split_at_level(name) or _split_at_province(name) or (name, None, None)


def _split_at_level(name: str) -> tuple[str, str | None, str | None] | None:
    """Split before the first level word that a proper name, or nothing, follows; None where there is none."""
    for match in _LEVEL_WORD.finditer(name + " "):
        rest = name[match.end() :].strip(" .,")
        before = name[: match.start()].strip(" ,")
        if not before or (rest and not rest[0].isupper() and not rest[0].isdigit()):
            continue
        level = _LEVEL[fold(match[1]).rstrip(".")]
        rest = re.split(r",| - (?=tỉnh|thành phố)", rest)[0].strip()
        if not rest:
            return before, level, None
        province = province_named(rest)
        if province and (level == "tinh" or (provinces()[province].kind == "thành phố" and level == "huyen")):
            return before, "tinh", f"tinh:{province}"
        return before, level, f"{level}:{slug(rest)}"
    return None


def _split_at_province(name: str) -> tuple[str, str | None, str | None] | None:
    """Split before the bare name of a province at the end: "Sở Y tế Kiên Giang"; None where there is none."""
    words = name.split()
    for length in (5, 4, 3, 2):
        if len(words) > length:
            province = province_named(" ".join(words[-length:]))
            if province and fold(words[0]) not in {"bo", "tong"}:
                return " ".join(words[:-length]), "tinh", f"tinh:{province}"
    return None


def beyond_table(agency: str) -> str | None:
    """The province in an agency's name that the table does not have: ``UBND tỉnh Vân Lĩnh`` → ``Vân Lĩnh``."""
    name = squeeze(clean(agency))
    for match in _LEVEL_WORD.finditer(name + " "):
        if fold(match[1]) != "tinh":
            continue
        words = re.match(r"(?:[^\W\d_]+\s?){1,4}", name[match.end() :].strip())
        kept = []
        for word in words.group().split() if words else ():
            if not word[0].isupper():
                break
            kept.append(word)
        if kept and province_named(" ".join(kept)) is None:
            return " ".join(kept)
    return None


@cache
def _mention() -> re.Pattern[str]:
    names = sorted({row["name"] for row in rows("provinces")}, key=len, reverse=True)
    return re.compile(
        r"(?:tỉnh|thành phố|TP\.?)\s+(" + "|".join(re.escape(n) for n in names) + r")(?!\w)", re.IGNORECASE
    )


def mentioned(text: str, *, limit: int = 200_000) -> list[tuple[str, int]]:
    """Provinces named with their level in the first *limit* characters of *text*: (id, times), most often first."""
    counts: dict[str, int] = {}
    for match in _mention().finditer(squeeze(clean(text[:limit]))):
        province = province_named(match[1])
        if province:
            counts[province] = counts.get(province, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
