"""Settling: after a document is written or taken out, what every mention around it means is decided anew.

The database side of :mod:`corpus.resolution`: loads a bucket, lets it be clustered, gives each cluster its node (keeping
ids), and marks whatever changed at both ends. All in the caller's transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, delete, insert, or_, select, update

from corpus import identity
from corpus.identity import Facts
from corpus.law import known_documents
from corpus.library.changes import record_changes
from corpus.library.database import inserted_id
from corpus.library.schema import claims, mentions, nodes, redirects
from corpus.library.values import Considered, Reference, is_wide_basis
from corpus.model import Record
from corpus.resolution.bucket import cluster_bucket
from corpus.resolution.clusters import Cluster, Item, describe, representative
from corpus.resolution.law_names import Named, resolve_names
from corpus.resolution.within_document import ReadMention


class Outcome(NamedTuple):
    """What a mention was found to mean: a row of ``claims``, with nodes for documents."""

    target: int | None
    state: str
    method: str
    confidence: float
    conflicts: list[str]
    candidates: list[int]


class Settling:
    """Works on one connection, within its transaction. facts: resolve with the known-documents tables."""

    def __init__(self, connection: Connection, facts: bool) -> None:
        self.connection = connection
        self.facts = facts
        self.late: set[int] = set()
        self.companions: set[str] = set()  # known documents that come with those present

    def stub_of(self, bucket: str, own: Facts, sha256: str, unsure: bool) -> int | None:
        """The stub that a new document turns out to be: the one its mentions settled on."""
        item = Item("held", 0, own, source=sha256, unsure=unsure)
        items, now = self.items_of(bucket)
        clusters, _ = cluster_bucket([*items, item])
        mine = next(c for c in clusters if item in c.items)
        if len(mine.held) > 1:
            return None
        wanted = {now[m.ref]["target_id"] for m in mine.mentions}
        stubs = self.connection.execute(
            select(nodes.c.id, nodes.c.doc_key).where(nodes.c.bucket == bucket, nodes.c.held.is_(False))
        ).all()
        ids = sorted(int(s.id) for s in stubs if s.id in wanted or s.doc_key == mine.key)
        return ids[0] if ids else None

    def consider(self, ordinal: int, sha256: str, citing: str | None, read: ReadMention) -> Considered:
        """What one more mention would mean, were it made; writes nothing."""
        bucket, name = identity.bucket(read.facts), identity.name_bucket(read.facts)
        claim = _claim(sha256, citing, read)
        item = Item(
            "mention",
            0,
            read.facts,
            sha256,
            votes=0,
            citing=claim.get("citing"),
            antecedent=read.antecedent is not None,
            by_name=read.by_name,
            context=read.context,
        )
        answer = Considered(ordinal, read.facts, "unresolved", 0.0, None)
        if bucket is None:
            return self._consider_name(answer, item, name) if name else answer
        items, now = self.items_of(bucket)
        _, verdicts = cluster_bucket([*items, item])
        verdict = verdicts[0]
        answer.state, answer.confidence = verdict.state, verdict.confidence
        answer.conflicts = verdict.conflicts
        if verdict.cluster is None:
            answer.candidates = [_reference(c, item, now) for c in verdict.candidates]
        elif verdict.cluster.items != [item]:
            answer.reference = _reference(verdict.cluster, item, now)
        return answer

    def _consider_name(self, answer: Considered, item: Item, name: str) -> Considered:
        laws = self.connection.execute(select(nodes).where(nodes.c.name_bucket == name)).mappings().all()
        by_key = {str(law["doc_key"]): law for law in laws}
        numbered = [Named(key, by_key[key]["date"]) for key in sorted(by_key)]
        key, state, confidence, _ = resolve_names(name.removeprefix("luat:"), [item], numbered)[0]
        answer.state, answer.confidence = state, confidence
        if key in by_key:
            row = by_key[key]
            answer.reference = Reference(
                Facts(**row["facts"]["f"]), int(row["id"]), bool(row["held"]), row["known"], 0, {}
            )
        return answer

    def lead_group(self, node: int, *, if_held: bool = False) -> None:
        """A held document leads the group it was merged into, unless that group's head is held itself.

        if_held: look first whether *node* is held.
        """
        if if_held and not self.connection.execute(select(nodes.c.held).where(nodes.c.id == node)).scalar():
            return
        head = self.connection.execute(select(nodes.c.merged_into).where(nodes.c.id == node)).scalar()
        if head is None or self.connection.execute(select(nodes.c.held).where(nodes.c.id == head)).scalar():
            return
        self.connection.execute(update(nodes).where(nodes.c.id == node).values(merged_into=None))
        self.connection.execute(
            update(nodes).where(or_(nodes.c.id == head, nodes.c.merged_into == head)).values(merged_into=node)
        )
        record_changes(self.connection, [head], "delete")

    def write_mentions(
        self,
        node: int,
        record: Record,
        reads: Sequence[ReadMention],
        citing: str | None,
        restricted: bool,
    ) -> tuple[set[str], set[str]]:
        """Write a document's mentions and the claims they make; returns the buckets to settle."""
        said: dict[str, tuple[dict[str, Any], str | None, str | None]] = {}
        sigs: list[str | None] = []
        for read in reads:
            if read.is_self:
                sigs.append(None)
                continue
            claim = _claim(record.sha256, citing, read)
            sig = hashlib.sha256(json.dumps(claim, sort_keys=True).encode()).hexdigest()[:32]
            said[sig] = (claim, identity.bucket(read.facts), identity.name_bucket(read.facts))
            sigs.append(sig)
        there = {
            str(r.sig): int(r.id)
            for r in self.connection.execute(select(claims.c.id, claims.c.sig).where(claims.c.sig.in_(list(said))))
        }
        votes = {"hidden_votes": claims.c.hidden_votes + 1} if restricted else {"votes": claims.c.votes + 1}
        if there:
            self.connection.execute(update(claims).where(claims.c.id.in_(there.values())).values(**votes))
            ends = self.connection.execute(select(claims.c.target_id).where(claims.c.id.in_(there.values()))).scalars()
            record_changes(self.connection, {e for e in ends if e is not None})
        for sig in sorted(set(said) - set(there)):
            claim, bucket, name = said[sig]
            made = self.connection.execute(
                insert(claims).values(
                    sig=sig,
                    facts=claim,
                    bucket=bucket,
                    name_bucket=name,
                    votes=int(not restricted),
                    hidden_votes=int(restricted),
                    state="unresolved",
                    conflicts=[],
                    candidates=[],
                )
            )
            there[sig] = inserted_id(made)
        if reads:
            self.connection.execute(
                insert(mentions),
                [
                    {
                        "source_id": node,
                        "ordinal": at,
                        "claim_id": there[sig] if sig else None,
                        "citation": record.citations[at].as_json(),
                        "antecedent": reads[at].antecedent,
                        "relation": str(record.citations[at].relation),
                        "legal": record.citations[at].is_legal_basis,
                        "wide": is_wide_basis(record.citations[at]),
                    }
                    for at, sig in enumerate(sigs)
                ],
            )
        return {b for _, b, _ in said.values() if b}, {n for _, _, n in said.values() if n}

    def drop_mentions(self, node: int) -> tuple[set[str], set[str]]:
        """Take a document's mentions away, and the claims nobody makes any more; returns the buckets to settle."""
        restricted = self.connection.execute(select(nodes.c.restricted).where(nodes.c.id == node)).scalar_one()
        rows = self.connection.execute(
            select(claims.c.id, claims.c.bucket, claims.c.name_bucket, claims.c.target_id)
            .where(claims.c.id.in_(select(mentions.c.claim_id).where(mentions.c.source_id == node)))
            .distinct()
        ).all()
        self.connection.execute(delete(mentions).where(mentions.c.source_id == node))
        ids = [r.id for r in rows]
        votes = {"hidden_votes": claims.c.hidden_votes - 1} if restricted else {"votes": claims.c.votes - 1}
        self.connection.execute(update(claims).where(claims.c.id.in_(ids)).values(**votes))
        self.connection.execute(delete(claims).where(claims.c.id.in_(ids), claims.c.votes + claims.c.hidden_votes == 0))
        record_changes(self.connection, {r.target_id for r in rows if r.target_id})
        return {r.bucket for r in rows if r.bucket}, {r.name_bucket for r in rows if r.name_bucket}

    def items_of(self, bucket: str) -> tuple[list[Item], dict[int, RowMapping]]:
        """Everything of a bucket, and the rows of its claims by id."""
        items: list[Item] = []
        for row in self.connection.execute(
            select(nodes.c.id, nodes.c.facts, nodes.c.restricted).where(
                nodes.c.bucket == bucket, nodes.c.held.is_(True)
            )
        ):
            facts, own = row.facts, Facts(**row.facts["f"])
            items.append(
                Item("held", row.id, own, facts["source"], unsure=facts["doubtful"], restricted=row.restricted)
            )
        now = claim_rows(self.connection, claims.c.bucket == bucket)
        items += [claim_item(row) for row in now.values()]
        if self.facts:
            items += [
                Item("known", 0, k.facts, source=k.key, unsure=not k.sure) for k in known_documents.in_bucket(bucket)
            ]
        return items, now

    def settle(self, buckets: set[str], names: set[str]) -> None:
        """Decide anew what every mention of these buckets means; marks whatever changed at both ends."""
        changed: set[int] = set()
        gone: set[int] = set()
        self.companions = self._companions()
        for bucket in sorted(buckets):
            names |= self._settle_bucket(bucket, changed, gone)
        after = self._companions()
        moved = {known_documents.all_rows()[key].bucket for key in after ^ self.companions}
        self.companions = after
        for bucket in sorted(moved):
            names |= self._settle_bucket(bucket, changed, gone)
        for name in sorted(names):
            self._settle_names(name, changed, gone)
        for stub in sorted(self.late):
            self._drop_stub(stub, set(), changed, gone)
        self.late.clear()
        record_changes(self.connection, changed - gone)
        record_changes(self.connection, gone, "delete")

    def _companions(self) -> set[str]:
        """The known documents that stand beside those the library holds or cites."""
        if not self.facts:
            return set()
        rows = self.connection.execute(
            select(nodes.c.known).where(
                nodes.c.bucket.in_(known_documents.edge_buckets()),
                nodes.c.known.is_not(None),
                nodes.c.known_only.is_(False),
            )
        ).scalars()
        return known_documents.companions({str(key) for key in rows})

    def _settle_bucket(self, bucket: str, changed: set[int], gone: set[int]) -> set[str]:
        items, now = self.items_of(bucket)
        clusters, verdicts = cluster_bucket(items)
        stubs = {
            int(r["id"]): r
            for r in self.connection.execute(
                select(nodes).where(nodes.c.bucket == bucket, nodes.c.held.is_(False))
            ).mappings()
        }
        wanted = {id(v.cluster) for v in verdicts.values() if v.cluster}
        wanted |= {id(c) for v in verdicts.values() for c in v.candidates}
        needed = [c for c in clusters if c.held or id(c) in wanted or c.known in self.companions]
        ids = self._node_ids(bucket, needed, stubs, now)
        names: set[str] = set()
        for cluster in needed:
            beside = not cluster.held and id(cluster) not in wanted
            names |= self._write_node(cluster, ids[id(cluster)], stubs, changed, beside)
        outcomes: dict[int, Outcome] = {}
        for ref, verdict in verdicts.items():
            target = ids[id(verdict.cluster)] if verdict.cluster else None
            outcomes[ref] = Outcome(
                target,
                verdict.state,
                verdict.method,
                verdict.confidence,
                verdict.conflicts,
                [ids[id(c)] for c in verdict.candidates],
            )
        moved = self._write_outcomes(outcomes, now, changed)
        left = set(stubs) - set(ids.values())
        for stub in sorted(left):
            names |= {b for b in (stubs[stub]["name_bucket"],) if b}
            self._drop_stub(stub, moved.get(stub, set()), changed, gone)
        return names

    def _node_ids(
        self,
        bucket: str,
        clusters: Sequence[Cluster],
        stubs: dict[int, RowMapping],
        now: dict[int, RowMapping],
    ) -> dict[int, int]:
        """Which node stands for which cluster: held ones first, then the stub of that key, then of its mentions."""
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
            before = {now[m.ref]["target_id"] for m in cluster.mentions} & free
            if before:
                ids[id(cluster)] = min(before)
                free.discard(ids[id(cluster)])
            else:
                made = self.connection.execute(
                    insert(nodes).values(doc_key=cluster.key, held=False, bucket=bucket, facts={"new": True})
                )
                ids[id(cluster)] = inserted_id(made)
        return ids

    def _write_node(
        self, cluster: Cluster, node: int, stubs: dict[int, RowMapping], changed: set[int], beside: bool
    ) -> set[str]:
        """Bring a cluster's node up to date. beside: only the tables tell of it."""
        facts = cluster.facts
        name = identity.name_bucket(facts)
        if cluster.held:
            for item in cluster.held:
                row = self.connection.execute(
                    select(nodes.c.doc_key, nodes.c.known).where(nodes.c.id == item.ref)
                ).one()
                if row.doc_key != cluster.key or row.known != cluster.known:
                    self.connection.execute(
                        update(nodes).where(nodes.c.id == item.ref).values(doc_key=cluster.key, known=cluster.known)
                    )
                    changed.add(item.ref)
            return {name} if name else set()
        values: dict[str, Any] = {
            "doc_key": cluster.key,
            "restricted": cluster.restricted,
            "name_bucket": name,
            "doc_type": facts.doc_type,
            "so_ky_hieu": facts.so_ky_hieu,
            "number_key": facts.number,
            "sym_key": facts.sym_key,
            "date": facts.date,
            "issuer": facts.issuer,
            "issuer_key": facts.issuer_key,
            "title": facts.title,
            "unsure": bool(cluster.conflicts) or facts.inferred,
            "known": cluster.known,
            "known_only": beside,
            "facts": {"f": facts.as_json(), "conflicts": cluster.conflicts},
        }
        old = stubs.get(node)
        if old is not None and all(old[k] == v for k, v in values.items()):
            return set()
        self.connection.execute(update(nodes).where(nodes.c.id == node).values(**values))
        changed.add(node)
        return {b for b in (name, old["name_bucket"] if old else None) if b}

    def _write_outcomes(
        self,
        outcomes: dict[int, Outcome],
        now: dict[int, RowMapping],
        changed: set[int],
    ) -> dict[int, set[int]]:
        """Write what changed; returns where the claims that meant each former target went."""
        heads = {
            r.id: r.merged_into
            for r in self.connection.execute(
                select(nodes.c.id, nodes.c.merged_into).where(nodes.c.merged_into.is_not(None))
            )
        }
        moved: dict[int, set[int]] = defaultdict(set)
        for ref in sorted(outcomes):
            target, state, method, confidence, conflicts, candidates = outcomes[ref]
            target = heads.get(target, target)
            row = now[ref]
            before = row["target_id"]
            if before is not None and before != target:
                moved[before].add(target or 0)
            value = {
                "target_id": target,
                "state": state,
                "method": method,
                "confidence": confidence,
                "conflicts": conflicts,
                "candidates": candidates,
            }
            if all(row[k] == v for k, v in value.items()):
                continue
            self.connection.execute(update(claims).where(claims.c.id == ref).values(**value))
            changed.update(n for n in (before, target) if n)
            changed.update(
                self.connection.execute(select(mentions.c.source_id).where(mentions.c.claim_id == ref)).scalars()
            )
        return moved

    def _drop_stub(self, stub: int, went: set[int], changed: set[int], gone: set[int]) -> None:
        """A stub nobody means any more: its address leads to where its mentions went, if that is one document."""
        if self.connection.execute(select(nodes.c.id).where(nodes.c.merged_into == stub)).first():
            return  # a person merged others into it
        if self.connection.execute(select(nodes.c.merged_into).where(nodes.c.id == stub)).scalar() is not None:
            return  # a person merged it: its address already leads on
        if self.connection.execute(select(claims.c.id).where(claims.c.target_id == stub)).first():
            # Cited by its name alone now: no longer a law of that name, and dropped once the names are settled.
            self.connection.execute(update(nodes).where(nodes.c.id == stub).values(name_bucket=None))
            self.late.add(stub)
            return
        if len(went) == 1 and 0 not in went:
            successor = went.pop()
            self.connection.execute(update(redirects).where(redirects.c.new_id == stub).values(new_id=successor))
            self.connection.execute(insert(redirects).values(old_id=stub, new_id=successor))
        self.connection.execute(delete(nodes).where(nodes.c.id == stub))
        changed.discard(stub)
        gone.add(stub)

    def _settle_names(self, name: str, changed: set[int], gone: set[int]) -> None:
        """Laws cited by name: after the numbers, since a numbered law is what a name may mean."""
        slug = name.removeprefix("luat:")
        now = claim_rows(self.connection, (claims.c.name_bucket == name) & claims.c.bucket.is_(None))
        laws = (
            self.connection.execute(
                select(nodes).where(nodes.c.name_bucket == name, nodes.c.bucket.is_not(None)).order_by(nodes.c.id)
            )
            .mappings()
            .all()
        )
        stubs = {
            int(r["id"]): r
            for r in self.connection.execute(
                select(nodes).where(nodes.c.name_bucket == name, nodes.c.bucket.is_(None), nodes.c.held.is_(False))
            ).mappings()
        }
        ids: dict[str, int] = {}
        numbered = []
        for law in laws:
            if str(law["doc_key"]) not in ids:
                ids[str(law["doc_key"])] = int(law["id"])
                numbered.append(Named(str(law["doc_key"]), law["date"] or (law["facts"]["f"].get("year"))))
        numbered.sort(key=lambda n: n.key)
        items = [claim_item(row) for row in now.values()]
        answers = resolve_names(slug, items, numbered)
        by_key = {str(r["doc_key"]): node for node, r in stubs.items()}
        by_ref = {item.ref: item for item in items}
        members: dict[str, list[Item]] = defaultdict(list)
        for ref, (key, *_rest) in answers.items():
            if key is not None and key not in ids:
                members[key].append(by_ref[ref])
        for key in sorted(members):
            ids[key] = self._write_law_stub(key, name, members[key], by_key, stubs, changed)
        outcomes: dict[int, Outcome] = {}
        for ref, (key, state, confidence, candidates) in answers.items():
            target = ids[key] if key is not None else None
            outcomes[ref] = Outcome(
                target, str(state), "tên luật", confidence, [], [ids[c] for c in candidates if c in ids]
            )
        moved = self._write_outcomes(outcomes, now, changed)
        for stub in sorted(set(stubs) - set(ids.values())):
            self._drop_stub(stub, moved.get(stub, set()), changed, gone)

    def _write_law_stub(
        self,
        key: str,
        name: str,
        members: list[Item],
        by_key: dict[str, int],
        stubs: dict[int, RowMapping],
        changed: set[int],
    ) -> int:
        cluster = Cluster(items=members)
        describe(cluster)
        facts = cluster.facts
        values: dict[str, Any] = {
            "doc_key": key,
            "restricted": cluster.restricted,
            "name_bucket": name,
            "doc_type": facts.doc_type,
            "date": facts.date,
            "issuer": facts.issuer,
            "issuer_key": facts.issuer_key,
            "title": facts.title,
            "unsure": bool(cluster.conflicts),
            "facts": {"f": facts.as_json(), "conflicts": cluster.conflicts},
        }
        node = by_key.get(key)
        if node is None:
            made = self.connection.execute(insert(nodes).values(held=False, **values))
            node = inserted_id(made)
            changed.add(node)
        elif any(stubs[node][k] != v for k, v in values.items()):
            self.connection.execute(update(nodes).where(nodes.c.id == node).values(**values))
            changed.add(node)
        return node


