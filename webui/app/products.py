"""The register of products for pages, exports, the API and the command: filtered and shaped in one place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from corpus import agencies, areas
from corpus.errors import NotFound, UsageError
from corpus.fold import fold, squeeze
from corpus.localities import locality
from corpus.products.register import Entry, Register, Registered
from corpus.products.term import months_later
from webui.app import json_shapes
from webui.app.document_view import is_pictured

if TYPE_CHECKING:
    from corpus.library import LibraryView
    from corpus.library.values import Summary

#: Whether the recognition is still valid, by its name in an address.
STATES = {"": "tất cả", "con-han": "còn hạn", "het-han": "hết hạn", "bi-thay": "quyết định đã bị thay thế, bãi bỏ"}
#: Numbers of stars to filter by.
STARS = (3, 4, 5)
#: Months within which a recognition may end, at most.
_MOST_MONTHS = 60
#: Columns of the exported table.
HEADINGS = (
    "Sản phẩm", "Chủ thể", "Địa chỉ", "Nhóm", "Số sao", "Điểm", "Quyết định", "Ngày công nhận", "Hết hạn", "Cơ quan",
    "Cần kiểm tra",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProductQuery:
    """Which products are listed."""

    #: Words of the name, the owner, the address or the group; without diacritics too.
    words: str = ""
    #: The agency that recognised.
    issuer: str = ""
    #: Words of the address.
    place: str = ""
    #: The province of the agency when it recognised, by name.
    province: str = ""
    #: As listed by :func:`districts`.
    district: str = ""
    owner: str = ""
    stars: int | None = None
    #: A key of :data:`STATES`.
    state: str = ""
    #: Valid now, and no longer in so many months.
    within: int | None = None


def listed(
    library: LibraryView, register: Register, query: ProductQuery, today: dt.date | None = None
) -> list[dict[str, Any]]:
    """The products that *query* asks for, by name. Raises UsageError."""
    if query.state not in STATES:
        raise UsageError(f"Không có tình trạng “{query.state[:40]}”.", "Có: con-han, het-han, bi-thay.")
    if query.within is not None and not 0 < query.within <= _MOST_MONTHS:
        raise UsageError("Số tháng phải từ 1 đến 60.", "Ví dụ: 6.")
    day = (today or dt.date.today()).isoformat()
    until = months_later(day, query.within) if query.within is not None else None
    found = [
        one
        for one in register.refresh()
        if _matches(one, query) and _is_in_state(one, query, (day, until), register.is_withdrawn(one.latest.document))
    ]
    decisions = library.summaries(sorted({one.latest.document for one in found}))
    rows = [shape(one, decisions.get(one.latest.document), day, register) for one in found]
    return [row for row in rows if query.issuer in ("", row["issuer"]) and query.province in ("", *row["provinces"])]


def issuers(library: LibraryView, register: Register) -> list[str]:
    """The agencies that recognised products."""
    return sorted({name for name, _ in _decided(library, register) if name})


def _decided(library: LibraryView, register: Register) -> set[tuple[str | None, str | None]]:
    """Who decided each product's last recognition, and when."""
    found = register.refresh()
    decisions = library.summaries(sorted({one.latest.document for one in found}))
    return {(_issuer(one.latest, decisions.get(one.latest.document)), one.latest.product.date) for one in found}


def _issuer(entry: Entry, decision: Summary | None) -> str | None:
    """The agency as the library has it; for a list alone, as the list names who decided."""
    return (decision.issuer if decision else None) or entry.product.issuer


def provinces(library: LibraryView, register: Register) -> list[str]:
    """The provinces whose agencies recognised products."""
    return sorted({name for issuer, date in _decided(library, register) for name in provinces_of(issuer, date)})


@lru_cache(1000)
def provinces_of(issuer: str | None, date: str | None) -> tuple[str, ...]:
    """The provinces of an agency on a day, by name."""
    where = locality(issuer, agencies.issuer_key(issuer) if issuer else None, None, None, "", date)
    known = areas.provinces()
    return tuple(known[id].name if id in known else id for id in where.provinces)


def districts(register: Register) -> list[str]:
    """The districts that addresses and rows of the annexes name, each spelling once."""
    named: dict[str, str] = {}
    for found in register.refresh():
        if found.latest.product.district:
            named.setdefault(_folded(found.latest.product.district), found.latest.product.district)
    return sorted(named.values(), key=_folded)


