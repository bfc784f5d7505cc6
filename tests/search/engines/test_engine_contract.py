"""The contract of engines: equal documents, facets, scores and order from equal plans, before and after changes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from corpus.errors import LibraryBusy, UsageError
from corpus.library.indexed import Indexed
from search.engine import Engine, EngineQuery, EngineResult, TierPlan, fieldnorm
from search.engines import ENGINES, advice, open_engine
from search.index.engine_document import EngineDocument, of_words
from search.index.index_fields import FACETS
from search.plan import (
    And,
    AnyOf,
    Everything,
    Fuzzy,
    Nothing,
    Or,
    Order,
    Phrase,
    Plan,
    Prefix,
    Range,
    Term,
)
from tests.support.engines import Tested, opened
from tests.support.search_library import with_keys
from webui.app.settings import Settings

SYLLABLES = [
    "kế",
    "hoạch",
    "tập",
    "huấn",
    "ke",
    "hoạc",
    "chương",
    "trình",
    "mỗi",
    "xã",
    "một",
    "sản",
    "phẩm",
    "nông",
    "thôn",
    "mới",
    "ủy",
    "ban",
    "nhân",
    "dân",
    "tỉnh",
    "an",
    "ăn",
    "2024",
    "12",
]
TYPES = ("Quyết định", "Kế hoạch", "Công văn")
ISSUERS = ("UBND tỉnh Thanh Hóa", "Thủ tướng Chính phủ", "Sở Nông nghiệp và PTNT tỉnh Lai Châu")


def documents(seed: int, count: int, first: int = 1) -> list[EngineDocument]:
    """Documents of few different syllables, so that every plan matches many of them."""
    chance = random.Random(seed)
    made = []
    for id_ in range(first, first + count):
        words = chance.choices(SYLLABLES, k=chance.randint(3, 160))
        code = chance.choice(("QĐ-TTg", "QĐ-UBND", "QĐ-UBND-HC", "KH-UBND"))
        document = with_keys(
            Indexed(
                id_,
                chance.random() < 0.8,
                kind=chance.choice(("administrative", "other")),
                doc_type=chance.choice(TYPES),
                so_ky_hieu=f"{chance.randint(1, 9)}/{code}",
                date=chance.choice((None, "2024", "2024-06", "2023-12-31", "2024-06-11")),
                issuer=chance.choice(ISSUERS),
                title=" ".join(chance.choices(SYLLABLES, k=chance.randint(1, 8))),
                cited_by=chance.randint(0, 3),
                basis=chance.sample(range(1, 50), chance.randint(0, 3)),
            )
        )
        document.text = " ".join(words) if document.held else ""
        document.tables = [_table(words[:40])] if document.held else []
        made.append(of_words(document, ["_".join(pair) for pair in zip(words[::3], words[1::3], strict=False)]))
    return made


def _table(words: list[str]) -> dict[str, object]:
    """A table with a cell for every two or three of *words*, as a stored record has it."""
    texts = [" ".join(words[at : at + 2 + at % 2]) for at in range(0, len(words), 3)]
    cells = [
        {"row": at // 4, "column": at % 4, "text": text, "spans": [], "page": 1, "row_span": 1, "column_span": 1}
        for at, text in enumerate(texts)
    ]
    return {"rows": len(texts) // 4 + 1, "columns": 4, "cells": cells}


PLANS: dict[str, Plan] = {
    "term": Term("exact", "kế"),
    "folded": Term("syl", "ke"),
    "and": And((Term("syl", "ke"), Term("syl", "hoach"))),
    "and with should": And(
        (Term("exact", "tập"), Term("exact", "huấn")), (Term("title", "tap", 3.0), Term("word", "tập_huấn", 0.5))
    ),
    "and not": And((Term("syl", "tinh"),), must_not=(Term("exact", "ăn"), Phrase("syl", ("nong", "thon")))),
    "or": Or((Term("exact", "ủy"), Term("exact", "ban", 0.5))),
    "or of ands": Or(
        (And((Term("exact", "ủy"), Term("exact", "ban"))), And((Term("exact", "mới"), Term("exact", "một"))))
    ),
    "only not": And((Everything(),), must_not=(Term("syl", "an"),)),
    "phrase": Phrase("exact", ("tập", "huấn")),
    "phrase of one syllable twice": Phrase("syl", ("an", "an")),
    "long phrase": Phrase("syl", ("mot", "san", "pham")),
    "loose phrase": Phrase("syl", ("xa", "mot", "san"), 3),
    "loose phrase, same syllable": Phrase("syl", ("an", "xa", "an"), 4),
    "phrase in the title": Phrase("title", ("ke", "hoach")),
    "phrase in the issuer": Phrase("issuer", ("nong", "nghiep", "va", "phat", "trien", "nong", "thon")),
    "term in a cell": Term("cell_syl", "ke"),
    "phrase in a cell": Phrase("cell", ("kế", "hoạch")),
    "phrase in a cell, folded": And((Term("syl", "ke"), Phrase("cell_syl", ("ke", "hoach")))),
    "prefix": Prefix("syl", "ho"),
    "prefix of keys": Prefix("so", "3|QD-"),
    "any of": AnyOf("loai", TYPES[:2]),
    "basis": AnyOf("basis", ("3", "4")),
    "range": Range("date_low", 20240101, 20241231),
    "dates": And((Range("date_low", 1, 20240630), Range("date_high", 20240601, 99991231))),
    "key and text": And((Term("loai", "Kế hoạch"), Term("syl", "ke"))),
    "everything": Everything(),
    "nothing": Nothing(),
    "unknown": Term("exact", "không"),
    "unknown field value": And((Term("syl", "ke"), Term("tinh", "ca-mau"))),
    "pair": Term("pair", "tập_huấn"),
    "pairs and phrase": And(
        (Term("pair", "một_sản"), Term("pair", "sản_phẩm", 0.5), Phrase("exact", ("một", "sản", "phẩm")))
    ),
    "unknown pair": Term("pair", "phẩm_2025"),
    "boosted phrase": And((Term("syl", "ke"),), (Phrase("syl", ("ke", "hoach"), 0, 2.0),)),
}


#: Loose phrases give no equal scores: engines count the other words between differently.
SCORED_PLANS = [name for name in PLANS if "loose" not in name]


@pytest.fixture(scope="module", params=["fresh", "changed"])
def engines(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Engine]]:
    """Each engine with the same documents: put in at once, or by several commits with changes and deletions."""
    made = {}
    for name in Tested.names:
        engine = opened(name, tmp_path_factory.mktemp(name))
        if request.param == "fresh":
            engine.update(documents(1, 250), [], fresh=True)
        else:
            engine.update(documents(2, 200), [], fresh=True)
            engine.update(documents(3, 80, first=150), [5, 6, 7])
            engine.update(documents(4, 30, first=230), [160, 9_999])
            engine.update([], [231])
        made[name] = engine
    yield made
    for engine in made.values():
        engine.close()


@pytest.fixture(params=Tested.names)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """One engine over an empty folder."""
    made = opened(request.param, tmp_path)
    yield made
    made.close()


def answer(engine: Engine, *plans: Plan, limit: int = 1_000) -> EngineResult:
    """All documents of some tiers, with facets."""
    return engine.search(EngineQuery(tuple(TierPlan(plan) for plan in plans), limit=limit, facets=FACETS))


def ids(result: EngineResult) -> list[int]:
    return [hit.id for hit in result.hits]


def with_counts(facets: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """Facets without values that no document has."""
    return {field: {value: count for value, count in counts.items() if count} for field, counts in facets.items()}


# Equal answers


@pytest.mark.parametrize("name", PLANS)
def test_engines_find_the_same_documents_and_count_the_same_facets(engines: dict[str, Engine], name: str) -> None:
    results = [answer(engine, PLANS[name]) for engine in engines.values()]
    for first, second in pairwise(results):
        assert set(ids(first)) == set(ids(second))
        assert first.total == second.total == len(first.hits)
        assert with_counts(first.facets) == with_counts(second.facets)
    for first_engine, second_engine in pairwise(engines.values()):
        assert first_engine.ids(PLANS[name]) == second_engine.ids(PLANS[name])


@pytest.fixture(scope="module")
def fresh_engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Engine]]:
    """Each engine without deleted documents, which would count in one engine's scores and not in the other's."""
    made = []
    for name in Tested.names:
        engine = opened(name, tmp_path_factory.mktemp(name))
        engine.update(documents(5, 120), [], fresh=True)
        made.append(engine)
    yield made
    for engine in made:
        engine.close()


@pytest.mark.parametrize("name", SCORED_PLANS)
def test_engines_give_the_same_scores(fresh_engines: list[Engine], name: str) -> None:
    scores = [{hit.id: hit.score for hit in answer(engine, PLANS[name]).hits} for engine in fresh_engines]
    for first, second in pairwise(scores):
        assert first == pytest.approx(second, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("name", SCORED_PLANS)
def test_engines_give_the_same_order_except_among_equals(fresh_engines: list[Engine], name: str) -> None:
    ranked = []
    for engine in fresh_engines:
        hits = answer(engine, PLANS[name]).hits
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        ranked.append([hit.id for hit in sorted(hits, key=lambda hit: (-round(hit.score, 2), hit.id))])
    for first, second in pairwise(ranked):
        assert first == second


def test_a_document_is_listed_and_counted_in_its_first_tier(engines: dict[str, Engine]) -> None:
    tiers = (
        TierPlan(Term("so", "3|QD-TTG"), Order.DATE),
        TierPlan(Nothing()),
        TierPlan(And((Term("exact", "kế"), Term("exact", "hoạch")))),
        TierPlan(And((Term("syl", "ke"), Term("syl", "hoac")))),
        TierPlan(Everything(), Order.CITED),
    )
    results = [engine.search(EngineQuery(tiers, limit=500)) for engine in engines.values()]
    for result in results:
        assert len(ids(result)) == len(set(ids(result))) == result.total == sum(result.tier_totals)
        assert [hit.tier for hit in result.hits] == sorted(hit.tier for hit in result.hits)
    for first, second in pairwise(results):
        assert first.tier_totals == second.tier_totals
        for tier in (0, 4):
            assert [h.id for h in first.hits if h.tier == tier] == [h.id for h in second.hits if h.tier == tier]


@pytest.mark.parametrize("order", [Order.DATE, Order.CITED, None])
def test_pages_joined_are_the_whole_answer(engines: dict[str, Engine], order: Order | None) -> None:
    tiers = (
        TierPlan(Term("exact", "kế")),
        TierPlan(Term("syl", "ke")),
        TierPlan(Term("loai", "Công văn"), Order.DATE),
    )
    answers = []
    for engine in engines.values():
        whole = engine.search(EngineQuery(tiers, limit=500, order=order))
        pages = [
            hit
            for offset in range(0, whole.total + 7, 7)
            for hit in engine.search(EngineQuery(tiers, offset=offset, limit=7, order=order)).hits
        ]
        assert [(hit.id, hit.tier) for hit in pages] == [(hit.id, hit.tier) for hit in whole.hits]
        answers.append(whole.hits)
    if order:
        assert all(first == second for first, second in pairwise(answers))


def test_a_condition_narrows_all_tiers(engines: dict[str, Engine]) -> None:
    tiers = (TierPlan(Term("exact", "kế")), TierPlan(Term("syl", "an")))
    condition = And((AnyOf("loai", ("Kế hoạch",)), Range("date_low", 20240101, 20241231)))
    query = EngineQuery(tiers, condition, limit=500, facets=("loai",))
    results = [engine.search(query) for engine in engines.values()]
    for result in results:
        assert result.facets == {"loai": {"Kế hoạch": result.total}}
        assert result.total > 0
    for first, second in pairwise(results):
        assert first.tier_totals == second.tier_totals


def test_a_fuzzy_term_finds_what_is_one_edit_away(engines: dict[str, Engine]) -> None:
    found = [set(ids(answer(engine, Fuzzy("syl", "hoacx", 1)))) for engine in engines.values()]
    exact = [set(ids(answer(engine, Term("syl", "hoac")))) for engine in engines.values()]
    assert all(first == second for first, second in pairwise(found))
    assert found[0] >= exact[0]


def test_terms_are_listed_by_their_beginning_and_in_order(engines: dict[str, Engine]) -> None:
    names = [[term for term, _ in engine.terms("so", "3|")] for engine in engines.values()]
    assert all(first == second for first, second in pairwise(names))
    assert names[0] == sorted(names[0])
    assert {"3|QD-TTG", "3|KH-UBND"} <= set(names[0])
    assert all(engine.terms("so", "99|") == [] for engine in engines.values())


def test_engines_count_the_same_documents(engines: dict[str, Engine]) -> None:
    counts = {engine.count() for engine in engines.values()}
    assert len(counts) == 1
    assert counts.pop() > 200


# Each engine alone


def test_an_empty_index_answers(engine: Engine) -> None:
    assert answer(engine, Everything(), Term("syl", "a")).total == 0
    assert engine.ids(Everything()) == []
    assert engine.terms("so", "") == []
    assert engine.count() == 0
    engine.update([], [4])
    assert engine.count() == 0


@pytest.mark.parametrize("name", Tested.names)
def test_a_reader_keeps_its_commit_until_it_reloads(tmp_path: Path, name: str) -> None:
    writer = opened(name, tmp_path)
    writer.update(documents(1, 40), [], fresh=True)
    reader = opened(name, tmp_path)
    before = answer(reader, Term("syl", "ke")).total
    writer.update(documents(2, 40, first=41), [])
    assert answer(reader, Term("syl", "ke")).total == before
    reader.reload()
    assert answer(reader, Term("syl", "ke")).total == answer(writer, Term("syl", "ke")).total
    assert reader.count() == 80
    reader.close()
    writer.close()


def test_a_failed_update_leaves_the_last_commit(engine: Engine) -> None:
    engine.update(documents(1, 20), [], fresh=True)

    def failing() -> Iterator[EngineDocument]:
        yield from documents(2, 5, first=10)
        raise RuntimeError("halfway")

    with pytest.raises(RuntimeError):
        engine.update(failing(), [1])
    assert engine.count() == 20
    assert engine.ids(Term("id", "1")) == [1]
    engine.update(documents(2, 5, first=21), [1])
    assert engine.count() == 24


@pytest.mark.parametrize("name", Tested.names)
def test_a_second_writer_is_refused(tmp_path: Path, name: str) -> None:
    first, second = opened(name, tmp_path), opened(name, tmp_path)

    def meanwhile() -> Iterator[EngineDocument]:
        with pytest.raises(LibraryBusy):
            second.update(documents(2, 2), [])
        yield from documents(1, 3)

    first.update(meanwhile(), [])
    assert first.count() == 3
    first.close()
    second.close()


def test_an_answer_is_the_same_when_it_is_asked_again(engine: Engine) -> None:
    engine.update(documents(1, 40), [], fresh=True)
    first, again = answer(engine, Term("syl", "ke")), answer(engine, Term("syl", "ke"))
    assert first == again
    first.hits.clear()
    assert answer(engine, Term("syl", "ke")) == again


# The registry


def test_an_unknown_engine_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="whoosh, tantivy"):
        open_engine("solr", tmp_path)


def test_another_engine_is_advised_beyond_the_comfortable_size() -> None:
    assert advice("whoosh", 20_000) == ""
    assert "reindex --engine tantivy" in advice("whoosh", 20_001)
    assert advice("tantivy", 10_000_000) == ""


def test_the_setting_offers_every_engine() -> None:
    names, _ = get_args(Settings.model_fields["engine"].annotation)
    assert get_args(names) == tuple(ENGINES)


def test_field_lengths_are_rounded_to_fit_one_byte() -> None:
    kept = sorted({fieldnorm(length) for length in range(200_000)})
    assert kept[:41] == list(range(41))
    assert kept[41:50] == [42, 44, 46, 48, 50, 52, 54, 56, 60]
    assert len(kept) < 150
    assert all(fieldnorm(length) <= length for length in range(2_000))
