"""Gazetteer: provinces, districts and communes of Việt Nam, before and after the mergers of 2025.

A unit has an id that stays valid: a province has that of :mod:`corpus.areas` (``lam-dong``), a district ``huyen-666``,
a commune ``xa-24631``, a commune of today ``xa-24631-2025``. Names repeat (dozens of communes are called Tân Lập), so
a name finds several units, and what is known of their province tells them apart.

===========================================  ======================================================
``named("Đak Rlap", level=Level.DISTRICT)``  the units of that name in any spelling, marks ignored
``unit("huyen-666").full_name``              ``huyện Đắk R'Lấp``
``province_of(unit)``                        ``dak-nong``: the province it belonged to
``province_today(unit)``                     ``lam-dong``
``communes_today(unit)``                     the communes of today that its area went to
===========================================  ======================================================

Sources: tables ``units`` (written by ``python -m tools.gazetteer``, see there) and ``provinces``.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from corpus import areas
from corpus.fold import letters, letters_of_each
from corpus.tables import rows


class Level(StrEnum):
    """The level of a unit, with the values that :mod:`corpus.areas` uses."""

    PROVINCE = "tinh"
    DISTRICT = "huyen"
    COMMUNE = "xa"


class State(StrEnum):
    """Whether a unit exists."""

    TODAY = "today"
    #: It ended on 30 June 2025 (provinces: a day that :mod:`corpus.areas` knows).
    UNTIL_2025 = "until_2025"
    #: It was dissolved, renamed or given another kind before, on a day that the sources do not give.
    EARLIER = "earlier"


class Unit(NamedTuple):
    """An administrative unit as it stood at one time."""

    id: str
    level: Level
    #: ``tỉnh``, ``thành phố``, ``huyện``, ``quận``, ``thị xã``, ``xã``, ``phường``, ``thị trấn``, ``đặc khu``.
    kind: str
    #: Without its kind: ``Đắk R'Lấp``.
    name: str
    #: Id of the unit above at that time; None for a province.
    parent: str | None
    state: State
    #: Ids of the units of today that a former province or commune went to, the one with the larger part first. Empty
    #: for a unit of today, for districts (see :func:`communes_today`), and where the sources do not say.
    successors: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """``huyện Đắk R'Lấp``."""
        return f"{self.kind} {self.name}"


@cache
def units() -> Mapping[str, Unit]:
    """All units by id."""
    found = {}
    for province in areas.provinces().values():
        state = State.UNTIL_2025 if province.successor else State.TODAY
        after: tuple[str, ...] = (province.successor,) if province.successor else ()
        found[province.id] = Unit(province.id, Level.PROVINCE, province.kind, province.name, None, state, after)
    levels, states = {str(level): level for level in Level}, {str(state): state for state in State}
    for row in rows("units"):
        id_, of_today = row["id"], row["successors"]
        level, state = levels[id_.split("-")[0]], states[row["state"]]
        after = tuple(of_today.split("|")) if of_today else ()
        found[id_] = Unit(id_, level, row["kind"], row["name"], row["parent"], state, after)
    return found


def unit(unit_id: str) -> Unit:
    """The unit with that id. Raises KeyError where there is none."""
    return units()[unit_id]


@cache
def _by_letters() -> dict[str, tuple[Unit, ...]]:
    found: dict[str, list[Unit]] = {}
    every = units().values()
    for key, one in zip(letters_of_each([one.name for one in every]), every, strict=True):
        found.setdefault(key, []).append(one)
    for row in rows("provinces"):
        for alias in filter(None, row["aliases"].split("|")):
            of_alias = found.setdefault(letters(alias), [])
            if units()[row["id"]] not in of_alias:
                of_alias.append(units()[row["id"]])
    return {key: tuple(ones) for key, ones in found.items()}


def named(name: str, *, level: Level | None = None, kind: str | None = None) -> tuple[Unit, ...]:
    """The units called *name* in any spelling (marks, case, hyphens and apostrophes ignored), of a level and a kind.

    name: without a word for its kind. Empty where there is none.
    """
    found = _by_letters().get(letters(name), ())
    return tuple(one for one in found if (level is None or one.level is level) and (kind is None or one.kind == kind))


@cache
def keys_of_kind(kind: str) -> frozenset[str]:
    """The names of all units of a kind as :func:`corpus.fold.letters` writes them, to compare misread names with."""
    return frozenset(letters_of_each([one.name for one in units().values() if one.kind == kind]))


def above(one: Unit) -> tuple[Unit, ...]:
    """The units that *one* belonged to, the nearest first: a former commune's district and province."""
    found = []
    parent = one.parent
    while parent is not None:
        found.append(units()[parent])
        parent = units()[parent].parent
    return tuple(found)


def province_of(one: Unit) -> str:
    """The id of the province that *one* belongs to, or belonged to while it existed; its own for a province."""
    chain = above(one)
    return chain[-1].id if chain else one.id


def province_today(one: Unit) -> str:
    """The id of the province in which the area of *one* lies today."""
    return areas.now(province_of(one))


@cache
def _children() -> dict[str, tuple[Unit, ...]]:
    found: dict[str, list[Unit]] = {}
    for one in units().values():
        if one.parent is not None:
            found.setdefault(one.parent, []).append(one)
    return {parent: tuple(ones) for parent, ones in found.items()}


def children(unit_id: str) -> tuple[Unit, ...]:
    """The units directly below one: of a province its districts and its communes of today."""
    return _children().get(unit_id, ())


def communes_today(one: Unit) -> tuple[Unit, ...]:
    """The communes of today that hold the area of a district or commune, the larger parts first.

    Empty where the sources do not say, and for a province.
    """
    if one.level is Level.PROVINCE:
        return ()
    if one.state is State.TODAY:
        return (one,)
    former = (one,) if one.level is Level.COMMUNE else children(one.id)
    found = dict.fromkeys(after for commune in former for after in commune.successors)
    return tuple(units()[after] for after in found)
