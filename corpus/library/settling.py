"""Settling: deciding again what every mention around written or removed documents means.

The database side of :mod:`corpus.resolution`: buckets are loaded together and clustered one by one, each cluster is
given its node (ids are kept), and whatever changed is recorded at both ends. Buckets share no documents, so what is
decided in one depends on no other; all are read in a few statements and written in a few. All of it happens in the
caller's transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, bindparam, select

from corpus import identity
from corpus.law import known_documents
from corpus.library.buckets import Bucket, Companions, NameBucket, load_buckets, load_names
from corpus.library.changes import record_changes
from corpus.library.claims import Affected, Outcome, claim_item
from corpus.library.database import chunks, inserted_ids
from corpus.library.schema import mentions, nodes
from corpus.library.settled_rows import SettledRows
from corpus.resolution.clusters import Cluster, Item
from corpus.resolution.description import describe
from corpus.resolution.law_names import Law, NameResolution, resolve_names

#: How a law cited by its name alone was resolved, for a reader.
BY_NAME = "tên luật"

_MERGED = select(nodes.c.id, nodes.c.merged_into).where(nodes.c.merged_into.is_not(None))
_PRESENT = select(nodes.c.known).where(
    nodes.c.bucket.in_(bindparam("buckets", expanding=True)), nodes.c.known.is_not(None), nodes.c.known_only.is_(False)
)
_CLAIMING = select(mentions.c.source_id).where(mentions.c.claim_id.in_(bindparam("claims", expanding=True))).distinct()
#: The columns of ``claims`` that say what a claim means, in the order of :class:`Outcome`.
_DECIDED = ("target_id", "state", "method", "confidence", "conflicts", "candidates")
_decision = itemgetter(*_DECIDED)

#: In :meth:`Settling._note_outcomes`: some mentions of a stub mean no document any more.
NOWHERE = 0


class Settling:
    """Settles on one connection, within its transaction. facts: resolve with the known-documents tables."""

    def __init__(self, connection: Connection, *, facts: bool) -> None:
        self._connection = connection
        self._facts = facts
        self._companions = Companions()
        self._changed: set[int] = set()
        #: Claims whose outcome changed.
        self._decided: set[int] = set()
        self._rows = SettledRows(connection)
        self._heads: dict[int, int] = {}

    def settle(self, affected: Affected) -> None:
        """Decide again what every mention of these buckets means; records what changed at both ends."""
        self._heads = {int(r.id): int(r.merged_into) for r in self._connection.execute(_MERGED)}
        self._changed |= affected.changed
        names = set(affected.names)
        self._companions = self._find_companions()
        names |= self._settle_buckets(affected.buckets)
        if self._facts and not affected.buckets.isdisjoint(known_documents.edge_buckets()):
            before, self._companions = self._companions, self._find_companions()
            changed = [known_documents.get(key) for key in before.keys ^ self._companions.keys]
            names |= self._settle_buckets(known.bucket for known in changed if known is not None)
        self._settle_names(names)
        self._changed -= self._rows.drop_late()
        self._note_sources()
        gone = self._rows.take_gone()
        record_changes(self._connection, self._changed - gone)
        record_changes(self._connection, gone, "delete")
        self._changed.clear()

    def _find_companions(self) -> Companions:
        """The known documents to be shown beside those that the library holds or cites."""
        if not self._facts:
            return Companions()
        present = self._connection.execute(_PRESENT, {"buckets": list(known_documents.edge_buckets())})
        return Companions(known_documents.companions({str(key) for key in present.scalars()}))

    def _note_sources(self) -> None:
        """Note the documents that make a claim whose outcome changed."""
        for part in chunks(sorted(self._decided)):
            self._changed.update(self._connection.execute(_CLAIMING, {"claims": part}).scalars())
        self._decided.clear()

    # ------------------------------------------------------------ buckets of numbers

    def _settle_buckets(self, names: Iterable[str]) -> set[str]:
        """Settle the documents of these buckets; returns the names of laws that may now mean something else."""
        loaded = load_buckets(self._connection, sorted(set(names)))
        changed: set[str] = set()
        new: list[tuple[Bucket, Cluster]] = []
        for bucket in loaded:
            bucket.decide(self._companions, facts=self._facts)
            new += [(bucket, cluster) for cluster in bucket.give_nodes()]
        made = [{**self._stub_values(b, c), "held": False, "bucket": b.name} for b, c in new]
        for (bucket, cluster), id_, values in zip(new, inserted_ids(self._connection, nodes, made), made, strict=True):
            bucket.ids[id(cluster)] = id_
            self._changed.add(id_)
            changed |= {name for name in (values["name_bucket"],) if name}
        dropped: dict[int, set[int]] = {}
        unused: list[RowMapping] = []
        fresh = {id(cluster) for _, cluster in new}
        for bucket in loaded:
            changed |= self._update_nodes(bucket, fresh)
            moved = self._note_outcomes(bucket.outcomes(), bucket.rows)
            for stub in sorted(set(bucket.stubs) - set(bucket.ids.values())):
                unused.append(bucket.stubs[stub])
                dropped[stub] = moved.get(stub, set())
        self._rows.flush()
        self._drop(unused, dropped)
        return changed | {row["name_bucket"] for row in unused if row["name_bucket"]}

    def _update_nodes(self, bucket: Bucket, fresh: set[int]) -> set[str]:
        """Bring the nodes of a bucket up to date, *fresh* clusters left out; the names that are affected."""
        names: set[str] = set()
        for cluster in bucket.needed:
            if cluster.held:
                names |= self._update_held(cluster, bucket.held)
            elif id(cluster) not in fresh:
                node = bucket.ids[id(cluster)]
                before, values = bucket.stubs[node], self._stub_values(bucket, cluster)
                if self._update_if_changed(node, before, values):
                    names |= {name for name in (values["name_bucket"], before["name_bucket"]) if name}
        return names

    def _update_held(self, cluster: Cluster, held: Mapping[int, RowMapping]) -> set[str]:
        """Bring the key of held documents up to date; returns the bucket of their name, if any."""
        values = {"doc_key": cluster.key, "known": cluster.known}
        for item in cluster.held:
            self._update_if_changed(item.ref, held[item.ref], values)
        name = identity.name_bucket(cluster.facts)
        return {name} if name else set()

    def _stub_values(self, bucket: Bucket, cluster: Cluster) -> dict[str, Any]:
        """The columns of ``nodes`` for a stub in a bucket."""
        facts = cluster.facts
        return {
            **_values_of(cluster),
            "doc_key": cluster.key,
            "name_bucket": identity.name_bucket(facts),
            "so_ky_hieu": facts.so_ky_hieu,
            "number_key": facts.number,
            "sym_key": facts.sym_key,
            "unsure": bool(cluster.conflicts) or facts.inferred,
            "known": cluster.known,
            "known_only": id(cluster) not in bucket.meant,  # nothing in the library cites it, the tables alone have it
        }

    def _update_if_changed(self, node: int, before: RowMapping, values: dict[str, Any]) -> bool:
        if all(before[name] == value for name, value in values.items()):
            return False
        self._rows.update_node(node, values)
        self._changed.add(node)
        return True

    # ------------------------------------------------------------ what is written

    def _note_outcomes(self, outcomes: Mapping[int, Outcome], rows: Mapping[int, RowMapping]) -> dict[int, set[int]]:
        """Note the outcomes that changed; returns the new targets of the claims that meant each former target."""
        moved: dict[int, set[int]] = defaultdict(set)
        for ref in sorted(outcomes):
            outcome, row = outcomes[ref], rows[ref]
            target = outcome.target if outcome.target is None else self._heads.get(outcome.target, outcome.target)
            before = row["target_id"]
            if before is not None and before != target:
                moved[before].add(target or NOWHERE)
            decision = (target, *outcome[1:])
            if _decision(row) == decision:
                continue
            self._rows.update_claim(ref, dict(zip(_DECIDED, decision, strict=True)))
            self._changed.update(n for n in (before, target) if n)
            self._decided.add(ref)
        return moved

    def _drop(self, unused: Sequence[RowMapping], successors: Mapping[int, set[int]]) -> None:
        """Delete stubs that nothing means any more; successors: where the mentions of each went."""
        leads_to = {
            stub: next(iter(went)) for stub, went in successors.items() if len(went) == 1 and NOWHERE not in went
        }
        self._changed -= self._rows.drop(unused, leads_to)

    # ------------------------------------------------------------ laws by name

    def _settle_names(self, names: Iterable[str]) -> None:
        """Settle the laws cited by these names; after the numbers, as a law with a number is what a name may mean."""
        dropped: dict[int, set[int]] = {}
        unused: list[RowMapping] = []
        resolved = [_resolved(bucket) for bucket in load_names(self._connection, sorted(set(names)))]
        new = [values for one in resolved for values in self._update_law_stubs(one)]
        made = inserted_ids(self._connection, nodes, new)
        self._changed.update(made)
        stubs = {values["doc_key"]: id_ for values, id_ in zip(new, made, strict=True)}  # the name is part of the key
        for one in resolved:
            ids, bucket = stubs | one.ids, one.bucket
            outcomes = {
                ref: Outcome(
                    ids[answer.key] if answer.key is not None else None,
                    str(answer.state),
                    BY_NAME,
                    answer.confidence,
                    [],
                    [ids[key] for key in answer.candidates if key in ids],
                )
                for ref, answer in one.answers.items()
            }
            moved = self._note_outcomes(outcomes, bucket.rows)
            for stub in sorted(set(bucket.stubs) - set(one.ids.values())):
                unused.append(bucket.stubs[stub])
                dropped[stub] = moved.get(stub, set())
        self._rows.flush()
        self._drop(unused, dropped)

    def _update_law_stubs(self, names: _ResolvedNames) -> list[dict[str, Any]]:
        """Bring the stubs of laws that are cited by this name alone up to date; the columns of those that are new.

        Fills in the nodes of the others.
        """
        bucket = names.bucket
        by_key = {str(row["doc_key"]): node for node, row in bucket.stubs.items()}
        members: dict[str, list[Item]] = defaultdict(list)
        for ref, answer in names.answers.items():
            if answer.key is not None and answer.key not in names.ids:
                members[answer.key].append(names.items[ref])
        new: list[dict[str, Any]] = []
        for key in sorted(members):
            cluster = Cluster(items=members[key])
            describe(cluster)
            values = {
                **_values_of(cluster),
                "doc_key": key,
                "name_bucket": bucket.name,
                "unsure": bool(cluster.conflicts),
            }
            if key in by_key:
                names.ids[key] = by_key[key]
                self._update_if_changed(by_key[key], bucket.stubs[by_key[key]], values)
            else:
                new.append({"held": False, **values})
        return new


class _ResolvedNames(NamedTuple):
    """The laws of one name, what each claim means, and the nodes of those laws by key."""

    bucket: NameBucket
    items: dict[int, Item]
    answers: dict[int, NameResolution]
    ids: dict[str, int]


def _resolved(bucket: NameBucket) -> _ResolvedNames:
    ids, numbered = _numbered_laws(bucket)
    items = {ref: claim_item(row) for ref, row in bucket.rows.items()}
    answers = resolve_names(bucket.name.removeprefix("luat:"), items.values(), numbered)
    return _ResolvedNames(bucket, items, answers, ids)


def _numbered_laws(bucket: NameBucket) -> tuple[dict[str, int], list[Law]]:
    """The laws of that name that have a number: their nodes by key, and themselves in order of key."""
    ids: dict[str, int] = {}
    laws = []
    for row in bucket.numbered:
        key = str(row["doc_key"])
        if key not in ids:
            ids[key] = int(row["id"])
            laws.append(Law(key, row["date"] or row["facts"]["f"].get("year")))
    return ids, sorted(laws, key=lambda law: law.key)


def _values_of(cluster: Cluster) -> dict[str, Any]:
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
