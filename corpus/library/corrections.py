"""What a person put right in a record: kept apart from what was read, laid over it again after every reading.

A correction is a row of the audit list (action ``correct``): which file, which field, what stood there before with its
evidence, what stands there now, who. Accepting a doubtful value is a correction that changes nothing but the doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from corpus import dates
from corpus.errors import UsageError
from corpus.fold import nfc, squeeze
from corpus.model import Evidence, Record
from corpus.so_ky_hieu import parse

#: Fields a person may put right.
EDITABLE = (
    "doc_type", "so_ky_hieu", "date", "issuer", "parent_agency", "place", "title", "signer", "signer_title", "urgency",
)  # fmt: skip
#: Those of them that a paper may truly not have: a draft has no number, a công văn no urgency.
MAY_BE_ABSENT = frozenset(EDITABLE) - {"doc_type", "issuer", "title"}
#: Fields that follow another: a corrected số ký hiệu settles its parts.
_PARTS = {"so_ky_hieu": ("number", "symbol")}
#: The reason a reviewer reads beside a value that a person checked.
_CHECKED = "đã kiểm tra"


def normal(field: str, value: str | None) -> str | None:
    """*value* as the record keeps it; dates may be written 30/12/2019. Raises UsageError for what cannot stand there."""
    if field not in EDITABLE:
        raise UsageError(f"Không sửa được mục “{field}”.", "Sửa được: " + ", ".join(EDITABLE) + ".")
    text = squeeze(nfc(value or ""))
    if not text:
        return None
    if len(text) > 2_000:
        raise UsageError("Giá trị dài quá 2000 ký tự.", "Hãy rút ngắn.")
    if field == "date":
        return _date(text)
    if field == "so_ky_hieu":
        found = parse(text)
        if found is None:
            raise UsageError(f"“{text}” không phải số ký hiệu.", "Ví dụ: 490/QĐ-TTg, 05-NQ/TW.")
        return str(found)
    return text


def _date(text: str) -> str:
    if dates.is_edtf(text):
        return text
    match = re.fullmatch(r"(?:(?:ngày )?(\d{1,2})[/.-])?(?:tháng )?(\d{1,2})[/.-](\d{4})", text)
    made = dates.make(int(match[3]), int(match[2]), int(match[1]) if match[1] else None) if match else None
    if made is None:
        raise UsageError(f"“{text}” không phải ngày.", "Viết ngày/tháng/năm, ví dụ 30/12/2019.")
    return made


def before(record: Record, field: str) -> dict[str, Any]:
    """What stands in *field* and in what follows it, with evidence: what :func:`restore` takes."""
    told = {}
    for name in (field, *_PARTS.get(field, ())):
        evidence = record.fields.get(name)
        told[name] = {"value": getattr(record, name), "evidence": evidence.as_json() if evidence else None}
    return told


def put(record: Record, field: str, value: str | None) -> None:
    """Set *field* of *record* to what a person says; where it was seen is kept."""
    values: dict[str, str | None] = {field: value}
    if field == "so_ky_hieu":
        found = parse(value) if value else None
        values["number"], values["symbol"] = (found.number, found.symbol) if found else (None, None)
    for name, said in values.items():
        setattr(record, name, said)
        seen = record.fields.get(name) or Evidence(1.0)
        record.fields[name] = replace(
            seen, confidence=1.0, needs_review=False, inferred=False, reasons=[_CHECKED], checked=True
        )


def restore(record: Record, told: Mapping[str, Any]) -> None:
    """Put back what :func:`before` told."""
    for name, was in told.items():
        setattr(record, name, was["value"])
        evidence = was["evidence"]
        if evidence is None:
            record.fields.pop(name, None)
        else:
            box = tuple(evidence["bbox"]) if evidence.get("bbox") else None
            record.fields[name] = Evidence(**{**evidence, "bbox": box})


def apply(record: Record, rows: Iterable[Mapping[str, Any]]) -> tuple[Record, dict[str, Any]]:
    """A copy of *record* with the corrections of *rows* (details of the audit list, oldest first) laid over it.

    Second: what they cover, as :func:`restore` takes it.
    """
    made = replace(
        record,
        fields={name: replace(evidence) for name, evidence in record.fields.items()},
        citations=[replace(citation) for citation in record.citations],
    )
    covered: dict[str, Any] = {}
    for row in rows:
        covered = before(made, row["field"]) | covered
        put(made, row["field"], row["after"])
    return made, covered


def forget_conclusions(record: Record) -> None:
    """Citations as read: what was concluded of them is concluded anew."""
    for citation in record.citations:
        citation.issuer_resolved = citation.target = None
