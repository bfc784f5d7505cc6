"""What mentions mean to those who may not see documents of restricted circulation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from corpus.library.addresses import head_of
from corpus.library.buckets import bucket_items
from corpus.library.claims import Outcome, claim_item, claim_rows, claims_by_name_alone
from corpus.library.schema import claims, nodes
from corpus.library.settling import BY_NAME
from corpus.resolution.bucket import cluster_bucket
from corpus.resolution.clusters import Cluster
from corpus.resolution.law_names import Law, resolve_names
from corpus.vocabulary import MentionState


class PublicResolution:
    """Resolves mentions again as if the library held no hidden document.

    Needed for the few mentions that a hidden document has to do with: what is stored of them takes it into account.
    """

    #: Of a mention that means a hidden document.
    UNKNOWN = Outcome(None, str(MentionState.UNRESOLVED), "", 0.0, [], [])

    def __init__(self, connection: Connection, visible: ColumnElement[bool], *, facts: bool) -> None:
        """*visible*: the condition that a node may be shown. facts: resolve with the known-documents tables."""
        self._connection = connection
        self._visible = visible
        self._facts = facts
        self._found: dict[tuple[str | None, str | None], dict[int, Outcome]] = {}
        #: Keys of the documents in what was answered, by id.
        self.keys: dict[int, str] = {}

    def outcome(self, claim: int) -> Outcome:
        """What the mentions of that claim mean."""
        row = self._connection.execute(select(claims.c.bucket, claims.c.name_bucket).where(claims.c.id == claim)).one()
        where = (row.bucket, None) if row.bucket else (None, row.name_bucket)
        if where not in self._found:
            self._found[where] = self._in_bucket(row.bucket) if row.bucket else self._by_name(row.name_bucket)
        return self._found[where].get(claim, self.UNKNOWN)

    def _in_bucket(self, bucket: str) -> dict[int, Outcome]:
        items, _ = bucket_items(self._connection, bucket, facts=self._facts)
        _, resolutions = cluster_bucket(i for i in items if not i.restricted and (i.kind != "mention" or i.votes))
        stubs = {row.doc_key: row.id for row in self._shown_rows(nodes.c.bucket == bucket, nodes.c.held.is_(False))}
        found = {}
        for ref, resolution in resolutions.items():
            candidates = [n for c in resolution.candidates if (n := self._node(c, stubs)) is not None]
            target = self._node(resolution.cluster, stubs) if resolution.cluster else None
            if target is not None or (resolution.cluster is None and candidates):
                state, method = str(resolution.state), resolution.method
                found[ref] = Outcome(target, state, method, resolution.confidence, resolution.conflicts, candidates)
        return found

    def _node(self, cluster: Cluster, stubs: Mapping[str, int]) -> int | None:
        """The document that a cluster is, if it may be seen; stubs: of the bucket, by key."""
        held = next(iter(cluster.copies()), None)
        return self._shown(held.ref if held else stubs.get(cluster.key))

    def _by_name(self, name_bucket: str) -> dict[int, Outcome]:
        rows = self._shown_rows(nodes.c.name_bucket == name_bucket)
        ids = {str(row.doc_key): int(row.id) for row in reversed(rows)}
        numbered = {
            str(row.doc_key): Law(str(row.doc_key), row.date or row.facts["f"].get("year"))
            for row in reversed(rows)
            if row.bucket is not None
        }
        public = claim_rows(self._connection, claims_by_name_alone(name_bucket) & (claims.c.votes > 0))
        answers = resolve_names(
            name_bucket.removeprefix("luat:"),
            [claim_item(row) for row in public.values()],
            [numbered[key] for key in sorted(numbered)],
        )
        found: dict[int, Outcome] = {}
        for ref, answer in answers.items():
            candidates = [n for key in answer.candidates if (n := self._shown(ids.get(key))) is not None]
            target = self._shown(ids.get(answer.key)) if answer.key is not None else None
            if target is not None or (answer.key is None and candidates):
                found[ref] = Outcome(target, str(answer.state), BY_NAME, answer.confidence, [], candidates)
        return found

    def _shown_rows(self, *where: ColumnElement[bool]) -> Sequence[Any]:
        return self._connection.execute(select(nodes).where(self._visible, *where).order_by(nodes.c.id)).all()

    def _shown(self, node: int | None) -> int | None:
        """The document that *node* leads to, if it may be seen."""
        if node is None:
            return None
        rows = self._shown_rows(nodes.c.id == head_of(self._connection, node))
        self.keys.update((int(row.id), str(row.doc_key)) for row in rows)
        return int(rows[0].id) if rows else None
