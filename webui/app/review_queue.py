"""The review queue: doubtful values, those that most citations depend on first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from corpus.library.corrections import EDITABLE
from corpus.library.known_signers import known_signers
from corpus.library.likely_numbers import LikelyNumber, likely_numbers
from corpus.library.register import RegisterDoubt, field_in_doubt, register_doubts
from webui.app import json_shapes
from webui.app.labels import FIELDS, date_text

if TYPE_CHECKING:
    from corpus.graph.graph import Graph
    from corpus.library import LibraryView
    from corpus.library.values import Document

#: How much a wrong value costs: with a wrong number a document is not found by its citations.
_WEIGHT = {"so_ky_hieu": 4.0, "issuer": 2.0, "date": 2.0, "doc_type": 1.5, "title": 1.0}

#: Confidence at most of a number that does not fit the register.
_MISFIT = 0.5


def likely(library: LibraryView, document: Document) -> list[dict[str, Any]]:
    """What a doubtful số ký hiệu may be, by the citations of other documents."""
    found = likely_numbers(library, document)
    return [{**asdict(one), "url": f"/van-ban/{one.id}"} for one in found]


def likely_signers(library: LibraryView, document: Document) -> list[dict[str, Any]]:
    """Who may have signed a document whose signer is in doubt, by other documents of the agency."""
    found = known_signers(library, document)
    return [{**asdict(one), "url": f"/van-ban/{one.id}"} for one in found]


def _fitting(misfit: RegisterDoubt) -> list[dict[str, Any]]:
    """The number that would fit the register, beside the neighbour it comes after."""
    if misfit.number is None:
        return []
    neighbour = misfit.neighbours[0]
    likely_one = LikelyNumber(misfit.number, neighbour, 0, "khớp với sổ của cơ quan")
    return [{**asdict(likely_one), "url": f"/van-ban/{neighbour}"}]


def items(library: LibraryView, graph: Graph, *, limit: int) -> list[dict[str, Any]]:
    """The first *limit* doubtful values, by doubt × citations of the document that a right value would resolve."""
    held = library.documents(held=True)
    misfits = {doubt.document: doubt for doubt in register_doubts(library)}
    doubtful = [s for s in held if s.unsure or s.id in misfits]
    counts = graph.counts([s.id for s in doubtful])
    # Documents are sorted first, so that only some records are opened.
    doubtful.sort(key=lambda s: (-sum(counts.get(s.id, (0, 0))), s.id))
    found: list[tuple[float, dict[str, Any]]] = []
    for summary in doubtful[: limit * 2]:
        document = library.document(summary.id)
        found += _items_of(library, document, *counts.get(summary.id, (0, 0)), misfits.get(summary.id))
    found.sort(key=lambda item: (-item[0], item[1]["document"]["id"], item[1]["field"]))
    return [item for _, item in found[:limit]]


def _items_of(
    library: LibraryView, document: Document, cites: int, cited_by: int, misfit: RegisterDoubt | None
) -> Iterator[tuple[float, dict[str, Any]]]:
    """The doubtful values of one document with their scores.

    cites, cited_by: its number of citations. misfit: how its number and date do not fit the agency's register; a number
    that a person has checked stays.
    """
    record = document.record
    if record is None:
        return
    for name in EDITABLE:
        evidence = record.fields.get(name)
        is_misfit = (
            misfit is not None and name == field_in_doubt(record) and evidence is not None and not evidence.checked
        )
        if evidence is None or not (evidence.needs_review or is_misfit):
            continue
        value = getattr(record, name)
        candidates = likely(library, document) if name == "so_ky_hieu" else []
        reasons, confidence = evidence.reasons, evidence.confidence
        if misfit is not None and is_misfit:
            candidates = candidates or (_fitting(misfit) if name == "so_ky_hieu" else [])
            reasons, confidence = [*reasons, misfit.reason], min(confidence, _MISFIT)
        unlocked = cited_by + sum(one["cited_by"] for one in candidates[:1])
        if name == "signer":
            candidates = likely_signers(library, document)
        score = (1.05 - confidence) * _WEIGHT.get(name, 0.5) * (1 + unlocked + 0.2 * cites)
        item = {
            "document": json_shapes.summary(document.summary),
            "field": name,
            "label": FIELDS[name],
            "value": value,
            "shown": date_text(value) if name == "date" else value,
            "reasons": reasons,
            "confidence": round(100 * confidence),
            "inferred": evidence.inferred,
            "crop": evidence.page is not None and evidence.bbox is not None,
            "page": evidence.page,
            "unlocks": unlocked,
            "likely": candidates,
        }
        yield score, item
