"""Amending documents: which documents of a library change provisions of a given one, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select

from corpus.fold import squeeze
from corpus.library.database import chunks
from corpus.library.json_length import list_length
from corpus.library.schema import claims, mentions, nodes, records
from corpus.library.values import Summary
from corpus.library.view import LibraryView
from corpus.model import Amendment, Record


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
    return amended_provisions_of(view, [id])[id]


def amended_provisions_of(view: LibraryView, ids: Sequence[int]) -> dict[int, list[AmendedProvisions]]:
    """The same of several documents, by their ids; each amending document is loaded once."""
    found: dict[int, list[AmendedProvisions]] = {id: [] for id in ids}
    amending = _sources(view, ids)
    every = {source for sources in amending.values() for source in sources}
    records, named = view.bare_records(every), view.summaries(every)
    for id, sources in amending.items():
        edges = {edge.source: edge for edge in view.cited_from(id, sources)}
        for source in sources:
            if source in edges and source in records:
                ordinals = {mention.ordinal for mention in edges[source].mentions}
                found[id] += _by(named[source], records[source], ordinals)
        found[id].sort(key=lambda one: (one.since or one.by.date or "", one.by.id, one.amendment.start))
    return found


def _by(by: Summary, record: Record, ordinals: set[int]) -> Iterator[AmendedProvisions]:
    """The amending sentences of *record* that are about the document which it mentions at *ordinals*."""
    for amendment in record.amendments:
        if amendment.citation in ordinals:
            new = record.text[amendment.new_start : amendment.new_end] if amendment.new_start is not None else None
            sentence = squeeze(record.text[amendment.start : amendment.end])
            since = amendment.date or record.effective_date
            yield AmendedProvisions(by, amendment, sentence, since, new)


@cache
def _amending(visible: ColumnElement[bool]) -> Select[Any]:
    """Documents and the held ones that cite them and have amending sentences."""
    return (
        select(claims.c.target_id, mentions.c.source_id)
        .distinct()
        .join(claims, claims.c.id == mentions.c.claim_id)
        .join(records, records.c.node_id == mentions.c.source_id)
        .join(nodes, nodes.c.id == mentions.c.source_id)
        .where(nodes.c.merged_into.is_(None), visible)
        .where(list_length(records.c.record, "amendments") > 0)
        .where(claims.c.target_id.in_(bindparam("targets", expanding=True)))
        .order_by(claims.c.target_id, mentions.c.source_id)
    )


def _sources(view: LibraryView, ids: Sequence[int]) -> dict[int, list[int]]:
    """Held documents that cite each of *ids* and have amending sentences."""
    found: dict[int, list[int]] = {}
    with view.reading() as connection:
        for part in chunks(ids):
            for target, source in connection.execute(_amending(view.visible), {"targets": part}):
                found.setdefault(int(target), []).append(int(source))
    return found
