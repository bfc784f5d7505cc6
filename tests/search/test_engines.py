"""One contract for every engine: the same documents, facets and order from the same plans, before and after changes."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import LibraryBusy
from corpus.library.indexed import Indexed
from search.document import FACETS, EngineDocument, of_indexed
from search.engine import Engine, EngineResult, Tier, fieldnorm
from search.plan import (
    And,
    AnyOf,
    Everything,
    Fuzzy,
    Nothing,
    Or,
    Phrase,
    Plan,
    Prefix,
    Range,
    Term,
)
from search.searcher import ENGINES, make_engine
from tests.support.search_library import numbered

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


def library(seed: int, count: int, first: int = 1) -> list[EngineDocument]:
    """Documents of a few syllables, so that everything collides with everything."""
    chance = random.Random(seed)
    made = []
    for id_ in range(first, first + count):
        words = chance.choices(SYLLABLES, k=chance.randint(3, 160))
        code = chance.choice(("QĐ-TTg", "QĐ-UBND", "QĐ-UBND-HC", "KH-UBND"))
        found = numbered(
            Indexed(
                id_, chance.random() < 0.8, kind=chance.choice(("administrative", "other")),
                doc_type=chance.choice(TYPES), so_ky_hieu=f"{chance.randint(1, 9)}/{code}",
                date=chance.choice((None, "2024", "2024-06", "2023-12-31", "2024-06-11")),
                issuer=chance.choice(ISSUERS), title=" ".join(chance.choices(SYLLABLES, k=chance.randint(1, 8))),
                cited_by=chance.randint(0, 3), basis=chance.sample(range(1, 50), chance.randint(0, 3)),
            )
        )  # fmt: skip
        found.text = " ".join(words) if found.held else ""
        made.append(of_indexed(found, ["_".join(pair) for pair in zip(words[::3], words[1::3], strict=False)]))
    return made


PLANS: dict[str, Plan] = {
    "term": Term("exact", "kế"),
    "folded": Term("syl", "ke"),
    "and": And((Term("syl", "ke"), Term("syl", "hoach"))),
    "and with should": And((Term("exact", "tập"), Term("exact", "huấn")), (Term("title", "tap", 3.0), Term("word", "tập_huấn", 0.5))),
    "and not": And((Term("syl", "tinh"),), must_not=(Term("exact", "ăn"), Phrase("syl", ("nong", "thon")))),
    "or": Or((Term("exact", "ủy"), Term("exact", "ban", 0.5))),
    "or of ands": Or((And((Term("exact", "ủy"), Term("exact", "ban"))), And((Term("exact", "mới"), Term("exact", "một"))))),
    "only not": And((Everything(),), must_not=(Term("syl", "an"),)),
    "phrase": Phrase("exact", ("tập", "huấn")),
    "phrase of one syllable twice": Phrase("syl", ("an", "an")),
    "long phrase": Phrase("syl", ("mot", "san", "pham")),
    "loose phrase": Phrase("syl", ("xa", "mot", "san"), 3),
    "loose phrase, same syllable": Phrase("syl", ("an", "xa", "an"), 4),
    "phrase in the title": Phrase("title", ("ke", "hoach")),
    "phrase in the issuer": Phrase("issuer", ("nong", "nghiep", "va", "phat", "trien", "nong", "thon")),
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
    "boosted phrase": And((Term("syl", "ke"),), (Phrase("syl", ("ke", "hoach"), 0, 2.0),)),
}  # fmt: skip


@pytest.fixture(scope="module", params=["fresh", "changed"])
def engines(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Engine]]:
    """Each engine with the same documents: put in at once, or by several commits with changes and deletions."""
    made = {}
    for name in ENGINES:
        engine = make_engine(name, tmp_path_factory.mktemp(name))
        if request.param == "fresh":
            engine.update(library(1, 250), [], fresh=True)
        else:
            engine.update(library(2, 200), [], fresh=True)
            engine.update(library(3, 80, first=150), [5, 6, 7])
            engine.update(library(4, 30, first=230), [160, 9_999])
            engine.update([], [231])
        made[name] = engine
    yield made
    for engine in made.values():
        engine.close()


def everything(engine: Engine, plan: Plan) -> EngineResult:
    return engine.search([Tier(plan)], limit=1_000, facets=FACETS)


@pytest.mark.parametrize("name", PLANS)
def test_same_documents_and_facets(engines: dict[str, Engine], name: str) -> None:
    first, second = (everything(engine, PLANS[name]) for engine in engines.values())
    assert {hit.id for hit in first.hits} == {hit.id for hit in second.hits}
    assert first.total == second.total == len(first.hits)
    assert {f: {v: n for v, n in c.items() if n} for f, c in first.facets.items()} == second.facets
    assert engines["whoosh"].ids(PLANS[name]) == engines["tantivy"].ids(PLANS[name])


@pytest.mark.parametrize("name", [name for name in PLANS if "loose" not in name])
def test_same_scores_where_nothing_is_deleted(tmp_path: Path, name: str) -> None:
    scores = []
    for engine_name in ENGINES:
        (tmp_path / engine_name).mkdir()
        engine = make_engine(engine_name, tmp_path / engine_name)
        engine.update(library(1, 120), [], fresh=True)
        scores.append({hit.id: hit.score for hit in engine.search([Tier(PLANS[name])], limit=1_000).hits})
        engine.close()
    assert scores[0] == pytest.approx(scores[1], rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("name", [name for name in PLANS if "loose" not in name])
def test_same_order_but_for_equals(tmp_path: Path, name: str) -> None:
    ranked = []
    for engine_name in ENGINES:
        (tmp_path / engine_name).mkdir()
        engine = make_engine(engine_name, tmp_path / engine_name)
        engine.update(library(5, 90), [], fresh=True)
        hits = engine.search([Tier(PLANS[name])], limit=1_000).hits
        ranked.append([hit.id for hit in sorted(hits, key=lambda hit: (-round(hit.score, 2), hit.id))])
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        engine.close()
    assert ranked[0] == ranked[1]


def test_tiers_count_each_document_once_and_in_order(engines: dict[str, Engine]) -> None:
    tiers = [
        Tier(Term("so", "3|QD-TTG"), "date"),
        Tier(Nothing()),
        Tier(And((Term("exact", "kế"), Term("exact", "hoạch")))),
        Tier(And((Term("syl", "ke"), Term("syl", "hoac")))),
        Tier(Everything(), "cited"),
    ]
    results = [engine.search(tiers, limit=500) for engine in engines.values()]
    for result in results:
        ids = [hit.id for hit in result.hits]
        assert len(ids) == len(set(ids)) == result.total == sum(result.tier_totals)
        assert [hit.tier for hit in result.hits] == sorted(hit.tier for hit in result.hits)
    assert results[0].tier_totals == results[1].tier_totals
    for tier in (0, 4):
        assert [h.id for h in results[0].hits if h.tier == tier] == [h.id for h in results[1].hits if h.tier == tier]


@pytest.mark.parametrize("order", ["date", "cited", None])
def test_pages_join_to_the_whole(engines: dict[str, Engine], order: str | None) -> None:
    tiers = [Tier(Term("exact", "kế")), Tier(Term("syl", "ke")), Tier(Term("loai", "Công văn"), "date")]
    for engine in engines.values():
        whole = engine.search(tiers, limit=500, order=order)  # type: ignore[arg-type]
        pages = [
            hit
            for at in range(0, whole.total + 7, 7)
            for hit in engine.search(tiers, offset=at, limit=7, order=order).hits  # type: ignore[arg-type]
        ]
        assert [hit.id for hit in pages] == [hit.id for hit in whole.hits]
        assert [hit.tier for hit in pages] == [hit.tier for hit in whole.hits]
    if order:
        first, second = (engine.search(tiers, limit=500, order=order) for engine in engines.values())  # type: ignore[arg-type]
        assert first.hits == second.hits


def test_a_condition_narrows_all_tiers(engines: dict[str, Engine]) -> None:
    tiers = [Tier(Term("exact", "kế")), Tier(Term("syl", "an"))]
    condition = And((AnyOf("loai", ("Kế hoạch",)), Range("date_low", 20240101, 20241231)))
    results = [engine.search(tiers, condition=condition, limit=500, facets=["loai"]) for engine in engines.values()]
    assert results[0].total == results[1].total > 0
    assert results[0].tier_totals == results[1].tier_totals
    assert results[0].facets == results[1].facets == {"loai": {"Kế hoạch": results[0].total}}


def test_fuzzy_finds_at_least_what_is_one_edit_away(engines: dict[str, Engine]) -> None:
    found = [{hit.id for hit in everything(engine, Fuzzy("syl", "hoacx", 1)).hits} for engine in engines.values()]
    assert found[0] == found[1]
    assert found[0] >= {hit.id for hit in everything(engines["whoosh"], Term("syl", "hoac")).hits}


def test_terms(engines: dict[str, Engine]) -> None:
    names = [[term for term, _ in engine.terms("so", "3|")] for engine in engines.values()]
    assert names[0] == names[1] == sorted(names[0])
    assert {"3|QD-TTG", "3|KH-UBND"} <= set(names[0])
    assert all([term for term, _ in engine.terms("so", "99|")] == [] for engine in engines.values())


def test_counts(engines: dict[str, Engine]) -> None:
    assert engines["whoosh"].count() == engines["tantivy"].count() > 200


@pytest.mark.parametrize("name", ENGINES)
def test_an_empty_index_answers(tmp_path: Path, name: str) -> None:
    engine = make_engine(name, tmp_path)
    assert engine.search([Tier(Everything()), Tier(Term("syl", "a"))], facets=FACETS).total == 0
    assert engine.ids(Everything()) == []
    assert engine.terms("so", "") == []
    assert engine.count() == 0
    engine.update([], [4])
    engine.optimize()
    engine.close()


@pytest.mark.parametrize("name", ENGINES)
def test_a_reader_keeps_its_answer_while_another_writes(tmp_path: Path, name: str) -> None:
    writer = make_engine(name, tmp_path)
    writer.update(library(1, 40), [], fresh=True)
    reader = make_engine(name, tmp_path)
    before = reader.search([Tier(Term("syl", "ke"))]).total
    writer.update(library(2, 40, first=41), [])
    assert reader.search([Tier(Term("syl", "ke"))]).total == before
    reader.reload()
    assert reader.search([Tier(Term("syl", "ke"))]).total == writer.search([Tier(Term("syl", "ke"))]).total
    assert reader.count() == 80
    reader.close()
    writer.close()


@pytest.mark.parametrize("name", ENGINES)
def test_a_failed_update_leaves_what_was(tmp_path: Path, name: str) -> None:
    engine = make_engine(name, tmp_path)
    engine.update(library(1, 20), [], fresh=True)

    def broken() -> Iterator[EngineDocument]:
        yield from library(2, 5, first=10)
        raise RuntimeError("giữa chừng")

    with pytest.raises(RuntimeError):
        engine.update(broken(), [1])
    assert engine.count() == 20
    assert engine.ids(Term("id", "1")) == [1]
    engine.update(library(2, 5, first=21), [1])
    assert engine.count() == 24
    engine.close()


@pytest.mark.parametrize("name", ENGINES)
def test_a_second_writer_is_refused(tmp_path: Path, name: str) -> None:
    first, second = make_engine(name, tmp_path), make_engine(name, tmp_path)

    def meanwhile() -> Iterator[EngineDocument]:
        with pytest.raises(LibraryBusy):
            second.update(library(2, 2), [])
        yield from library(1, 3)

    first.update(meanwhile(), [])
    assert first.count() == 3
    first.close()
    second.close()


def test_lengths_are_rounded_as_one_byte_would() -> None:
    kept = sorted({fieldnorm(length) for length in range(200_000)})
    assert kept[:41] == list(range(41))
    assert kept[41:50] == [42, 44, 46, 48, 50, 52, 54, 56, 60]
    assert len(kept) < 150
    assert all(fieldnorm(length) <= length for length in range(2_000))
