"""The sentences of a draft report: its summary, and what was not checked."""

from __future__ import annotations

from typing import Any

#: Numbers that are named one by one; a draft of a hundred only says how many.
MAX_NAMED = 12


def summary(report: dict[str, Any]) -> str:
    """How many căn cứ there are and how many should be looked at, badly read pages, missing pages."""
    sentences = [_bases(report)]
    if report["poor_pages"]:
        pages = ", ".join(map(str, report["poor_pages"]))
        sentences.append(f"Trang {pages} đọc không rõ, có thể sót hoặc nhầm; hãy đối chiếu với bản giấy hay quét lại")
    if report["unread"]:
        sentences.append(f"Dự thảo chưa được đọc hết: {report['unread']}")
    return ". ".join(sentences) + "."


def _bases(report: dict[str, Any]) -> str:
    bases = report["bases"]
    if not bases:
        return "Không thấy căn cứ nào trong phần mở đầu của dự thảo"
    doubtful = sum(b["needs_look"] for b in bases)
    parts = [f"{doubtful} nên xem lại"] if doubtful else []
    if report["unseen"]:
        both = sum(b["unseen"] and b["needs_look"] for b in bases)
        also = f" ({both} trong số này cũng nên xem lại)" if both else ""
        parts.append(f"{report['unseen']} chưa thấy ở đâu nên chưa đối chiếu được{also}")
    if report["repeated"]:
        parts.append(f"{len(report['repeated'])} lặp lại")
    fine = "" if doubtful else "; không thấy chỗ nào khác với những gì đã biết"
    return f"{len(bases)} căn cứ" + (f", trong đó {', '.join(parts)}" if parts else "") + fine


def scope(report: dict[str, Any]) -> str:
    """What was not checked, as a sentence."""
    others = report["numbers_elsewhere"]
    named = ", ".join(others[:MAX_NAMED]) + (", …" if len(others) > MAX_NAMED else "")
    if not report["bases"]:
        if not others:
            return "Trong văn bản không thấy số hiệu nào."
        return f"Trong văn bản có {len(others)} số hiệu: {named}."
    if not others:
        return "Chỉ đối chiếu các căn cứ ở phần mở đầu."
    return f"Chỉ đối chiếu các căn cứ ở phần mở đầu; chỗ khác còn {len(others)} số hiệu: {named}."
