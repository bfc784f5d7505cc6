"""The queries of the domain specification, section 7 (1 to 28 and 34 to 37), over the five seeds, for each engine.

The number behind a query is its number there; D0 to D4 are the seeds.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from search.highlights import Needle, find
from search.language.tokens import folded_keys
from search.request import QueryOptions
from search.results import Hit
from search.searcher import Search
from search.tiers import Tier
from tests.paths import SHARED
from tests.support.engines import Tested, searched
from tests.support.search_library import MemorySource, ask, ids, seeds

pytestmark = pytest.mark.skipif(not (SHARED / "gold" / "seeds.json").exists(), reason="../shared is not here")


@pytest.fixture(scope="module", params=Tested.names)
def search(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    made = searched(tmp_path_factory.mktemp("library"), MemorySource(seeds()), request.param)
    made.catch_up()
    yield made
    made.close()


def name_of(hit: Hit) -> str:
    """The number of a stub, D0 to D4 for a seed."""
    return hit.document.so_ky_hieu or f"D{hit.document.id}"


def by_tier(search: Search, text: str) -> dict[str, list[str]]:
    """Tier → names of its documents in order."""
    results = ask(search, text)
    tiers: dict[str, list[str]] = {}
    for hit in results.hits:
        tiers.setdefault(hit.tier, []).append(name_of(hit))
    assert sum(results.tiers.values()) == results.total == len(results.hits)
    return tiers


def in_tier(search: Search, text: str, tier: Tier = Tier.EXACT) -> set[str]:
    return set(by_tier(search, text).get(tier, []))


def held_hits(search: Search, text: str, options: QueryOptions | None = None) -> list[Hit]:
    """The hits that are documents of the library."""
    return [hit for hit in ask(search, text, options).hits if hit.document.held]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1689/QĐ-UBND", {"so_hieu": ["1689/QĐ-UBND"], "dan": ["D0"]}),  # 1
        ("quyet dinh 1689", {"so_hieu": ["1689/QĐ-UBND"], "dan": ["D0"]}),  # 2
        ("4464/QĐ-VPĐP", {"so_hieu": ["4464/QĐ-VPĐP"], "dan": ["D2"]}),  # 3
        ("4464 qd bnn vpdp", {"gan": ["4464/QĐ-VPĐP"], "dan": ["D2"]}),  # 4
        ("1726/QĐ-UBND", {"so_hieu": ["1726/QĐ-UBND"], "dan": ["D4"]}),  # 5
        ("1084/QĐ-UBND", {"gan": ["1084/QĐ-UBND-HC"], "dan": ["D3"]}),  # 6
        ("81/KH-UBND", {"so_hieu": ["81/KH-UBND"], "dan": ["D3"]}),  # 7
        ("81/KH-UBND tỉnh Thanh Hóa", {"khac_co_quan": ["81/KH-UBND"]}),  # 8
        ("596/VPĐP-OCOP", {"so_hieu": ["596/VPĐP-OCOP"], "dan": ["D4"]}),  # 9
        ("148/QĐ-TTg", {"co_the_dan": ["D1"]}),  # 10
        ("quyết định 148", {"co_the_dan": ["D1"]}),  # 10
        ("22/2023/QH15", {"so_hieu": ["22/2023/QH15"], "dan": ["D2"]}),  # 11
        ("quyet dinh 490", {"so_hieu": ["490/QĐ-TTg"], "dan": ["D4"]}),
    ],
)
def test_a_number_finds_the_document_and_those_that_cite_it(
    search: Search, text: str, expected: dict[str, list[str]]
) -> None:
    assert by_tier(search, text) == expected


def test_a_law_is_found_by_its_name(search: Search) -> None:  # 11
    assert by_tier(search, "Luật Đấu thầu") == {"chinh_xac": ["D2"], "chi_duoc_dan": ["22/2023/QH15"]}


def test_a_phrase_ignores_punctuation(search: Search) -> None:  # 12
    assert in_tier(search, '"đánh giá, phân hạng sản phẩm"') == {"D0", "D1", "D2", "D3"}


def test_a_phrase_is_highlighted_wherever_it_occurs(search: Search) -> None:  # 12
    needle = Needle(tuple(folded_keys("đánh giá, phân hạng sản phẩm")))
    hits = ask(search, '"đánh giá, phân hạng sản phẩm"').hits
    assert {hit.id: len(find(hit.document.text, [needle])) for hit in hits} == {0: 3, 1: 1, 2: 2, 3: 2}


def test_a_query_without_diacritics_finds_the_same(search: Search) -> None:  # 13
    text = "danh gia xep hang"
    assert in_tier(search, text) | in_tier(search, text, Tier.UNMARKED) == {"D1", "D3", "D4"}


@pytest.mark.parametrize("text", ["uỷ ban nhân dân", "ủy ban nhân dân"])
def test_both_tone_placements_are_found_before_the_synonym(search: Search, text: str) -> None:  # 14
    found = by_tier(search, text)["chinh_xac"]
    assert set(found[:3]) == {"D2", "D3", "D4"}
    assert set(found[3:]) == {"D0", "D1"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tập huấn", {"D0", "D1", "D2", "D3"}),  # 15
        ("nông thôn mới", {"D0", "D3", "D4", "D2"}),  # 16, D2 by NTM
        ("biểu trưng", {"D2"}),  # 17
        ("chuyển đổi số", {"D0"}),  # 19
        ("siêu thị", {"D4"}),  # 20
        ('loai:"Kế hoạch"', {"D3", "D4"}),  # 21
        ('loai:"Công văn" tinh:"Quảng Ngãi"', {"D2"}),  # 22
        ('tinh:"Quảng Ngãi"', {"D0", "D2"}),  # 23
        ("ngay:2024-06", {"D0"}),  # 24
        ("nguoiky:nguyen lam", {"D2"}),  # 26
        ('nguoiky:"Trần Kiên"', set()),  # 26
        ('coquan:"UBND tỉnh Thanh Hóa"', {"D4"}),  # 27
        ('noinhan:"Sở NN&PTNT"', {"D2", "D3"}),  # 28
        ("cancu:490/QĐ-TTg", {"D4"}),  # 30
        ("duoi:490/QĐ-TTg", {"D4"}),
        ("cancu:1726/QĐ-UBND", set()),  # 29: cited, but not as căn cứ
        ("dan:1726/QĐ-UBND", {"D4"}),
        ('dan:"Luật Đấu thầu"', {"D2"}),
        ('trangthai:"chưa có số"', {"D0", "D2", "D3", "D4"}),  # 34
        ('trangthai:"căn cứ hết hiệu lực"', {"D4"}),  # 35
        ("Thủ tướng Chính phủ", {"D4"}),  # 36
    ],
)
def test_words_and_fields_find_the_expected_documents(search: Search, text: str, expected: set[str]) -> None:
    assert in_tier(search, text) == expected


def test_words_that_only_fold_alike_are_listed_lower(search: Search) -> None:  # 17
    found = by_tier(search, "biểu trưng")
    assert found["chinh_xac"] == ["D2"]
    assert "D4" in found["bo_dau"]


def test_a_literal_query_without_diacritics_finds_both_words(search: Search) -> None:  # 18
    assert set(ids(ask(search, "bieu trung", QueryOptions(literal=True)))[:2]) == {2, 4}


def test_partial_dates_are_listed_as_possible(search: Search) -> None:  # 24, 25
    june = held_hits(search, "ngay:2024-06")
    assert [(hit.id, hit.possible_date) for hit in june] == [(0, False), (2, True)]
    autumn = held_hits(search, "ngay:2020-11..2020-12")
    assert [(hit.id, hit.possible_date) for hit in autumn] == [(4, True)]


def test_inferred_dates_count_only_when_asked_for(search: Search) -> None:
    assert held_hits(search, "ngay:2022") == []
    assert [hit.id for hit in held_hits(search, "ngay:2022", QueryOptions(inferred_dates=True))] == [3]


def test_documents_that_are_only_cited_are_found_by_their_agency(search: Search) -> None:  # 27
    found = by_tier(search, 'coquan:"UBND tỉnh Thanh Hóa"')
    assert set(found["chi_duoc_dan"]) == {"5363/QĐ-UBND", "134/KH-UBND", "77/KH-UBND", "1726/QĐ-UBND"}


@pytest.mark.parametrize(
    "text", ["câu chuyện sản phẩm", "5 sao", "919/QĐ-TTg", "so:919/QĐ-TTg", "cancu:919/QĐ-TTg"]
)  # 37
def test_what_no_document_has_is_not_found(search: Search, text: str) -> None:
    assert ask(search, text).total == 0


def test_a_snippet_shows_the_citation_across_a_line_break(search: Search) -> None:
    (hit,) = [hit for hit in ask(search, "4464/QĐ-VPĐP").hits if hit.tier is Tier.CITES_NUMBER]
    snippet = hit.snippets[0]
    start, end = snippet.highlights[0]
    assert snippet.text[start:end].split() == ["Quyết", "định", "số", "4464/QĐ-", "VPĐP"]
    assert hit.document.text[snippet.start + start : snippet.start + end].split() == snippet.text[start:end].split()
    assert snippet.page == 1
