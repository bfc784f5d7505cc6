"""Which documents recognise products: decisions on the result of evaluation, and lists that go with such a decision."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.fold import fold, squeeze
from corpus.model import Record
from corpus.vocabulary import Relation, Zone

_SUBJECT = re.compile(r"\bocop\b|moi xa,? phuong,? mot san pham|moi xa mot san pham")
_RECOGNISES = re.compile(r"\bcong nhan\b|ket qua (?:danh gia|phan hang|xep hang|cham diem)|chung nhan|\b[345] sao\b")
_NOT = re.compile(r"thu hoi|huy bo|bai bo|thanh lap|quy che|ke hoach|dang ky|du kien|de nghi|y tuong|kinh phi|hoi dong")
_ENOUGH = 0.8


@dataclass(frozen=True, slots=True)
class Recognition:
    """The decision by which the rows of a document are recognised."""

    so_ky_hieu: str | None
    date: str | None
    doubtful: bool
    #: Who decided, as printed.
    issuer: str | None = None


def recognition_of(record: Record) -> Recognition | None:
    """The decision that *record* is or belongs to; None where it recognises nothing."""
    title = squeeze(fold(record.title or ""))
    subject = bool(_SUBJECT.search(title) or _SUBJECT.search(squeeze(fold(record.text))))
    if not subject:
        return None
    if record.doc_type == "Quyết định":
        if not _RECOGNISES.search(title) or _NOT.search(title):
            return None
        return Recognition(record.so_ky_hieu, record.date, _doubtful(record, "so_ky_hieu", "date"), record.issuer)
    if record.doc_type not in (None, "Danh sách", "Phụ lục") or _NOT.search(title):
        return None
    for citation in record.citations:  # a list alone: the decision that it says it belongs to
        attached = citation.relation is Relation.ISSUED_WITH or citation.zone in (Zone.ATTACHMENT, Zone.BODY)
        if (
            attached
            and citation.doc_type == "Quyết định"
            and citation.so_ky_hieu
            and _issued_with(record, citation.start)
        ):
            doubtful = citation.needs_review or citation.confidence < _ENOUGH or citation.date is None
            return Recognition(
                citation.so_ky_hieu, citation.date, doubtful, citation.issuer_resolved or citation.issuer
            )
    return None


def _issued_with(record: Record, start: int) -> bool:
    """Whether the words before a citation say that the list is issued with it."""
    return bool(
        re.search(
            r"kem theo\W*$|ban hanh kem\W*$", squeeze(fold(record.text[max(0, start - 40) : start])).rstrip() + " "
        )
    )


def _doubtful(record: Record, *names: str) -> bool:
    return any(
        getattr(record, name) is None or (name in record.fields and record.fields[name].needs_review) for name in names
    )
