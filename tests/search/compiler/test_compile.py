"""From queries to tiers of plans, over an engine with the sample library."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpus.errors import QueryError
from search.compiler.compile import CompiledQuery, compile_query, listing
from search.engine import Engine
from search.index.engine_document import engine_document
from search.plan import And, AnyOf, Everything, Order, Phrase, Plan, Term
from search.request import QueryOptions
from search.tiers import Tier
from tests.support.engines import Tested, opened
from tests.support.search_library import sample


@pytest.fixture(scope="module", params=Tested.names)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = opened(request.param, tmp_path_factory.mktemp("engine"))
    made.update([engine_document(document) for document in sample().documents.values()], [], fresh=True)
    yield made
    made.close()


def words(text: str) -> list[str]:
    """A segmenter that takes two syllables as one word."""
    syllables = text.split()
    return [" ".join(syllables[at : at + 2]) for at in range(0, len(syllables), 2)]


def must(compiled: CompiledQuery, tier: Tier) -> tuple[Plan, ...]:
    """What a tier requires."""
    plan = compiled.plans[compiled.tiers.index(tier)].plan
    assert isinstance(plan, And)
    return plan.must


def test_words_without_diacritics_have_one_tier_for_documents_and_one_for_stubs(engine: Engine) -> None:
    assert compile_query("tap huan", engine).tiers == [Tier.EXACT, Tier.STUB]


def test_words_with_diacritics_add_a_tier_that_ignores_them(engine: Engine) -> None:
    compiled = compile_query("tập huấn", engine)
    assert compiled.tiers == [Tier.EXACT, Tier.UNMARKED, Tier.STUB, Tier.STUB_LOOSE]
    assert Term("exact", "tập") in must(compiled, Tier.EXACT)
    assert Term("syl", "tap") in must(compiled, Tier.UNMARKED)
    assert Tier.UNMARKED not in compile_query("tập huấn", engine, QueryOptions(exact_only=True)).tiers


def test_the_syllables_of_a_word_are_side_by_side_but_in_the_last_tier(engine: Engine) -> None:
    compiled = compile_query("tập huấn", engine, segment=words)
    assert Tier.SEPARATED in compiled.tiers
    assert Term("pair", "tập_huấn") in must(compiled, Tier.EXACT)
    assert Term("exact", "tập") in must(compiled, Tier.SEPARATED)


def test_restored_diacritics_are_searched_and_shown(engine: Engine) -> None:
    compiled = compile_query("tap huan", engine, restore=lambda _: ["tập", "huấn"])
    assert compiled.restored == "tập huấn"
    assert Term("exact", "tập") in must(compiled, Tier.EXACT)
    literal = compile_query("tap huan", engine, QueryOptions(literal=True), restore=lambda _: ["tập", "huấn"])
    assert literal.restored is None


def test_a_date_adds_a_tier_of_dates_that_may_fit(engine: Engine) -> None:
    compiled = compile_query("ngay:2024-06", engine)
    assert compiled.tiers == [Tier.EXACT, Tier.POSSIBLE_DATE, Tier.STUB]
    assert compiled.date_ranges == [(20240601, 20240630)]


def test_a_number_puts_its_tiers_before_those_of_the_text(engine: Engine) -> None:
    compiled = compile_query("919/QĐ-TTg", engine)
    assert compiled.tiers[:2] == [Tier.NUMBER, Tier.CITES_NUMBER]
    assert compiled.plans[0].plan == AnyOf("so", ("919|QD-TTG",))
    assert compiled.number is not None


def test_words_after_a_number_keep_the_others_of_the_number_apart(engine: Engine) -> None:
    assert compile_query("12/KH-UBND tỉnh Lai Châu", engine).tiers[:2] == [Tier.NUMBER, Tier.OTHER_ISSUER]


def test_a_tier_with_scores_is_ordered_by_relevance_and_others_by_date(engine: Engine) -> None:
    assert compile_query("tap huan", engine).plans[0].order is Order.RELEVANCE
    assert compile_query("loai:KH", engine).plans[0].order is Order.DATE


def test_a_short_number_is_searched_beside_its_neighbours(engine: Engine) -> None:
    plans = must(compile_query("diem 5 sao", engine), Tier.EXACT)
    assert Term("syl", "5") not in plans
    assert any(Phrase("syl", ("5", "sao")) in getattr(plan, "items", ()) for plan in plans)


def test_synonyms_are_searched_as_well(engine: Engine) -> None:
    (plan, _) = must(compile_query("UBND", engine), Tier.EXACT)
    assert Phrase("syl", ("uy", "ban", "nhan", "dan"), 0, 0.7) in getattr(plan, "items", ())


def test_nothing_under_a_negation_is_highlighted(engine: Engine) -> None:
    assert [needle.folded for needle in compile_query("tap -huan", engine).needles] == [("tap",)]


def test_a_query_that_is_neither_a_number_nor_well_formed_is_refused(engine: Engine) -> None:
    with pytest.raises(QueryError):
        compile_query("tập OR", engine)


def test_the_listing_has_all_documents_newest_first() -> None:
    assert [(tier.plan, tier.order) for tier in listing().plans] == [(Everything(), Order.DATE)]
