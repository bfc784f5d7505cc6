"""Which document each citation means, among everything of one bucket that could be it.

Resolution is a function of the *set* of documents and mentions of a bucket, never of the order they came in. What
cannot be told apart stays ambiguous with its candidates, and a local agency whose place is unknown is never taken for
another's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from corpus import agencies, identity
from corpus.fold import fold
from corpus.identity import Facts
from corpus.resolution.clusters import Cluster, Item, Resolution, describe, fullest_symbol, order
from corpus.resolution.within_document import written_type
from corpus.so_ky_hieu import code_of_type

_STOP = frozenset(
    [
        "ve",
        "viec",
        "va",
        "cua",
        "cac",
        "mot",
        "so",
        "cho",
        "theo",
        "tai",
        "den",
        "trong",
        "ngay",
        "nam",
        "thang",
        "quy",
        "dinh",
        "phe",
        "duyet",
        "ban",
        "hanh",
        "sua",
        "doi",
        "bo",
        "sung",
        "thuc",
        "hien",
        "chuong",
        "trinh",
        "tinh",
        "giai",
        "doan",
        "quyet",
    ]
)


@cache
def _is_local(symbol: str | None) -> bool:
    """Whether many agencies use this ký hiệu."""
    return (agencies.issuer_key(None, symbol=symbol) or "").endswith(":?")


def _group_key(facts: Facts) -> tuple[str, str, str]:
    # Only the party numbers by written type; elsewhere the ký hiệu holds the type.
    return (identity.type_code(facts) if facts.party else "", facts.sym_key or "", facts.issuer_key or "")


def cluster_bucket(items: Iterable[Item]) -> tuple[list[Cluster], dict[int, Resolution]]:
    """Cluster one bucket; returns the clusters and, by mention ref, what each mention means."""
    ordered = sorted(items, key=order)
    full, placeless, bare = [], [], []
    for item in ordered:
        if not item.facts.sym_key:
            bare.append(item)
        elif item.facts.issuer_known:
            full.append(item)
        else:
            placeless.append(item)
    found: dict[int, Resolution] = {}
    groups: dict[tuple[str, str, str], dict[str, Cluster]] = defaultdict(dict)
    undated: list[Item] = []
    for item in full:
        if item.facts.year:
            _put(groups, item, item.facts.year)
        else:
            undated.append(item)
    unplaced = []
    for item in placeless:
        if item.facts.year and item.facts.date and not _is_local(item.facts.symbol):
            _put(groups, item, item.facts.year)
        else:
            unplaced.append(item)
    _move_slips(groups)
    _move_cut(groups)
    clusters = _join_aliases([c for years in groups.values() for c in years.values() if c.items])
    clusters += _place_undated(undated, clusters, found)
    clusters += _place_placeless(unplaced, clusters, found)
    for cluster in clusters:
        describe(cluster)
    _number_equal_keys(clusters)
    for item in bare:
        if item.kind == "mention":
            found[item.ref] = _by_number(item, clusters)
        elif item.kind == "held":
            lone = Cluster(items=[item])
            describe(lone)
            lone.key += f"#{item.source[:12]}"
            clusters.append(lone)
    for cluster in clusters:
        for item in cluster.mentions:
            if item.ref not in found:
                found[item.ref] = _resolution(item, cluster)
    for resolution in found.values():
        resolution.candidates.sort(key=lambda c: c.key)
    return clusters, found


def _put(groups: dict[tuple[str, str, str], dict[str, Cluster]], item: Item, year: str) -> None:
    groups[_group_key(item.facts)].setdefault(year, Cluster()).items.append(item)


def _move_slips(groups: dict[tuple[str, str, str], dict[str, Cluster]]) -> None:
    """A mention whose date is one slip off a held or known document's of another year is that document's."""
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
                if len(near) == 1 and "/" not in _year_in_number(item):
                    cluster.items.remove(item)
                    next(iter(near.values())).items.append(item)


def is_cut(key: str | None, whole: str | None) -> bool:
    """Whether one local agency's key is the beginning of another's, cut between syllables: the end of a line was lost."""
    return bool(key and whole and ":" in key and whole.startswith(key + "-"))


def _move_cut(groups: dict[tuple[str, str, str], dict[str, Cluster]]) -> None:
    """A mention of "UBND huyện Thạch" is that of "UBND huyện Thạch Đàm" of the same number, ký hiệu and full date."""
    whole: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
    for (code, symbol, issuer), years in groups.items():
        for year, cluster in years.items():
            for day in cluster.dates():
                whole[code, symbol, year, day].add(issuer)
    for (code, symbol, issuer), years in groups.items():
        for year, cluster in years.items():
            if cluster.anchored:
                continue
            for item in list(cluster.items):
                near = whole.get((code, symbol, year, item.facts.date or ""), ())
                longer = [other for other in near if is_cut(issuer, other)]
                if len(longer) == 1:
                    cluster.items.remove(item)
                    groups[code, symbol, longer[0]][year].items.append(item)


def _year_in_number(item: Item) -> str:
    """ "/" when the year is part of the number: then it is not read from a date and no slip moves it."""
    return "/" if item.facts.so_ky_hieu and re.search(r"/\s?(19|20)\d\d\s?/", item.facts.so_ky_hieu) else ""


def _symbol(cluster: Cluster) -> str:
    return fullest_symbol(cluster.items)


def _join_aliases(clusters: list[Cluster]) -> list[Cluster]:
    """One document under two ký hiệu (QĐ-VPĐP, QĐ-BNN-VPĐP) or two names of one issuer, on the same full date."""
    clusters = sorted(clusters, key=lambda c: (len(_symbol(c)), min(order(i) for i in c.items)))
    on_date: dict[str, list[int]] = defaultdict(list)
    for at, cluster in enumerate(clusters):
        for date in cluster.dates():
            on_date[date].append(at)
    into: dict[int, Cluster] = {}
    for at, short in enumerate(clusters):
        a = short.items[0].facts
        hosts = []
        for other in sorted({o for date in short.dates() for o in on_date[date]} - {at}):
            whole = clusters[other]
            b = whole.items[0].facts
            if a.party != b.party:
                continue
            same_issuer = a.issuer_key == b.issuer_key
            if (same_issuer and identity.within_symbol(_symbol(short), _symbol(whole))) or (
                not same_issuer
                and a.sym_key == b.sym_key
                and not _is_local(a.symbol)
                and identity.type_code(a) == identity.type_code(b)
                and str(a.issuer_key) < str(b.issuer_key)
            ):
                hosts.append(whole)
        longest = [
            h for h in hosts if not any(identity.within_symbol(_symbol(h), _symbol(o)) for o in hosts if o is not h)
        ]
        if len(longest) == 1:
            into[id(short)] = longest[0]
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


def _similar(facts: Facts, cluster: Cluster) -> bool:
    other = cluster.items[0].facts
    if facts.party != other.party:
        return False
    if facts.party and facts.doc_type and identity.type_code(facts) != identity.type_code(other):
        return False
    return any(facts.sym_key == i.facts.sym_key for i in cluster.items) or identity.within_symbol(
        facts.symbol or "", _symbol(cluster)
    )


def _place_undated(undated: list[Item], clusters: list[Cluster], found: dict[int, Resolution]) -> list[Cluster]:
    """Short citations without a date, and documents whose date is not readable."""
    new: dict[tuple[str, str, str], Cluster] = {}
    for kind in ("held", "known", "mention"):
        for item in [i for i in undated if i.kind == kind]:
            exact = [
                c
                for c in clusters
                if _similar(item.facts, c) and any(i.facts.issuer_key == item.facts.issuer_key for i in c.items)
            ]
            same = [c for c in exact if any(i.facts.sym_key == item.facts.sym_key for i in c.items)]
            fits = same or exact
            if kind == "mention":
                own = new.get(_group_key(item.facts))
                if own is not None and own.held:
                    fits = [*fits, own]
                fits = [c for c in fits if identity.not_after(c.earliest(), item.citing)]
            elif kind == "held":
                fits = [c for c in fits if not c.held]
            if len(fits) == 1:
                fits[0].items.append(item)
            elif fits and kind == "mention":
                found[item.ref] = Resolution(None, "ambiguous", "không có ngày", 0.4, [], fits)
            elif kind != "known":
                new.setdefault(_group_key(item.facts), Cluster()).items.append(item)
    return list(new.values())


def _place_placeless(placeless: list[Item], clusters: list[Cluster], found: dict[int, Resolution]) -> list[Cluster]:
    """The agency is not known, or its place is not: candidates, but never a merge on the number."""
    new: list[Cluster] = []
    shared: dict[tuple[str, str, str, str], Cluster] = {}
    for item in placeless:
        facts = item.facts
        local = _is_local(facts.symbol) or bool(facts.issuer_key)
        if item.kind == "held" and local:
            new.append(Cluster(key=f"#{item.source[:12]}", items=[item]))
            continue
        stem = (facts.issuer_key or "").split(":")[0]
        fits = [
            c
            for c in clusters
            if _similar(facts, c)
            and (not stem or any((i.facts.issuer_key or "").split(":")[0] == stem for i in c.items))
            and (facts.year is None or any(i.facts.year == facts.year for i in c.items))
            and (facts.date is None or not c.dates() or _near(facts.date, c.dates()))
            and (item.kind != "mention" or identity.not_after(c.earliest(), item.citing))
        ]
        if not local and len(fits) == 1 and not (item.kind == "held" and fits[0].held):
            fits[0].items.append(item)
        elif fits and item.kind == "mention":
            found[item.ref] = Resolution(None, "ambiguous", "chưa rõ cơ quan", 0.3, [], fits)
        elif local and item.kind == "mention":
            one = next(
                (
                    c
                    for c in new
                    if c.key == f"#{item.source[:12]}"
                    and _group_key(c.items[0].facts) == _group_key(facts)
                    and c.items[0].facts.year == facts.year
                ),
                None,
            )
            if one is None:
                one = Cluster(key=f"#{item.source[:12]}")
                new.append(one)
            one.items.append(item)
        else:
            shared.setdefault((*_group_key(facts), facts.year or ""), Cluster()).items.append(item)
    return new + list(shared.values())


def _near(date: str, dates: set[str]) -> bool:
    return any(identity.compatible(date, d) or identity.one_slip(date, d) for d in dates)


def _number_equal_keys(clusters: Iterable[Cluster]) -> None:
    """Documents that only what is withheld tells apart have one key: they are numbered."""
    by_key: dict[str, list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        by_key[cluster.key].append(cluster)
    for same in by_key.values():
        same.sort(key=lambda c: (c.withheld, min(order(i) for i in c.items)))
        for number, cluster in enumerate(same[1:], 2):
            if cluster.withheld:
                cluster.key += f"#{number}"


def _resolution(item: Item, cluster: Cluster) -> Resolution:
    facts, chosen = item.facts, cluster.facts
    method, confidence, conflicts = "khóa", 1.0, []
    if facts.sym_key != chosen.sym_key and identity.within_symbol(facts.symbol or "", chosen.symbol or ""):
        method, confidence = "ký hiệu rút gọn", 0.9
    if facts.year is None and chosen.year:
        method, confidence = "không có ngày", 0.8
    if not facts.issuer_known and chosen.issuer_key:
        method, confidence = "không có cơ quan", 0.8
    if facts.date and chosen.date and not identity.compatible(facts.date, chosen.date):
        conflicts.append(f"date: {facts.date} / {chosen.date}")
        confidence = min(confidence, 0.85 if identity.one_slip(facts.date, chosen.date) else 0.7)
    cut = is_cut(facts.issuer_key, chosen.issuer_key)
    if cut:
        conflicts.append(f"issuer: {facts.issuer} / {chosen.issuer}")
        method, confidence = "tên cơ quan bị cắt", min(confidence, 0.6)
    if item.antecedent:
        method, confidence = "cùng văn bản", min(confidence, 0.95)
    if item.by_name:
        method, confidence = "tên luật", min(confidence, 0.95 if facts.date else 0.9)
    if facts.inferred:
        method, confidence = "suy từ cơ quan dẫn chiếu", min(confidence, 0.6)
    if any(h.unsure for h in cluster.held):
        confidence = min(confidence, 0.7)
    return Resolution(cluster, "inferred" if facts.inferred or cut else "settled", method, confidence, conflicts)


def _words(text: str) -> set[str]:
    return {w for w in re.findall(r"\w+", fold(text)) if w not in _STOP and not w.isdigit() and len(w) > 1}


def _by_number(item: Item, clusters: list[Cluster]) -> Resolution:
    """ "Quyết định 148": documents of that type and number, not later than the citing one, ranked by their subject."""
    wanted = code_of_type(item.facts.doc_type or "") or item.facts.doc_type
    context = _words(item.context)
    scored = []
    for cluster in clusters:
        if (code_of_type(written_type(cluster.facts) or "") or written_type(cluster.facts)) != wanted:
            continue
        date = cluster.facts.date or cluster.facts.year
        if not identity.not_after(date, item.citing) or not identity.compatible(item.facts.date, date):
            continue
        subject = _words(cluster.facts.title or "")
        overlap = len(subject & context) / len(subject) if subject else 0.0
        scored.append((round(0.4 + 0.5 * overlap, 3), cluster))
    scored.sort(key=lambda s: (-s[0], s[1].key))
    if not scored:
        return Resolution(None, "unresolved", "chỉ có số", 0.0)
    best = scored[0]
    candidates = [c for _, c in scored[:10]]
    if best[0] >= 0.6 and (len(scored) == 1 or scored[1][0] <= best[0] - 0.1):
        return Resolution(best[1], "inferred", "số và nội dung", best[0], [], candidates)
    return Resolution(None, "ambiguous", "chỉ có số", best[0], [], candidates)
