"""Which document each citation means, among everything of one bucket that could be it.

Resolution depends on the *set* of documents and mentions of a bucket, never on the order of their arrival. Nothing is
merged on its number alone; what cannot be distinguished stays ambiguous with its candidates, and a local agency whose
place is unknown is never taken for that of another place.

The steps: :mod:`corpus.resolution.grouping` for complete identities, :mod:`corpus.resolution.placing` for incomplete
ones, :mod:`corpus.resolution.description` for what is known of each cluster, :mod:`corpus.resolution.outcome` for what
each mention means.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from corpus.resolution.clusters import Cluster, Item, Resolution, order
from corpus.resolution.description import describe
from corpus.resolution.grouping import group_by_identity, is_local, join_aliases, move_cut_issuers, move_date_slips
from corpus.resolution.outcome import by_number, in_cluster
from corpus.resolution.placing import place_undated, place_without_agency
from corpus.resolution.table_rows import TableRows


@dataclass(slots=True)
class _Sorted:
    """The items of a bucket by what they lack."""

    #: Nothing: number, ký hiệu, issuer and year.
    complete: list[Item] = field(default_factory=list)
    undated: list[Item] = field(default_factory=list)
    without_agency: list[Item] = field(default_factory=list)
    #: They have a number and a type alone.
    without_symbol: list[Item] = field(default_factory=list)


def cluster_bucket(
    items: Iterable[Item], rows: TableRows | None = None, shown: Container[str | None] = ()
) -> tuple[list[Cluster], dict[int, Resolution]]:
    """Cluster one bucket: the clusters, and by the ref of each mention what it means.

    rows: those of the tables, where they are not among *items*; clusters of rows alone are then shared, must not be
    changed, and may be left out unless a mention may mean them or *shown* has their key.
    """
    own = list(items)
    near = rows.parts_near(own) if rows is not None else set()
    parts = _sort([*own, *rows.rows(near)] if rows is not None and near else own)
    clusters = _of_complete(parts.complete)
    found: dict[int, Resolution] = {}
    clusters += place_undated(parts.undated, clusters, found)
    clusters += place_without_agency(parts.without_agency, clusters, found)
    for cluster in clusters:
        describe(cluster)
    if rows is not None:
        # A bare number may mean any row, and what is withheld must not be given the key of one.
        all_count = bool(parts.without_symbol) or any(cluster.withheld for cluster in clusters)
        clusters += rows.clusters_beside(near, None if all_count else shown)
    _number_equal_keys(clusters)
    found |= {i.ref: by_number(i, clusters) for i in parts.without_symbol if i.kind == "mention"}
    clusters += [_alone(i) for i in parts.without_symbol if i.kind == "held"]
    for cluster in clusters:
        for item in cluster.mentions:
            if item.ref not in found:
                found[item.ref] = in_cluster(item, cluster)
    for resolution in found.values():
        resolution.candidates.sort(key=lambda c: c.key)
    return clusters, found


def _of_complete(items: Sequence[Item]) -> list[Cluster]:
    """The clusters of items whose identity is complete."""
    if len(items) < 2:  # as in many buckets
        return [Cluster(items=[item]) for item in items]
    groups = group_by_identity(items)
    move_date_slips(groups)
    move_cut_issuers(groups)
    return join_aliases(groups)


def _sort(items: Iterable[Item]) -> _Sorted:
    parts = _Sorted()
    late = []
    for item in sorted(items, key=order):
        facts = item.facts
        if not facts.sym_key:
            parts.without_symbol.append(item)
        elif facts.issuer_known:
            (parts.complete if facts.year else parts.undated).append(item)
        elif facts.year and facts.date and not is_local(facts.symbol):
            late.append(item)  # the ký hiệu is one agency's, whichever that is
        else:
            parts.without_agency.append(item)
    parts.complete += late
    return parts


def _alone(item: Item) -> Cluster:
    """The cluster of a held document without a ký hiệu: nothing is ever merged with it."""
    cluster = Cluster(items=[item])
    describe(cluster)
    cluster.key += f"#{item.source[:12]}"
    return cluster


def _number_equal_keys(clusters: Sequence[Cluster]) -> None:
    """Number the keys of clusters that differ only in what is withheld."""
    if not any(cluster.withheld for cluster in clusters):
        return
    by_key: dict[str, list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        by_key[cluster.key].append(cluster)
    for same in by_key.values():
        same.sort(key=lambda c: (c.withheld, min(order(i) for i in c.items)))
        for number, cluster in enumerate(same[1:], 2):
            if cluster.withheld:
                cluster.key += f"#{number}"
