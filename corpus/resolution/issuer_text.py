"""The name of a cited agency in full: "UBND tỉnh" in a document of Thanh Hóa is "UBND tỉnh Thanh Hóa"."""

from __future__ import annotations

import re

from corpus import agencies, areas
from corpus.fold import squeeze
from corpus.model import Record

# A level without a place at the end of a name: "UBND tỉnh".
_BARE_LEVEL = re.compile(r"(?i)\s+(tỉnh|huyện|quận|thị xã|thành phố|xã|phường|thị trấn|tp\.?|tx\.?)$")
_LEVEL_BEFORE_NAME = re.compile(r"(?i)^(tỉnh|huyện|quận|thị xã|thành phố)\s+")
_PARTY_COMMITTEE = re.compile(r"(?i)\bủy$|\buỷ$")
#: Agencies whose name can be made of their key.
_BY_KEY = {"ubnd": "UBND", "hdnd": "HĐND"}


def issuer_text(printed: str | None, key: str | None, record: Record, own_key: str | None) -> str | None:
    """The full name of the agency *key* that *record* cites as *printed*; None where it is not known.

    own_key: of the issuer of *record*.
    """
    if key is None or key.endswith("?"):
        return None
    if ":" not in key:
        return printed or agencies.name_of(key)
    agency, place = key.split(":", 1)
    if printed:
        if areas.split(agencies.without_head(agencies.short(printed)))[2]:
            return printed
        base = _BARE_LEVEL.sub("", squeeze(printed))
    elif record.issuer and key == own_key:
        return record.issuer
    else:
        base = _BY_KEY.get(agency, "")
    name = _place_name(place, record) if base else None
    if name and _PARTY_COMMITTEE.search(base):  # Tỉnh ủy Vân Lĩnh, not Tỉnh ủy tỉnh Vân Lĩnh
        name = _LEVEL_BEFORE_NAME.sub("", name)
    return f"{base} {name}" if name else None


def _place_name(place: str, record: Record) -> str | None:
    """The name of an area with its level, by the table of provinces or by the agencies of *record*."""
    if place.startswith("tinh:") and place.removeprefix("tinh:") in areas.provinces():
        return areas.full_name(place.removeprefix("tinh:"))
    for name in (record.issuer, record.parent_agency, record.parent_agency_inferred):
        if name:
            bare = agencies.without_head(agencies.short(name))
            agency, _, found = areas.split(bare)
            if found == place and bare.startswith(agency):
                return bare[len(agency) :].strip()
    return None
