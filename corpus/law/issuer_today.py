"""Which agency stands today where an issuer stood: merged provinces and ministries, departments, the end of districts.

Concluded from tables, never printed: what is shown says so and names its source. Unknown is None: communes were cut anew,
and their successors are not in the tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from corpus import agencies, areas
from corpus.fold import fold
from corpus.tables import rows


@dataclass(frozen=True, slots=True)
class Today:
    """name: the agency of today, None where its level is gone. since: EDTF, of the last change. sources: what ordered it."""

    name: str | None
    since: str
    sources: list[str]


@cache
def _table() -> dict[tuple[str, str], dict[str, str]]:
    return {(row["what"], row["slug"]): row for row in rows("successors")}


@cache
def _central() -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in rows("agencies")}


def issuer_today(key: str | None, issuer: str | None, date: str | None = None) -> Today | None:
    """The agency that stands today for the *issuer* of a paper of *date*, *key* being its key; None where it is the same
    one, or where that is not known."""
    if not key or not issuer or "?" in key:
        return None
    found = _of_ministry(key) if ":" not in key else _of_local(key, issuer)
    # A paper of a later day bears a name that still stands, or one that is not the one of the tables.
    return None if found is None or (date is not None and date >= found.since) else found


def _of_ministry(key: str) -> Today | None:
    row = _central().get(key)
    if row is None or not row["valid_to"] or row["successor"] not in _central():
        return None
    while row["successor"]:
        row = _central()[row["successor"]]
    rule = _table()["ministry", ""]
    return Today(row["name"], rule["since"], [rule["source"]])


def _of_local(key: str, issuer: str) -> Today | None:
    _, level, *rest = key.split(":")
    if level == "huyen":
        rule = _table()["district", ""]
        return Today(None, rule["since"], [rule["source"]])
    if level != "tinh" or not rest or rest[0] not in areas.provinces():
        return None
    province, now = rest[0], areas.now(rest[0])
    agency = areas.split(agencies.without_head(agencies.short(issuer)))[0]
    rules = []
    department = _table().get(("department", agencies.full_slug(agency)))
    if department:
        agency, rules = department["name"], [department]
    if now != province:
        rules.append(_table()["hue" if province == "thua-thien-hue" else "province", ""])
    if not rules:
        return None
    return Today(_named(agency, now), max(rule["since"] for rule in rules), [rule["source"] for rule in rules])


def _named(agency: str, province: str) -> str:
    """``UBND``, ``quang-ngai`` → ``Ủy ban nhân dân tỉnh Quảng Ngãi``; a party committee takes its level into its name."""
    row = areas.provinces()[province]
    if fold(agency).startswith(("tinh uy", "thanh uy")):
        return f"{'Thành ủy' if row.kind == 'thành phố' else 'Tỉnh ủy'} {row.name}"
    full = agency.replace("UBND", "Ủy ban nhân dân").replace("HĐND", "Hội đồng nhân dân")
    return f"{full} {areas.full_name(province)}"
