"""Documents that may be one: a merge is proposed with its reason, a person does it (:meth:`Library.merge`).

Draft, signed copy and "sao y" of one document; a stub whose year others write otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from corpus import identity
from corpus.fold import fold, letters, squeeze
from corpus.identity import Facts
from corpus.library import LibraryView
from corpus.library.values import Document, Summary
from corpus.so_ky_hieu import parse


@dataclass(frozen=True, slots=True)
class Proposal:
    """*drop* may be *keep*. reason: in Vietnamese, for a reviewer. confidence: 0 to 1."""

    keep: Summary
    drop: Summary
    reason: str
    confidence: float


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


def proposals(view: LibraryView, *, limit: int = 200) -> list[Proposal]:
    """Pairs to look at, the surest first."""
    rows = view.documents(held=None)
    found = [*_copies(rows), *_drafts(rows), *_other_years(rows)]
    seen: set[tuple[int, int]] = set()
    kept = []
    for proposal in sorted(found, key=lambda p: (-p.confidence, p.keep.doc_key, p.drop.doc_key)):
        pair = (min(proposal.keep.id, proposal.drop.id), max(proposal.keep.id, proposal.drop.id))
        if pair not in seen:
            seen.add(pair)
            kept.append(proposal)
    return kept[:limit]


def _copies(rows: Iterable[Summary]) -> Iterable[Proposal]:
    """Two files with the same key: scan and text, signed copy and "sao y"."""
    by_key: dict[str, list[Summary]] = defaultdict(list)
    for row in rows:
        if row.held and row.so_ky_hieu:
            by_key[row.doc_key].append(row)
    for group in by_key.values():
        ranked = sorted(group, key=lambda r: (r.unsure, len(r.date or "") < 10, r.id))
        for other in ranked[1:]:
            sure = identity.compatible(ranked[0].date, other.date)
            yield Proposal(ranked[0], other, "cùng số, ký hiệu, cơ quan và năm", 0.95 if sure else 0.7)


def _drafts(rows: Iterable[Summary]) -> Iterable[Proposal]:
    """A paper whose number is blank beside a numbered one of the same type, agency, title and a date that fits."""
    groups: dict[tuple[str, str, str], list[Summary]] = defaultdict(list)
    for row in rows:
        title = squeeze(fold(row.title or ""))
        if row.held and len(title) > 20 and row.issuer_key and row.doc_type:
            groups[fold(row.doc_type), row.issuer_key, title].append(row)
    for group in groups.values():
        for a, b in combinations(sorted(group, key=lambda r: (r.so_ky_hieu is None, r.id)), 2):
            if b.so_ky_hieu is None and identity.compatible(a.date, b.date):
                word = "bản chưa có số" if a.so_ky_hieu else "hai bản chưa có số"
                yield Proposal(a, b, f"{word}, cùng loại, cơ quan và trích yếu", 0.85)


def _other_years(rows: Iterable[Summary]) -> Iterable[Proposal]:
    """A stub that differs from another document only in the year, and bears its title."""
    groups: dict[tuple[str, str], list[Summary]] = defaultdict(list)
    for row in rows:
        if row.so_ky_hieu and row.issuer_key and row.title and not row.issuer_key.endswith("?"):
            groups[row.so_ky_hieu.lstrip("0"), row.issuer_key].append(row)
    for group in groups.values():
        ranked = sorted(group, key=lambda r: (not r.held, r.known is None, r.id))
        for a, b in combinations(ranked, 2):
            if not b.held and a.doc_key != b.doc_key and letters(a.title or "") == letters(b.title or ""):
                yield Proposal(a, b, f"cùng số, cơ quan và trích yếu, năm dẫn khác ({b.date or '?'})", 0.6)
