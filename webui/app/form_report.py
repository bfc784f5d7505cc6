"""The check of form of a draft, as JSON data: each finding with the place of its rule and the advice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus.checks.form.check import FormCheck, check_form

if TYPE_CHECKING:
    from corpus.checks.form.rules import FormFinding
    from webui.app.document_reader import Draft


def of(draft: Draft) -> dict[str, Any]:
    """The check of form of a draft."""
    found = check_form(draft.record, draft.sheet)
    return {
        "rules": str(found.rules) if found.rules else None,
        "rules_words": found.rules.words if found.rules else None,
        "findings": [_finding(one, draft.record.text) for one in found.findings],
        "unchecked": found.unchecked,
        "summary": _summary(found),
    }


def _finding(found: FormFinding, text: str) -> dict[str, Any]:
    return {
        "rule": found.rule.key,
        "place": f"{found.rule.rules.words}, {found.rule.place}",
        "advice": found.rule.advice,
        "seen": found.seen or None,
        "start": found.start,
        "end": found.end,
        "page": text.count("\f", 0, found.start) + 1 if found.start is not None else None,
    }


def _summary(found: FormCheck) -> str:
    """How many places, by which rules, and what was not checked."""
    unchecked = f" Chưa kiểm: {'; '.join(found.unchecked)}." if found.unchecked else ""
    if found.rules is None:
        return unchecked.strip()
    count = len(found.findings)
    places = f"{count} chỗ nên xem lại" if count else "không thấy chỗ nào khác quy định"
    return f"Thể thức theo {found.rules.words}: {places}.{unchecked} Đây là gợi ý, không phải kết luận."
