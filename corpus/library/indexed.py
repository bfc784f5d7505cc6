"""What a search engine is told of one document: the store makes it, an engine keeps it, nothing else passes."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.vocabulary import Effect


@dataclass(slots=True)
class Indexed:
    """One document (held, or a stub that is only cited) as the search room sees it.

    id: the store's permanent id. held: False for a stub (only cited; no text).
    text: the stored text, pages parted by form feeds. page_starts: offset of each page in it.
    number_key, sym_key: see :mod:`corpus.so_ky_hieu`. issuer_key: see :mod:`corpus.agencies`.
    date, date_inferred: EDTF. level: trung_uong | tinh | huyen | xa | None.
    province_then / province_now: area ids ("kon-tum") as signed, and after the mergers of 2025. A province that the table
    does not hold but the issuer's name gives is province_then as printed ("Vân Lĩnh").
    basis / cites: ids of the documents it rests on / mentions at all. cited_by: how many documents mention it.
    status: effect status of domain tables, khong_ro by default. unsure: a field needs review.
    """

    id: int
    held: bool
    kind: str = "other"
    doc_type: str | None = None
    number: str | None = None
    symbol: str | None = None
    so_ky_hieu: str | None = None
    number_key: str | None = None
    sym_key: str | None = None
    date: str | None = None
    date_inferred: str | None = None
    issuer: str | None = None
    issuer_key: str | None = None
    parent_agency: str | None = None
    level: str | None = None
    province_then: str | None = None
    province_now: str | None = None
    place: str | None = None
    title: str | None = None
    signer: str | None = None
    recipients: list[str] = field(default_factory=list)
    text: str = ""
    page_starts: list[int] = field(default_factory=list)
    basis: list[int] = field(default_factory=list)
    cites: list[int] = field(default_factory=list)
    cited_by: int = 0
    status: Effect = Effect.UNKNOWN
    unsure: bool = False
