"""The review queue: doubtful values, those that many citations hang on first, each with the picture it was read from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus.corrections import EDITABLE
from webui import shapes
from webui.labels import FIELDS, date_text

if TYPE_CHECKING:
    from corpus.graph import Graph
    from webui.reader import Reader

#: What a wrong value spoils: a number parts a document from all that cite it, a place only misleads a reader.
_WEIGHT = {"so_ky_hieu": 4.0, "issuer": 2.0, "date": 2.0, "doc_type": 1.5, "title": 1.0}


def items(library: Reader, graph: Graph, *, limit: int) -> list[dict[str, Any]]:
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
            score = (1.05 - evidence.confidence) * _WEIGHT.get(name, 0.5) * (1 + cited_by + 0.2 * cites)
            found.append(
                (
                    score,
                    {
                        "document": shapes.summary(summary),
                        "field": name,
                        "label": FIELDS[name],
                        "value": value,
                        "shown": date_text(value) if name == "date" else value,
                        "reasons": evidence.reasons,
                        "confidence": round(100 * evidence.confidence),
                        "inferred": evidence.inferred,
                        "crop": evidence.page is not None and evidence.bbox is not None,
                        "page": evidence.page,
                        "unlocks": cited_by,
                    },
                )
            )
    found.sort(key=lambda item: (-item[0], item[1]["document"]["id"], item[1]["field"]))
    return [item for _, item in found[:limit]]
