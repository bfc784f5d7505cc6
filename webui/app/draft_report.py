"""The report of a draft check: each căn cứ of the draft compared with the library, as JSON data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from corpus import dates
from corpus.checks.draft_check import (
    NAMES,
    BasisCheck,
    Comparison,
    DraftCheck,
    FieldCheck,
    OtherCitation,
    check,
)
from webui.app import form_report
from webui.app.draft_summary import scope, summary
from webui.app.labels import date_text

if TYPE_CHECKING:
    from corpus.graph.graph import Graph
    from corpus.law.effect import Proof
    from corpus.library import LibraryView
    from corpus.model import Record
    from webui.app.document_reader import Draft

#: Where a căn cứ is known from, in words.
SOURCES = {
    "van_ban": "bản gốc trong kho",
    "bang": "danh mục tra cứu kèm theo phần mềm",
    "dan_chieu": "cách các văn bản khác dẫn",
    None: "chưa thấy ở đâu",
}
#: Căn cứ whose picture is shown; a draft has a dozen.
MAX_CROPS = 40

_OF = re.compile(r"\s{0,2},?\s{0,2}(?:của|do)\s(?=\S)", re.IGNORECASE)
#: Characters behind a citation in which an issuer's name may stand.
_BEHIND = 300
#: Characters of a sentence that are quoted as proof and as a hint.
_PROOF_LENGTH, _HINT_LENGTH = 300, 200

#: What a document of the library has in common with a căn cứ of which nothing is known.
_SIMILAR = {
    "ngay": "trong kho có văn bản cùng số, cùng ngày",
    "co_quan": "trong kho có văn bản cùng số, cùng cơ quan, khác năm",
    "so": "trong kho có văn bản cùng số, của cơ quan khác hoặc ngày khác",
}


def report(draft: Draft, library: LibraryView, graph: Graph) -> dict[str, Any]:
    """The check of a draft as JSON data."""
    record = draft.record
    found = check(record, library, graph, beside=issuers_beside(record))
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
        "numbers_elsewhere": [str(e.citation.so_ky_hieu) for e in found.others],
        "elsewhere": [_elsewhere(e) for e in found.others if e.fields],
        "poor_pages": draft.poor,
        "unread": record.missing or None,
        "form": form_report.of(draft),
    }
    return value | {"summary": summary(value), "scope": scope(value)}


def issuers_beside(record: Record) -> dict[int, str]:
    """Issuers written behind a ký hiệu that names another agency, by place in ``record.citations``.

    Reading leaves them out of the citation, as in a scan a line may be missing between the two; a check must show them.
    """
    from ingest.citations.clean import working_copy
    from ingest.citations.issuer_words import is_common_noun
    from ingest.citations.issuers import name_end

    found = {}
    for at, citation in enumerate(record.citations):
        if citation.issuer is not None or citation.symbol is None:
            continue
        work = working_copy(record.text[citation.end : citation.end + _BEHIND])
        of = _OF.match(work.text)
        end = name_end(work.text, work.folded, of.end()) if of else None
        if of and end is not None and not is_common_noun(work.text[of.end() : end]):
            found[at] = " ".join(work.text[of.end() : end].split())
    return found


def _elsewhere(found: OtherCitation) -> dict[str, Any]:
    citation = found.citation
    return {
        "text": " ".join(citation.text.split()),
        "page": citation.page,
        "so_ky_hieu": citation.so_ky_hieu,
        "fields": [_field(f, None) for f in found.fields],
    }


def _basis(number: int, ordinal: int, basis: BasisCheck, whole: DraftCheck) -> dict[str, Any]:
    """One căn cứ. number: in the report; ordinal: in ``record.citations``."""
    effect = basis.effect
    repeats = next((a + 1 for a, b in whole.repeated if b == number - 1), None)
    impossible = dates.impossible(basis.citation.text) if basis.citation.date is None else None
    return {
        "number": number,
        "ordinal": ordinal,
        "text": " ".join(basis.citation.text.split()),
        "page": basis.citation.page,
        "state": basis.state,
        "source": basis.source,
        "source_words": SOURCES[basis.source],
        "told": _comparison(basis),
        "unseen": basis.source is None,
        "impossible_date": impossible,
        "votes": basis.votes,
        "id": basis.id,
        "url": f"/van-ban/{basis.id}" if basis.id else None,
        "fields": [_field(f, impossible) for f in basis.fields],
        "health": None if effect is None else {"state": effect.state, "words": effect.words},
        "health_by": _changed_by(basis),
        "health_proof": _proof(basis),
        "health_quoted": effect is not None and any(not _is_from_table(p) for p in effect.proofs[:1]),
        "health_hints": _hints(basis),
        "suggestion": basis.suggestion,
        "replacement": basis.replacement,
        "candidates": basis.candidates,
        "near": [
            {"id": n.id, "url": f"/van-ban/{n.id}", "words": n.words, "told": _SIMILAR[n.same]} for n in basis.near
        ],
        "repeats": repeats,
        "needs_look": basis.needs_look or impossible is not None or repeats is not None,
    }


def _field(found: FieldCheck, impossible: str | None) -> dict[str, Any]:
    """One value of a căn cứ. impossible: a date in its text that no calendar has."""
    field: dict[str, Any] = {
        "field": found.field,
        "name": NAMES[found.field],
        "verdict": found.verdict,
        "sign": found.verdict.sign,
        "written": found.written,
        "known": found.known,
        "note": found.note,
        "look": found.doubtful,
    }
    if found.field == "date":
        field |= {"written": date_text(found.written) or None, "known": date_text(found.known) or None}
        if impossible and found.written is None:
            note = "ngày này không có trong lịch"
            field |= {
                "verdict": Comparison.DIFFERS,
                "sign": Comparison.DIFFERS.sign,
                "written": impossible,
                "note": note,
            }
    return field


def _comparison(basis: BasisCheck) -> str:
    """What the căn cứ was compared with, as a sentence."""
    if basis.source is None:
        words = "Chưa thấy văn bản đúng như cách ghi này trong kho, trong bảng đã biết hay ở nơi dẫn nào"
        return words + ("; có văn bản gần giống." if basis.near or basis.suggestion else "; chưa đối chiếu được.")
    also = f"; {basis.votes} văn bản trong kho cũng dẫn" if basis.votes else ""
    return f"Đối chiếu với {SOURCES[basis.source]}{also}."


def _changers(basis: BasisCheck, proofs: Iterable[Proof]) -> list[dict[str, Any]]:
    """The documents that *proofs* name, each once: id and address where the library has a node of it."""
    found: dict[str, dict[str, Any]] = {}
    for proof in proofs:
        if proof.by in basis.by:
            by = basis.by[proof.by]
            name = by.name + (f" ngày {date_text(by.date)}" if by.date and len(by.date) == 10 else "")
            found.setdefault(name, {"id": by.id, "url": f"/van-ban/{by.id}", "name": name})
        elif proof.named:
            found.setdefault(proof.named, {"id": None, "url": None, "name": proof.named})
    return list(found.values())


def _changed_by(basis: BasisCheck) -> list[dict[str, Any]]:
    """The documents by which the căn cứ came to its present effect."""
    effect = basis.effect
    return _changers(basis, [p for p in effect.proofs if p.state == effect.state]) if effect else []


def _hints(basis: BasisCheck) -> list[str]:
    """What may be true of its effect but is not sure, each with where it is known from."""
    hints = []
    for hint in basis.effect.hints if basis.effect else ():
        where = " ".join(hint.sentence.split())[:_HINT_LENGTH]
        by = "".join(f" bởi {c['name']}" + (f" (#{c['id']})" if c["id"] else "") for c in _changers(basis, [hint]))
        hints.append(f"có thể {hint.state.words}{by}, chưa chắc" + (f": {where}" if where else ""))
    return hints


def _is_from_table(proof: Proof) -> bool:
    return proof.origin == "bang" and proof.by is None and not proof.named


def _proof(basis: BasisCheck) -> str | None:
    if basis.effect is None or not basis.effect.proofs:
        return None
    first = basis.effect.proofs[0]
    if _is_from_table(first):
        checked = f", kiểm tra ngày {date_text(first.checked_on)}" if first.checked_on else ""
        return f"theo danh mục tra cứu kèm theo phần mềm{checked}"
    return " ".join(first.sentence.split())[:_PROOF_LENGTH] or None
