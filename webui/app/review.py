"""The review queue: doubtful values, those that many citations hang on first, each with the picture it was read from."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from corpus.library.corrections import EDITABLE
from corpus.library.likely_numbers import likely_numbers
from webui.app import json_shapes
from webui.app.labels import FIELDS, date_text

if TYPE_CHECKING:
    from corpus.graph.graph import Graph
    from corpus.library import LibraryView
    from corpus.library.values import Document

#: What a wrong value spoils: a number parts a document from all that cite it, a place only misleads a reader.
_WEIGHT = {"so_ky_hieu": 4.0, "issuer": 2.0, "date": 2.0, "doc_type": 1.5, "title": 1.0}


def likely(library: LibraryView, document: Document) -> list[dict[str, Any]]:
    """What a doubtful số ký hiệu may be, by what others cite."""
    found = likely_numbers(library, document)
    return [{**asdict(one), "url": f"/van-ban/{one.id}"} for one in found]


def items(library: LibraryView, graph: Graph, *, limit: int) -> list[dict[str, Any]]:
    """The doubtful values, by doubt × citations they would unlock (what cites the document and what it cites)."""
    doubtful = [s for s in library.documents(held=True) if s.unsure]
    counts = graph.counts([s.id for s in doubtful])
    # Documents first: only so many records are opened.
    doubtful.sort(key=lambda s: (-sum(counts.get(s.id, (0, 0))), s.id))
    found: list[tuple[float, dict[str, Any]]] = []
    for summary in doubtful[: limit * 2]:
        document = library.document(summary.id)
        record = document.record
        if record is None:
            continue
        cites, cited_by = counts.get(summary.id, (0, 0))
        for name in EDITABLE:
            evidence = record.fields.get(name)
            if evidence is None or not evidence.needs_review:
                continue
            value = getattr(record, name)
            maybe = likely(library, document) if name == "so_ky_hieu" else []
            unlocked = cited_by + sum(one["cited_by"] for one in maybe[:1])
            score = (1.05 - evidence.confidence) * _WEIGHT.get(name, 0.5) * (1 + unlocked + 0.2 * cites)
            found.append(
                (
                    score,
                    {
                        "document": json_shapes.summary(summary),
                        "field": name,
                        "label": FIELDS[name],
                        "value": value,
                        "shown": date_text(value) if name == "date" else value,
                        "reasons": evidence.reasons,
                        "confidence": round(100 * evidence.confidence),
                        "inferred": evidence.inferred,
                        "crop": evidence.page is not None and evidence.bbox is not None,
                        "page": evidence.page,
                        "unlocks": unlocked,
                        "likely": maybe,
                    },
                )
            )
    found.sort(key=lambda item: (-item[0], item[1]["document"]["id"], item[1]["field"]))
    return [item for _, item in found[:limit]]
