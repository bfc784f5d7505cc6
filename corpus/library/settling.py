"""Settling: deciding again what every mention around a written or removed document means.

The database side of :mod:`corpus.resolution`: a bucket is loaded and clustered, each cluster is given its node (ids are
kept), and whatever changed is recorded at both ends. All of it happens in the caller's transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, insert, select, update

from corpus import identity
from corpus.law import known_documents
from corpus.library.changes import record_changes
from corpus.library.claims import Affected, Outcome, bucket_items, claim_item, claim_rows, claims_by_name_alone
from corpus.library.database import inserted_id
from corpus.library.schema import claims, mentions, nodes, redirects
from corpus.resolution.bucket import cluster_bucket
from corpus.resolution.clusters import Cluster, Item, representative
from corpus.resolution.description import describe
from corpus.resolution.law_names import Law, NameResolution, resolve_names

#: How a law cited by its name alone was resolved, for a reader.
BY_NAME = "tên luật"

#: In :meth:`Settling._moved`: some mentions of a stub mean no document any more.
_NOWHERE = 0


class Settling:
    """Settles on one connection, within its transaction. facts: resolve with the known-documents tables."""

    def __init__(self, connection: Connection, *, facts: bool) -> None:
        self._connection = connection
        self._facts = facts
        self._companions: set[str] = set()
        self._changed: set[int] = set()
        self._gone: set[int] = set()
        #: Stubs that are still cited by their name alone; tried again when the names are settled.
        self._late: set[int] = set()

    def settle(self, affected: Affected) -> None:
        """Decide again what every mention of these buckets means; records what changed at both ends."""
        names = set(affected.names)
        self._companions = self._find_companions()
        for bucket in sorted(affected.buckets):
            names |= self._settle_bucket(bucket)
        before, self._companions = self._companions, self._find_companions()
        for bucket in sorted({known_documents.all_rows()[key].bucket for key in before ^ self._companions}):
            names |= self._settle_bucket(bucket)
        for name in sorted(names):
            self._settle_names(name)
        for stub in sorted(self._late):
            self._drop_stub(stub, set())
        record_changes(self._connection, self._changed - self._gone)
        record_changes(self._connection, self._gone, "delete")
        for noted in (self._late, self._changed, self._gone):
            noted.clear()

    def _find_companions(self) -> set[str]:
        """The known documents to be shown beside those that the library holds or cites."""
        if not self._facts:
            return set()
        present = select(nodes.c.known).where(
            nodes.c.bucket.in_(known_documents.edge_buckets()),
            nodes.c.known.is_not(None),
            nodes.c.known_only.is_(False),
        )
        return known_documents.companions({str(key) for key in self._connection.execute(present).scalars()})

    # ------------------------------------------------------------ buckets of numbers

    def _settle_bucket(self, bucket: str) -> set[str]:
        """Settle the documents of one bucket; returns the names of laws that may now mean something else."""
        items, rows = bucket_items(self._connection, bucket, facts=self._facts)
        clusters, resolutions = cluster_bucket(items)
        stubs = self._stubs(nodes.c.bucket == bucket)
        meant = {id(r.cluster) for r in resolutions.values() if r.cluster}
        meant |= {id(c) for r in resolutions.values() for c in r.candidates}
        needed = [c for c in clusters if c.held or id(c) in meant or c.known in self._companions]
        ids = self._node_ids(bucket, needed, stubs, rows)
        names: set[str] = set()
        for cluster in needed:
            if cluster.held:
                names |= self._update_held(cluster)
            else:
                names |= self._update_stub(cluster, ids[id(cluster)], stubs, known_only=id(cluster) not in meant)
        outcomes = {
            ref: Outcome(
                ids[id(r.cluster)] if r.cluster else None,
                str(r.state),
                r.method,
                r.confidence,
                r.conflicts,
                [ids[id(c)] for c in r.candidates],
            )
            for ref, r in resolutions.items()
        }
        moved = self._write_outcomes(outcomes, rows)
        for stub in sorted(set(stubs) - set(ids.values())):
            names |= {name for name in (stubs[stub]["name_bucket"],) if name}
            self._drop_stub(stub, moved.get(stub, set()))
        return names

    def _stubs(self, *where: ColumnElement[bool]) -> dict[int, RowMapping]:
        query = select(nodes).where(*where, nodes.c.held.is_(False))
        return {int(r["id"]): r for r in self._connection.execute(query).mappings()}

    def _node_ids(
        self,
        bucket: str,
        clusters: Sequence[Cluster],
        stubs: Mapping[int, RowMapping],
        rows: Mapping[int, RowMapping],
    ) -> dict[int, int]:
        """The node of each cluster: a held one, the stub of its key, a stub that its mentions meant, or a new one.

        By ``id(cluster)``.
        """
        ids: dict[int, int] = {}
        by_key = {str(row["doc_key"]): node for node, row in stubs.items()}
        free = set(stubs)
        for cluster in clusters:
            if cluster.held:
                ids[id(cluster)] = min(cluster.held, key=representative).ref
            elif cluster.key in by_key:
                ids[id(cluster)] = by_key[cluster.key]
                free.discard(by_key[cluster.key])
        for cluster in sorted(clusters, key=lambda c: c.key):
            if id(cluster) in ids:
                continue
            before = {rows[m.ref]["target_id"] for m in cluster.mentions} & free
            if before:
                ids[id(cluster)] = min(before)
                free.discard(ids[id(cluster)])
            else:
                new = insert(nodes).values(doc_key=cluster.key, held=False, bucket=bucket, facts={"new": True})
                ids[id(cluster)] = inserted_id(self._connection.execute(new))
        return ids

    def _update_held(self, cluster: Cluster) -> set[str]:
        """Bring the key of held documents up to date; returns the bucket of their name, if any."""
        values = {"doc_key": cluster.key, "known": cluster.known}
        for item in cluster.held:
            own = nodes.c.id == item.ref
            row = self._connection.execute(select(nodes.c.doc_key, nodes.c.known).where(own)).mappings().one()
            if dict(row) != values:
                self._connection.execute(update(nodes).where(own).values(**values))
                self._changed.add(item.ref)
        name = identity.name_bucket(cluster.facts)
        return {name} if name else set()

    def _update_stub(
        self, cluster: Cluster, node: int, stubs: Mapping[int, RowMapping], *, known_only: bool
    ) -> set[str]:
        """Bring a stub up to date; returns the buckets of its name, before and now, if it changed.

        known_only: nothing in the library cites it, the tables alone have it.
        """
        facts = cluster.facts
        values = {
            **_stub_values(cluster),
            "doc_key": cluster.key,
            "name_bucket": identity.name_bucket(facts),
            "so_ky_hieu": facts.so_ky_hieu,
            "number_key": facts.number,
            "sym_key": facts.sym_key,
            "unsure": bool(cluster.conflicts) or facts.inferred,
            "known": cluster.known,
            "known_only": known_only,
        }
        if not self._update_if_changed(node, stubs.get(node), values):
            return set()
        before = stubs[node]["name_bucket"] if node in stubs else None
        return {name for name in (values["name_bucket"], before) if name}

    def _update_if_changed(self, node: int, before: RowMapping | None, values: dict[str, Any]) -> bool:
        if before is not None and all(before[name] == value for name, value in values.items()):
            return False
        self._connection.execute(update(nodes).where(nodes.c.id == node).values(**values))
        self._changed.add(node)
        return True

    # ------------------------------------------------------------ what is written

    def _write_outcomes(self, outcomes: Mapping[int, Outcome], rows: Mapping[int, RowMapping]) -> dict[int, set[int]]:
        """Store the outcomes that changed; returns the new targets of the claims that meant each former target."""
        merged = select(nodes.c.id, nodes.c.merged_into).where(nodes.c.merged_into.is_not(None))
        heads = {r.id: r.merged_into for r in self._connection.execute(merged)}
        moved: dict[int, set[int]] = defaultdict(set)
        for ref in sorted(outcomes):
            outcome, row = outcomes[ref], rows[ref]
            target = heads.get(outcome.target, outcome.target)
            before = row["target_id"]
            if before is not None and before != target:
                moved[before].add(target or _NOWHERE)
            values = {
                "target_id": target,
                "state": outcome.state,
                "method": outcome.method,
                "confidence": outcome.confidence,
                "conflicts": outcome.conflicts,
                "candidates": outcome.candidates,
            }
            if all(row[name] == value for name, value in values.items()):
                continue
            self._connection.execute(update(claims).where(claims.c.id == ref).values(**values))
            self._changed.update(n for n in (before, target) if n)
            sources = select(mentions.c.source_id).where(mentions.c.claim_id == ref)
            self._changed.update(self._connection.execute(sources).scalars())
        return moved

    def _drop_stub(self, stub: int, successors: set[int]) -> None:
        """Delete a stub that nothing means any more, unless people merged it or others into it.

        successors: where its mentions went; its address leads to the one document that took them, if it is one.
        """
        connection = self._connection
        if connection.execute(select(nodes.c.id).where(nodes.c.merged_into == stub)).first():
            return
        if connection.execute(select(nodes.c.merged_into).where(nodes.c.id == stub)).scalar() is not None:
            return
        if connection.execute(select(claims.c.id).where(claims.c.target_id == stub)).first():
            # It is cited by its name alone now, so it is no longer a law of that name.
            connection.execute(update(nodes).where(nodes.c.id == stub).values(name_bucket=None))
            self._late.add(stub)
            return
        if len(successors) == 1 and _NOWHERE not in successors:
            (successor,) = successors
            connection.execute(update(redirects).where(redirects.c.new_id == stub).values(new_id=successor))
            connection.execute(insert(redirects).values(old_id=stub, new_id=successor))
        connection.execute(delete(nodes).where(nodes.c.id == stub))
        self._changed.discard(stub)
        self._gone.add(stub)

    # ------------------------------------------------------------ laws by name

    def _settle_names(self, name_bucket: str) -> None:
        """Settle the laws cited by one name; after the numbers, as a law with a number is what a name may mean."""
        rows = claim_rows(self._connection, claims_by_name_alone(name_bucket))
        stubs = self._stubs(nodes.c.name_bucket == name_bucket, nodes.c.bucket.is_(None))
        ids, numbered = self._numbered_laws(name_bucket)
        items = {ref: claim_item(row) for ref, row in rows.items()}
        answers = resolve_names(name_bucket.removeprefix("luat:"), items.values(), numbered)
        ids |= self._write_law_stubs(name_bucket, answers, items, stubs, set(ids))
        outcomes = {
            ref: Outcome(
                ids[answer.key] if answer.key is not None else None,
                str(answer.state),
                BY_NAME,
                answer.confidence,
                [],
                [ids[key] for key in answer.candidates if key in ids],
            )
            for ref, answer in answers.items()
        }
        moved = self._write_outcomes(outcomes, rows)
        for stub in sorted(set(stubs) - set(ids.values())):
            self._drop_stub(stub, moved.get(stub, set()))

    def _numbered_laws(self, name_bucket: str) -> tuple[dict[str, int], list[Law]]:
        """The laws of that name that have a number: their nodes by key, and themselves in order of key."""
        query = select(nodes).where(nodes.c.name_bucket == name_bucket, nodes.c.bucket.is_not(None))
        ids: dict[str, int] = {}
        laws = []
        for row in self._connection.execute(query.order_by(nodes.c.id)).mappings():
            key = str(row["doc_key"])
            if key not in ids:
                ids[key] = int(row["id"])
                laws.append(Law(key, row["date"] or row["facts"]["f"].get("year")))
        return ids, sorted(laws, key=lambda law: law.key)

    def _write_law_stubs(
        self,
        name_bucket: str,
        answers: Mapping[int, NameResolution],
        items: Mapping[int, Item],
        stubs: Mapping[int, RowMapping],
        numbered: set[str],
    ) -> dict[str, int]:
        """Write the stubs of laws that are cited by this name alone; their nodes by key."""
        by_key = {str(row["doc_key"]): node for node, row in stubs.items()}
        members: dict[str, list[Item]] = defaultdict(list)
        for ref, answer in answers.items():
            if answer.key is not None and answer.key not in numbered:
                members[answer.key].append(items[ref])
        ids = {}
        for key in sorted(members):
            cluster = Cluster(items=members[key])
            describe(cluster)
            values = {
                **_stub_values(cluster),
                "doc_key": key,
                "name_bucket": name_bucket,
                "unsure": bool(cluster.conflicts),
            }
            if key in by_key:
                ids[key] = by_key[key]
                self._update_if_changed(ids[key], stubs[ids[key]], values)
            else:
                ids[key] = inserted_id(self._connection.execute(insert(nodes).values(held=False, **values)))
                self._changed.add(ids[key])
        return ids


def _stub_values(cluster: Cluster) -> dict[str, Any]:
    """The columns of ``nodes`` that stubs of both kinds share."""
    facts = cluster.facts
    return {
        "restricted": cluster.restricted,
        "doc_type": facts.doc_type,
        "date": facts.date,
        "issuer": facts.issuer,
        "issuer_key": facts.issuer_key,
        "title": facts.title,
        "facts": {"f": facts.as_json(), "conflicts": cluster.conflicts},
    }
