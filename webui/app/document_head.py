"""The head of a document's page: which values are in doubt, and the document's citation in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus.checks.wording import facts_of, wording
from webui.app.labels import FIELDS

if TYPE_CHECKING:
    from corpus.library.values import Document

#: Confidence below which a doubtful number is not shown as the document's name.
WEAK = 0.6
#: The fields of a citation in full.
_CITED = ("doc_type", "so_ky_hieu", "date", "issuer", "title")


def head(document: Document) -> dict[str, Any]:
    """``{"unsure", "number_doubt", "date_inferred"}``: fields in doubt; number_doubt: "", "some", or "weak".

    A number that is weak is shown as one that it may be, never as the document's name.
    """
    unsure = doubtful_fields(document)
    record = document.record
    number = record.fields.get("so_ky_hieu") if record else None
    doubt = "some" if "so_ky_hieu" in unsure and document.summary.so_ky_hieu else ""
    if doubt and number is not None and number.confidence < WEAK:
        doubt = "weak"
    return {"unsure": unsure, "number_doubt": doubt, "date_inferred": record.date_inferred if record else None}


def doubtful_fields(document: Document) -> list[str]:
    """The fields of a held document that need review."""
    fields = document.record.fields if document.record else {}
    return [name for name, evidence in fields.items() if evidence.needs_review]


def citation(document: Document) -> dict[str, Any]:
    """The citation in full, as Nghị định 30/2020/NĐ-CP asks: ``{"text", "doubts"}``.

    doubts: the names of the parts that need review, that citing documents give differently, or that are not known.
    """
    summary = document.summary
    unsure = {*doubtful_fields(document), *(name for name, votes in document.conflicts.items() if len(votes) > 1)}
    missing = {name for name in _CITED if getattr(summary, name) is None}
    doubts = [FIELDS[name] for name in _CITED if name in unsure | missing]
    return {"text": wording(facts_of(summary)), "doubts": doubts}
