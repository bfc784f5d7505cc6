"""What the citations of a document outside the library would mean in it; nothing is stored."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, select

from corpus.identity import Facts
from corpus.law import known_documents
from corpus.library.schema import nodes
from corpus.library.settling import Settling
from corpus.library.values import Considered, Reference
from corpus.model import Record
from corpus.resolution.within_document import read_mentions


def consider(connection: Connection, record: Record, visible: ColumnElement[bool], *, facts: bool) -> list[Considered]:
    """See :meth:`corpus.library.view.LibraryView.consider`."""
    citing = record.date or record.date_inferred
    found = []
    settling = Settling(connection, facts)
    for ordinal, read in enumerate(read_mentions(record, facts=facts)):
        if read.is_self:
            found.append(Considered(ordinal, read.facts, "self", 1.0, None))
        else:
            found.append(settling.consider(ordinal, record.sha256, citing, read))
    meant = {r.id for c in found for r in (c.reference, *c.candidates) if r is not None and r.id is not None}
    hidden = meant - set(connection.execute(select(nodes.c.id).where(nodes.c.id.in_(meant), visible)).scalars())
    return [_without(considered, hidden) for considered in found]


def _without(considered: Considered, hidden: set[int]) -> Considered:
    """*considered* as if the documents of *hidden* were not in the library."""
    candidates = [r for r in considered.candidates if r.id not in hidden]
    if considered.reference is None or considered.reference.id not in hidden:
        return replace(considered, candidates=candidates)
    return Considered(considered.ordinal, considered.facts, "unresolved", 0.0, None, candidates)


def alike(connection: Connection, wanted: Facts, visible: ColumnElement[bool], *, facts: bool) -> list[Reference]:
    """See :meth:`corpus.library.view.LibraryView.alike`."""
    if not wanted.sym_key or not wanted.date or len(wanted.date) < 10:
        return []
    query = select(nodes).where(
        nodes.c.date == wanted.date,
        nodes.c.sym_key == wanted.sym_key,
        nodes.c.merged_into.is_(None),
        visible,
    )
    found = [
        Reference(Facts(**r["facts"]["f"]), int(r["id"]), bool(r["held"]), r["known"], 0, {})
        for r in connection.execute(query.order_by(nodes.c.doc_key)).mappings().all()
        if r["issuer_key"] == wanted.issuer_key
    ]
    listed = {r.known for r in found}
    if facts:
        found += [
            Reference(k.facts, None, False, k.key, 0, {})
            for k in known_documents.dated(wanted.date)
            if k.facts.sym_key == wanted.sym_key and k.facts.issuer_key == wanted.issuer_key and k.key not in listed
        ]
    return found
