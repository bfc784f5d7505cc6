"""The agency that has taken an issuer's place since the reorganisations of 2025: provinces, ministries, departments.

Districts were abolished. The successors of communes are not in the tables, so they are unknown. The answer is concluded
from tables, never printed in a document: it is shown with its source.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from corpus import agencies, areas
from corpus.fold import fold
from corpus.tables import rows


@dataclass(frozen=True, slots=True)
class IssuerToday:
    """The successor of an issuer."""

    #: The agency of today; None where its level was abolished.
    name: str | None
    #: EDTF date of the last change.
    since: str
    #: The documents that ordered the changes.
    sources: list[str]


@cache
def _table() -> dict[tuple[str, str], dict[str, str]]:
    return {(row["what"], row["slug"]): row for row in rows("successors")}


@cache
def _central() -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in rows("agencies")}


def issuer_today(key: str | None, issuer: str | None, date: str | None = None) -> IssuerToday | None:
    """The successor of the *issuer* of a document of *date*; None where it is still the same agency, or is not known.

    key: of the issuer, see :mod:`corpus.agencies`. date: EDTF.
    """
    if not key or not issuer or "?" in key:
        return None
    found = _of_ministry(key) if ":" not in key else _of_local(key, issuer)
    # A document of a later day has the name of an agency that still exists, or of one that the tables do not mean.
    return None if found is None or (date is not None and date >= found.since) else found


def _of_ministry(key: str) -> IssuerToday | None:
    row = _central().get(key)
    if row is None or not row["valid_to"] or row["successor"] not in _central():
        return None
    while row["successor"]:
        row = _central()[row["successor"]]
    rule = _table()["ministry", ""]
    return IssuerToday(row["name"], rule["since"], [rule["source"]])


def _of_local(key: str, issuer: str) -> IssuerToday | None:
    _, level, *rest = key.split(":")
    if level == "huyen":
        rule = _table()["district", ""]
        return IssuerToday(None, rule["since"], [rule["source"]])
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
    return IssuerToday(_named(agency, now), max(rule["since"] for rule in rules), [rule["source"] for rule in rules])


def _named(agency: str, province: str) -> str:
    """The full name: ``UBND``, ``quang-ngai`` → ``Ủy ban nhân dân tỉnh Quảng Ngãi``.

    The name of a party committee contains its level: ``Tỉnh ủy Quảng Ngãi``.
    """
    row = areas.provinces()[province]
    if fold(agency).startswith(("tinh uy", "thanh uy")):
        return f"{'Thành ủy' if row.kind == 'thành phố' else 'Tỉnh ủy'} {row.name}"
    full = agency.replace("UBND", "Ủy ban nhân dân").replace("HĐND", "Hội đồng nhân dân")
    return f"{full} {areas.full_name(province)}"
