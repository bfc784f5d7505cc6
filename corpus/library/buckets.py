"""Buckets as settling works on them: what the database holds of many of them, read in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, Connection, RowMapping, bindparam, select

from corpus.identity import Facts
from corpus.law import known_documents
from corpus.library.claims import Outcome, claim_item
from corpus.library.database import chunks
from corpus.library.schema import claims, nodes
from corpus.resolution.bucket import cluster_bucket
from corpus.resolution.clusters import Cluster, Item, Resolution
from corpus.resolution.related_symbols import related
from corpus.resolution.table_rows import TableRows

# Statements are made once: making one costs more than it takes to run.
_NAMES: BindParameter[Any] = bindparam("names", expanding=True)
_NODES = select(nodes).where(nodes.c.bucket.in_(_NAMES)).order_by(nodes.c.id)
_CLAIMS = select(claims).where(claims.c.bucket.in_(_NAMES)).order_by(claims.c.id)
_STUBS = select(nodes.c.bucket).where(nodes.c.bucket.in_(_NAMES), nodes.c.held.is_(False)).distinct()
_NODES_OF_NAMES = select(nodes).where(nodes.c.name_bucket.in_(_NAMES)).order_by(nodes.c.id)
_CLAIMS_OF_NAMES = (
    select(claims).where(claims.c.name_bucket.in_(_NAMES), claims.c.bucket.is_(None)).order_by(claims.c.id)
)

#: Bucket and ký hiệu → the rows of the known-documents tables that have them, and the same clustered.
_clustered_rows: dict[tuple[str, frozenset[str] | None], tuple[list[known_documents.Known], TableRows]] = {}


class Companions:
    """The known documents of these keys, which are shown though nothing cites them."""

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self.keys = frozenset(keys)
        #: Bucket → their ký hiệu.
        self.symbols: dict[str, set[str]] = defaultdict(set)
        for known in map(known_documents.get, self.keys):
            if known is not None:
                self.symbols[known.bucket].add(str(known.facts.symbol))


@dataclass(slots=True)
class Bucket:
    """The documents and claims of one bucket of numbers."""

    name: str
    #: Rows of ``nodes`` by id: documents held.
    held: dict[int, RowMapping] = field(default_factory=dict)
    #: The same of documents only cited.
    stubs: dict[int, RowMapping] = field(default_factory=dict)
    #: Rows of ``claims`` by id.
    rows: dict[int, RowMapping] = field(default_factory=dict)
    #: Clusters that are to have a node.
    needed: list[Cluster] = field(default_factory=list)
    #: ``id`` of the clusters that mentions mean.
    meant: set[int] = field(default_factory=set)
    #: ``id`` of a cluster → its node.
    ids: dict[int, int] = field(default_factory=dict)
    _resolutions: dict[int, Resolution] = field(default_factory=dict)

    def items(self) -> list[Item]:
        """The documents and claims of the bucket."""
        return [held_item(row) for row in self.held.values()] + [claim_item(row) for row in self.rows.values()]

    def decide(self, companions: Companions, *, facts: bool) -> None:
        """Cluster the bucket. companions: the known documents that are shown though nothing cites them."""
        items = self.items()
        rows = table_rows(self.name, items, companions.symbols.get(self.name, ())) if facts else None
        clusters, self._resolutions = cluster_bucket(items, rows, companions.keys)
        self.meant = {id(r.cluster) for r in self._resolutions.values() if r.cluster}
        self.meant |= {id(c) for r in self._resolutions.values() for c in r.candidates}
        self.needed = [c for c in clusters if id(c) in self.meant or c.held or c.known in companions.keys]

    def give_nodes(self) -> list[Cluster]:
        """Give each needed cluster its node; those for which there is none.

        It is a held one, the stub of its key, or a stub that its mentions meant.
        """
        by_key = {str(row["doc_key"]): node for node, row in self.stubs.items()}
        free = set(self.stubs)
        for cluster in self.needed:
            if cluster.held:
                self.ids[id(cluster)] = cluster.copies()[0].ref
            elif cluster.key in by_key:
                self.ids[id(cluster)] = by_key[cluster.key]
                free.discard(by_key[cluster.key])
        without = []
        for cluster in sorted(self.needed, key=lambda c: c.key):
            if id(cluster) in self.ids:
                continue
            before = {self.rows[m.ref]["target_id"] for m in cluster.mentions} & free
            if before:
                self.ids[id(cluster)] = min(before)
                free.discard(self.ids[id(cluster)])
            else:
                without.append(cluster)
        return without

    def outcomes(self) -> dict[int, Outcome]:
        """What each claim of the bucket means."""
        return {
            ref: Outcome(
                self.ids[id(r.cluster)] if r.cluster else None,
                str(r.state),
                r.method,
                r.confidence,
                r.conflicts,
                [self.ids[id(c)] for c in r.candidates],
            )
            for ref, r in self._resolutions.items()
        }


@dataclass(slots=True)
class NameBucket:
    """The laws of one name."""

    name: str
    #: Rows of ``claims`` that cite it by its name alone, by id.
    rows: dict[int, RowMapping] = field(default_factory=dict)
    #: Rows of ``nodes`` of laws cited by that name alone, by id.
    stubs: dict[int, RowMapping] = field(default_factory=dict)
    #: Rows of ``nodes`` of the laws that have a number, by id.
    numbered: list[RowMapping] = field(default_factory=list)


def table_rows(bucket: str, items: Iterable[Item], shown: Iterable[str] = ()) -> TableRows | None:
    """The rows of the known-documents tables in a bucket that matter to *items*; None where there are none.

    shown: ký hiệu of rows that are shown in any case.
    """
    symbols = known_documents.symbols_in(bucket)
    wanted = related(symbols, items, shown) if symbols else symbols
    known = known_documents.in_bucket(bucket, wanted) if wanted is None or wanted else []
    if not known:
        return None
    kept = _clustered_rows.get((bucket, wanted))
    if kept is None or kept[0] is not known:  # the tables can be renewed
        rows = TableRows(_row_items(known), lambda those: cluster_bucket(those)[0])
        kept = _clustered_rows[bucket, wanted] = (known, rows)
    return kept[1]


def _row_items(known: Iterable[known_documents.Known]) -> list[Item]:
    return [Item("known", 0, k.facts, source=k.key, unsure=not k.sure) for k in known]


def held_item(row: RowMapping) -> Item:
    """A row of ``nodes`` of a held document as an item of its bucket."""
    own = row["facts"]
    return Item(
        "held", int(row["id"]), Facts(**own["f"]), own["source"], unsure=own["doubtful"], restricted=row["restricted"]
    )


def load_buckets(connection: Connection, names: Sequence[str]) -> list[Bucket]:
    """These buckets, in their order."""
    loaded = {name: Bucket(name) for name in names}
    for part in chunks(names):
        for row in connection.execute(_NODES, {"names": part}).mappings():
            bucket = loaded[row["bucket"]]
            (bucket.held if row["held"] else bucket.stubs)[int(row["id"])] = row
        for row in connection.execute(_CLAIMS, {"names": part}).mappings():
            loaded[row["bucket"]].rows[int(row["id"])] = row
    return list(loaded.values())


def stub_buckets(connection: Connection, names: Sequence[str]) -> set[str]:
    """Those of these buckets that hold documents which are only cited."""
    found: set[str] = set()
    for part in chunks(names):
        found.update(connection.execute(_STUBS, {"names": part}).scalars())
    return found


def bucket_items(connection: Connection, bucket: str, *, facts: bool) -> tuple[list[Item], dict[int, RowMapping]]:
    """Everything of a bucket, and the rows of its claims by id. facts: with the known-documents tables."""
    (loaded,) = load_buckets(connection, [bucket])
    rows = _row_items(known_documents.in_bucket(bucket)) if facts else []
    return [*loaded.items(), *rows], loaded.rows


def load_names(connection: Connection, names: Sequence[str]) -> list[NameBucket]:
    """These buckets of laws' names, in their order."""
    loaded = {name: NameBucket(name) for name in names}
    for part in chunks(names):
        for row in connection.execute(_NODES_OF_NAMES, {"names": part}).mappings():
            bucket = loaded[row["name_bucket"]]
            if row["bucket"] is not None:
                bucket.numbered.append(row)
            elif not row["held"]:
                bucket.stubs[int(row["id"])] = row
        for row in connection.execute(_CLAIMS_OF_NAMES, {"names": part}).mappings():
            loaded[row["name_bucket"]].rows[int(row["id"])] = row
    return list(loaded.values())
