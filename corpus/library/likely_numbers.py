"""What a doubtful số ký hiệu may be: a misread number leaves behind a stub with the true one, which others cite."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.fold import letters
from corpus.identity import Facts
from corpus.library import LibraryView
from corpus.library.values import Document
from corpus.so_ky_hieu import parse

#: How many are proposed for one document.
MOST_LIKELY = 3


@dataclass(frozen=True, slots=True)
class LikelyNumber:
    """A cited document that is not held and has the day, the agency and the ký hiệu of one whose number is doubtful."""

    #: Its số ký hiệu.
    value: str
    #: Its id.
    id: int
    #: How many documents cite it.
    cited_by: int
    #: Why it is proposed, in Vietnamese.
    reason: str


def likely_numbers(view: LibraryView, document: Document) -> list[LikelyNumber]:
    """What the doubtful số ký hiệu of a held document may be, the likeliest first.

    Fewest differing digits come first, then most citing documents. Empty where the số ký hiệu is not in doubt.
    """
    record = document.record
    evidence = record.fields.get("so_ky_hieu") if record else None
    if record is None or evidence is None or not evidence.needs_review or not record.symbol:
        return []
    read = parse(record.so_ky_hieu) if record.so_ky_hieu else None
    number = read.number_key if read else ""
    facts = Facts(sym_key=letters(record.symbol), date=record.date, issuer_key=document.summary.issuer_key)
    found = []
    for other in view.alike(facts):
        value = other.facts.so_ky_hieu
        if other.held or other.id is None or not value or not other.facts.number or other.facts.number == number:
            continue
        citing = {edge.source for edge in view.cited_by(other.id)}
        if citing - {document.id}:
            likely = LikelyNumber(value, other.id, len(citing), _reason(value, len(citing)))
            found.append((_digits_apart(number, other.facts.number), -len(citing), value, likely))
    return [likely for *_, likely in sorted(found, key=lambda each: each[:3])][:MOST_LIKELY]


def _digits_apart(a: str, b: str) -> int:
    return sum(x != y for x, y in zip(a, b, strict=True)) if len(a) == len(b) else max(len(a), len(b))


def _reason(value: str, times: int) -> str:
    return f"{times} văn bản khác dẫn {value} cùng ngày, cùng cơ quan, mà kho chưa có văn bản ấy"
