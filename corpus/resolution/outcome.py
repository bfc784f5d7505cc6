"""What one mention means: the document of its cluster, or the one among those of its number that fits best."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from corpus import identity
from corpus.fold import fold
from corpus.identity import Facts
from corpus.resolution.antecedents import written_type
from corpus.resolution.clusters import Cluster, Item, Resolution
from corpus.resolution.grouping import is_cut
from corpus.so_ky_hieu import code_of_type
from corpus.tables import rows
from corpus.vocabulary import MentionState

#: Candidates that are kept for a mention with a number alone.
_MOST_CANDIDATES = 10
#: Score from which the best candidate is taken, if it leads by so much.
_TAKEN, _LEAD = 0.6, 0.1


def in_cluster(item: Item, cluster: Cluster) -> Resolution:
    """The resolution of a mention that is part of *cluster*; the less it says, the lower the confidence."""
    facts, chosen = item.facts, cluster.facts
    method, confidence = _by_identity(facts, chosen)
    conflicts = []
    if facts.date and chosen.date and not identity.compatible(facts.date, chosen.date):
        conflicts.append(f"date: {facts.date} / {chosen.date}")
        confidence = min(confidence, 0.85 if identity.one_slip(facts.date, chosen.date) else 0.7)
    cut = is_cut(facts.issuer_key, chosen.issuer_key)
    if cut:
        conflicts.append(f"issuer: {facts.issuer} / {chosen.issuer}")
        method, confidence = "tên cơ quan bị cắt", min(confidence, 0.6)
    if item.antecedent:
        method, confidence = "cùng văn bản", min(confidence, 0.95)
    if item.by_name:
        method, confidence = "tên luật", min(confidence, 0.95 if facts.date else 0.9)
    if facts.inferred:
        method, confidence = "suy từ cơ quan dẫn chiếu", min(confidence, 0.6)
    if any(held.unsure for held in cluster.held):
        confidence = min(confidence, 0.7)
    state = MentionState.INFERRED if facts.inferred or cut else MentionState.SETTLED
    return Resolution(cluster, state, method, confidence, conflicts)


def _by_identity(facts: Facts, chosen: Facts) -> tuple[str, float]:
    """Method and confidence by what the mention lacks of the document's identity."""
    if not facts.issuer_known and chosen.issuer_key:
        return "không có cơ quan", 0.8
    if facts.year is None and chosen.year:
        return "không có ngày", 0.8
    if facts.sym_key != chosen.sym_key and identity.within_symbol(facts.symbol or "", chosen.symbol or ""):
        return "ký hiệu rút gọn", 0.9
    return "khóa", 1.0


def by_number(item: Item, clusters: Sequence[Cluster]) -> Resolution:
    """The resolution of "Quyết định 148": documents of that type and number, ranked by how much of their title is near.

    None later than the citing document counts.
    """
    context = _subject(item.context)
    scored = []
    for cluster in clusters:
        if _may_mean(item, cluster):
            subject = _subject(cluster.facts.title or "")
            overlap = len(subject & context) / len(subject) if subject else 0.0
            scored.append((round(0.4 + 0.5 * overlap, 3), cluster))
    scored.sort(key=lambda s: (-s[0], s[1].key))
    if not scored:
        return Resolution(None, MentionState.UNRESOLVED, "chỉ có số", 0.0)
    score, best = scored[0]
    candidates = [c for _, c in scored[:_MOST_CANDIDATES]]
    if score >= _TAKEN and (len(scored) == 1 or scored[1][0] <= score - _LEAD):
        return Resolution(best, MentionState.INFERRED, "số và nội dung", score, [], candidates)
    return Resolution(None, MentionState.AMBIGUOUS, "chỉ có số", score, [], candidates)


def _may_mean(item: Item, cluster: Cluster) -> bool:
    wanted = code_of_type(item.facts.doc_type or "") or item.facts.doc_type
    if (code_of_type(written_type(cluster.facts) or "") or written_type(cluster.facts)) != wanted:
        return False
    date = cluster.facts.date or cluster.facts.year
    return identity.not_after(date, item.citing) and identity.compatible(item.facts.date, date)


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(row["word"] for row in rows("title_stop_words"))


def _subject(text: str) -> set[str]:
    """The folded words of a title or a context that say what it is about."""
    words = re.findall(r"\w+", fold(text))
    return {w for w in words if w not in _stop_words() and not w.isdigit() and len(w) > 1}
