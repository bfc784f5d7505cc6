"""What is known of one document: the record that `ocop read` prints and the store keeps.

The JSON shape is published in ``docs/record.schema.json``, generated from these classes. :meth:`Record.as_json` gives
that shape, :func:`corpus.record_json.parse_record` reads it. A ``#:`` line above a field is its description there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from corpus.fold import letters
from corpus.vocabulary import Change, Relation, TableDoubt, Verdict, Zone

Kind = Literal["administrative", "spreadsheet", "other"]
Source = Literal["text", "ocr", "mixed"]


class Limits:
    """Limits of a value for the parser and the schema, by pydantic's names (``ge``, ``le``, ``pattern``, …).

    Works without importing pydantic, which the processes that read files do not load.
    """

    def __init__(self, **limits: float | str) -> None:
        self.limits = limits

    def __get_pydantic_core_schema__(self, source: object, handler: Any) -> dict[str, Any]:
        """The schema of the value's type with these limits; pydantic calls it."""
        return {**handler(source), **self.limits}


class OneOf:
    """A string that is one of *values*, for the parser and the schema; see :class:`Limits`."""

    def __init__(self, *values: str) -> None:
        self.values = values

    def __get_pydantic_core_schema__(self, source: object, handler: Any) -> dict[str, Any]:
        """The schema of a literal; pydantic calls it."""
        return {"type": "literal", "expected": list(self.values)}


