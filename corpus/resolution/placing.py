"""Items that lack a date, or an agency with its place: they join the one cluster that fits, or stay apart."""

from __future__ import annotations

from collections.abc import Sequence

from corpus import identity
from corpus.identity import Facts
from corpus.resolution.clusters import Cluster, Item, Resolution
from corpus.resolution.grouping import group_key, is_local
from corpus.vocabulary import MentionState


def place_undated(items: Sequence[Item], clusters: Sequence[Cluster], found: dict[int, Resolution]) -> list[Cluster]:
    """Place items without a year: short citations, and documents whose date could not be read.

    An ambiguous mention is put into *found*. Returns the new clusters.
    """
    new: dict[tuple[str, str, str], Cluster] = {}
    for kind in ("held", "known", "mention"):
        for item in [i for i in items if i.kind == kind]:
            fits = _fits_undated(item, clusters, new.get(group_key(item.facts)))
            if len(fits) == 1:
                fits[0].items.append(item)
            elif fits and kind == "mention":
                found[item.ref] = Resolution(None, MentionState.AMBIGUOUS, "không có ngày", 0.4, [], fits)
            elif kind != "known":
                new.setdefault(group_key(item.facts), Cluster()).items.append(item)
    return list(new.values())


def _fits_undated(item: Item, clusters: Sequence[Cluster], own: Cluster | None) -> list[Cluster]:
    """The clusters that *item* may belong to; own: a new one of its group key."""
    fits = [c for c in clusters if _has_symbol(c, item.facts) and c.issued_by(item.facts.issuer_key)]
    fits = [c for c in fits if any(i.facts.sym_key == item.facts.sym_key for i in c.items)] or fits
    if item.kind == "held":
        return [c for c in fits if not c.held]
    if item.kind == "mention":
        if own is not None and own.held:
            fits = [*fits, own]
        return [c for c in fits if identity.not_after(c.earliest(), item.citing)]
    return fits


def place_without_agency(
    items: Sequence[Item], clusters: Sequence[Cluster], found: dict[int, Resolution]
) -> list[Cluster]:
    """Place items whose agency is not known, or whose agency's place is not: never by their number alone.

    An ambiguous mention is put into *found*. Returns the new clusters.
    """
    local: list[Cluster] = []
    central: dict[tuple[str, str, str, str], Cluster] = {}
    for item in items:
        facts = item.facts
        if not is_local(facts.symbol) and not facts.issuer_key:
            fits = _fits_without_agency(item, clusters)
            if len(fits) == 1 and not (item.kind == "held" and fits[0].held):
                fits[0].items.append(item)
            elif fits and item.kind == "mention":
                found[item.ref] = _unknown_agency(fits)
            else:
                central.setdefault((*group_key(facts), facts.year or ""), Cluster()).items.append(item)
        elif item.kind == "held":
            local.append(Cluster(key=_key_of_source(item), items=[item]))
        else:
            fits = _fits_without_agency(item, clusters)
            if fits and item.kind == "mention":
                found[item.ref] = _unknown_agency(fits)
            elif item.kind == "mention":
                _cluster_of_source(item, local).items.append(item)
            else:
                central.setdefault((*group_key(facts), facts.year or ""), Cluster()).items.append(item)
    return local + list(central.values())


def _unknown_agency(fits: list[Cluster]) -> Resolution:
    return Resolution(None, MentionState.AMBIGUOUS, "chưa rõ cơ quan", 0.3, [], fits)


def _key_of_source(item: Item) -> str:
    """A document of a local agency without a place equals no other: its cluster is named by the item's own source."""
    return f"#{item.source[:12]}"


def _cluster_of_source(item: Item, local: list[Cluster]) -> Cluster:
    """The cluster of *local* for such items of the same source, group key and year; made where there is none."""
    key, group, year = _key_of_source(item), group_key(item.facts), item.facts.year
    for cluster in local:
        first = cluster.items[0].facts
        if cluster.key == key and group_key(first) == group and first.year == year:
            return cluster
    made = Cluster(key=key)
    local.append(made)
    return made


def _fits_without_agency(item: Item, clusters: Sequence[Cluster]) -> list[Cluster]:
    """The clusters of that ký hiệu, kind of agency and time, not later than the citing document."""
    facts = item.facts
    return [
        c
        for c in clusters
        if _has_symbol(c, facts)
        and _has_kind_of_agency(c, facts)
        and (facts.year is None or any(i.facts.year == facts.year for i in c.items))
        and (facts.date is None or not c.dates() or _is_near(facts.date, c.dates()))
        and (item.kind != "mention" or identity.not_after(c.earliest(), item.citing))
    ]


def _has_symbol(cluster: Cluster, facts: Facts) -> bool:
    """Whether the ký hiệu, and a party document's type, are the cluster's, or its ký hiệu with parts left out."""
    other = cluster.items[0].facts
    if facts.party != other.party:
        return False
    if facts.party and facts.doc_type and identity.type_code(facts) != identity.type_code(other):
        return False
    return any(facts.sym_key == i.facts.sym_key for i in cluster.items) or identity.within_symbol(
        facts.symbol or "", cluster.symbol
    )


def _has_kind_of_agency(cluster: Cluster, facts: Facts) -> bool:
    """Whether the agency, wherever it is ("ubnd:?"), may be the cluster's; an unknown one may be any."""
    kind = (facts.issuer_key or "").split(":")[0]
    return not kind or any((i.facts.issuer_key or "").split(":")[0] == kind for i in cluster.items)


def _is_near(date: str, dates: set[str]) -> bool:
    return any(identity.compatible(date, d) or identity.one_slip(date, d) for d in dates)
