"""A draft read and checked against the library; nothing of it is stored."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus import dates
from corpus.check import NAMES, SIGNS, BasisCheck, DraftCheck, FieldCheck, check
from corpus.effect import WORDS
from corpus.errors import ReadFailure
from corpus.model import Record
from webui.labels import date_text
from webui.reading import options_of

if TYPE_CHECKING:
    from corpus.effect import Proof
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
#: Căn cứ whose picture is shown; a draft has a dozen.
MOST_CROPS = 40


@dataclass(slots=True)
class Draft:
    """A draft as read. crops: place in ``record.citations`` → (page, PNG) of where a căn cứ is printed."""

    record: Record
    crops: dict[int, tuple[int, bytes]] = field(default_factory=dict)


def read_draft(path: Path, settings: Settings, pool: Pool, *, seconds: float | None = None) -> Record:
    """The record of a draft, no trace kept. Raises ReadFailure."""
    return read_with_crops(path, settings, pool, seconds=seconds, most=0).record


def read_with_crops(
    path: Path, settings: Settings, pool: Pool, *, seconds: float | None = None, most: int = MOST_CROPS
) -> Draft:
    """A draft with the pictures of its first *most* căn cứ, where it has page images. Raises ReadFailure."""
    from ingest.places import read_draft as read_in_worker

    value = pool.call(read_in_worker, path, {**options_of(settings), "cache": None}, most, timeout=seconds)
    told = value if isinstance(value, dict) else value.as_json()
    if "error" in told:
        raise ReadFailure(told["error"], told["verdict"])
    crops = {int(at): (crop["page"], bytes.fromhex(crop["png"])) for at, crop in told["crops"].items()}
    return Draft(Record.from_json(told["record"]), crops)


def report(record: Record, library: Library, graph: Graph) -> dict[str, Any]:
    """The check of a draft as JSON data."""
    found = check(record, library, graph)
    places = {id(citation): at for at, citation in enumerate(record.citations)}
    bases = [_basis(number, places[id(basis.citation)], basis, found) for number, basis in enumerate(found.bases, 1)]
    return {
        "doc_type": record.doc_type,
        "so_ky_hieu": record.so_ky_hieu,
        "title": record.title,
        "kind": record.kind,
        "pages": record.pages,
        "needs_look": found.needs_look or any(basis["needs_look"] for basis in bases),
        "unseen": sum(basis["unseen"] for basis in bases),
        "bases": bases,
        "repeated": [[a + 1, b + 1] for a, b in found.repeated],
    }


def _basis(number: int, ordinal: int, basis: BasisCheck, whole: DraftCheck) -> dict[str, Any]:
    health = basis.health
    text = " ".join(basis.citation.text.split())
    impossible = dates.impossible(basis.citation.text) if basis.citation.date is None else None
    return {
        "number": number,
        "ordinal": ordinal,
        "text": text,
        "page": basis.citation.page,
        "state": basis.state,
        "source": basis.source,
        "source_words": SOURCES[basis.source],
        "told": _told(basis),
        "unseen": basis.source is None,
        "impossible_date": impossible,
        "votes": basis.votes,
        "id": basis.id,
        "url": f"/van-ban/{basis.id}" if basis.id else None,
        "fields": [_field(f, impossible) for f in basis.fields],
        "health": None if health is None else {"state": health.state, "words": health.words},
        "health_proof": _proof(basis),
        "health_quoted": basis.health is not None and any(not _by_table(p) for p in basis.health.proofs[:1]),
        "health_hints": _hints(basis),
        "suggestion": _running(basis.suggestion),
        "candidates": [_running(c) for c in basis.candidates],
        "repeats": next((a + 1 for a, b in whole.repeated if b == number - 1), None),
        "needs_look": basis.needs_look or impossible is not None,
    }


def _field(found: FieldCheck, impossible: str | None) -> dict[str, Any]:
    told = {
        "field": found.field, "name": NAMES[found.field], "verdict": found.verdict, "sign": SIGNS[found.verdict],
        "written": found.written, "known": found.known, "note": found.note,
    }  # fmt: skip
    if found.field == "date":
        told |= {"written": date_text(found.written) or None, "known": date_text(found.known) or None}
        if impossible and found.written is None:
            told |= {
                "verdict": "lech", "sign": SIGNS["lech"], "written": impossible, "note": "ngày này không có trong lịch",
            }  # fmt: skip
    return told


def _told(basis: BasisCheck) -> str:
    """What the căn cứ was compared with, as a sentence."""
    if basis.source is None:
        return "Chưa thấy văn bản này trong kho, trong bảng đã biết hay ở nơi dẫn nào; chưa đối chiếu được."
    also = f"; {basis.votes} văn bản trong kho cũng dẫn" if basis.votes else ""
    return f"Đối chiếu với {SOURCES[basis.source]}{also}."


def _running(wording: str | None) -> str | None:
    """A wording as one sentence: a trích yếu that begins with a capital stands in its middle."""
    return re.sub(r"(?<=\S )(?:Về việc|V/v)(?= )", "về việc", wording) if wording else None


def _hints(basis: BasisCheck) -> list[str]:
    """What may be true of its effect but is not sure, each with where it is known from."""
    told = []
    for hint in basis.health.hints if basis.health else ():
        where = " ".join(hint.sentence.split())[:200]
        told.append(f"có thể {WORDS[hint.state]}, chưa chắc" + (f": {where}" if where else ""))
    return told


def _by_table(proof: Proof) -> bool:
    return proof.origin == "bang" and proof.by is None and proof.sentence.startswith("bảng văn bản đã biết")


def _proof(basis: BasisCheck) -> str | None:
    if basis.health is None or not basis.health.proofs:
        return None
    first = basis.health.proofs[0]
    if _by_table(first):
        return "theo bảng văn bản đã biết" + (f", kiểm ngày {date_text(first.checked_on)}" if first.checked_on else "")
    return " ".join(first.sentence.split())[:300] or None