#: An EDTF date (ISO 8601-2, level 0): ``2024``, ``2024-06`` or ``2024-06-11``.
Date = Annotated[str, Limits(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
#: 0 to 1.
Fraction = Annotated[float, Limits(ge=0, le=1)]
#: A page, 1 for the first.
PageNumber = Annotated[int, Limits(ge=1)]
#: An offset into the stored text.
Offset = Annotated[int, Limits(ge=0)]
Sha256 = Annotated[str, Limits(pattern=r"^[0-9a-f]{64}$")]

#: x0, y0, x1, y1 as fractions of the page's width and height, origin at the top left.
Box = tuple[Fraction, Fraction, Fraction, Fraction]

#: Fields whose value is extracted and carries evidence.
FIELDS = (
    "kind",
    "doc_type",
    "number",
    "symbol",
    "so_ky_hieu",
    "date",
    "date_inferred",
    "issuer",
    "parent_agency",
    "parent_agency_inferred",
    "place",
    "title",
    "signer",
    "signer_title",
    "signing_form",
    "addressees",
    "recipients",
    "urgency",
    "secrecy",
    "circulation",
    "effective_date",
    "expiry",
    "period",
)

#: Fields of a record that hold several strings.
_LISTS = ("signing_form", "addressees", "recipients")
#: What the parser does with a key that no field has.
_STRICT = {"extra": "forbid"}


def _values(instance: Any) -> dict[str, Any]:
    """The fields of a dataclass with slots, in order; ``dataclasses.asdict`` takes ten times as long."""
    return {name: getattr(instance, name) for name in instance.__slots__}


@dataclass(slots=True)
class Evidence:
    """Where a value was seen and how sure it is."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    confidence: Fraction
    #: A person should look at it.
    needs_review: bool = False
    #: Concluded, not printed.
    inferred: bool = False
    page: PageNumber | None = None
    #: x0, y0, x1, y1: fractions of the page, origin at the top left.
    bbox: Box | None = None
    #: Where it begins in the stored text.
    start: Offset | None = None
    #: Where it ends in the stored text.
    end: Offset | None = None
    #: Short Vietnamese phrases for a reviewer ("viết tay", "con dấu che").
    reasons: list[str] = field(default_factory=list)
    #: A person put the value right or accepted it; null beside it means that the document has none.
    checked: bool = False
    #: What OCR read, where slips or lost marks in it were put right; null where the value is as it was read.
    restored_from: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The published shape."""
        return {**_values(self), "bbox": list(self.bbox) if self.bbox else None, "reasons": list(self.reasons)}


@dataclass(slots=True)
class Pinpoint:
    """One provision: an article (Điều), a clause (khoản), a point (điểm), an annex (Phụ lục), as printed.

    The smallest unit that is named, with those that contain it; null where none is named.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    #: Where its own label stands in the stored text.
    start: Offset
    end: Annotated[int, Limits(ge=1)]
    #: Điều: "5", "5a".
    article: str | None = None
    #: Khoản: "1".
    clause: str | None = None
    #: Điểm: "a", "đ".
    point: str | None = None
    #: Mục, Chương or Phần with its word: "Mục II, Chương I".
    section: str | None = None
    #: Phụ lục: its number, "" for one without.
    appendix: str | None = None
    #: Inside a range ("Điều 5 đến Điều 9"), not printed itself.
    inferred: bool = False

    def as_json(self) -> dict[str, Any]:
        """The published shape."""
        return _values(self)


@dataclass(slots=True)
class OwnReference:
    """A place where the document names provisions of its own ("khoản 2 Điều 5 Luật này", "khoản 1 Điều này")."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    #: text[start:end] of the record.
    text: Annotated[str, Limits(min_length=1)]
    start: Offset
    end: Annotated[int, Limits(ge=1)]
    #: At least one.
    pinpoints: list[Pinpoint]

    def as_json(self) -> dict[str, Any]:
        """The published shape."""
        return {**_values(self), "pinpoints": [pinpoint.as_json() for pinpoint in self.pinpoints]}


@dataclass(slots=True)
class Citation:
    """One mention of a document, as printed or carried by the grammar; issuer_resolved and target are conclusions.

    "Các Quyết định số A, số B" gives the type of B by its grammar.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    #: text[start:end] of the record.
    text: Annotated[str, Limits(min_length=1)]
    start: Offset
    end: Annotated[int, Limits(ge=1)]
    doc_type: str | None = None
    number: str | None = None
    symbol: str | None = None
    #: Never completed; null without a symbol.
    so_ky_hieu: str | None = None
    date: Date | None = None
    issuer: str | None = None
    #: The agency in full, concluded from the citing document ("UBND tỉnh" → "UBND tỉnh Thanh Hóa").
    issuer_resolved: str | None = None
    title: str | None = None
    relation: Relation = Relation.REFERS_TO
    is_legal_basis: bool = False
    zone: Zone = Zone.BODY
    #: 0 the document, 1… its attachments.
    part: Annotated[int, Limits(ge=0)] = 0
    page: PageNumber | None = None
    confidence: Fraction = 1.0
    needs_review: bool = False
    #: "self" for a mention of the document itself.
    target: str | None = None
    #: The provisions of the document that are cited, in reading order; empty where the whole is.
    pinpoints: list[Pinpoint] = field(default_factory=list)
    #: The provisions that others cited and the document only reports: a judgment's part "Nội dung vụ án".
    reported_pinpoints: list[Pinpoint] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The published shape."""
        return {
            **_values(self),
            "relation": str(self.relation),
            "zone": str(self.zone),
            "pinpoints": [pinpoint.as_json() for pinpoint in self.pinpoints],
            "reported_pinpoints": [pinpoint.as_json() for pinpoint in self.reported_pinpoints],
        }


@dataclass(slots=True)
class Amendment:
    """A sentence that changes provisions of another document ("Sửa đổi điểm a khoản 1 Điều 5 như sau: …")."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    #: The sentence in the stored text.
    start: Offset
    end: Annotated[int, Limits(ge=1)]
    change: Change
    #: The provisions that change; what the sentence leaves out is taken from the heading above it. At least one.
    pinpoints: list[Pinpoint]
    #: Which document changes: its place among the record's citations, from 0; null where it is not clear.
    citation: Annotated[int, Limits(ge=0)] | None = None
    #: The day from which, where the sentence states one of its own.
    date: Date | None = None
    #: The new wording in the stored text, without its quotation marks.
    new_start: Offset | None = None
    new_end: Offset | None = None
    needs_review: bool = False

    def as_json(self) -> dict[str, Any]:
        """The published shape."""
        pinpoints = [pinpoint.as_json() for pinpoint in self.pinpoints]
        return {**_values(self), "change": str(self.change), "pinpoints": pinpoints}


@dataclass(slots=True)
class TableCell:
    """A cell of a table. The structure is concluded, the text is the page's own."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    #: Its first row and column, from 0.
    row: Annotated[int, Limits(ge=0)]
    column: Annotated[int, Limits(ge=0)]
    #: The stretches of its spans, joined by single spaces; "" for an empty cell.
    text: str
    row_span: Annotated[int, Limits(ge=1)] = 1
    column_span: Annotated[int, Limits(ge=1)] = 1
    #: Where it stands in the stored text, in reading order: pairs of start and end.
    spans: list[tuple[Offset, Offset]] = field(default_factory=list)
    #: The page on which it begins.
    page: PageNumber = 1
    #: Null in files without pages.
    bbox: Box | None = None
    confidence: Fraction = 1.0
    needs_review: bool = False

    def as_json(self) -> dict[str, Any]:
        """The published shape."""
        spans = [list(span) for span in self.spans]
        return {**_values(self), "spans": spans, "bbox": list(self.bbox) if self.bbox else None}


@dataclass(slots=True)
class TableRegion:
    """The part of a page that a table takes."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    page: PageNumber
    #: Null in files without pages.
    bbox: Box | None = None

    def as_json(self) -> dict[str, Any]:
        """The published shape."""
        return {**_values(self), "bbox": list(self.bbox) if self.bbox else None}


@dataclass(slots=True)
class Table:
    """A table: rows and columns of cells, over one page or several."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    rows: Annotated[int, Limits(ge=1)]
    columns: Annotated[int, Limits(ge=1)]
    #: By row, then by column; places without text may have no cell.
    cells: list[TableCell]
    #: Rows at its top that are headings.
    header_rows: Annotated[int, Limits(ge=0)] = 0
    #: Rows that add up others ("Tổng cộng").
    total_rows: list[Annotated[int, Limits(ge=0)]] = field(default_factory=list)
    #: Page by page, in reading order.
    regions: list[TableRegion] = field(default_factory=list)
    #: Where the text of its cells begins and ends in the stored text.
    start: Offset = 0
    end: Offset = 0
    confidence: Fraction = 1.0
    needs_review: bool = False
    #: What is doubtful about its structure.
    doubts: list[TableDoubt] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The published shape."""
        return {
            **_values(self),
            "cells": [cell.as_json() for cell in self.cells],
            "total_rows": list(self.total_rows),
            "regions": [region.as_json() for region in self.regions],
            "doubts": [str(doubt) for doubt in self.doubts],
        }


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A file that was not read to its end: what was read is kept, and the next run reads it again."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    #: Pages that were read, of the record's pages.
    pages_read: Annotated[int, Limits(ge=0)]
    #: Why the rest was not.
    verdict: Verdict
    #: False where only the text was kept and nothing was concluded from it.
    analysed: bool = True
    #: Which page failed and how, in Vietnamese; empty where the verdict says all.
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """The published shape."""
        return {**_values(self), "verdict": str(self.verdict)}

    def words(self, pages: int) -> list[str]:
        """What is missing, as Vietnamese phrases; *pages*: pages of the whole file."""
        why = self.note or self.verdict.words
        reasons = []
        if self.pages_read < pages:
            reasons.append(f"chỉ đọc được {self.pages_read}/{pages} trang: {why}")
        if not self.analysed:
            reasons.append(f"chưa phân tích được nội dung: {why}")
        return reasons


@dataclass(slots=True)
class Record:
    """Everything read from one file."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    path: str
    sha256: Sha256
    pages: PageNumber
    source: Source
    #: The stored text, NFC; pages are separated by form feeds; every offset points into it.
    text: str
    kind: Kind = "other"
    doc_type: str | None = None
    number: str | None = None
    symbol: str | None = None
    so_ky_hieu: str | None = None
    date: Date | None = None
    #: The year concluded from the title or the citations, where no date is printed.
    date_inferred: Date | None = None
    issuer: str | None = None
    parent_agency: str | None = None
    parent_agency_inferred: str | None = None
    place: str | None = None
    #: Trích yếu.
    title: str | None = None
    signer: str | None = None
    signer_title: str | None = None
    #: Quyền hạn ký: TM., KT., TL., …
    signing_form: list[str] | None = None
    #: Kính gửi.
    addressees: list[str] | None = None
    #: Nơi nhận.
    recipients: list[str] | None = None
    #: Độ khẩn.
    urgency: str | None = None
    #: Độ mật.
    secrecy: str | None = None
    #: Phạm vi lưu hành.
    circulation: str | None = None
    #: The day it takes effect, as its text says.
    effective_date: Date | None = None
    #: The last day it says it is in effect.
    expiry: Date | None = None
    #: The years its trích yếu is for, an EDTF interval or year.
    period: Annotated[str, Limits(pattern=r"^\d{4}(/\d{4})?$")] | None = None
    #: Evidence by name of field.
    fields: dict[Annotated[str, OneOf(*FIELDS)], Evidence] = field(default_factory=dict)
    #: Every mention once, in reading order.
    citations: list[Citation] = field(default_factory=list)
    #: Where it names its own provisions, in reading order.
    own_references: list[OwnReference] = field(default_factory=list)
    #: What it changes in other documents, provision by provision, in reading order.
    amendments: list[Amendment] = field(default_factory=list)
    #: Its tables, in reading order.
    tables: list[Table] = field(default_factory=list)
    #: Words of the text with figures that OCR was not sure of or two readers read differently: pairs of start and end.
    unsure_figures: list[tuple[Offset, Offset]] = field(default_factory=list)
    #: Pages of a scan that were turned to be read: pairs of page and degrees clockwise.
    turned_pages: list[tuple[PageNumber, Annotated[int, Limits(ge=90, le=270)]]] = field(default_factory=list)
    #: Null where the file was read to its end.
    incomplete: Incomplete | None = None
    #: The document's name inside the file at path, where that holds documents (an archive, a mail message).
    inside: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The published shape: plain dictionaries, lists, strings, numbers and nulls."""
        lists = {name: list(value) for name in _LISTS if (value := getattr(self, name)) is not None}
        return {
            **_values(self),
            **lists,
            "fields": {name: evidence.as_json() for name, evidence in self.fields.items()},
            "citations": [citation.as_json() for citation in self.citations],
            "own_references": [reference.as_json() for reference in self.own_references],
            "amendments": [amendment.as_json() for amendment in self.amendments],
            "tables": [table.as_json() for table in self.tables],
            "unsure_figures": [list(span) for span in self.unsure_figures],
            "turned_pages": [list(turned) for turned in self.turned_pages],
            "incomplete": self.incomplete.as_json() if self.incomplete else None,
        }

    @property
    def missing(self) -> str:
        """Why not all of the file was read ("chỉ đọc được 3/10 trang: hết giờ"); empty when it was."""
        return next(iter(self.incomplete.words(self.pages)), self.incomplete.verdict.words) if self.incomplete else ""


_SECRET = frozenset({"MAT", "TOIMAT", "TUYETMAT"})


def is_secret(secrecy: str | None) -> bool:
    """Whether a độ mật as printed ("MẬT", "Tối mật") is one that no one may keep or show here."""
    return letters(secrecy or "") in _SECRET


def pages_with_text(record: Record) -> int:
    """How many of its pages have text: of two readings that were broken off the one with more is kept."""
    return sum(1 for page in record.text.split("\f") if page.strip())


@dataclass(slots=True)
class Failure:
    """A file that could not be read: what `ocop read` prints for it."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    path: str
    #: What happened and the next step, in Vietnamese.
    error: Annotated[str, Limits(min_length=1)]
    verdict: Verdict

    def as_json(self) -> dict[str, Any]:
        """The published shape."""
        return {**_values(self), "verdict": str(self.verdict)}
