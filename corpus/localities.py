"""The places a document belongs to: the provinces, districts and communes of its agency, then and today.

They are derived, in this order: from the names of the issuer and of the agency above it, joint issuers one by one; from
the areas that the reader found (:func:`corpus.identity.area_of`); from the place beside the date, for local agencies
only, since the centre dates from Hà Nội. A name that several units have is told apart by its kind, by the province or
district found beside it, and by the day: communes of today exist from 1 July 2025 on. One that remains open stays as
printed, so that it is never given to the wrong province.

Values are ids of :mod:`corpus.gazetteer`, or the printed name with its kind where the gazetteer does not decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus import agencies, areas, gazetteer
from corpus.fold import clean, fold, squeeze
from corpus.gazetteer import Level, State, Unit

#: The first day of the communes of today and the last of the districts (Nghị quyết 203/2025/QH15).
_TWO_LEVELS = "2025-07-01"
_KINDS = {
    "thanh pho": "thành phố",
    "tp": "thành phố",
    "thi xa": "thị xã",
    "tx": "thị xã",
    "huyen": "huyện",
    "quan": "quận",
    "thi tran": "thị trấn",
    "tt": "thị trấn",
    "phuong": "phường",
    "dac khu": "đặc khu",
    "xa": "xã",
    "tinh": "tỉnh",
}
_LEVEL_OF_KIND = {
    **dict.fromkeys(("huyện", "quận", "thị xã", "thành phố"), Level.DISTRICT),
    **dict.fromkeys(("xã", "phường", "thị trấn", "đặc khu"), Level.COMMUNE),
}
#: A kind and the name behind it, folded.
_KIND_FIRST = re.compile(r"(" + "|".join(_KINDS) + r")\.?\s+(?=\S)")
#: Party committees that carry the name of their area without its kind.
_COMMITTEE = re.compile(r"(huyện|quận|thị|thành)\s+[uủ][yỷ]\s+(\S.*)", re.IGNORECASE)
_OF_COMMITTEE = {"huyen": "huyện", "quan": "quận", "thi": "thị xã", "thanh": "thành phố"}
#: Between joint issuers.
_JOINT = re.compile(r"\s+[-–]\s+|\s*[;,]\s*")


@dataclass(frozen=True, slots=True)
class Locality:
    """Where a document belongs; each value once, in the order found."""

    #: Provinces when it was issued.
    provinces: tuple[str, ...] = ()
    #: Provinces of today.
    provinces_now: tuple[str, ...] = ()
    #: Districts when it was issued.
    districts: tuple[str, ...] = ()
    #: Communes when it was issued.
    communes: tuple[str, ...] = ()
    #: Communes of today that its commune went to.
    communes_now: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Named:
    """A unit as an agency's name gives it."""

    level: Level
    kind: str
    name: str

    @property
    def printed(self) -> str:
        return f"{self.kind} {self.name}".strip()


@lru_cache(10_000)
def locality(
    issuer: str | None,
    key: str | None,
    parent: str | None = None,
    place: str | None = None,
    area: str = "",
    date: str | None = None,
) -> Locality:
    """The places of a document.

    issuer, parent: agencies as printed. key: the issuer's (:mod:`corpus.agencies`). place: beside the date. area: of
    :func:`corpus.identity.area_of`. date: EDTF.
    """
    found = [one for name in (issuer, parent) for one in _units_named(name)]
    central = agencies.level(key) == "trung_uong" and not found
    if central or not (issuer or key or parent):
        return Locality()
    known, unknown = _provinces(found, key, area)
    districts, communes = _told_apart(found, known, date, beyond=bool(unknown) and not known)
    units = [one for one in (*districts, *communes) if isinstance(one, Unit)]
    if not known and not unknown:
        known = list(dict.fromkeys(gazetteer.province_of(one) for one in units)) or _of_place(place, date)
    districts += [above for one in communes if isinstance(one, Unit) for above in _districts_above(one)]
    now = [after for one in communes if isinstance(one, Unit) for after in gazetteer.communes_today(one)]
    return Locality(
        tuple(dict.fromkeys((*known, *unknown))),
        tuple(dict.fromkeys(areas.now(one) for one in known)),
        _values(districts),
        _values(communes),
        _values(now),
    )


def _values(units: Iterable[Unit | _Named]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.id if isinstance(one, Unit) else one.printed for one in units))


def _units_named(agency: str | None) -> list[_Named]:
    """The units in the names of one agency, or of several joint ones."""
    if not agency:
        return []
    found: dict[_Named, None] = {}
    for part in (agency, *_JOINT.split(squeeze(clean(agency)))):
        bare = agencies.without_head(agencies.short(part))
        committee = _COMMITTEE.match(bare)
        if committee:
            kind = _OF_COMMITTEE[fold(committee[1])]
            if areas.province_named(committee[2]) is None or kind != "thành phố":
                found[_Named(Level.DISTRICT, kind, committee[2])] = None
            continue
        words, level, place = areas.split(bare)
        if not level or not place or place.endswith(":?"):
            named = _joined_area(bare)
            if named:
                found[named] = None
            continue
        kind, name = with_kind(bare[len(words) :].strip(" ,-"))
        found[_Named(Level(level), kind, re.split(r",|\s[-–]\s", name)[0].strip())] = None
    return list(found)


