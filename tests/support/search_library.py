"""Libraries for the search tests: documents in memory, a small sample, and the five labelled seed documents."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from corpus import agencies
from corpus.errors import NotFound
from corpus.fold import nfc
from corpus.library.indexed import Indexed
from corpus.so_ky_hieu import parse
from corpus.vocabulary import Effect
from search.plan import Order
from search.request import QueryOptions, SearchRequest
from search.results import Results
from search.searcher import Search
from tests.paths import SHARED


@dataclass(frozen=True)
class MemoryChange:
    """An entry of the list of changes."""

    seq: int
    id: int
    kind: str


class MemorySource:
    """Documents in memory with a list of changes, as :class:`search.source.Source` asks for them."""

    def __init__(self, documents: list[Indexed] | None = None) -> None:
        self.documents: dict[int, Indexed] = {}
        self.log: list[MemoryChange] = []
        self.erased_at = 0
        for document in documents or []:
            self.put(document)

    def put(self, document: Indexed) -> None:
        """Adds a document, or replaces the one with its id."""
        self.documents[document.id] = document
        self.log.append(MemoryChange(len(self.log) + 1, document.id, "put"))

    def delete(self, id_: int, *, erase: bool = False) -> None:
        """Removes a document. erase: no trace of it may stay in an index."""
        del self.documents[id_]
        self.log.append(MemoryChange(len(self.log) + 1, id_, "delete"))
        if erase:
            self.erased_at = len(self.log)

    def sequence(self) -> int:
        """See :class:`search.source.Source`."""
        return len(self.log)

    def forgotten(self) -> int:
        """See :class:`search.source.Source`."""
        return self.erased_at

    def changes(self, since: int = 0) -> list[MemoryChange]:
        """See :class:`search.source.Source`."""
        last = {change.id: change for change in self.log}
        return [change for change in self.log if change.seq > since and last[change.id] is change]

    def indexed(self, id: int) -> Indexed:
        """See :class:`search.source.Source`."""
        if id not in self.documents:
            raise NotFound("không có", "")
        return self.documents[id]

    def indexed_some(self, ids: Sequence[int]) -> dict[int, Indexed]:
        """See :class:`search.source.Source`."""
        return {id: self.documents[id] for id in ids if id in self.documents}

    shown, shown_some = indexed, indexed_some


def ask(
    search: Search,
    text: str = "",
    options: QueryOptions | None = None,
    *,
    filters: dict[str, list[str]] | None = None,
    sort: Order = Order.RELEVANCE,
) -> Results:
    """The first hundred results of one query."""
    return search.search(SearchRequest(text, filters or {}, sort, page_size=100, options=options or QueryOptions()))


def ids(results: Results) -> list[int]:
    """The ids of the hits, in order."""
    return [hit.id for hit in results.hits]


def with_keys(document: Indexed) -> Indexed:
    """Fills in the values that follow from the số ký hiệu and the issuer, as the library does."""
    parsed = parse(document.so_ky_hieu) if document.so_ky_hieu else None
    if parsed:
        document.number, document.symbol = parsed.number, parsed.symbol
        document.number_key, document.sym_key = parsed.number_key, parsed.sym_key
    if document.issuer and not document.issuer_key:
        document.issuer_key = agencies.issuer_key(document.issuer, symbol=document.symbol)
    document.level = document.level or agencies.level(document.issuer_key)
    return document


def held(id_: int, text: str, **fields: object) -> Indexed:
    """A document of the library, by default a plan of one page."""
    values: dict[str, object] = {"kind": "administrative", "doc_type": "Kế hoạch", "page_starts": [0]} | fields
    return with_keys(Indexed(id_, True, text=text, **values))  # type: ignore[arg-type]


def stub(id_: int, **fields: object) -> Indexed:
    """A document that is known only from citations."""
    return with_keys(Indexed(id_, False, **{"kind": "administrative"} | fields))  # type: ignore[arg-type]


def sample() -> MemorySource:
    """Four documents: two plans of one number, a stub that is căn cứ of one of them, and a report without a number."""
    plan = held(
        1,
        "Kế hoạch tập huấn cán bộ xã về chương trình mỗi xã một sản phẩm.",
        so_ky_hieu="12/KH-UBND",
        issuer="UBND tỉnh Thanh Hóa",
        date="2024-03-05",
        title="Tập huấn cán bộ",
    )
    other_plan = held(
        2,
        "Quyết định phê duyệt kế hoạch chuyển đổi số ngành nông nghiệp.",
        so_ky_hieu="12/KH-UBND",
        issuer="UBND tỉnh Lai Châu",
        date="2023-03-05",
        title="Chuyển đổi số",
        basis=[3],
    )
    decision = stub(
        3,
        doc_type="Quyết định",
        so_ky_hieu="919/QĐ-TTg",
        date="2022-08-01",
        issuer="Thủ tướng Chính phủ",
        status=Effect.PERIOD_OVER,
        title="phê duyệt Chương trình mỗi xã một sản phẩm",
        cited_by=1,
    )
    report = held(
        4,
        "Báo cáo quý IV: hợp tác xã ký kết với siêu thị. Kỹ thuật hoá an toàn.",
        doc_type="Báo cáo",
        date="2024",
        unsure=True,
    )
    return MemorySource([plan, other_plan, decision, report])


def seeds() -> list[Indexed]:
    """The five labelled seed documents as ids 0 to 4; from id 10 on, a stub for each document they cite by number."""
    labels = json.loads((SHARED / "gold" / "seeds.json").read_text("utf-8"))
    documents: list[Indexed] = []
    stubs: dict[tuple[str, str], Indexed] = {}
    for id_, label in enumerate(labels["documents"]):
        document = _seed(id_, label)
        documents.append(document)
        for cited in label["citations"]:
            if not cited["so_ky_hieu"]:
                continue
            issuer = cited["issuer_resolved"] or cited["issuer"]
            target = stubs.setdefault((cited["so_ky_hieu"], issuer), _cited(10 + len(stubs), cited, issuer))
            target.cited_by += 1
            document.cites.append(target.id)
            if cited["is_legal_basis"]:
                document.basis.append(target.id)
    return [*documents, *stubs.values()]


def _seed(id_: int, label: dict[str, object]) -> Indexed:
    text = nfc((SHARED / "documents" / "seeds" / str(label["file"])).read_text("utf-8"))
    names = ("kind", "doc_type", "symbol", "date", "issuer", "place", "title", "signer", "recipients")
    return with_keys(
        Indexed(
            id_,
            True,
            **{name: label[name] for name in names if name in label},  # type: ignore[arg-type]
            date_inferred="2022" if id_ == 3 else None,
            text=text,
            page_starts=[0],
        )
    )


def _cited(id_: int, cited: dict[str, str], issuer: str) -> Indexed:
    return stub(
        id_,
        doc_type=cited["doc_type"],
        so_ky_hieu=cited["so_ky_hieu"],
        date=cited["date"],
        issuer=issuer,
        title=cited["title"],
        status=Effect.PERIOD_OVER if cited["so_ky_hieu"] == "490/QĐ-TTg" else Effect.UNKNOWN,
    )
