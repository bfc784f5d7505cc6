"""The radar of a document or of an agency's documents, as JSON data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus import provisions
from corpus.checks.provision_radar import Radar, RadarFinding, radar
from corpus.vocabulary import ProvisionState
from webui.app import json_shapes
from webui.app.effects import excerpt

if TYPE_CHECKING:
    from corpus.graph.graph import Graph
    from corpus.library import LibraryView
    from corpus.library.amending import AmendedProvisions

#: Words of the states.
STATES = {
    ProvisionState.TOUCHED: "bị đụng tới",
    ProvisionState.UNTOUCHED: "không bị đụng tới",
    ProvisionState.UNKNOWN: "chưa rõ",
}
#: Words of the changes.
CHANGES = {
    "sua_doi": "sửa đổi, bổ sung",
    "bo_sung": "bổ sung",
    "bai_bo": "bãi bỏ",
    "thay_the": "thay thế",
    "cum_tu": "thay đổi cụm từ",
    "dinh_chinh": "đính chính",
    "tam_ngung": "tạm ngưng hiệu lực",
}


def of(view: LibraryView, graph: Graph, id: int, *, on: str | None = None) -> dict[str, Any]:
    """The radar of one document on a day (EDTF), today unless given. Raises NotFound."""
    return _report(radar(view, graph, id, on=on))


def _report(found: Radar) -> dict[str, Any]:
    findings = [_finding(one) for one in found.findings]
    counts = {str(state): sum(1 for f in found.findings if f.state is state) for state in ProvisionState}
    return {
        "document": json_shapes.summary(found.document),
        "on": found.on,
        "counts": counts,
        "findings": findings,
        "left_out": found.left_out,
    }


def _finding(found: RadarFinding) -> dict[str, Any]:
    citation = found.mention.citation
    effect = found.effect
    return {
        "text": " ".join(citation.text.split()),
        "page": citation.page,
        "is_legal_basis": citation.is_legal_basis,
        "provisions": provisions.list_words(citation.pinpoints),
        "document": json_shapes.summary(found.target) if found.target else None,
        "state": str(found.state),
        "words": STATES[found.state],
        "touches": [_touch(one) for one in found.touches],
        "effect": {"state": str(effect.state), "words": effect.words} if effect else None,
        "effect_sentences": [excerpt(proof.sentence, None) for proof in effect.proofs] if effect else [],
        "compared": [json_shapes.summary(one) for one in found.compared],
        "unverified": found.unverified,
    }


def _touch(found: AmendedProvisions) -> dict[str, Any]:
    return {
        "by": json_shapes.summary(found.by),
        "since": found.since,
        "change": str(found.amendment.change),
        "words": CHANGES[found.amendment.change],
        "provisions": provisions.list_words(found.amendment.pinpoints),
        "sentence": excerpt(found.sentence, None),
        "start": found.amendment.start,
        "end": found.amendment.end,
    }
