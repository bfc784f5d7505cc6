"""Documents that may be one: a merge is proposed with its reason, a person does it (:meth:`Library.merge`).

Draft, signed copy and "sao y" of one document; a stub whose year others write otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.fold import letters
from corpus.identity import Facts
from corpus.library import LibraryView
from corpus.library.values import Document
from corpus.so_ky_hieu import parse


@dataclass(frozen=True, slots=True)
class LikelyNumber:
    """A số ký hiệu that a doubtful one may be: that of a document which is cited, of the same day, agency and ký hiệu,
    but not held. cited_by: how many documents cite it. reason: in Vietnamese, for a reviewer."""

    value: str
    id: int
    cited_by: int
    reason: str


#: Likely numbers shown of one document: more are no help.
MOST_LIKELY = 3


def likely_numbers(view: LibraryView, document: Document) -> list[LikelyNumber]:
    """What the doubtful số ký hiệu of a held document may be by what others cite, the likeliest first.

    A number misread leaves behind the stub of the true one: cited with this day, this agency and this ký hiệu.
    """
    record = document.record
    evidence = record.fields.get("so_ky_hieu") if record else None
    if record is None or evidence is None or not evidence.needs_review or not record.symbol:
        return []
    said = parse(record.so_ky_hieu) if record.so_ky_hieu else None
    number = said.number_key if said else ""
    facts = Facts(sym_key=letters(record.symbol), date=record.date, issuer_key=document.summary.issuer_key)
    found = []
    for other in view.alike(facts):
        value = other.facts.so_ky_hieu
        if other.held or other.id is None or not value or not other.facts.number or other.facts.number == number:
            continue
        citing = {e.source for e in view.cited_by(other.id)}
        if citing - {document.id}:
            differing = _digits_apart(number, other.facts.number)
            found.append(
                (differing, -len(citing), LikelyNumber(value, other.id, len(citing), _reason(value, len(citing))))
            )
    return [likely for _, _, likely in sorted(found, key=lambda f: (f[0], f[1], f[2].value))][:MOST_LIKELY]


def _digits_apart(a: str, b: str) -> int:
    return sum(x != y for x, y in zip(a, b, strict=True)) if len(a) == len(b) else max(len(a), len(b))


def _reason(value: str, times: int) -> str:
    return f"{times} văn bản khác dẫn {value} cùng ngày, cùng cơ quan, mà kho chưa có văn bản ấy"
