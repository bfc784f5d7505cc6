"""Rows of the tables that nothing means are left out of the clustering, and nothing is decided otherwise by it."""

from __future__ import annotations

import random

import pytest

from corpus import identity
from corpus.fold import letters
from corpus.identity import Facts
from corpus.resolution.bucket import cluster_bucket
from corpus.resolution.clusters import Cluster, Item, Resolution
from corpus.resolution.related_symbols import related
from corpus.resolution.table_rows import TableRows

#: Ký hiệu, with the key of an issuer that uses it.
_CENTRAL = [("QĐ-TTg", "ttg"), ("QĐ-BNN", "bnn"), ("QĐ-BNN-VPĐP", "bnn"), ("QĐ-BCT", "bct")]
_ANY = [*_CENTRAL, ("QĐ-UBND", "ubnd:tinh:nghe-an"), ("QĐ-UBND", "ubnd:?"), ("QĐ-VPĐP", "bnn"), ("QĐ-TTg", None)]
_DAYS = ["2018-05-07", "2018-07-05", "2018-05-08", "2019-05-07", "2023-02-24", "2023-02-25"]


def _facts(chosen: random.Random, *, whole: bool) -> Facts:
    symbol, issuer = chosen.choice(_CENTRAL if whole else _ANY)
    date = chosen.choice(_DAYS if whole else [*_DAYS, "2018", None, None])
    facts = Facts(doc_type="Quyết định", number="490", symbol=symbol, sym_key=letters(symbol), date=date)
    facts.year = (date or "")[:4] or None
    facts.so_ky_hieu, facts.issuer_key, facts.issuer = f"490/{symbol}", issuer, issuer
    facts.title = chosen.choice(["ban hành Bộ tiêu chí", "phê duyệt Chương trình", None])
    if not whole and chosen.random() < 0.2:
        facts.symbol = facts.sym_key = facts.so_ky_hieu = facts.issuer_key = None
    return facts


def _rows(chosen: random.Random) -> list[Item]:
    facts = {identity.key_of(made): made for made in (_facts(chosen, whole=True) for _ in range(8))}
    return [Item("known", 0, one, source=key, unsure=chosen.random() < 0.2) for key, one in facts.items()]


def _items(chosen: random.Random) -> list[Item]:
    mentions = [
        Item(
            "mention",
            number,
            _facts(chosen, whole=False),
            f"s{number}",
            votes=chosen.choice([0, 1, 3]),
            hidden_votes=chosen.choice([0, 0, 1]),
            citing=chosen.choice([None, "2018-12-01", "2024-01-01"]),
            antecedent=chosen.random() < 0.2,
            context="Bộ tiêu chí",
        )
        for number in range(1, chosen.randint(2, 6))
    ]
    held = [Item("held", 100, _facts(chosen, whole=False), "h", restricted=chosen.random() < 0.3)]
    return mentions + (held if chosen.random() < 0.4 else [])


def _shown(cluster: Cluster) -> tuple[object, ...]:
    items = sorted((item.kind, item.source) for item in cluster.items)
    return (cluster.key, items, cluster.facts, cluster.conflicts, cluster.restricted, cluster.withheld)


def _meant(resolution: Resolution) -> tuple[object, ...]:
    cluster = None if resolution.cluster is None else _shown(resolution.cluster)
    said = (resolution.state, resolution.method, resolution.confidence, resolution.conflicts)
    return (cluster, *said, sorted(map(repr, map(_shown, resolution.candidates))))


@pytest.mark.parametrize("seed", range(300))
def test_rows_apart_change_no_decision(seed: int) -> None:
    chosen = random.Random(seed)
    rows, items = _rows(chosen), _items(chosen)
    shown = {row.source for row in rows if chosen.random() < 0.2}
    symbols = {row.source: str(row.facts.symbol) for row in rows}
    near = related(frozenset(symbols.values()), items, {symbols[source] for source in shown})
    beside = [row for row in rows if near is None or row.facts.symbol in near]
    every_row, some_rows = (TableRows(those, lambda part: cluster_bucket(part)[0]) for those in (rows, beside))
    for apart in (every_row, every_row, some_rows):  # what is given out is used again
        clusters, found = cluster_bucket(items, apart, shown)
        all_clusters, expected = cluster_bucket([*items, *rows])
        assert {ref: _meant(one) for ref, one in found.items()} == {ref: _meant(one) for ref, one in expected.items()}
        wanted = [c for c in all_clusters if c.known in shown or any(i.kind != "known" for i in c.items)]
        kept = [c for c in clusters if c.known in shown or any(i.kind != "known" for i in c.items)]
        assert sorted(map(repr, map(_shown, kept))) == sorted(map(repr, map(_shown, wanted)))