def _joined_area(part: str) -> _Named | None:
    """A part that is an area alone: "tỉnh Đắk Nông" behind "UBND huyện Krông Nô - "."""
    kind, name = with_kind(part)
    if kind == "tỉnh" and areas.province_named(name):
        return _Named(Level.PROVINCE, kind, name)
    return None


def with_kind(words: str) -> tuple[str, str]:
    """``TX. Đức Phổ`` → (``thị xã``, ``Đức Phổ``); the kind is empty where none is written."""
    words = squeeze(clean(words))
    found = _KIND_FIRST.match(fold(words))
    return (_KINDS[found[1]], words[found.end() :]) if found else ("", words)


def _provinces(found: Sequence[_Named], key: str | None, area: str) -> tuple[list[str], list[str]]:
    """The provinces in names, key and areas: ids, and printed names that the table does not have."""
    known: dict[str, None] = {}
    unknown: dict[str, None] = {}
    for one in found:
        if one.level is Level.PROVINCE:
            id_ = areas.province_named(one.name)
            if id_:
                known[id_] = None
            else:
                unknown[one.name] = None
    own = agencies.province(key, area)
    if own in areas.provinces() and not known and not unknown:
        known[own] = None
    return list(known), list(unknown)


def _told_apart(
    found: Sequence[_Named], provinces: Sequence[str], date: str | None, *, beyond: bool
) -> tuple[list[Unit | _Named], list[Unit | _Named]]:
    """Districts and communes: the unit of the gazetteer where only one can be meant, else the name as printed.

    beyond: the province is none of the table, so that its units are not there either.
    """
    districts: list[Unit | _Named] = []
    for one in (named for named in found if named.level is Level.DISTRICT):
        units = [] if beyond else _possible(one, provinces, date)
        districts.append(units[0] if len(units) == 1 else one)
    within = {one.id for one in districts if isinstance(one, Unit)}
    communes: list[Unit | _Named] = []
    for one in (named for named in found if named.level is Level.COMMUNE):
        units = [] if beyond else _possible(one, provinces, date)
        inside = [unit for unit in units if unit.parent in within]
        units = inside or ([] if within else units)
        communes.append(units[0] if len(units) == 1 else one)
    return districts, communes


def _possible(one: _Named, provinces: Sequence[str], date: str | None) -> list[Unit]:
    """The units that a name may mean on that day, in those provinces where any is known."""
    units = gazetteer.named(one.name, level=one.level, kind=one.kind or None)
    if one.level is Level.COMMUNE and date:
        today = date >= _TWO_LEVELS[: len(date)]
        units = tuple(unit for unit in units if (unit.state is State.TODAY) is today) or units
    if provinces:
        near = {areas.now(province) for province in provinces}
        inside = tuple(unit for unit in units if gazetteer.province_of(unit) in provinces)
        units = inside or tuple(unit for unit in units if gazetteer.province_today(unit) in near)
    standing = [unit for unit in units if unit.state is not State.EARLIER]
    return standing or list(units)


def _districts_above(commune: Unit) -> list[Unit]:
    return [above for above in gazetteer.above(commune) if above.level is Level.DISTRICT]


def _of_place(place: str | None, date: str | None) -> list[str]:
    """The province of the place beside the date, where it can be only one."""
    if not place:
        return []
    kind, name = with_kind(place)
    named = areas.province_named(name) if kind in ("", "tỉnh", "thành phố") else None
    if named:
        return [named]
    units = [
        unit for level in (Level.DISTRICT, Level.COMMUNE) for unit in _possible(_Named(level, kind, name), (), date)
    ]
    of_district = [unit for unit in units if unit.level is Level.DISTRICT]
    provinces = {gazetteer.province_of(unit) for unit in of_district or units}
    return list(provinces) if len(provinces) == 1 else []


def label(value: str) -> str:
    """What to call a district or commune: ``huyen-568`` → ``thành phố Nha Trang (Khánh Hòa)``; a printed name stays."""
    unit = gazetteer.units().get(value)
    if unit is None:
        return value
    return f"{unit.full_name} ({gazetteer.unit(gazetteer.province_of(unit)).name})"


def filter_values(words: str, level: Level) -> tuple[str, ...]:
    """The values that documents may have where *words* name their district or commune: ids, and names as printed."""
    kind, name = with_kind(words)
    kinds = [kind] if kind else [one for one, own in _LEVEL_OF_KIND.items() if own is level]
    printed = (f"{one} {name}" for one in kinds)
    return tuple(dict.fromkeys((words, *values_named(words, level), *printed)))


def values_named(words: str, level: Level) -> tuple[str, ...]:
    """The ids of the districts or communes that *words* may name, with or without their kind; empty for none."""
    kind, name = with_kind(words)
    found = gazetteer.named(name, level=level, kind=kind or None) or gazetteer.named(words, level=level)
    return tuple(unit.id for unit in found)
