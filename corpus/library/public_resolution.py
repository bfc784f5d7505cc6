"""What mentions mean to those who may not see documents of restricted circulation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from corpus.library.addresses import head_of
from corpus.library.schema import claims, nodes
from corpus.library.settling import Outcome, Settling, claim_item, claim_rows
from corpus.resolution.bucket import cluster_bucket
from corpus.resolution.clusters import Cluster, representative
from corpus.resolution.law_names import Named, resolve_names


class PublicResolution:
    """Resolves mentions again as if the library held no hidden document. visible: the condition on nodes.

    Needed for the few mentions that a hidden document has to do with: what is stored of them takes it into account.
    """

    #: Of a mention that means a hidden document.
    UNKNOWN = Outcome(None, "unresolved", "", 0.0, [], [])

    def __init__(self, connection: Connection, facts: bool, visible: ColumnElement[bool]) -> None:
        self._connection = connection
        self._visible = visible
        self._settling = Settling(connection, facts)
        self._found: dict[tuple[str | None, str | None], dict[int, Outcome]] = {}
        #: Keys of the documents in what was answered, by id.
        self.keys: dict[int, str] = {}

    def outcome(self, claim: int) -> Outcome:
        """What the mentions of that claim mean to them."""
        row = self._connection.execute(select(claims.c.bucket, claims.c.name_bucket).where(claims.c.id == claim)).one()
        where = (row.bucket, None) if row.bucket else (None, row.name_bucket)
        if where not in self._found:
            self._found[where] = self._in_bucket(row.bucket) if row.bucket else self._by_name(row.name_bucket)
        return self._found[where].get(claim, self.UNKNOWN)

    def _in_bucket(self, bucket: str) -> dict[int, Outcome]:
        items, _ = self._settling.items_of(bucket)
        _, verdicts = cluster_bucket(i for i in items if not i.restricted and (i.kind != "mention" or i.votes))
        stubs = {row.doc_key: row.id for row in self._seen(nodes.c.bucket == bucket, nodes.c.held.is_(False))}

        def node(cluster: Cluster) -> int | None:
            held = min(cluster.held, key=representative, default=None)
            return self._shown(held.ref if held else stubs.get(cluster.key))

        found = {}
        for ref, verdict in verdicts.items():
            meant = [n for c in verdict.candidates if (n := node(c)) is not None]
            target = node(verdict.cluster) if verdict.cluster else None
            if target is not None or (verdict.cluster is None and meant):
                found[ref] = Outcome(
                    target, str(verdict.state), verdict.method, verdict.confidence, verdict.conflicts, meant
                )
        return found

    def _by_name(self, name: str) -> dict[int, Outcome]:
        rows = self._seen(nodes.c.name_bucket == name)
        ids = {str(row.doc_key): int(row.id) for row in reversed(rows)}
        numbered = {
            str(row.doc_key): Named(str(row.doc_key), row.date or row.facts["f"].get("year"))
            for row in reversed(rows)
            if row.bucket is not None
        }
        said = claim_rows(
            self._connection, (claims.c.name_bucket == name) & claims.c.bucket.is_(None) & (claims.c.votes > 0)
        )
        answers = resolve_names(
            name.removeprefix("luat:"),
            [claim_item(r) for r in said.values()],
            [numbered[key] for key in sorted(numbered)],
        )
        found: dict[int, Outcome] = {}
        for ref, (key, state, confidence, candidates) in answers.items():
            meant = [n for c in candidates if (n := self._shown(ids.get(c))) is not None]
            target = self._shown(ids.get(key)) if key is not None else None
            if target is not None or (key is None and meant):
                found[ref] = Outcome(target, str(state), "tên luật", confidence, [], meant)
        return found

    def _seen(self, *where: Any) -> Sequence[Any]:
        query = select(nodes).where(self._visible, *where)
        return self._connection.execute(query.order_by(nodes.c.id)).all()

    def _shown(self, node: int | None) -> int | None:
        """The document that *node* leads to, if all may see it."""
        if node is None:
            return None
        rows = self._seen(nodes.c.id == head_of(self._connection, node))
        self.keys.update((int(row.id), str(row.doc_key)) for row in rows)
        return int(rows[0].id) if rows else None
