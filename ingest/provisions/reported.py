"""The part of a judgment that reports what others said: its citations are theirs, not the court's.

Bộ luật Tố tụng dân sự 2015, Điều 266 khoản 2, and form 52-DS of Nghị quyết 01/2017/NQ-HĐTP: a judgment has the parts
"Nội dung vụ án" (what the parties request and argue, what courts before decided), "Nhận định của Tòa án" and "Quyết
định". Where one of the headings is missing, or they stand in another order, nothing is taken for reported.
"""

from __future__ import annotations

import re

from corpus.fold import folded_text

_COURT = re.compile(r"toa\s+an\s+nhan\s+dan")
# A heading stands alone on its line: "NỘI DUNG VỤ ÁN:", "II. NHẬN ĐỊNH CỦA TÒA ÁN".
_HEADING = r"(?m)^[^\S\n]{{0,80}}[*\-–\[\]()ivx\d. ]{{0,8}}(?:{})[^\S\n]{{0,20}}[:.;*]{{0,4}}[^\S\n]{{0,80}}$"
_CASE = re.compile(_HEADING.format(r"(?:tom\s+tat\s+)?noi\s+dung\s+(?:cua\s+)?vu\s+an"))
_MAY_BE_CASE = re.compile(r"\bv\w\s+\wn\b", re.IGNORECASE)
_REASONS = re.compile(
    _HEADING.format(r"(?:nhan\s+dinh\s+cua\s+(?:toa\s+an|hoi\s+dong\s+xet\s+xu)|nhan\s+thay|xet\s+thay)")
)
_DECISION = re.compile(_HEADING.format(r"quyet\s+dinh|tuyen\s+xu"))
#: Characters of the head of a judgment, in which the court is named.
_HEAD = 6000


def reported_part(text: str) -> tuple[int, int] | None:
    """start…end of the part "Nội dung vụ án" of a judgment; None for any other document. text: NFC."""
    if not _MAY_BE_CASE.search(text):
        return None  # as nearly always, without folding the text
    folded = folded_text(text)
    case = _CASE.search(folded)
    if case is None or not _COURT.search(folded, 0, min(case.start(), _HEAD) + 1):
        return None
    reasons = _REASONS.search(folded, case.end())
    if reasons is None or not _DECISION.search(folded, reasons.end()):
        return None
    return case.end(), reasons.start()
