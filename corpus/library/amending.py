"""Amending documents: which documents of a library change provisions of a given one, sentence by sentence."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from corpus.fold import squeeze
from corpus.library.schema import claims, mentions, nodes, records
from corpus.library.values import Summary
from corpus.library.view import LibraryView
from corpus.model import Amendment


@dataclass(frozen=True, slots=True)
class AmendedProvisions:
    """One amending sentence of a held document."""

    by: Summary
    amendment: Amendment
    #: The sentence, in one line.
    sentence: str
    #: The day from which, EDTF: the sentence's own, else the document's; None where neither is known.
    since: str | None
    #: The new wording; None where the sentence gives none.
    wording: str | None


def amended_provisions(view: LibraryView, id: int) -> list[AmendedProvisions]:
    """Every sentence with which a held document changes provisions of document *id*, in order of day."""
    found: list[AmendedProvisions] = []
    sources = _sources(view, id)
    edges = {edge.source: edge for edge in view.cited_from(id, sources)}
    for source in sources:
        document = view.document(source)
        if document.record is None or source not in edges:
            continue
        record = document.record
        ordinals = {mention.ordinal for mention in edges[source].mentions}
        for amendment in record.amendments:
            if amendment.citation in ordinals:
                new = record.text[amendment.new_start : amendment.new_end] if amendment.new_start is not None else None
                sentence = squeeze(record.text[amendment.start : amendment.end])
                since = amendment.date or record.effective_date
                found.append(AmendedProvisions(document.summary, amendment, sentence, since, new))
    return sorted(found, key=lambda one: (one.since or one.by.date or "", one.by.id, one.amendment.start))


def _sources(view: LibraryView, id: int) -> list[int]:
    """Held documents that cite *id* and have amending sentences."""
    query = (
        select(mentions.c.source_id)
        .distinct()
        .join(claims, claims.c.id == mentions.c.claim_id)
        .join(records, records.c.node_id == mentions.c.source_id)
        .join(nodes, nodes.c.id == mentions.c.source_id)
        .where(claims.c.target_id == id, nodes.c.merged_into.is_(None), view.visible)
        .where(func.json_array_length(records.c.record, "$.amendments") > 0)
        .order_by(mentions.c.source_id)
    )
    with view.reading() as connection:
        return [int(source) for source in connection.execute(query).scalars()]
