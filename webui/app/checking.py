"""A draft read and checked against the library; nothing of it is stored."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus import dates
from corpus.checks.draft_check import (
    NAMES,
    SIGNS,
    BasisCheck,
    DraftCheck,
    Elsewhere,
    FieldCheck,
    check,
)
from corpus.errors import ReadFailure, Refused
from corpus.model import Record, is_secret
from corpus.record_json import parse_record
from corpus.vocabulary import Verdict
from webui.app.document_reader import options_of
from webui.app.labels import date_text

if TYPE_CHECKING:
    from corpus.graph.graph import Graph
    from corpus.law.effect import Proof
    from corpus.library import LibraryView
    from ingest.worker.pool import Pool
    from webui.app.settings import Settings

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
    """A draft as read. poor: pages that OCR read badly. crops: place in ``record.citations`` → (page, PNG) of where a căn cứ is printed."""

    record: Record
    crops: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    poor: list[int] = field(default_factory=list)


def read_draft(path: Path, settings: Settings, pool: Pool, *, seconds: float | None = None) -> Draft:
    """A draft without pictures, no trace kept. Raises ReadFailure, Refused."""
    return read_with_crops(path, settings, pool, seconds=seconds, most=0)


def read_with_crops(
    path: Path, settings: Settings, pool: Pool, *, seconds: float | None = None, most: int = MOST_CROPS
) -> Draft:
    """A draft with the pictures of its first *most* căn cứ, where it has page images. Raises ReadFailure, and Refused for a
    secret paper: of that nothing is told.
    """
    from ingest.draft import read_draft as read_in_worker

    value = pool.call(read_in_worker, path, replace(options_of(settings), cache=None), most, timeout=seconds)
    told = value if isinstance(value, dict) else value.as_json()
    if told.get("verdict") == Verdict.SECRET or ("record" in told and is_secret(told["record"]["secrecy"])):
        raise Refused(
            "Dự thảo có dấu độ mật nên không được đối chiếu; không giữ lại gì của nó.",
            "Hãy xử lý văn bản này theo quy định về bí mật nhà nước.",
        )
    if "error" in told:
        raise ReadFailure(told["error"], Verdict.of(told["verdict"]))
    crops = {int(at): (crop["page"], bytes.fromhex(crop["png"])) for at, crop in told["crops"].items()}
    return Draft(parse_record(told["record"]), crops, told["poor"])


_OF = re.compile(r"\s{0,2},?\s{0,2}(?:của|do)\s(?=\S)", re.IGNORECASE)
#: Characters behind a citation in which an issuer's name may stand.
_BEHIND = 300


def written_beside(record: Record) -> dict[int, str]:
    """Issuers written behind a ký hiệu that names another, by place in ``record.citations``.

    Reading leaves them out of the citation (in a scan a line may be lost between the two); a check must tell of them.
    """
    from ingest.citations import issuers
    from ingest.citations.clean import clean

    found = {}
    for at, citation in enumerate(record.citations):
        if citation.issuer is not None or citation.symbol is None:
            continue
        work = clean(record.text[citation.end : citation.end + _BEHIND])
        of = _OF.match(work.text)
        end = issuers.read(work.text, work.folded, of.end()) if of else None
        if of and end is not None and not issuers.is_common(work.text[of.end() : end]):
            found[at] = " ".join(work.text[of.end() : end].split())
    return found


def report(draft: Draft, library: LibraryView, graph: Graph) -> dict[str, Any]:
    """The check of a draft as JSON data."""
    record = draft.record
    found = check(record, library, graph, beside=written_beside(record))
    places = {id(citation): at for at, citation in enumerate(record.citations)}
    bases = [_basis(number, places[id(basis.citation)], basis, found) for number, basis in enumerate(found.bases, 1)]
    value: dict[str, Any] = {
        "doc_type": record.doc_type,
        "so_ky_hieu": record.so_ky_hieu,
        "title": record.title,
        "kind": record.kind,
        "pages": record.pages,
        "needs_look": found.needs_look or any(basis["needs_look"] for basis in bases),
        "unseen": sum(basis["unseen"] for basis in bases),
        "bases": bases,
        "repeated": [[a + 1, b + 1] for a, b in found.repeated],
        "numbers_elsewhere": [str(e.citation.so_ky_hieu) for e in found.elsewhere],
        "elsewhere": [_elsewhere(e) for e in found.elsewhere if e.fields],
        "poor_pages": draft.poor,
        "unread": record.missing or None,
    }
    return value | {"summary": _summary(value), "scope": _scope(value)}


def _elsewhere(found: Elsewhere) -> dict[str, Any]:
    citation = found.citation
    return {
        "text": " ".join(citation.text.split()), "page": citation.page, "so_ky_hieu": citation.so_ky_hieu,
        "fields": [_field(f, None) for f in found.fields],
    }  # fmt: skip


def _summary(value: dict[str, Any]) -> str:
    """How many căn cứ, and how many of them to look at, as sentences."""
    bases, told = value["bases"], []
    look = sum(b["needs_look"] for b in bases)
    if not bases:
        told.append("Không thấy căn cứ nào trong phần mở đầu của dự thảo")
    else:
        parts = [f"{look} nên xem lại"] if look else []
        if value["unseen"]:
            both = sum(b["unseen"] and b["needs_look"] for b in bases)
            also = f" ({both} trong số này cũng nên xem lại)" if both else ""
            parts.append(f"{value['unseen']} chưa thấy ở đâu nên chưa đối chiếu được{also}")
        if value["repeated"]:
            parts.append(f"{len(value['repeated'])} lặp lại")
        fine = "" if look else "; không thấy chỗ nào khác với những gì đã biết"
        told.append(f"{len(bases)} căn cứ" + (f", trong đó {', '.join(parts)}" if parts else "") + fine)
    if value["poor_pages"]:
        pages = ", ".join(map(str, value["poor_pages"]))
        told.append(f"Trang {pages} đọc không rõ, có thể sót hoặc nhầm; hãy đối chiếu với bản giấy hay quét lại")
    if value["unread"]:
        told.append(f"Dự thảo chưa được đọc hết: {value['unread']}")
    return ". ".join(told) + "."


#: Số hiệu named one by one; a draft of a hundred says how many.
_NAMED = 12


def _scope(value: dict[str, Any]) -> str:
    """What was not checked, as a sentence."""
    others = value["numbers_elsewhere"]
    named = ", ".join(others[:_NAMED]) + (", …" if len(others) > _NAMED else "")
    if not value["bases"]:
        return (
            f"Trong văn bản có {len(others)} số hiệu: {named}." if others else "Trong văn bản không thấy số hiệu nào."
        )
    if not others:
        return "Chỉ đối chiếu các căn cứ ở phần mở đầu."
    return f"Chỉ đối chiếu các căn cứ ở phần mở đầu; chỗ khác còn {len(others)} số hiệu: {named}."


def _basis(number: int, ordinal: int, basis: BasisCheck, whole: DraftCheck) -> dict[str, Any]:
    health = basis.effect
    text = " ".join(basis.citation.text.split())
    repeats = next((a + 1 for a, b in whole.repeated if b == number - 1), None)
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
        "health_by": _health_by(basis),
        "health_proof": _proof(basis),
        "health_quoted": basis.effect is not None and any(not _by_table(p) for p in basis.effect.proofs[:1]),
        "health_hints": _hints(basis),
        "suggestion": basis.suggestion,
        "replacement": basis.replacement,
        "candidates": basis.candidates,
        "near": [{"id": n.id, "url": f"/van-ban/{n.id}", "words": n.words, "told": _NEAR[n.same]} for n in basis.near],
        "repeats": repeats,
        "needs_look": basis.needs_look or impossible is not None or repeats is not None,
    }


def _field(found: FieldCheck, impossible: str | None) -> dict[str, Any]:
    told = {
        "field": found.field, "name": NAMES[found.field], "verdict": found.verdict, "sign": SIGNS[found.verdict],
        "written": found.written, "known": found.known, "note": found.note, "look": found.look,
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
        said = "Chưa thấy văn bản đúng như cách ghi này trong kho, trong bảng đã biết hay ở nơi dẫn nào"
        return said + ("; có văn bản gần giống." if basis.near or basis.suggestion else "; chưa đối chiếu được.")
    also = f"; {basis.votes} văn bản trong kho cũng dẫn" if basis.votes else ""
    return f"Đối chiếu với {SOURCES[basis.source]}{also}."


#: What a document of the library shares with a căn cứ that nothing is known of.
_NEAR = {
    "ngay": "trong kho có văn bản cùng số, cùng ngày",
    "co_quan": "trong kho có văn bản cùng số, cùng cơ quan, khác năm",
    "so": "trong kho có văn bản cùng số, của cơ quan khác hoặc ngày khác",
}


def _changers(basis: BasisCheck, proofs: Iterable[Proof]) -> list[dict[str, Any]]:
    """The documents that *proofs* name, each once: id and address where the library has a node of it."""
    told: dict[str, dict[str, Any]] = {}
    for proof in proofs:
        if proof.by in basis.by:
            by = basis.by[proof.by]
            name = by.name + (f" ngày {date_text(by.date)}" if by.date and len(by.date) == 10 else "")
            told.setdefault(name, {"id": by.id, "url": f"/van-ban/{by.id}", "name": name})
        elif proof.named:
            told.setdefault(proof.named, {"id": None, "url": None, "name": proof.named})
    return list(told.values())


def _health_by(basis: BasisCheck) -> list[dict[str, Any]]:
    health = basis.effect
    return _changers(basis, [p for p in health.proofs if p.state == health.state]) if health else []


def _hints(basis: BasisCheck) -> list[str]:
    """What may be true of its effect but is not sure, each with where it is known from."""
    told = []
    for hint in basis.effect.hints if basis.effect else ():
        where = " ".join(hint.sentence.split())[:200]
        by = "".join(f" bởi {c['name']}" + (f" (#{c['id']})" if c["id"] else "") for c in _changers(basis, [hint]))
        told.append(f"có thể {hint.state.words}{by}, chưa chắc" + (f": {where}" if where else ""))
    return told


def _by_table(proof: Proof) -> bool:
    return proof.origin == "bang" and proof.by is None and not proof.named


def _proof(basis: BasisCheck) -> str | None:
    if basis.effect is None or not basis.effect.proofs:
        return None
    first = basis.effect.proofs[0]
    if _by_table(first):
        return "theo bảng văn bản đã biết" + (f", kiểm ngày {date_text(first.checked_on)}" if first.checked_on else "")
    return " ".join(first.sentence.split())[:300] or None
