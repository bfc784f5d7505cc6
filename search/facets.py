"""The facets of results: which values there are, what they are called, and the order in which they are listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from corpus import agencies, areas, localities
from corpus.errors import UsageError
from corpus.vocabulary import Effect
from search.index.index_fields import STATES

#: Administrative levels (``cap``).
LEVELS = {"trung_uong": "Trung ương", "tinh": "Cấp tỉnh", "huyen": "Cấp huyện", "xa": "Cấp xã"}
#: Kinds of document (``kind``).
KINDS = {"administrative": "Văn bản hành chính", "spreadsheet": "Bảng tính", "other": "Bài viết, tài liệu khác"}
#: Effect statuses (``hieuluc``).
EFFECTS = {effect.value: effect.words for effect in Effect}

#: Labels that are remembered: every answer has some hundred, mostly the same.
_LABELS_KEPT = 20_000
_CLOSED: Mapping[str, Mapping[str, str]] = {"cap": LEVELS, "hieuluc": EFFECTS, "trangthai": STATES, "kind": KINDS}


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value to filter by, its Vietnamese label, and how many of the documents found have it."""

    value: str
    label: str
    count: int


def choices(facet: str) -> Mapping[str, str]:
    """The values a facet may have, with their labels; empty where any value may occur."""
    return _CLOSED.get(facet, {})


def check_value(facet: str, heading: str, value: str) -> None:
    """Raises UsageError for a value that no document can have, where the result would be an unexplained empty list.

    heading: what the facet is called in the message.
    """
    if facet == "nam" and not (len(value) == 4 and value.isascii() and value.isdigit()):
        raise UsageError(f"“{value[:40]}” không phải một năm.", "Viết bốn chữ số, ví dụ nam=2024.")
    possible = choices(facet)
    if possible and value not in possible:
        raise UsageError(f"{heading} không có giá trị “{value[:40]}”.", "Có: " + ", ".join(possible) + ".")


@lru_cache(_LABELS_KEPT)
def label(facet: str, value: str) -> str:
    """What to call a value of a facet."""
    if facet in ("tinh", "tinh_nay"):
        province = areas.provinces().get(value)
        return province.name if province else f"{value} (ngoài bảng tỉnh)"
    if facet in ("huyen", "xa"):
        return localities.label(value)
    if facet == "coquan":
        return agencies.short(value)
    return choices(facet).get(value, value)


def listed(facet: str, counts: Mapping[str, int], most: int | None = None) -> list[FacetValue]:
    """The values of a facet with their counts: years newest first, others most frequent first; the first *most*."""
    if facet == "nam":
        years = sorted(counts.items(), reverse=True)[:most]
        return [FacetValue(value, label(facet, value), count) for value, count in years]
    least = 0 if most is None or len(counts) <= most else sorted(counts.values(), reverse=True)[most - 1]
    values = [FacetValue(value, label(facet, value), count) for value, count in counts.items() if count >= least]
    return sorted(values, key=lambda v: (-v.count, v.label))[:most]
