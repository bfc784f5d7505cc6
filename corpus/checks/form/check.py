"""The check of form of a draft: which rules apply, what departs from them, and what was not checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.checks.form import bases
from corpus.checks.form.draft import FormDraft
from corpus.checks.form.ending import check_ending
from corpus.checks.form.header import check_header
from corpus.checks.form.rules import FormFinding, RuleSet
from corpus.checks.form.sheet import Sheet, check_sheet
from corpus.fold import fold
from corpus.model import Record
from corpus.tables import rows

_WITH_YEAR = re.compile(r"^\d{1,5}(?:\.\d+)?[a-zđ]?/(?:19|20)\d\d/")
_PARTY_TITLE = re.compile(r"dang\s+cong\s+san\s+viet\s+nam")
_NATION = re.compile(r"cong\s+hoa\s+xa\s+hoi\s+chu\s+nghia")
_PARTY_NUMBER = re.compile(r"^\d{1,5}[a-zđ]?\s?[-–]\s?\w+/")
# Committees and offices of the party, folded.
_PARTY_ISSUER = re.compile(
    r"^(?:(?:tinh|thanh|huyen|thi|quan|dang|dac khu) uy|dang bo|chi bo|bo chinh tri|ban bi thu|uy ban kiem tra|"
    r"ban (?:chap hanh|thuong vu|tuyen giao|to chuc|noi chinh|dan van)|"
    r"van phong (?:trung uong|tinh|thanh|huyen|thi|quan|dang) )"
)
#: Characters of a document in which its title of the party or state stands.
_HEAD = 2500


@dataclass(frozen=True, slots=True)
class FormCheck:
    """The check of one draft."""

    #: Whose rules apply; None where the draft was not checked.
    rules: RuleSet | None
    findings: list[FormFinding] = field(default_factory=list)
    #: What was not checked, in Vietnamese.
    unchecked: list[str] = field(default_factory=list)


def check_form(record: Record, sheet: Sheet | None = None) -> FormCheck:
    """Check the form of *record*; sheet: what its file says of paper, margins and fonts, where that can be read."""
    rules = rules_of(record)
    if rules is None:
        return FormCheck(None, [], [_why_not(record)])
    draft = FormDraft(record, rules)
    unchecked = []
    if record.source == "text" and not record.missing:
        check_header(draft)
        bases.check_bases(draft)
        check_ending(draft)
        if draft.is_of_gazette:
            unchecked.append("Nơi nhận (bản in Công báo lược bỏ)")
    else:
        bases.check_days(draft)
        unchecked.append("bản quét hoặc chưa đọc hết: chưa kiểm các thành phần, dấu câu và cách ghi")
    if sheet is None:
        unchecked.append("khổ giấy, lề, phông chữ, cỡ chữ, số trang (chỉ đọc được ở tệp .docx)")
    else:
        check_sheet(draft, sheet)
        unchecked.append("kiểu chữ (đậm, nghiêng) và khoảng cách dòng")
    return FormCheck(rules, draft.findings, unchecked)


def rules_of(record: Record) -> RuleSet | None:
    """Whose rules a document follows; None for legislation, and for what is no administrative document."""
    if record.kind != "administrative" or _is_legislation(record):
        return None
    head = fold(record.text[:_HEAD])
    if _PARTY_TITLE.search(head) and not _NATION.search(head):
        return RuleSet.PARTY
    if _PARTY_ISSUER.search(fold(record.issuer or "")):
        return RuleSet.PARTY
    if _PARTY_NUMBER.search(record.so_ky_hieu or "") and not _NATION.search(head):
        return RuleSet.PARTY
    return RuleSet.STATE


def _is_legislation(record: Record) -> bool:
    family = {r["name"]: r["family"] for r in rows("document_types")}
    return bool(_WITH_YEAR.search(record.so_ky_hieu or "")) or family.get(record.doc_type or "") == "qppl"


def _why_not(record: Record) -> str:
    if _is_legislation(record):
        return "thể thức: văn bản quy phạm pháp luật theo Nghị định 78/2025/NĐ-CP, chưa kiểm"
    return "thể thức: không nhận ra đây là văn bản hành chính"
