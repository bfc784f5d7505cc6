"""Form of the căn cứ: a line each, end marks, completeness, order, days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from corpus.checks.form.draft import FormDraft
from corpus.fold import fold
from corpus.model import Citation
from corpus.tables import rows
from corpus.vocabulary import Relation, Zone

# What begins a paragraph of a preamble.
_OPENING = re.compile(
    r"^[^\S\n]*(?:[-+*][^\S\n]?)?"
    r"(?P<word>can\s+cu|theo\s+de\s+nghi|xet|tren\s+co\s+so|thuc\s+hien|theo|sau\s+khi|de)\s",
    re.MULTILINE,
)
_END = re.compile(r"[;.:][^\S\n]*(?=\n|$)")
_PARTY_END = re.compile(r"[;.:,][^\S\n]*(?=\n|$)")
# Page numbers and running heads between the last words of a page and the next paragraph.
_PAGE_BREAK = re.compile(r"(?:\s|^\d{1,3}$|^[^\n]*công báo/[^\n]*$)+\Z", re.MULTILINE | re.IGNORECASE)
_SHORT_TYPE = re.compile(r"can\s+cu\s+(?:cac\s+)?(?P<type>qd|nd|nq|tt|ct|kh|cv|ttr|tb)\s+(?:so\s|\d)")
_SHORT_ISSUER = re.compile(r"(?<!\w)(?:của|do)\s+(?P<name>CP|TTg|TTgCP|TTCP|QH|UBTVQH|B[A-ZĐ&]{2,8})(?!\w)")
# Documents on authority: organisation, functions and working rules of the issuer.
_AUTHORITY = re.compile(
    r"chuc\s+nang,\s+nhiem\s+vu|quy\s+che\s+(?:lam\s+viec|to\s+chuc)|"
    r"to\s+chuc\s+(?:chinh\s+phu|chinh\s+quyen|quoc\s+hoi|hoi\s+dong|toa\s+an|vien)"
)
_AMENDING = re.compile(r"sua doi|bo sung")
_LAWS = ("Hiến pháp", "Bộ luật", "Luật", "Pháp lệnh")


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph of the preamble that begins with "Căn cứ"."""

    start: int
    end: int
    #: Whether another paragraph of the preamble follows.
    followed: bool


def check_bases(draft: FormDraft) -> None:
    """Note what the căn cứ lack or write otherwise."""
    cited = _bases(draft)
    check_days(draft)
    if not draft.is_party:
        _check_order(draft, cited)
    for paragraph in _paragraphs(draft):
        inside = [c for c in cited if paragraph.start <= c.start < paragraph.end]
        _check_end(draft, paragraph)
        _check_lines(draft, inside)
        _check_abbreviations(draft, paragraph)
        for citation in inside:
            _check_complete(draft, citation)


def check_days(draft: FormDraft) -> None:
    """Note căn cứ younger than the document."""
    own = draft.record.date
    for citation in _bases(draft):
        if own and citation.date and len(own) == len(citation.date) == 10 and citation.date > own:
            draft.find("can_cu_sau_ngay", citation.start, citation.end)


def _bases(draft: FormDraft) -> list[Citation]:
    """The căn cứ of the document itself, in order."""
    return [
        c
        for c in draft.record.citations
        if c.relation is Relation.LEGAL_BASIS and c.zone is Zone.PREAMBLE and c.part == 0 and c.target != "self"
    ]


def _paragraphs(draft: FormDraft) -> Iterator[_Paragraph]:
    """The căn cứ paragraphs between head and operative part."""
    stop = draft.preamble_end()
    found = [
        m for m in _OPENING.finditer(draft.folded, draft.head_end(), stop) if draft.text[m.start("word")].isupper()
    ]
    ends = [*(m.start() for m in found[1:]), stop][: len(found)]
    for at, (match, end) in enumerate(zip(found, ends, strict=True)):
        if match["word"].startswith("can"):
            yield _Paragraph(match.start("word"), end, at + 1 < len(found))


