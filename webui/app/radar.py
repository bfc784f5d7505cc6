"""The radar of a document or of an agency's documents, as JSON data."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from corpus import provisions
from corpus.agencies import full_slug, issuer_key, without_head
from corpus.checks.provision_radar import CitedDocuments, Radar, RadarFinding, radar
from corpus.errors import NotFound
from corpus.law.effect import today
from corpus.vocabulary import ProvisionState
from webui.app import json_shapes
from webui.app.effects import excerpt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.checks.effect_status import EffectReader
    from corpus.graph.graph import Graph
    from corpus.library import LibraryView
    from corpus.library.amending import AmendedProvisions
    from corpus.library.values import Mention, Summary

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


#: Documents citing what a document cites, at most, for which its page waits: each is looked through for amendments.
MOST_ON_PAGE = 500


def on_page(
    view: LibraryView, graph: Graph, id: int, mentions: Sequence[Mention], reader: EffectReader
) -> dict[str, Any] | None:
    """The radar for the page of a document; None where its citations are cited so often that it takes long."""
    targets = {link.target for link in graph.cites(id)}
    citing = sum(counts[1] for counts in graph.counts(targets).values())
    if citing > MOST_ON_PAGE:
        return None
    return _report(radar(view, graph, id, cited=CitedDocuments(view, graph, reader), mentions=mentions))


def of_agency(view: LibraryView, graph: Graph, agency: str, *, on: str | None = None) -> dict[str, Any]:
    """The radar of every held document of an agency: those with a touched citation first, each newest first.

    agency: as people write it ("UBND tỉnh Thanh Hóa"). Raises NotFound.
    """
    documents = _documents_of(view, agency)
    if not documents:
        raise NotFound(f"Kho không có văn bản nào của “{agency}”.", "Hãy ghi tên cơ quan như trong văn bản.")
    cited = CitedDocuments(view, graph)
    rows = [_row(radar(view, graph, one.id, on=on, cited=cited)) for one in documents]
    rows.sort(key=lambda row: _ORDER.index(row["state"]))
    states = Counter(row["state"] for row in rows)
    return {
        "agency": documents[0].issuer,
        "on": on or today(),
        "documents": len(rows),
        "counts": {str(state): states[str(state)] for state in ProvisionState},
        "rows": rows,
    }


#: Documents that call for a review first, those that could not be told next.
_ORDER = [str(state) for state in (ProvisionState.TOUCHED, ProvisionState.UNKNOWN, ProvisionState.UNTOUCHED)]


def _documents_of(view: LibraryView, agency: str) -> list[Summary]:
    """The held documents of an agency, newest first."""
    key, name = issuer_key(agency), _slug(agency)
    found = [one for one in view.documents() if one.issuer and (one.issuer_key == key or _slug(one.issuer) == name)]
    return sorted(found, key=lambda one: (one.date or "", one.id), reverse=True)


def _slug(name: str) -> str:
    """An agency's name for comparing: folded, in full, without the head before it."""
    return full_slug(without_head(name))


def _row(found: Radar) -> dict[str, Any]:
    """One document in the list of an agency: its state is the worst of its findings."""
    report = _report(found)
    counts = report["counts"]
    state = next((state for state in _ORDER[:2] if counts[state]), _ORDER[2] if report["findings"] else _ORDER[1])
    touched = [one for one in report["findings"] if one["state"] == ProvisionState.TOUCHED]
    return {
        "document": report["document"],
        "state": state,
        "words": STATES[ProvisionState(state)],
        "counts": counts,
        "touched": touched,
        "left_out": report["left_out"],
    }


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
        "touches": [touch(one) for one in found.touches],
        "effect": {"state": str(effect.state), "words": effect.words} if effect else None,
        "effect_sentences": [excerpt(proof.sentence, None) for proof in effect.proofs] if effect else [],
        "compared": [json_shapes.summary(one) for one in found.compared],
        "unverified": found.unverified,
    }


def touch(found: AmendedProvisions) -> dict[str, Any]:
    """One amending sentence of a held document."""
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
