"""Completions of what is being typed: numbers, titles, agencies, and words in any order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.language.lexicon import Lexicon
from tests.support.search_library import stub


@pytest.fixture
def lexicon(tmp_path: Path) -> Iterator[Lexicon]:
    made = Lexicon(tmp_path / "lexicon.sqlite")
    plan = stub(
        1,
        doc_type="Kế hoạch",
        so_ky_hieu="96/KH-UBND",
        issuer="UBND tỉnh Sơn La",
        date="2023",
        title="Thực hiện Chương trình mỗi xã một sản phẩm",
    )
    letter = stub(
        2, so_ky_hieu="964/SNN-KH", issuer="Sở Nông nghiệp và Phát triển nông thôn", date="2024", title="Mời họp"
    )
    made.learn([(plan, []), (letter, [])])
    yield made
    made.close()


@pytest.mark.parametrize(
    "typed", ["ke hoach 96", "Kế hoạch số 9", "kh 96", "96 ke hoach", "96/kh", "96 / KH-UB", "kế hoạch 96/kh-ubnd"]
)
def test_a_number_is_offered_with_its_type_before_or_behind(lexicon: Lexicon, typed: str) -> None:
    assert lexicon.complete(typed, 5)[0] == ("96/KH-UBND", "so_hieu", "UBND tỉnh Sơn La, 2023", 1)


@pytest.mark.parametrize(
    "typed", ["ke hoach thuc hien", "chương trình mỗi", "ocop son la", "ke hoach ocop", "sp moi xa son"]
)
def test_a_title_is_offered_by_its_words_in_any_order(lexicon: Lexicon, typed: str) -> None:
    found = lexicon.complete(typed, 5)
    wanted = typed != "sp moi xa son"
    assert [id_ for *_, id_ in found] == ([1] if wanted else [])


def test_an_agency_is_offered_by_its_abbreviation_too(lexicon: Lexicon) -> None:
    assert lexicon.complete("sở nông", 5)[0][:2] == ("Sở Nông nghiệp và Phát triển nông thôn", "co_quan")
    assert 2 in {id_ for *_, id_ in lexicon.complete("nn ptnt", 5)}


def test_a_removed_document_is_offered_no_more(lexicon: Lexicon) -> None:
    lexicon.learn([], gone=[1])
    assert lexicon.complete("ke hoach 96", 5) == []
    assert lexicon.complete("ocop", 5) == []
