"""The search of a library as commands and pages use it: opened by the settings, results as JSON data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from corpus.errors import OcopError, StaleIndex
from search.results import Hit, Results
from search.searcher import Search
from search.tiers import Tier

if TYPE_CHECKING:
    from corpus.library import Library
    from webui.app.settings import Settings


def open_search(settings: Settings, library: Library) -> Search:
    """The search of *library*; nothing is opened before the first use."""
    return Search(library.folder, library.view(), settings.engine, settings.engine_address)


def index_state(search: Search) -> dict[str, Any]:
    """The state of the index; ``advice``: what to do where it cannot be used."""
    try:
        return dict(search.state())
    except (StaleIndex, OcopError) as error:
        return {"engine": None, "documents": 0, "behind": None, "advice": str(error)}


def hit(found: Hit) -> dict[str, Any]:
    """One result. Highlights are [start, end) offsets in the text beside them."""
    document = found.document
    return {
        "id": found.id,
        "url": f"/van-ban/{found.id}",
        "held": document.held,
        "kind": document.kind,
        "doc_type": document.doc_type,
        "so_ky_hieu": document.so_ky_hieu,
        "number": document.number,
        "date": document.date,
        "date_inferred": document.date_inferred,
        "issuer": document.issuer,
        "title": document.title,
        "title_highlights": [list(r) for r in found.title_highlights],
        "status": document.status,
        "unsure": document.unsure,
        "cited_by": document.cited_by,
        "tier": found.tier,
        "possible_date": found.possible_date,
        "other_day": found.other_day,
        "snippets": [
            {
                "at": [f"{a}-{b}" for a, b in s.places],
                "page": s.page,
                "start": s.start,
                "end": s.end,
                "text": s.text,
                "highlights": [list(r) for r in s.highlights],
                "table": s.table,
                "row": s.row,
            }
            for s in found.snippets
        ],
    }


#: An unquoted name of several syllables behind ``nguoiky:``, which takes only the first of them.
_UNQUOTED_NAME = re.compile(r"(?<![\w\"])nguoiky:([^\s\"():]+)((?:\s+(?!(?:AND|OR|NOT)\b)[^\W\d_]+(?![\w:*~]))+)")


def _unquoted(query: str) -> str | None:
    """The advice to quote a signer's name; None where none is needed."""
    name = _UNQUOTED_NAME.search(query)
    if name is None:
        return None
    whole = f'nguoiky:"{name[1]}{name[2]}"'
    return f"“nguoiky:” chỉ lấy tiếng “{name[1]}”. Cả tên thì viết {whole}; ở dòng lệnh viết '{whole}'."


def notes(found: Results) -> list[str]:
    """Notes to show above the results."""
    words = list(found.notes)
    if found.understood:
        words.append(f"Hiểu là văn bản {found.understood}.")
    if unquoted := _unquoted(found.query):
        words.append(unquoted)
    if found.tiers and all(tier.partial for tier in found.tiers):
        words.append("Không có văn bản nào đủ mọi từ đã gõ; dưới đây là văn bản gần nhất.")
    elif found.total and found.tiers and all(tier.loose for tier in found.tiers):
        words.append("Không có văn bản nào viết đúng như đã gõ; dưới đây là chỗ khớp khi bỏ dấu hoặc không liền tiếng.")
    if not found.hits and found.total:
        words.append(f"Chỉ có {found.pages} trang kết quả; không có trang {found.page}.")
    return words


def only_near(found: dict[str, Any]) -> bool:
    """Whether no document of a page of results has all the words: what is there comes nearest."""
    return bool(found["tiers"]) and all(Tier(name).partial for name in found["tiers"])


def results(found: Results) -> dict[str, Any]:
    """A page of results."""
    return {
        "query": found.query,
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "page_size": found.page_size,
        "restored": found.restored,
        "did_you_mean": found.did_you_mean,
        "notes": notes(found),
        "tiers": found.tiers,
        "same_number": [
            {
                "id": c.id,
                "url": f"/van-ban/{c.id}",
                "so_ky_hieu": c.so_ky_hieu,
                "issuer": c.issuer,
                "year": c.year,
                "tier": c.tier,
            }
            for c in found.same_number
        ],
        "hits": [hit(h) for h in found.hits],
        "facets": {
            name: [{"value": v.value, "label": v.label, "count": v.count} for v in values]
            for name, values in found.facets.items()
        },
        "took": round(found.took, 4),
    }
