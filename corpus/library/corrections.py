"""Corrections by people: kept apart from what was read, and applied again after every reading of the same file.

A correction is a row of the audit list (action ``correct``): the file, the field, what stood there before with its
evidence, what stands there now, who made it. Accepting a doubtful value is a correction that removes only the doubt.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from corpus import dates
from corpus.errors import UsageError
from corpus.fold import nfc, squeeze
from corpus.model import Evidence, Record
from corpus.so_ky_hieu import parse

#: Fields that can be corrected.
EDITABLE = (
    "doc_type",
    "so_ky_hieu",
    "date",
    "issuer",
    "parent_agency",
    "place",
    "title",
    "signer",
    "signer_title",
    "urgency",
)
#: Those of them that a document may truly not have: a draft has no number, a công văn no urgency.
MAY_BE_ABSENT = frozenset(EDITABLE) - {"doc_type", "issuer", "title"}

#: Fields that follow another: a số ký hiệu determines its parts.
_PARTS = {"so_ky_hieu": ("number", "symbol")}
#: The reason that stands beside a value which a person checked.
_CHECKED = "đã kiểm tra"
_LONGEST_VALUE = 2_000
_DATE = re.compile(r"(?:(?:ngày )?(\d{1,2})[/.-])?(?:tháng )?(\d{1,2})[/.-](\d{4})")


def normal_value(field: str, value: str | None) -> str | None:
    """*value* as a record keeps it; a date may be written 30/12/2019. Raises UsageError for a value that is none."""
    if field not in EDITABLE:
        raise UsageError(f"Không sửa được mục “{field}”.", "Sửa được: " + ", ".join(EDITABLE) + ".")
    text = squeeze(nfc(value or ""))
    if not text:
        return None
    if len(text) > _LONGEST_VALUE:
        raise UsageError(f"Giá trị dài quá {_LONGEST_VALUE} ký tự.", "Hãy rút ngắn.")
    if field == "date":
        return _normal_date(text)
    if field == "so_ky_hieu":
        found = parse(text)
        if found is None:
            raise UsageError(f"“{text}” không phải số ký hiệu.", "Ví dụ: 490/QĐ-TTg, 05-NQ/TW.")
        return str(found)
    return text


def _normal_date(text: str) -> str:
    if dates.is_edtf(text):
        return text
    match = _DATE.fullmatch(text)
    made = dates.make(int(match[3]), int(match[2]), int(match[1]) if match[1] else None) if match else None
    if made is None:
        raise UsageError(f"“{text}” không phải ngày.", "Viết ngày/tháng/năm, ví dụ 30/12/2019.")
    return made


def snapshot(record: Record, field: str) -> dict[str, Any]:
    """The value and the evidence of *field* and of the fields that follow it, for :func:`restore`."""
    values = {}
    for name in (field, *_PARTS.get(field, ())):
        evidence = record.fields.get(name)
        values[name] = {"value": getattr(record, name), "evidence": evidence.as_json() if evidence else None}
    return values


def set_field(record: Record, field: str, value: str | None) -> None:
    """Set *field* of *record* to a value that a person checked; where it was seen is kept."""
    values: dict[str, str | None] = {field: value}
    if field == "so_ky_hieu":
        found = parse(value) if value else None
        values["number"], values["symbol"] = (found.number, found.symbol) if found else (None, None)
    for name, new in values.items():
        setattr(record, name, new)
        evidence = record.fields.get(name) or Evidence(1.0)
        record.fields[name] = replace(
            evidence, confidence=1.0, needs_review=False, inferred=False, reasons=[_CHECKED], checked=True
        )


def restore(record: Record, values: Mapping[str, Any]) -> None:
    """Put back what :func:`snapshot` returned."""
    for name, stored in values.items():
        setattr(record, name, stored["value"])
        evidence = stored["evidence"]
        if evidence is None:
            record.fields.pop(name, None)
        else:
            box = tuple(evidence["bbox"]) if evidence.get("bbox") else None
            record.fields[name] = Evidence(**{**evidence, "bbox": box})


def apply(record: Record, rows: Collection[Mapping[str, Any]]) -> tuple[Record, dict[str, Any]]:
    """A copy of *record* with corrections applied, itself without any, and what they cover for :func:`restore`.

    rows: details of the audit list, oldest first.
    """
    if not rows:
        return record, {}
    made = replace(
        record,
        fields={name: replace(evidence) for name, evidence in record.fields.items()},
        citations=[replace(citation) for citation in record.citations],
    )
    covered: dict[str, Any] = {}
    for row in rows:
        covered = snapshot(made, row["field"]) | covered
        set_field(made, row["field"], row["after"])
    return made, covered


def forget_conclusions(record: Record) -> None:
    """Remove from the citations of *record* what was concluded of them: it is concluded again when they are stored."""
    for citation in record.citations:
        citation.issuer_resolved = citation.target = None
