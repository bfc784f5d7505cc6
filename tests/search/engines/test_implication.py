"""What is told of plans by their form holds for the documents of an index, and changes no answer."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.segment import words
from search.compiler.compile import compile_query
from search.engine import Engine, EngineQuery, TierPlan
from search.engines.tantivy import TantivyEngine
from search.implication import excludes, implies, relations
from search.index.index_fields import FACETS
from search.membership import members
from search.plan import And, AnyOf, Everything, Nothing, Or, Order, Phrase, Plan, Prefix, Range, Term
from search.request import QueryOptions
from tests.search.engines.test_engine_contract import PLANS, SYLLABLES, TYPES, documents
from tests.support.engines import opened

HELD, STUB = Term("trangthai", "co_van_ban"), Term("trangthai", "chi_duoc_dan")


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Engine]]:
    made = [opened(name, tmp_path_factory.mktemp(name)) for name in ("whoosh", "tantivy")]
    for engine in made:
        if isinstance(engine, TantivyEngine):
            engine.related_from = 0
        engine.update(documents(7, 300), [], fresh=True)
    yield made
    for engine in made:
        engine.close()


def random_plans(seed: int, count: int) -> list[Plan]:
    """Plans as the compiler makes them, near each other, so that many have all documents of another."""
    chance = random.Random(seed)

    def leaf() -> Plan:
        one, two, three = (chance.choice(SYLLABLES[:12]) for _ in range(3))
        return chance.choice(
            (
                Term("exact", one),
                Term("syl", "ke"),
                Term("pair", f"{one}_{two}"),
                Phrase("exact", (one, two)),
                Phrase("exact", (one, two, three)),
                Phrase("syl", ("ke", "hoach")),
                Phrase("syl", ("tap", "huan"), chance.randint(0, 2)),
                Term("pair_syl", "mot_san"),
                AnyOf("loai", TYPES[: chance.randint(1, 3)]),
                Range("date_low", 20240101, 20241231),
                Range("date_low", 20230101, 20241231),
                Prefix("syl", chance.choice(("h", "ho"))),
                HELD,
                STUB,
            )
        )

    made: list[Plan] = []
    for _ in range(count):
        parts = tuple(leaf() for _ in range(chance.randint(1, 3)))
        more = (Or(tuple(leaf() for _ in range(2))),) if chance.random() < 0.4 else ()
        out = (leaf(),) if chance.random() < 0.3 else ()
        made.append(And((*parts, *more), must_not=out) if len(parts) + len(more) + len(out) > 1 else parts[0])
    return made


def test_what_is_told_of_plans_holds_for_documents(engines: list[Engine]) -> None:
    plans = [*random_plans(1, 140), *PLANS.values()]
    found = [set(engines[1].ids(plan)) for plan in plans]
    told = 0
    for one, mine in zip(plans, found, strict=True):
        for other, its in zip(plans, found, strict=True):
            if implies(one, other):
                assert mine <= its, (one, other)
                told += one != other
            if excludes(one, other):
                assert not mine & its, (one, other)
    assert told > 200


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Phrase("exact", ("tập", "huấn", "một")), Phrase("syl", ("tap", "huan"))),
        (Term("pair", "tập_huấn"), And((Term("syl", "tap"), Term("exact", "huấn")))),
        (Term("pair", "tập_huấn"), Or((Term("exact", "không"), Phrase("exact", ("tập", "huấn"))))),
        (And((Term("exact", "kế"), HELD)), And((Term("syl", "ke"), HELD))),
        (AnyOf("loai", TYPES[:1]), AnyOf("loai", TYPES)),
    ],
)
def test_a_plan_has_all_documents_of_a_stricter_one(one: Plan, other: Plan) -> None:
    assert implies(one, other)
    assert not implies(other, one)


def test_documents_that_are_held_and_those_that_are_cited_are_apart() -> None:
    assert excludes(And((Term("syl", "ke"), HELD)), And((Term("syl", "ke"), STUB)))
    assert not excludes(And((Term("syl", "ke"), HELD)), Term("syl", "ke"))
    assert relations([HELD, STUB]).left_out == ((), ())


@pytest.mark.parametrize("condition", [None, AnyOf("loai", TYPES[:2])])
def test_engines_count_the_same_whatever_is_told(engines: list[Engine], condition: Plan | None) -> None:
    plans = random_plans(2, 400)
    for at in range(0, len(plans), 4):
        tiers = tuple(TierPlan(plan, Order.DATE) for plan in plans[at : at + 4])
        for limit, order in ((0, None), (3, None), (500, None), (5, Order.CITED)):
            asked = EngineQuery(tiers, condition, limit=limit, facets=FACETS if limit != 500 else (), order=order)
            first, second = (engine.search(asked) for engine in engines)
            assert first.tier_totals == second.tier_totals, (limit, order, tiers)
            assert first.total == second.total
            assert first.facets == {
                name: {value: count for value, count in counts.items() if count}
                for name, counts in second.facets.items()
            }
            assert [(hit.id, hit.tier) for hit in first.hits] == [(hit.id, hit.tier) for hit in second.hits]


def test_the_tiers_of_queries_are_told(engines: list[Engine], tmp_path: Path) -> None:
    compiled = compile_query("kế hoạch tập huấn", engines[1], QueryOptions(), segment=words)
    related = relations([tier.plan for tier in compiled.plans])
    names = [tier.value for tier in compiled.tiers]
    assert names[-1] == "chi_bo_dau"
    exact, unmarked, apart = names.index("chinh_xac"), names.index("bo_dau"), names.index("tu_roi")
    assert related.left_out[unmarked] == (
        names.index("chinh_xac", exact + 1) if names.count("chinh_xac") > 1 else exact,
    )
    assert related.left_out[apart] == (unmarked,)
    assert set(related.widest) == {unmarked, apart, len(names) - 1}


def test_a_plan_without_scores_has_the_same_documents(engines: list[Engine]) -> None:
    chance = random.Random(3)
    plans = random_plans(3, 200)
    joined = [
        And((Or((one, two)), one), (two,), (other,))
        for one, two, other in (chance.sample(plans, 3) for _ in range(200))
    ]
    simpler = 0
    for plan in [*plans, *joined, *PLANS.values()]:
        bare = members(plan)
        simpler += bare != plan
        assert members(bare) == bare
        for engine in engines:
            assert engine.ids(bare) == engine.ids(plan), plan
    assert simpler > 200


@pytest.mark.parametrize(
    ("plan", "bare"),
    [
        (
            And((Term("exact", "kế", 3.0), HELD, Term("exact", "kế")), (Term("title", "ke"),)),
            And((Term("exact", "kế"), HELD)),
        ),
        (And((And((HELD, Term("syl", "ke"))), HELD)), And((HELD, Term("syl", "ke")))),
        (And((Term("exact", "kế"), HELD), must_not=(Term("syl", "ke"),)), Nothing()),
        (Or((Nothing(), And((Term("syl", "ke"),)))), Term("syl", "ke")),
        (And((HELD, Nothing())), Nothing()),
        (Everything(), Everything()),
    ],
)
def test_what_only_adds_to_a_score_and_what_is_said_twice_is_left_out(plan: Plan, bare: Plan) -> None:
    assert members(plan) == bare


def test_a_tier_without_documents_of_its_own_is_told() -> None:
    wide, narrow = Term("syl", "ke"), Phrase("exact", ("kế", "hoạch"))
    assert relations([narrow, wide, narrow, wide]).empty == {2, 3}
    assert relations([wide, narrow]).empty == {1}
    assert relations([narrow, wide]).empty == frozenset()
