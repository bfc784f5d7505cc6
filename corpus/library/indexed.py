"""What a search engine is given of one document: made by the library, kept by an engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from corpus.vocabulary import Effect


@dataclass(slots=True)
class Indexed:
    """One document, held or only cited, as the search sees it."""

    #: The permanent id.
    id: int
    #: False for a stub, which is only cited and has no text.
    held: bool
    #: See :attr:`corpus.model.Record.kind`.
    kind: str = "other"
    #: The loại.
    doc_type: str | None = None
    #: The số as printed.
    number: str | None = None
    #: The ký hiệu as printed.
    symbol: str | None = None
    #: The whole số ký hiệu.
    so_ky_hieu: str | None = None
    #: See :func:`corpus.so_ky_hieu.number_key`.
    number_key: str | None = None
    #: See :attr:`corpus.so_ky_hieu.SoKyHieu.sym_key`.
    sym_key: str | None = None
    #: The day printed, EDTF.
    date: str | None = None
    #: A day inferred where none is printed, EDTF.
    date_inferred: str | None = None
    #: The issuing agency.
    issuer: str | None = None
    #: See :func:`corpus.agencies.issuer_key`.
    issuer_key: str | None = None
    #: The agency above the issuer, printed or inferred.
    parent_agency: str | None = None
    #: The level of government: trung_uong, tinh, huyen or xa.
    level: str | None = None
    #: The areas it belongs to, nearest first (:func:`corpus.identity.area_of`).
    area: str = ""
    #: The place printed before the day.
    place: str | None = None
    #: The trích yếu.
    title: str | None = None
    #: Who signed.
    signer: str | None = None
    #: The Nơi nhận.
    recipients: list[str] = field(default_factory=list)
    #: The stored text, pages separated by form feeds.
    text: str = ""
    #: The words of several syllables in the text, where they are kept (:func:`corpus.segment.words`).
    words: list[str] | None = None
    #: The offset of each page in the text.
    page_starts: list[int] = field(default_factory=list)
    #: Its tables as the stored record has them (:mod:`corpus.library.table_rows`).
    tables: list[dict[str, Any]] = field(default_factory=list)
    #: Ids of the documents it cites as legal basis, in their order.
    basis: list[int] = field(default_factory=list)
    #: Ids of all documents it cites, in their order.
    cites: list[int] = field(default_factory=list)
    #: The provisions it cites and those that contain them: (id of the document, address) as of corpus.outline.
    provisions: list[tuple[int, str]] = field(default_factory=list)
    #: How many documents cite it.
    cited_by: int = 0
    #: Whether it is in effect today.
    status: Effect = Effect.UNKNOWN
    #: Whether a field of it needs review.
    unsure: bool = False
