"""OpenSearch beside Tantivy on the same articles: equal answers, and how long each takes (a part of bench.cluster)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.articles import documents, engine_documents, heading_of, rows
from bench.search import compiled, queries
from bench.search_rivals import Queries
from bench.timing import milliseconds, timed
from search.engine import Engine, EngineQuery
from search.engines import open_engine
from search.index.engine_document import EngineDocument
from search.index.index_fields import FACETS
from search.plan import Fuzzy, Plan, any_of
from tests.support.opensearch import Cluster

#: Share of the queries whose first ten documents must be the same, in the same order.
GOAL_FIRST_TEN = 0.95
#: Documents of one commit.
_COMMIT = 2_000
#: Runs of each length among the queries.
_EACH = 10


def figures(articles: int, place: Path) -> dict[str, Any]:
    """Documents a second, milliseconds p50 and p95 of each engine, and how far their answers are equal."""
    found = documents(articles)
    made = engine_documents(found)
    headings = [heading_of(row) for row in rows(articles)]
    asked = queries(headings, _EACH)
    with Cluster() as cluster:
        engines: dict[str, Engine] = {}
        report: dict[str, Any] = {"articles": len(made)}
        for name, address in (("tantivy", None), ("opensearch", cluster.address())):
            folder = place / name
            folder.mkdir()
            engines[name] = open_engine(name, folder, address)
            report[name] = _of_one(engines[name], made, asked)
        report |= equality(engines["tantivy"], engines["opensearch"], [*asked.words, *asked.phrases])
        for engine in engines.values():
            engine.close()
    return report


def _of_one(engine: Engine, made: list[EngineDocument], asked: Queries) -> dict[str, Any]:
    def build() -> None:
        for at in range(0, len(made), _COMMIT):
            engine.update(made[at : at + _COMMIT], [], fresh=True)

    built, _ = timed(build)
    texts = (*asked.words, *asked.phrases)
    # Not counted, so that no engine answers from a cache of answers.
    plans = {text: EngineQuery(tuple(compiled(engine, text).plans), counted=False) for text in texts}
    return {
        "documents_a_second": round(len(made) / built),
        "bytes": engine.size(),
        "words": milliseconds(lambda text: engine.search(plans[text]), asked.words),
        "phrases": milliseconds(lambda text: engine.search(plans[text]), asked.phrases),
    }


def equality(first: Engine, second: Engine, texts: list[str]) -> dict[str, Any]:
    """Of the queries without fuzzy terms: how many, with equal hits, with equal facets, and with equal first ten."""
    asked = equal_hits = equal_facets = equal_ten = 0
    for text in texts:
        tiers = tuple(compiled(first, text).plans)
        if any(_is_fuzzy(tier.plan) for tier in tiers):
            continue
        asked += 1
        query = EngineQuery(tiers, facets=FACETS)
        one, other = first.search(query), second.search(query)
        union = any_of([tier.plan for tier in tiers])
        equal_hits += one.tier_totals == other.tier_totals and first.ids(union) == second.ids(union)
        equal_facets += _counts(one.facets) == _counts(other.facets)
        ten = (_ranked(engine, replace(query, facets=())) for engine in (first, second))
        equal_ten += next(ten) == next(ten)
    return {"queries": asked, "equal_hits": equal_hits, "equal_facets": equal_facets, "equal_first_ten": equal_ten}


def _ranked(engine: Engine, query: EngineQuery) -> list[int]:
    """The first ten; documents of one score in the order of their ids, as each engine has an order of its own."""
    hits = engine.search(replace(query, limit=30)).hits
    return [hit.id for hit in sorted(hits, key=lambda hit: (hit.tier, -round(hit.score, 3), hit.id))][:10]


def _counts(facets: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return {field: {value: count for value, count in counts.items() if count} for field, counts in facets.items()}


def _is_fuzzy(plan: Plan) -> bool:
    return isinstance(plan, Fuzzy) or any(
        _is_fuzzy(item) for name in ("must", "should", "must_not", "items") for item in getattr(plan, name, ())
    )


def missed(found: dict[str, Any]) -> list[str]:
    """The goals that are missed."""
    all_of, ten = found["queries"], found["equal_first_ten"]
    different = [name for name in ("equal_hits", "equal_facets") if found[name] < all_of]
    return different + (["equal_first_ten"] if ten < GOAL_FIRST_TEN * all_of else [])
