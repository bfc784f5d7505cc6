"""What the citations of a document outside the library would mean in it; nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, RowMapping, select

from corpus.identity import Facts
from corpus.law import known_documents
from corpus.library.buckets import bucket_items
from corpus.library.claims import buckets_of, content_of
from corpus.library.schema import nodes
from corpus.library.values import Considered, Reference
from corpus.model import Record
from corpus.resolution.bucket import cluster_bucket
from corpus.resolution.clusters import Cluster, Item
from corpus.resolution.description import describe
from corpus.resolution.law_names import Law, resolve_names
from corpus.resolution.within_document import ReadMention, read_mentions
from corpus.vocabulary import MentionState


def consider(connection: Connection, record: Record, visible: ColumnElement[bool], *, facts: bool) -> list[Considered]:
    """See :meth:`corpus.library.view.LibraryView.consider`."""
    found = []
    for ordinal, read in enumerate(read_mentions(record, facts=facts)):
        if read.is_self:
            found.append(Considered(ordinal, read.facts, MentionState.SELF, 1.0, None))
        else:
            found.append(_consider(connection, ordinal, record, read, facts=facts))
    meant = {r.id for c in found for r in (c.reference, *c.candidates) if r is not None and r.id is not None}
    hidden = meant - set(connection.execute(select(nodes.c.id).where(nodes.c.id.in_(meant), visible)).scalars())
    return [_without(considered, hidden) for considered in found]


def _consider(connection: Connection, ordinal: int, record: Record, read: ReadMention, *, facts: bool) -> Considered:
    """What one more mention would mean, were it stored."""
    bucket, name_bucket = buckets_of(read.facts)
    content = content_of(record.sha256, record.date or record.date_inferred, read)
    item = Item(
        "mention",
        0,
        read.facts,
        record.sha256,
        votes=0,
        citing=content.get("citing"),
        antecedent=read.antecedent is not None,
        by_name=read.by_name,
        context=read.context,
    )
    answer = Considered(ordinal, read.facts, MentionState.UNRESOLVED, 0.0, None)
    if bucket is None:
        return _consider_name(connection, answer, item, name_bucket) if name_bucket else answer
    items, rows = bucket_items(connection, bucket, facts=facts)
    resolution = cluster_bucket([*items, item])[1][0]
    answer.state, answer.confidence = resolution.state, resolution.confidence
    answer.conflicts = resolution.conflicts
    if resolution.cluster is None:
        answer.candidates = [_reference(cluster, item, rows) for cluster in resolution.candidates]
    elif resolution.cluster.items != [item]:
        answer.reference = _reference(resolution.cluster, item, rows)
    return answer


def _consider_name(connection: Connection, answer: Considered, item: Item, name_bucket: str) -> Considered:
    """The same for a law that is cited by its name alone."""
    rows = connection.execute(select(nodes).where(nodes.c.name_bucket == name_bucket)).mappings().all()
    by_key = {str(row["doc_key"]): row for row in rows}
    laws = [Law(key, by_key[key]["date"]) for key in sorted(by_key)]
    found = resolve_names(name_bucket.removeprefix("luat:"), [item], laws)[0]
    answer.state, answer.confidence = found.state, found.confidence
    if found.key in by_key:
        row = by_key[found.key]
        answer.reference = Reference(Facts(**row["facts"]["f"]), int(row["id"]), bool(row["held"]), row["known"], 0, {})
    return answer


def _reference(cluster: Cluster, item: Item, rows: Mapping[int, RowMapping]) -> Reference:
    """What is known of a cluster's document without the mention at hand; rows: of the claims in it."""
    others = Cluster(items=[i for i in cluster.items if i is not item])
    describe(others)
    ids = [i.ref for i in others.copies()]
    ids += sorted({rows[m.ref]["target_id"] for m in others.mentions if rows[m.ref]["target_id"]})
    votes = sum(m.votes for m in others.mentions if not m.antecedent)
    return Reference(others.facts, ids[0] if ids else None, bool(others.held), others.known, votes, others.conflicts)


def _without(considered: Considered, hidden: set[int]) -> Considered:
    """*considered* as if the documents of *hidden* were not in the library."""
    candidates = [r for r in considered.candidates if r.id not in hidden]
    if considered.reference is None or considered.reference.id not in hidden:
        return replace(considered, candidates=candidates)
    return Considered(considered.ordinal, considered.facts, MentionState.UNRESOLVED, 0.0, None, candidates)


def alike(
    connection: Connection,
    wanted: Facts,
    visible: ColumnElement[bool],
    *,
    facts: bool,
    among: Sequence[int] | None = None,
) -> list[Reference]:
    """See :meth:`corpus.library.view.LibraryView.alike`."""
    if not wanted.sym_key or not wanted.date or len(wanted.date) < 10:
        return []
    query = select(nodes).where(
        nodes.c.date == wanted.date,
        nodes.c.sym_key == wanted.sym_key,
        nodes.c.issuer_key.is_not_distinct_from(wanted.issuer_key),
        nodes.c.merged_into.is_(None),
        visible,
    )
    if among is not None:
        query = query.where(nodes.c.id.in_(among))
    found = [
        Reference(Facts(**r["facts"]["f"]), int(r["id"]), bool(r["held"]), r["known"], 0, {})
        for r in connection.execute(query.order_by(nodes.c.doc_key)).mappings().all()
    ]
    return found + (_known_alike(wanted, {r.known for r in found}) if facts else [])


def _known_alike(wanted: Facts, listed: set[str | None]) -> list[Reference]:
    """The same of the known-documents tables, without those of *listed*."""
    return [
        Reference(known.facts, None, False, known.key, 0, {})
        for known in known_documents.dated(str(wanted.date))
        if known.facts.sym_key == wanted.sym_key
        and known.facts.issuer_key == wanted.issuer_key
        and known.key not in listed
    ]
