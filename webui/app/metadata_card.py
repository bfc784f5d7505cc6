"""The metadata card of a document: each value with its marks, its reasons and where it was seen."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from webui.app import json_shapes
from webui.app.labels import DATES, FIELDS, date_text, dates_in, period_text

if TYPE_CHECKING:
    from corpus.library.values import Document
    from corpus.model import Evidence, Record

#: Fields of the card, in order; number and symbol are part of so_ky_hieu when that is known.
_FIELDS = (
    *("doc_type", "so_ky_hieu", "number", "symbol", "date", "date_inferred"),
    *("issuer", "parent_agency", "parent_agency_inferred", "place", "title"),
    *("signer", "signer_title", "signing_form", "addressees", "recipients"),
    *("urgency", "secrecy", "circulation", "effective_date", "expiry", "period"),
)
#: Fields of a document that is only cited.
_CITED_FIELDS = ("doc_type", "so_ky_hieu", "date", "issuer", "title")
#: Fields that have a row in a held administrative document even without a value.
_EXPECTED = ("so_ky_hieu", "date", "issuer", "title", "signer")


@dataclass(slots=True)
class Row:
    """One row of the card."""

    name: str
    label: str
    values: list[str]
    #: There is no value.
    missing: bool = False
    #: There is no value, and a person said that the document has none.
    absent: bool = False
    #: Concluded, not printed.
    inferred: bool = False
    #: A person should look at it.
    unsure: bool = False
    #: 0 to 100.
    confidence: int | None = None
    page: int | None = None
    #: There is a picture of the place it was read from.
    crop: bool = False
    reasons: list[str] = field(default_factory=list)


_ROW_FIELDS = tuple(one.name for one in fields(Row))


def card(document: Document) -> list[dict[str, Any]]:
    """The rows of the card, each as the fields of :class:`Row`."""
    rows = _cited_rows(document) if document.record is None else _held_rows(document, document.record)
    return [{name: getattr(row, name) for name in _ROW_FIELDS} for row in rows]


def _held_rows(document: Document, record: Record) -> list[Row]:
    rows: list[Row] = []
    for name in _FIELDS:
        value, evidence = getattr(record, name), record.fields.get(name)
        doubtful = evidence is not None and evidence.needs_review
        whole = record.fields.get("so_ky_hieu")
        if name in {"number", "symbol"} and record.so_ky_hieu and not (doubtful and not (whole and whole.needs_review)):
            continue  # the row of the whole number says the same
        if value in (None, [], ""):
            # A doubt that makes lists say "cần kiểm tra" has a row, with or without a value.
            if doubtful or (name in _EXPECTED and record.kind == "administrative"):
                rows.append(_row(name, [], evidence))
            continue
        rows.append(_row(name, _shown(name, value), evidence))
        if name == "issuer":
            rows += _issuer_today(document)
    return rows


def _shown(name: str, value: Any) -> list[str]:
    if name in DATES:
        return [date_text(value)]
    if name == "period":
        return [period_text(value)]
    return value if isinstance(value, list) else [value]


def _row(name: str, values: list[str], evidence: Evidence | None) -> Row:
    row = Row(name, FIELDS[name], values, missing=not values, inferred=name.endswith("_inferred"))
    if evidence is not None:
        row.absent = not values and evidence.checked
        row.inferred = row.inferred or evidence.inferred
        row.unsure = evidence.needs_review
        row.reasons = [dates_in(reason) for reason in evidence.reasons]
        row.confidence = round(100 * evidence.confidence) if values else None
        row.page = evidence.page
        row.crop = bool(values and evidence.page is not None and evidence.bbox)
    return row


def _issuer_today(document: Document) -> list[Row]:
    """The row of the agency that has taken the issuer's place since; none where the issuer still stands."""
    today = json_shapes.issuer_now(document.summary)
    if today is None:
        return []
    name = today["name"] or "Không còn: cấp huyện đã kết thúc hoạt động"
    reason = f"từ {date_text(today['since'])}, theo {'; '.join(today['sources'])}"
    return [Row("issuer_today", "Cơ quan hiện nay", [name], inferred=True, reasons=[reason])]


def _cited_rows(document: Document) -> list[Row]:
    """The rows of a document that is only cited: what citing documents agree on, or each value with its votes."""
    rows: list[Row] = []
    for name in _CITED_FIELDS:
        value = getattr(document.summary, name)
        votes = document.conflicts.get(name, {})
        if value or votes:
            shown = [date_text(value) if name == "date" else value] if value else []
            row = Row(name, FIELDS[name], shown, missing=not shown)
            if len(votes) > 1:
                words = [f"{date_text(v) if name == 'date' else v}: {n} văn bản" for v, n in votes.items()]
                row.unsure, row.reasons = True, [f"được dẫn khác nhau: {'; '.join(words)}"]
            rows.append(row)
        if name == "issuer":
            rows += _issuer_today(document)
    return rows
