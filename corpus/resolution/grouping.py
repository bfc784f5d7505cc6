"""Items whose identity is complete, grouped: type, ký hiệu, issuer and year must agree.

Each step is a function over :data:`Groups`, so that one can be replaced without the others.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from corpus import agencies, identity
from corpus.identity import Facts
from corpus.resolution.clusters import Cluster, Item, order

#: Type, ký hiệu and issuer (:func:`group_key`) → year → cluster.
Groups = dict[tuple[str, str, str], dict[str, Cluster]]

# A year that is part of the number ("06/2024/TT-BKHĐT").
_YEAR_IN_NUMBER = re.compile(r"/\s?(19|20)\d\d\s?/")


@cache
def is_local(symbol: str | None) -> bool:
    """Whether agencies of many places use this ký hiệu."""
    return (agencies.issuer_key(None, symbol=symbol) or "").endswith(":?")


def group_key(facts: Facts) -> tuple[str, str, str]:
    """Type, ký hiệu and issuer. The written type counts in party documents alone; elsewhere the ký hiệu names it."""
    return (identity.type_code(facts) if facts.party else "", facts.sym_key or "", facts.issuer_key or "")


def group_by_identity(items: Iterable[Item]) -> Groups:
    """Items of one group key and year are one document. Every item must have a year."""
    groups: Groups = defaultdict(dict)
    for item in items:
        groups[group_key(item.facts)].setdefault(str(item.facts.year), Cluster()).items.append(item)
    return groups


def move_date_slips(groups: Groups) -> None:
    """A mention whose date is one slip off that of a held or known document of another year means that document."""
    for years in groups.values():
        anchors = {
            d: c
            for c in years.values()
            for i in c.items
            if i.kind != "mention" and (d := i.facts.date) and len(d) == 10
        }
        for cluster in [c for c in years.values() if not c.anchored]:
            for item in list(cluster.items):
                near = {id(c): c for d, c in anchors.items() if identity.one_slip(item.facts.date or "", d)}
                if len(near) == 1 and not _YEAR_IN_NUMBER.search(item.facts.so_ky_hieu or ""):
                    cluster.items.remove(item)
                    next(iter(near.values())).items.append(item)


def is_cut(key: str | None, whole: str | None) -> bool:
    """Whether a local agency's key is the beginning of another's, up to a syllable: the end of a line was lost."""
    return bool(key and whole and ":" in key and whole.startswith(key + "-"))


def move_cut_issuers(groups: Groups) -> None:
    """A mention of "UBND huyện Thạch" means "UBND huyện Thạch Đàm", where number, ký hiệu and full date agree."""
    issuers: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
    for (code, symbol, issuer), years in groups.items():
        for year, cluster in years.items():
            for day in cluster.dates():
                issuers[code, symbol, year, day].add(issuer)
    for (code, symbol, issuer), years in groups.items():
        for year, cluster in [(y, c) for y, c in years.items() if not c.anchored]:
            for item in list(cluster.items):
                near = issuers.get((code, symbol, year, item.facts.date or ""), ())
                longer = [other for other in near if is_cut(issuer, other)]
                if len(longer) == 1:
                    cluster.items.remove(item)
                    groups[code, symbol, longer[0]][year].items.append(item)


def join_aliases(groups: Groups) -> list[Cluster]:
    """The clusters, with those joined that are one document under two ký hiệu or two names of its issuer.

    ``QĐ-VPĐP`` and ``QĐ-BNN-VPĐP`` of one issuer and full date are one.
    """
    clusters = [c for years in groups.values() for c in years.values() if c.items]
    clusters.sort(key=lambda c: (len(c.symbol), min(order(i) for i in c.items)))
    on_date: dict[str, list[int]] = defaultdict(list)
    for at, cluster in enumerate(clusters):
        for date in cluster.dates():
            on_date[date].append(at)
    into: dict[int, Cluster] = {}
    for at, short in enumerate(clusters):
        others = sorted({o for date in short.dates() for o in on_date[date]} - {at})
        hosts = [clusters[other] for other in others if _is_alias(short, clusters[other])]
        longest = [h for h in hosts if not any(identity.within_symbol(h.symbol, o.symbol) for o in hosts if o is not h)]
        if len(longest) == 1:
            into[id(short)] = longest[0]
    return _joined(clusters, into)


def _is_alias(short: Cluster, whole: Cluster) -> bool:
    """Whether *short*, of the same date, is *whole* under a shorter ký hiệu or another name of its issuer."""
    a, b = short.items[0].facts, whole.items[0].facts
    if a.party != b.party:
        return False
    if a.issuer_key == b.issuer_key:
        return identity.within_symbol(short.symbol, whole.symbol)
    return (
        a.sym_key == b.sym_key
        and not is_local(a.symbol)
        and identity.type_code(a) == identity.type_code(b)
        and str(a.issuer_key) < str(b.issuer_key)
    )


def _joined(clusters: Iterable[Cluster], into: dict[int, Cluster]) -> list[Cluster]:
    """The clusters that remain when each is merged into the one chosen for it, over several steps."""
    kept = []
    for cluster in clusters:
        target = cluster
        while id(target) in into:
            target = into[id(target)]
        if target is cluster:
            kept.append(cluster)
        else:
            target.items.extend(cluster.items)
    return kept