def _reference(cluster: Cluster, item: Item, now: dict[int, RowMapping]) -> Reference:
    """What the others of a cluster say, the mention at hand left out."""
    others = Cluster(items=[i for i in cluster.items if i is not item])
    describe(others)
    nodes_of = [i.ref for i in sorted(others.held, key=representative)]
    nodes_of += sorted({now[m.ref]["target_id"] for m in others.mentions if now[m.ref]["target_id"]})
    votes = sum(m.votes for m in others.mentions if not m.antecedent)
    return Reference(
        others.facts, nodes_of[0] if nodes_of else None, bool(others.held), others.known, votes, others.conflicts
    )


def claim_rows(connection: Connection, where: Any) -> dict[int, RowMapping]:
    return {int(r["id"]): r for r in connection.execute(select(claims).where(where)).mappings()}


def _claim(sha256: str, citing: str | None, read: ReadMention) -> dict[str, Any]:
    """What a mention says, with as much of its document as its meaning depends on."""
    facts = read.facts
    claim: dict[str, Any] = {"f": facts.as_json()}
    if citing and not (facts.sym_key and facts.issuer_known and facts.year):
        claim["citing"] = citing
    if facts.sym_key and not facts.issuer_known:
        claim["source"] = sha256  # an agency whose place is unknown is no other document's
    if read.antecedent is not None:
        claim["antecedent"] = True
    if read.by_name:
        claim["by_name"] = True
    if read.context:
        claim["context"] = read.context
    return claim


def claim_item(row: RowMapping) -> Item:
    claim = row["facts"]
    return Item(
        "mention",
        int(row["id"]),
        Facts(**claim["f"]),
        claim.get("source") or str(row["sig"]),
        votes=row["votes"],
        hidden_votes=row["hidden_votes"],
        citing=claim.get("citing"),
        antecedent=claim.get("antecedent", False),
        by_name=claim.get("by_name", False),
        context=claim.get("context", ""),
    )