def _matches(one: Registered, query: ProductQuery) -> bool:
    product = one.latest.product
    everything = _folded(" ".join([product.name, *product.owners, product.place, product.group]))
    if not all(word in everything for word in _folded(query.words).split()):
        return False
    if _folded(query.place) not in _folded(product.place) or _folded(query.owner) not in _folded(
        " ".join(product.owners)
    ):
        return False
    if query.district and _folded(product.district) != _folded(query.district):
        return False
    return query.stars is None or product.stars == query.stars


def _is_in_state(one: Registered, query: ProductQuery, days: tuple[str, str | None], withdrawn: bool) -> bool:
    """Whether the last recognition stands as asked. days: today, and the day until which it may end."""
    (today, until), expiry = days, one.latest.product.expiry
    valid = expiry is not None and expiry >= today and not withdrawn
    if query.state == "bi-thay" and not withdrawn:
        return False
    if query.state == "con-han" and not valid:
        return False
    if query.state == "het-han" and (expiry is None or expiry >= today):
        return False
    return until is None or (valid and expiry is not None and expiry <= until)


def _folded(text: str) -> str:
    return squeeze(fold(text)).strip()


def one(library: LibraryView, register: Register, id: str, today: dt.date | None = None) -> dict[str, Any]:
    """One product with all its recognitions, the newest first. Raises NotFound."""
    day = (today or dt.date.today()).isoformat()
    for found in register.refresh():
        if any(entry.id == id for entry in found.entries):
            decisions = library.summaries(sorted({entry.document for entry in found.entries}))
            history = [
                {
                    **entry_shape(entry, decisions.get(entry.document), day, register),
                    "term": _term(library, entry),
                    "pictured": is_pictured(library, library.document(entry.document)),
                }
                for entry in reversed(found.entries)
            ]
            return {**shape(found, decisions.get(found.latest.document), day, register), "history": history}
    raise NotFound("Không có sản phẩm này trong sổ.", "Hãy tìm lại ở trang Sản phẩm OCOP.")


def _term(library: LibraryView, entry: Entry) -> str | None:
    """The sentence that gives the term; None where the general rule does."""
    record = library.document(entry.document).record if entry.product.term else None
    return " ".join(record.text[slice(*entry.product.term)].split()) if record and entry.product.term else None


def shape(found: Registered, decision: Summary | None, day: str, register: Register) -> dict[str, Any]:
    """A product in a list: its latest recognition, and how many there are."""
    return {
        **entry_shape(found.latest, decision, day, register),
        "id": found.id,
        "url": f"/san-pham/{found.id}",
        "recognitions": len(found.entries),
    }


def entry_shape(entry: Entry, decision: Summary | None, day: str, register: Register) -> dict[str, Any]:
    """One recognition as JSON data. cells: by value, the page and the stretches of text that it stands in."""
    product = entry.product
    return {
        "id": entry.id,
        "url": f"/san-pham/{entry.id}",
        "name": product.name,
        "owners": product.owners,
        "place": product.place,
        "district": product.district,
        "provinces": list(provinces_of(_issuer(entry, decision), product.date)),
        "group": product.group,
        "stars": product.stars,
        "score": float(product.score) if product.score is not None else None,
        "decision": product.decision,
        "document": json_shapes.summary(decision) if decision else None,
        "issuer": _issuer(entry, decision),
        "date": product.date,
        "expiry": product.expiry,
        "expired": product.expiry is not None and product.expiry < day,
        "withdrawn": register.is_withdrawn(entry.document),
        "table": product.table,
        "cells": {
            name: {"page": place.page, "to": [f"{start}-{end}" for start, end in place.spans]}
            for name, place in product.places.items()
        },
        "doubts": [{"code": str(doubt), "words": doubt.words} for doubt in product.doubts],
        "needs_review": product.needs_review,
    }


def cells(row: dict[str, Any]) -> list[str]:
    """A product as a row of :data:`HEADINGS`; days as dd/mm/yyyy."""
    score = "" if row["score"] is None else f"{row['score']:g}".replace(".", ",")
    return [
        row["name"],
        "; ".join(row["owners"]),
        row["place"],
        row["group"],
        str(row["stars"] or ""),
        score,
        row["decision"] or "",
        *(_day(row[name]) for name in ("date", "expiry")),
        row["issuer"] or "",
        "; ".join(doubt["words"] for doubt in row["doubts"]),
    ]


def _day(value: str | None) -> str:
    return "/".join(reversed(value.split("-"))) if value else ""


def table(rows: Sequence[dict[str, Any]]) -> list[list[str]]:
    """Products as the rows of a table."""
    return [cells(row) for row in rows]
