"""Writes and takes out documents in one transaction, and resolves the mentions around them again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from corpus import identity
from corpus.errors import UsageError
from corpus.library import audit, confirmations, corrections, groups
from corpus.library import records as stored
from corpus.library.buckets import Bucket, load_buckets, stub_buckets, table_rows
from corpus.library.changes import record_changes
from corpus.library.claims import Affected
from corpus.library.database import inserted_id, inserted_ids
from corpus.library.mention_rows import Citing, drop_mentions, write_mentions_of
from corpus.library.rows import summary
from corpus.library.schema import claims, mentions, nodes, records, redirects
from corpus.library.schema import words as segmented_words
from corpus.library.settling import Settling
from corpus.library.visibility import is_restricted
from corpus.model import Record
from corpus.resolution.bucket import cluster_bucket
from corpus.resolution.clusters import Item
from corpus.resolution.within_document import read_mentions

#: Fields of which a doubt makes it doubtful which document it is.
_IDENTIFYING = ("so_ky_hieu", "number", "issuer")


class Incoming(NamedTuple):
    """A document to be put. node: where it is stored; None for the stub it turns out to be, or else a new one.

    words: of the text, where known.
    """

    read: Record
    reader_version: str
    node: int | None
    words: Sequence[str] | None = None


@dataclass(slots=True)
class _Made:
    """A document about to be written: with the corrections by people, and what follows from them."""

    incoming: Incoming
    record: Record
    covered: dict[str, Any]
    area: str
    own: identity.Facts
    #: Columns of ``nodes``.
    values: dict[str, Any]


class DocumentWriter:
    """Works on one connection, within its transaction. facts: resolve with the known-documents tables."""

    def __init__(self, connection: Connection, *, facts: bool) -> None:
        self.connection = connection
        self.facts = facts

    def store(self, read: Record, reader_version: str, node: int | None) -> int:
        """Store what was *read*, with the corrections that were not undone; returns its node.

        node: where it is stored; None for the stub it turns out to be, or else a new one.
        """
        (stored_at,), affected = self.put([Incoming(read, reader_version, node)])
        self.settle(affected)
        return stored_at

    def put(self, incoming: Sequence[Incoming]) -> tuple[list[int], Affected]:
        """Store several as :meth:`store` does, each file once, and leave it to the caller to settle what is affected.

        Returns their nodes and that. What all of them need is read together, and written together.
        """
        connection, hashes = self.connection, [one.read.sha256 for one in incoming]
        standing = audit.standing(connection, ["correct", "confirm"], hashes)
        corrected, confirmed = standing["correct"], standing["confirm"]
        made = [_made_of(one, corrected.get(one.read.sha256, ())) for one in incoming]
        placed, affected = self._place(made)
        stored.store(
            connection,
            [
                (node, one.record, stored.Kept(one.incoming.reader_version, one.covered, one.area, one.incoming.words))
                for node, one in zip(placed, made, strict=True)
            ],
        )
        citing = []
        for node, one in zip(placed, made, strict=True):
            reads = read_mentions(one.record, facts=self.facts, area=one.area)
            confirmations.apply_details(confirmed.get(one.record.sha256, ()), reads)
            citing.append(Citing(node, one.record, reads, one.values["restricted"]))
        affected |= write_mentions_of(connection, citing)
        affected.changed.update(placed)
        return placed, affected

    def _place(self, made: Sequence[_Made]) -> tuple[list[int], Affected]:
        """Give each its row of ``nodes``; their ids, and what is affected by them."""
        affected = Affected()
        placed: list[int | None] = []
        buckets = {one.values["bucket"] for one in made if one.incoming.node is None and one.values["bucket"]}
        with_stubs = stub_buckets(self.connection, sorted(buckets))
        # As they are before these documents come.
        loaded = {bucket.name: bucket for bucket in load_buckets(self.connection, sorted(with_stubs))}
        for one in made:
            affected.add(one.values["bucket"], one.values["name_bucket"])
            node = one.incoming.node
            if node is not None:
                affected |= self._clear(node, one.record.sha256)
            elif one.values["bucket"] in with_stubs:
                name = one.values["bucket"]
                bucket = loaded.pop(name, None) or load_buckets(self.connection, [name])[0]
                node = self._stub_of(one, bucket)
                if node is None:  # at once, as the next may be its copy
                    placed.append(inserted_id(self.connection.execute(insert(nodes).values(**one.values))))
                    continue
            if node is not None:
                self.connection.execute(update(nodes).where(nodes.c.id == node).values(**one.values))
                groups.lead_group(self.connection, node)
            placed.append(node)
        new = [one.values for one, node in zip(made, placed, strict=True) if node is None]
        fresh = iter(inserted_ids(self.connection, nodes, new))
        return [next(fresh) if node is None else node for node in placed], affected

    def _stub_of(self, made: _Made, loaded: Bucket) -> int | None:
        """The stub of its bucket that a new document turns out to be: the one that mentions of it meant."""
        if not loaded.stubs:
            return None
        item = Item("held", 0, made.own, source=made.record.sha256, unsure=made.values["facts"]["doubtful"])
        items = [*loaded.items(), item]
        clusters, _ = cluster_bucket(items, table_rows(loaded.name, items) if self.facts else None)
        mine = next(c for c in clusters if item in c.items)
        if len(mine.held) > 1:
            return None
        meant = {loaded.rows[m.ref]["target_id"] for m in mine.mentions}
        ids = [id_ for id_, row in loaded.stubs.items() if id_ in meant or row["doc_key"] == mine.key]
        return min(ids, default=None)

    def _clear(self, node: int, sha256: str) -> Affected:
        """Take away what *node* held of the file; returns what must be resolved again."""
        old = self.connection.execute(select(nodes.c.bucket, nodes.c.name_bucket).where(nodes.c.id == node)).one()
        affected = drop_mentions(self.connection, node)
        affected.add(old.bucket, old.name_bucket)
        # Of this file alone: another file's record is not overwritten.
        self.connection.execute(delete(records).where(records.c.node_id == node, records.c.sha256 == sha256))
        return affected

    def settle(self, affected: Affected) -> None:
        """Decide again what the mentions in these buckets mean."""
        Settling(self.connection, facts=self.facts).settle(affected)

    def correct(self, node: int, field: str, value: str | None, who: str) -> int:
        """Correct a field of a held document; returns the audit id. Raises UsageError for one that is not held."""
        row = self.connection.execute(
            select(records.c.sha256, records.c.reader_version).where(records.c.node_id == node)
        ).first()
        if row is None:
            raise UsageError("Văn bản này không có tệp trong kho.", "Không có gì để sửa.")
        was = corrections.snapshot(stored.load(self.connection, node), field)
        name = self.connection.execute(select(nodes.c.doc_key).where(nodes.c.id == node)).scalar_one()
        detail = {
            "documents": [name],
            "id": node,
            "sha256": row.sha256,
            "field": field,
            "who": who,
            "before": was,
            "after": value,
        }
        entry = audit.note(self.connection, "correct", f"{who}: {field}", detail)
        self.store(stored.load_as_read(self.connection, node), row.reader_version, node)
        return entry

    def confirm(self, node: int, ordinal: int, target: int, who: str) -> int:
        """State that a mention of a held document means *target*; returns the audit id. Raises UsageError.

        The mention must be without a document, and *target* one of those that it may mean.
        """
        connection = self.connection
        row = connection.execute(
            select(records.c.sha256, records.c.reader_version).where(records.c.node_id == node)
        ).first()
        if row is None:
            raise UsageError("Văn bản này không có tệp trong kho.", "Không có gì để xác nhận.")
        claim = connection.execute(
            select(claims)
            .join(mentions, mentions.c.claim_id == claims.c.id)
            .where(mentions.c.source_id == node, mentions.c.ordinal == ordinal, claims.c.target_id.is_(None))
        ).first()
        if claim is None or target not in claim.candidates:
            raise UsageError("Dẫn chiếu này không còn chờ xác nhận văn bản ấy.", "Hãy mở lại trang của văn bản.")
        both = {r["id"]: r for r in connection.execute(select(nodes).where(nodes.c.id.in_([node, target]))).mappings()}
        if both[target]["restricted"] and not both[node]["restricted"]:
            raise UsageError("Văn bản lưu hành nội bộ không ghi vào văn bản công khai.", "Hãy chọn văn bản khác.")
        detail = {
            "id": node,
            "target": target,
            "documents": [both[node]["doc_key"], both[target]["doc_key"]],
            "names": [summary(both[node]).name, summary(both[target]).name],
            "sha256": row.sha256,
            "who": who,
            "cited": claim.facts["f"],
            "means": confirmations.facts_of_node(connection, target).as_json(),
        }
        entry = audit.note(connection, "confirm", "", detail)
        self.store(stored.load_as_read(connection, node), row.reader_version, node)
        return entry

    def take_out(self, node: int) -> None:
        """Take a held document out: a stub remains where it is cited, its group gets another head."""
        connection = self.connection
        row = connection.execute(select(nodes.c.bucket, nodes.c.name_bucket).where(nodes.c.id == node)).one()
        affected = drop_mentions(connection, node)
        own_words = select(records.c.sha256).where(records.c.node_id == node).scalar_subquery()
        connection.execute(delete(segmented_words).where(segmented_words.c.sha256 == own_words))
        connection.execute(delete(records).where(records.c.node_id == node))
        connection.execute(
            update(nodes).where(nodes.c.id == node).values(held=False, restricted=False, unsure=False, facts={})
        )
        record_changes(connection, [node])
        members = groups.group_of(connection, node) - {node}
        heir = self._new_head(node)
        if row.bucket:
            affected.add(row.bucket, row.name_bucket)
        self.settle(affected)
        if not row.bucket:
            connection.execute(update(nodes).where(nodes.c.merged_into == node).values(merged_into=None))
        if members:  # what cited them was resolved to the head they had
            self.settle_around(members)
            groups.record_group_changes(connection, members)
        if not row.bucket:
            connection.execute(delete(nodes).where(nodes.c.id == node))
            if heir is not None:
                connection.execute(insert(redirects).values(old_id=node, new_id=heir))
            record_changes(connection, [node], "delete")

    def _new_head(self, node: int) -> int | None:
        """Let another held member lead the group of *node*; its id, None where none is held."""
        query = select(nodes.c.id).where(nodes.c.merged_into == node, nodes.c.held.is_(True)).order_by(nodes.c.id)
        heir = self.connection.execute(query).scalar()
        if heir is None:
            return None
        groups.lead_group(self.connection, int(heir))
        return int(heir)

    def settle_around(self, ids: Iterable[int]) -> None:
        """Resolve the mentions in the buckets of these nodes again."""
        affected = Affected()
        query = select(nodes.c.bucket, nodes.c.name_bucket).where(nodes.c.id.in_(list(ids)))
        for row in self.connection.execute(query):
            affected.add(row.bucket, row.name_bucket)
        self.settle(affected)


def _made_of(incoming: Incoming, standing: Collection[Mapping[str, Any]]) -> _Made:
    """What is written of a document. standing: corrections by people, oldest first."""
    corrections.forget_conclusions(incoming.read)
    record, covered = corrections.apply(incoming.read, standing)
    area = identity.area_of(record)
    own = identity.of_record(record, area)
    return _Made(incoming, record, covered, area, own, _node_values(record, own))


def _node_values(record: Record, own: identity.Facts) -> dict[str, Any]:
    """The columns of ``nodes`` for a held document; own: its facts as printed in it."""
    bucket = identity.bucket(own)
    doubtful = any((e := record.fields.get(name)) is not None and e.needs_review for name in _IDENTIFYING)
    return {
        "doc_key": identity.key_of(own) if bucket else identity.draft_key(own, record.sha256),
        "held": True,
        "restricted": is_restricted(record.circulation),
        "bucket": bucket,
        "name_bucket": identity.name_bucket(own),
        "doc_type": record.doc_type,
        "so_ky_hieu": record.so_ky_hieu,
        "number_key": own.number,
        "sym_key": own.sym_key,
        "date": record.date,
        "issuer": record.issuer,
        "issuer_key": own.issuer_key,
        "title": record.title,
        "unsure": any(e.needs_review for e in record.fields.values()),
        "known_only": False,
        "facts": {
            "f": own.as_json(),
            "source": record.sha256,
            "doubtful": doubtful,
            "number_doubtful": stored.has_doubtful_number(record),
            "conflicts": {},
        },
    }
