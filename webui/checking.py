"""A draft read and checked against the library; nothing of it is stored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.check import NAMES, SIGNS, BasisCheck, DraftCheck, check
from corpus.errors import ReadFailure
from corpus.model import Record
from webui.labels import date_text
from webui.reading import options_of

if TYPE_CHECKING:
    from corpus.graph import Graph
    from corpus.store import Library
    from ingest.workers import Pool
    from webui.settings import Settings

#: Where a căn cứ is known from, in words.
SOURCES = {
    "van_ban": "bản gốc trong kho",
    "bang": "bảng văn bản đã biết",
    "dan_chieu": "cách các văn bản khác dẫn",
    None: "chưa thấy ở đâu",
}


def read_draft(path: Path, settings: Settings, pool: Pool, *, seconds: float | None = None) -> Record:
    """The record of a draft, no trace kept. Raises ReadFailure."""
    from ingest.extract import read_record

    value = pool.call(read_record, path, {**options_of(settings), "cache": None}, timeout=seconds)
    told = value if isinstance(value, dict) else value.as_json()
    if "error" in told:
        raise ReadFailure(told["error"], told["verdict"])
    return Record.from_json(told)


def report(record: Record, library: Library, graph: Graph) -> dict[str, Any]:
    """The check of a draft as JSON data."""
    found = check(record, library, graph)
    return {
        "doc_type": record.doc_type,
        "so_ky_hieu": record.so_ky_hieu,
        "title": record.title,
        "kind": record.kind,
        "pages": record.pages,
        "needs_look": found.needs_look,
        "bases": [_basis(number, basis, found) for number, basis in enumerate(found.bases, 1)],
        "repeated": [[a + 1, b + 1] for a, b in found.repeated],
    }


def _basis(number: int, basis: BasisCheck, whole: DraftCheck) -> dict[str, Any]:
    health = basis.health
    return {
        "number": number,
        "text": " ".join(basis.citation.text.split()),
        "page": basis.citation.page,
        "state": basis.state,
        "source": basis.source,
        "source_words": SOURCES[basis.source],
        "votes": basis.votes,
        "id": basis.id,
        "url": f"/van-ban/{basis.id}" if basis.id else None,
        "fields": [
            {
                "field": f.field, "name": NAMES[f.field], "verdict": f.verdict, "sign": SIGNS[f.verdict],
                "written": date_text(f.written) if f.field == "date" else f.written,
                "known": date_text(f.known) if f.field == "date" else f.known, "note": f.note,
            }
            for f in basis.fields
        ],
        "health": None if health is None else {"state": health.state, "words": health.words},
        "health_proof": _proof(basis),
        "suggestion": basis.suggestion,
        "candidates": basis.candidates,
        "repeats": next((a + 1 for a, b in whole.repeated if b == number - 1), None),
        "needs_look": basis.needs_look,
    }  # fmt: skip


def _proof(basis: BasisCheck) -> str | None:
    if basis.health is None or not basis.health.proofs:
        return None
    first = basis.health.proofs[0]
    if first.origin == "bang" and first.by is None:
        return "theo bảng văn bản đã biết" + (f", kiểm ngày {date_text(first.checked_on)}" if first.checked_on else "")
    return " ".join(first.sentence.split())[:300] or None
