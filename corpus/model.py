"""What is known of one document: the record that `ocop read` prints and the store keeps.

The JSON shape is published in ``docs/record.schema.json``; :meth:`Record.as_json` is that shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from corpus.fold import letters

Kind = Literal["administrative", "other"]
Zone = Literal["title", "preamble", "body", "footnote", "attachment", "other"]
Relation = Literal[
    "can_cu", "can_cu_thuc_hien", "theo_de_nghi", "thuc_hien", "trien_khai", "dan_chieu", "sua_doi_bo_sung",
    "thay_the", "bai_bo", "huong_dan", "ban_hanh_kem_theo", "phe_duyet", "dinh_chinh", "hop_nhat",
]  # fmt: skip

#: x0, y0, x1, y1 as fractions of the page's width and height, origin at the top left.
Box = tuple[float, float, float, float]

#: Fields whose value is extracted and carries evidence.
FIELDS = (
    "kind", "doc_type", "number", "symbol", "so_ky_hieu", "date", "date_inferred", "issuer", "parent_agency",
    "parent_agency_inferred", "place", "title", "signer", "signer_title", "signing_form", "addressees", "recipients",
    "urgency", "secrecy", "circulation", "effective_date", "expiry", "period",
)  # fmt: skip


@dataclass(slots=True)
class Evidence:
    """Where a value was seen and how sure we are.

    confidence: 0 to 1. page: 1 for the first. bbox: see :data:`Box`. start, end: offsets into the stored text.
    inferred: concluded, not printed. reasons: short Vietnamese phrases for a reviewer ("viết tay", "con dấu che").
    """

    confidence: float
    needs_review: bool = False
    inferred: bool = False
    page: int | None = None
    bbox: Box | None = None
    start: int | None = None
    end: int | None = None
    reasons: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Citation:
    """One mention of a document. ``text`` is ``record.text[start:end]``.

    Fields are as printed or carried by the grammar ("các Quyết định số A, số B"); ``issuer_resolved`` and
    ``target`` are our conclusion. ``target`` is "self" for a mention of the document itself.
    """

    text: str
    start: int
    end: int
    doc_type: str | None = None
    number: str | None = None
    symbol: str | None = None
    so_ky_hieu: str | None = None
    date: str | None = None
    issuer: str | None = None
    issuer_resolved: str | None = None
    title: str | None = None
    relation: Relation = "dan_chieu"
    is_legal_basis: bool = False
    zone: Zone = "body"
    part: int = 0
    page: int | None = None
    confidence: float = 1.0
    needs_review: bool = False
    target: str | None = None


@dataclass(slots=True)
class Record:
    """Everything read from one file."""

    path: str
    sha256: str
    pages: int
    source: Literal["text", "ocr", "mixed"]
    text: str
    kind: Kind = "other"
    doc_type: str | None = None
    number: str | None = None
    symbol: str | None = None
    so_ky_hieu: str | None = None
    date: str | None = None
    date_inferred: str | None = None
    issuer: str | None = None
    parent_agency: str | None = None
    parent_agency_inferred: str | None = None
    place: str | None = None
    title: str | None = None
    signer: str | None = None
    signer_title: str | None = None
    signing_form: list[str] | None = None
    addressees: list[str] | None = None
    recipients: list[str] | None = None
    urgency: str | None = None
    secrecy: str | None = None
    circulation: str | None = None
    effective_date: str | None = None
    expiry: str | None = None
    period: str | None = None
    fields: dict[str, Evidence] = field(default_factory=dict)
    citations: list[Citation] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The published shape: plain dictionaries, lists, strings, numbers and nulls."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Record:
        """The inverse of :meth:`as_json`. Raises TypeError on keys that are not the record's."""
        values = dict(data)
        values["fields"] = {
            name: Evidence(**{**e, "bbox": tuple(e["bbox"]) if e.get("bbox") else None})
            for name, e in (data.get("fields") or {}).items()
        }
        values["citations"] = [Citation(**c) for c in data.get("citations") or []]
        return cls(**values)


_SECRET = frozenset({"MAT", "TOIMAT", "TUYETMAT"})


def is_secret(secrecy: str | None) -> bool:
    """Whether a độ mật as printed ("MẬT", "Tối mật") is one that no one may keep or show here."""
    return letters(secrecy or "") in _SECRET


#: Begins the reason, among those of ``kind``, that a document was not read to its end.
CUT_SHORT = "chỉ đọc được"
_UNDONE = (CUT_SHORT, "chưa phân tích được")


def unfinished(record: Record) -> str:
    """Why not all of the file was read ("chỉ đọc được 3/10 trang: hết giờ"); empty when it was."""
    seen = record.fields.get("kind")
    return next((reason for reason in seen.reasons if reason.startswith(_UNDONE)), "") if seen else ""


def pages_read(record: Record) -> int:
    """How many of its pages have text: of two readings that were broken off the one with more is worth more."""
    return sum(1 for page in record.text.split("\f") if page.strip())


@dataclass(slots=True)
class Failure:
    """A file that could not be read: what `ocop read` prints for it."""

    path: str
    error: str
    verdict: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
