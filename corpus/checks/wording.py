"""The full wording of a citation, as Nghị định 30/2020/NĐ-CP requires it: loại, số, ngày, cơ quan, trích yếu."""

from __future__ import annotations

import re
from functools import cache

from corpus import dates
from corpus.fold import canonical, fold, squeeze
from corpus.identity import LAWS, Facts
from corpus.library.values import Summary
from corpus.tables import rows


def wording(facts: Facts) -> str:
    """The citation of a document in full; unknown parts are left out."""
    if facts.doc_type in LAWS:
        return _law_wording(facts)
    parts = [facts.doc_type or "Văn bản"]
    if facts.so_ky_hieu:
        parts.append(f"số {facts.so_ky_hieu}")
    if facts.date:
        parts.append(f"ngày {dates.vietnamese(facts.date)}" if len(facts.date) == 10 else dates.vietnamese(facts.date))
    if facts.issuer:
        parts.append(f"của {facts.issuer}")
    if facts.title:
        parts.append(in_sentence(facts.title))
    return " ".join(parts)


def _law_wording(facts: Facts) -> str:
    """A law is cited by its name, without its issuer."""
    name, kind = facts.title or "", facts.doc_type or ""
    parts = [name if fold(name).startswith(fold(kind)) else f"{kind} {name}".strip()]
    parts += [f"số {facts.so_ky_hieu}"] if facts.so_ky_hieu else []
    parts += [f"ngày {dates.vietnamese(facts.date)}"] if facts.date else []
    return " ".join(parts)


def facts_of(summary: Summary) -> Facts:
    """The facts of a summary, for a wording."""
    return Facts(
        doc_type=summary.doc_type,
        so_ky_hieu=summary.so_ky_hieu,
        date=summary.date,
        issuer=summary.issuer,
        issuer_key=summary.issuer_key,
        title=summary.title,
    )


@cache
def _openings() -> dict[str, bool]:
    """First words of a trích yếu, folded → whether "về" stands before them."""
    return {fold(row["phrase"]): row["about"] == "1" for row in rows("title_openings")}


def in_sentence(title: str) -> str:
    """A trích yếu as it follows the issuer: "Phê duyệt Đề án" → "phê duyệt Đề án", "công tác" → "về công tác"."""
    title = squeeze(title)
    folded = fold(title)
    if re.match(r"(?:về|v/v)(?!\w)", canonical(title)) or folded.startswith("ve viec "):
        return ("về việc" + title[3:]) if folded.startswith("v/v") else title[:1].lower() + title[1:]
    opening = max((o for o in _openings() if re.match(rf"{o}(?!\w)", folded)), key=len, default=None)
    if opening is None:
        return f"về {title}"  # its first word may be a name
    title = title[:1].lower() + title[1:]
    return f"về {title}" if _openings()[opening] else title