def _check_end(draft: FormDraft, paragraph: _Paragraph) -> None:
    """The end mark: ";" behind each, "." (party: ",") behind the last; ":" where it begins a sentence."""
    text = draft.text[paragraph.start : paragraph.end]
    if paragraph.followed:
        shown = text[: len(text) - len(found.group())] if (found := _PAGE_BREAK.search(text)) else text
        if not shown.endswith(";"):
            draft.find("can_cu_cham_phay", paragraph.start, paragraph.start + len(shown), shown.split("\n")[-1])
        return
    end = (_PARTY_END if draft.is_party else _END).search(text)
    if end is None or end.group()[0] == ";":
        draft.find("can_cu_cham", paragraph.start, paragraph.start + (end.end() if end else len(text)))


def _check_lines(draft: FormDraft, inside: list[Citation]) -> None:
    """One căn cứ a paragraph; the law that amends another may follow it on its line, and so may a row of numbers."""
    for one, other in pairwise(inside):
        words = fold(other.text)
        if ";" in draft.text[one.end : other.start] and not _AMENDING.search(words) and not words.startswith("so "):
            draft.find("can_cu_xuong_dong", other.start, other.end)
            return


def _check_abbreviations(draft: FormDraft, paragraph: _Paragraph) -> None:
    short = _SHORT_TYPE.match(draft.folded, paragraph.start)
    if short and draft.text[short.start("type") : short.end("type")].isupper():
        draft.find("can_cu_viet_tat", short.start("type"), min(short.end("type") + 30, paragraph.end))
        return
    issuer = _SHORT_ISSUER.search(draft.text, paragraph.start, paragraph.end)
    if issuer:
        draft.find("can_cu_viet_tat", *issuer.span())


def _check_complete(draft: FormDraft, citation: Citation) -> None:
    """Day and issuer of a căn cứ with a number; of laws neither is asked for."""
    if citation.so_ky_hieu is None or citation.doc_type in _LAWS or citation.needs_review:
        return
    missing = []
    if citation.date is None:
        missing.append("ngày")
    if citation.issuer is None:
        missing.append("cơ quan ban hành")
    if missing:
        draft.find("can_cu_du", citation.start, citation.end, f"{citation.text}: chưa thấy {', '.join(missing)}")


def _check_order(draft: FormDraft, cited: list[Citation]) -> None:
    """Documents on authority first, then by legal force, then by day."""
    ranked = [(rank, c) for c in cited if (rank := _rank(c)) is not None and not _is_about_authority(draft, c)]
    for (higher, one), (lower, other) in pairwise(ranked):
        if lower < higher:
            draft.find("can_cu_bac", other.start, other.end)
        elif lower == higher and _is_before(other, one):
            draft.find("can_cu_ngay", other.start, other.end)


def _is_before(other: Citation, one: Citation) -> bool:
    """Whether two of one type have full days and the second is the older; amending laws stand behind the amended."""
    if one.doc_type != other.doc_type or not one.date or not other.date or len(one.date) != 10 or len(other.date) != 10:
        return False
    return other.date < one.date and not _AMENDING.search(fold(one.text + (one.title or "")))


def _is_about_authority(draft: FormDraft, citation: Citation) -> bool:
    words = fold(draft.text[citation.start : citation.end + 200].split(";")[0])
    return bool(_AUTHORITY.search(words))


def _rank(citation: Citation) -> int | None:
    """The place of a document in the order of legal force; None where the table has none for it."""
    segments = re.split(r"[-–/]", citation.symbol or "")
    for row in rows("basis_ranks"):
        if row["doc_type"] == citation.doc_type and (
            row["symbol"] == "*" or any(segment.startswith(row["symbol"]) for segment in segments)
        ):
            return int(row["rank"])
    return None
