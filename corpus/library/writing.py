"""Writes and takes out documents in one transaction, and resolves the mentions around them again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from corpus import identity
from corpus.errors import UsageError
from corpus.library import audit, confirmations, corrections, groups
from corpus.library import records as stored
from corpus.library.buckets import load_buckets
from corpus.library.changes import record_changes
from corpus.library.claims import Affected
from corpus.library.database import inserted_id
from corpus.library.mention_rows import drop_mentions, write_mentions
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


class DocumentWriter:
    """Works on one connection, within its transaction. facts: resolve with the known-documents tables."""

    def __init__(self, connection: Connection, *, facts: bool) -> None:
        self.connection = connection
        self.facts = facts

    def store(self, read: Record, reader_version: str, node: int | None) -> int:
        """Store what was *read*, with the corrections that were not undone; returns its node.

        node: where it is stored; None for the stub it turns out to be, or else a new one.
        """
        stored_at, affected = self.put(read, reader_version, node)
        self.settle(affected)
        return stored_at

    def put(
        self, read: Record, reader_version: str, node: int | None, words: Sequence[str] | None = None
    ) -> tuple[int, Affected]:
        """Store it as :meth:`store` does, and leave it to the caller to settle what is affected; node and that.

        Several documents may be put before what they affect is settled together. words: of the text, where known.
        """
        corrections.forget_conclusions(read)
        made, covered = corrections.apply(read, audit.standing_corrections(self.connection, read.sha256))
        area = identity.area_of(made)
        own = identity.of_record(made, area)
        values = _node_values(made, own)
        node, affected = self._place(made, values, own, node)
        stored.store(self.connection, node, made, stored.Kept(reader_version, covered, area, words))
        reads = read_mentions(made, facts=self.facts)
        confirmations.apply(self.connection, made.sha256, reads)
        affected |= write_mentions(self.connection, node, made, reads, restricted=values["restricted"])
        affected.changed.add(node)
        return node, affected

    def _place(
        self, record: Record, values: dict[str, Any], own: identity.Facts, node: int | None
    ) -> tuple[int, Affected]:
        """Give *record* its row of ``nodes``; its id, and what is affected by it.

        node: where it is stored; None for the stub it turns out to be, or else a new one.
        """
        affected = Affected()
        affected.add(values["bucket"], values["name_bucket"])
        if node is None and values["bucket"]:
            node = self._stub_of(values["bucket"], own, record.sha256, values["facts"]["doubtful"])
        elif node is not None:
            affected |= self._clear(node, record.sha256)
        if node is None:
            node = inserted_id(self.connection.execute(insert(nodes).values(**values)))
        else:
            self.connection.execute(update(nodes).where(nodes.c.id == node).values(**values))
            groups.lead_group(self.connection, node)
        return node, affected

    def _stub_of(self, bucket: str, own: identity.Facts, sha256: str, unsure: bool) -> int | None:
        """The stub that a new document turns out to be: the one that mentions of it meant."""
        (loaded,) = load_buckets(self.connection, [bucket])
        if not loaded.stubs:
            return None
        item = Item("held", 0, own, source=sha256, unsure=unsure)
        clusters, _ = cluster_bucket([*loaded.items(facts=self.facts), item])
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
