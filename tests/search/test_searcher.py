"""What a search answers: tiers, numbers, fields, diacritics, suggestions, pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import QueryError
from search.plan import Order
from search.request import QueryOptions, SearchRequest
from search.searcher import Search
from search.tiers import Tier
from tests.support.engines import Tested, searched
from tests.support.search_library import MemorySource, ask, held, ids, sample

LITERAL = QueryOptions(literal=True)


def searching(folder: Path, *documents: str) -> Search:
    """The search of a library of documents with these texts, as ids from 1."""
    made = Search(folder, MemorySource([held(id_, text) for id_, text in enumerate(documents, 1)]))
    made.catch_up()
    return made


# Numbers


def test_all_documents_of_a_number_are_listed_and_none_is_preferred(search: Search) -> None:
    results = ask(search, "12/KH-UBND")
    assert results.tiers == {Tier.NUMBER: 2}
    assert [(c.id, c.issuer, c.year, c.tier) for c in results.same_number] == [
        (1, "UBND tỉnh Thanh Hóa", 2024, "so_hieu"),
        (2, "UBND tỉnh Lai Châu", 2023, "so_hieu"),
    ]


@pytest.mark.parametrize(("text", "expected"), [("12/KH-UBND tỉnh Lai Châu", [2, 1]), ("12/KH-UBND năm 2024", [1, 2])])
def test_agency_and_year_put_the_others_of_the_number_lower(search: Search, text: str, expected: list[int]) -> None:
    hits = ask(search, text).hits[:2]
    assert [hit.id for hit in hits] == expected
    assert [hit.tier for hit in hits] == [Tier.NUMBER, Tier.OTHER_ISSUER]


@pytest.mark.parametrize("text", ["919/QĐ-TTg", "919/2022/QĐ-TTg", "QĐ919", "quyết định 919", "919qdttg"])
def test_a_document_that_is_only_cited_is_found_by_its_number(search: Search, text: str) -> None:
    hits = ask(search, text).hits
    assert [(hit.id, hit.tier) for hit in hits[:1]] == [(3, Tier.NUMBER)]
    assert 2 not in [hit.id for hit in hits if hit.tier is Tier.NUMBER]


def test_another_day_than_the_one_typed_is_marked(search: Search) -> None:
    assert [hit.other_day for hit in ask(search, "919/QĐ-TTg ngày 01/8/2022").hits[:1]] == [False]
    assert [hit.other_day for hit in ask(search, "919/QĐ-TTg ngày 02/8/2022").hits[:1]] == [True]


# The query language over documents


def test_fields_follow_citations_to_any_depth(tmp_path: Path) -> None:
    library = sample()
    library.put(held(10, "dựa vào số 2", basis=[2]))
    library.put(held(11, "dựa vào số 10 và tự dẫn mình", basis=[10, 11]))
    search = Search(tmp_path, library)
    search.catch_up()
    assert sorted(ids(ask(search, "cancu:919/QĐ-TTg"))) == [2]
    assert sorted(ids(ask(search, "duoi:919/QĐ-TTg"))) == [2, 10, 11]
    assert sorted(ids(ask(search, 'trangthai:"căn cứ hết hiệu lực"'))) == [2]
    search.close()


def test_a_note_says_that_the_document_named_is_not_in_the_library(search: Search) -> None:
    assert ask(search, "cancu:777/QĐ-TTg").notes == ["Không có văn bản nào là “777/QĐ-TTg” trong kho."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kĩ thuật", [4]),
        ("kỹ thuật hóa", [4]),
        ("hoá", [1, 4]),
        ("hóa", [1, 4]),
        ("kí kết", [4]),
        ("quí", [4]),
        ("HTX", [4]),
        ("an toàn", [4]),
        ("OCOP", [1, 3]),
        ("tập* cán", [1]),
        ("huần~ cán", [1]),
        ('"xã một sản phẩm"', [1, 3]),
        ('"hợp tác siêu thị"~4', [4]),
        ('"hợp tác siêu thị"~2', []),
        ("tập huấn OR siêu thị", [1, 4]),
        ("(siêu OR tập) -kế", [4]),
        ("kế hoạch -tập", [2]),
        ("-tập -chuyển", [3, 4]),
        ("loai:BC", [4]),
        ('coquan:"Thủ tướng"', [3]),
        ('tinh:"lai chau"', [2]),
        ("so:12", [1, 2]),
        ('trichyeu:"tập huấn"', [1]),
        ('hieuluc:"hết thời kỳ thực hiện"', [3]),
        ('hieuluc:"hết giai đoạn"', [3]),
        ('trangthai:"cần kiểm tra"', [4]),
        ("ngay:>=2024", [1, 4]),
        ("ngay:5/3/2024", [1, 4]),
        ("ngay:2022..2023", [2, 3]),
        ("bang:abc", []),
    ],
)
def test_queries_find_the_expected_documents(search: Search, text: str, expected: list[int]) -> None:
    assert sorted(ids(ask(search, text))) == expected


@pytest.mark.parametrize(
    "text",
    [
        "loai:xyz",
        "tinh:atlantis",
        "ngay:2024-13",
        "ngay:2023..2020",
        "ngay:..",
        "so:abc",
        "hieuluc:x",
        '"a b c d e f g h"~10',
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_position(search: Search, text: str) -> None:
    with pytest.raises(QueryError) as refused:
        ask(search, text)
    assert refused.value.next_step
    assert 0 <= refused.value.position <= len(text)


#: Signs of the language, operators, fields and some words.
PIECES = st.sampled_from(
    [
        *'()"~*-: ^\\\n',
        *(f" {operator} " for operator in ("OR", "AND", "NOT")),
        *[
            "~2",
            "loai:",
            "ngay:",
            "so:",
            "cancu:",
            "tinh:",
            "duoi:",
            "2024",
            "..",
            ">=",
            "kế",
            "hoạch",
            "919/QĐ-TTg",
            "919",
            "5",
        ],
        "ke hoach",
        "ủy ban nhân dân",
    ]
)


@pytest.fixture(scope="module", params=Tested.names)
def sample_search(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    made = searched(tmp_path_factory.mktemp("sample"), sample(), request.param)
    made.catch_up()
    yield made
    made.close()


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=14).map("".join)))
def test_any_query_is_answered_or_refused(sample_search: Search, text: str) -> None:
    with suppress(QueryError):
        results = ask(sample_search, text)
        assert len(results.hits) <= results.total <= 4


# Diacritics and spelling


TOTALS = (
    "tập huấn",
    "tap huan",
    "919/QĐ-TTg",
    '"mỗi xã"',
    "loai:KH huấn",
    "huấn xyzxyz",
    "huấn -chè",
    "OCOP OR chè",
)


@pytest.mark.parametrize("filters", [{}, {"loai": ["Kế hoạch"]}, {"ngay": ["2022..2023"]}])
@pytest.mark.parametrize("text", TOTALS)
def test_a_total_alone_is_that_of_the_results(sample_search: Search, text: str, filters: dict[str, list[str]]) -> None:
    request = SearchRequest(text, filters=filters)
    assert sample_search.total(request) == sample_search.search(request).total


def test_hits_with_the_diacritics_typed_come_first(tmp_path: Path) -> None:
    search = searching(tmp_path, "che chở người dân", "trồng chè xanh", "chẻ củi")
    results = ask(search, "chè")
    assert (results.hits[0].id, results.hits[0].tier) == (2, Tier.EXACT)
    assert {hit.tier for hit in results.hits[1:]} == {Tier.UNMARKED}
    assert results.total == 3
    assert ids(ask(search, "chè", QueryOptions(exact_only=True))) == [2]
    assert sorted(ids(ask(search, "che"))) == [1, 2, 3]
    search.close()


def test_a_negated_word_is_taken_with_its_diacritics(tmp_path: Path) -> None:
    search = searching(tmp_path, "che chở người dân", "trồng chè xanh", "chẻ củi")
    assert sorted(ids(ask(search, "người OR trồng OR củi -chè"))) == [1, 2, 3]
    assert sorted(ids(ask(search, "(người OR trồng OR củi) -chè"))) == [1, 3]
    search.close()


def test_diacritics_are_restored_and_shown(tmp_path: Path) -> None:
    marked = ["kế hoạch tập huấn chuyển đổi số của hợp tác xã " * 3] * 5
    search = searching(tmp_path, *marked, "ke ho khoách tap hoàn")
    results = ask(search, "ke hoach tap huan")
    assert results.restored == "kế hoạch tập huấn"
    assert {hit.tier for hit in results.hits} == {Tier.EXACT}
    assert ask(search, "KE HOACH").restored == "KẾ HOẠCH"
    assert ask(search, "kế hoach tập huan").restored == "kế hoạch tập huấn"
    assert ask(search, '"chuyen doi so"').restored == '"chuyển đổi số"'
    assert ask(search, "kế hoạch").restored is None
    search.close()


def test_a_literal_query_finds_the_same_without_restoring(tmp_path: Path) -> None:
    search = searching(tmp_path, *["kế hoạch tập huấn chuyển đổi số " * 3] * 5)
    restored, literal = ask(search, "ke hoach tap huan"), ask(search, "ke hoach tap huan", LITERAL)
    assert literal.restored is None
    assert sorted(ids(literal)) == sorted(ids(restored))
    search.close()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kế hoachj tập huuấn", "kế hoạch tập huấn"),
        ("khuyeens noong", "khuyến nông"),
        ("kế hoạch", None),
        ("zzzzqqq", None),
    ],
)
def test_a_better_spelling_is_offered_where_nothing_is_found(tmp_path: Path, typed: str, meant: str | None) -> None:
    search = searching(tmp_path, *["kế hoạch tập huấn khuyến nông " * 4] * 3)
    assert ask(search, typed).did_you_mean == meant
    search.close()


def test_suggestions_complete_numbers_titles_and_agencies(search: Search) -> None:
    assert [(s.text, s.kind, s.id) for s in search.suggest("919")] == [("919/QĐ-TTg", "so_hieu", 3)]
    assert [s.note for s in search.suggest("12/kh")] == ["UBND tỉnh Lai Châu, 2023", "UBND tỉnh Thanh Hóa, 2024"]
    assert "Chuyển đổi số" in [s.text for s in search.suggest("chuyen d")]
    assert "UBND tỉnh Lai Châu" in [s.text for s in search.suggest("lai")]
    assert search.suggest("a") == []
    assert search.suggest("") == []


# Pages, filters, order


def test_facets_count_the_documents_found(search: Search) -> None:
    results = ask(search, "kế hoạch")
    assert {f.label: f.count for f in results.facets["loai"]} == {"Kế hoạch": 2}
    assert {f.label for f in results.facets["tinh"]} == {"Thanh Hóa", "Lai Châu"}
    assert [f.value for f in results.facets["nam"]] == ["2024", "2023"]


def test_filters_narrow_the_results(search: Search) -> None:
    assert ids(ask(search, "kế hoạch", filters={"nam": ["2023"]})) == [2]
    assert ids(ask(search, "kế hoạch", filters={"tinh": ["thanh-hoa", "lai-chau"], "nam": ["2024"]})) == [1]


def test_filters_alone_list_documents_newest_first(search: Search) -> None:
    assert ids(ask(search, "", filters={"trangthai": ["chi_duoc_dan"]})) == [3]
    assert ids(ask(search, "", filters={"ngay": ["2022..2023"]})) == [2, 3]


def test_results_are_sorted_by_date_or_by_citations(search: Search) -> None:
    assert ids(ask(search, "kế hoạch", sort=Order.DATE)) == [1, 2]
    assert ids(ask(search, "xã OR nông", sort=Order.CITED))[0] == 3


def test_pages_hold_all_results_once(tmp_path: Path) -> None:
    search = searching(tmp_path, *[f"tập huấn số {i}" for i in range(1, 58)])
    pages = [search.search(SearchRequest("tập huấn", page=number, page_size=10)) for number in range(1, 8)]
    assert [len(page.hits) for page in pages] == [10, 10, 10, 10, 10, 7, 0]
    assert {hit.id for page in pages for hit in page.hits} == set(range(1, 58))
    assert pages[0].pages == 6
    search.close()


def test_a_document_gone_from_the_library_is_not_shown(tmp_path: Path) -> None:
    library = sample()
    search = Search(tmp_path, library)
    search.catch_up()
    del library.documents[1]
    assert ids(ask(search, "tập huấn")) == []
    search.close()


@pytest.mark.parametrize("text", ["919", "919 thủ tướng", "919 thu tuong", "919/2022", "919 của Thủ tướng năm 2022"])
def test_a_number_without_its_symbol_puts_its_documents_first(search: Search, text: str) -> None:
    found = ask(search, text)
    assert (found.hits[0].document.so_ky_hieu, found.hits[0].tier) == ("919/QĐ-TTg", Tier.NUMBER)
    assert found.understood
    assert ask(search, text, QueryOptions(literal=True)).understood is None


def test_the_digits_of_other_numbers_are_not_shown_for_a_number(tmp_path: Path) -> None:
    paid = held(1, "Tổng kinh phí là 96,4 tỷ đồng.", so_ky_hieu="96/KH-UBND", issuer="UBND tỉnh Lai Châu")
    search = Search(tmp_path, MemorySource([paid]))
    search.catch_up()
    (hit,) = ask(search, "96").hits
    assert all(not snippet.highlights for snippet in hit.snippets)
    search.close()


def test_numerals_and_their_words_are_one(tmp_path: Path) -> None:
    search = searching(
        tmp_path, "Chương trình mỗi xã một sản phẩm", "Đạt năm sao", "Đạt 5 sao", "Có 5 ngày và ngôi sao"
    )
    assert ids(ask(search, "mỗi xã 1 sản phẩm")) == [1]
    assert set(ids(ask(search, "5 sao"))) == {2, 3}
    assert set(ids(ask(search, "đạt năm sao"))) == {2, 3}
    search.close()


def test_documents_of_the_type_that_is_typed_come_first(tmp_path: Path) -> None:
    text = "Thực hiện kế hoạch OCOP năm 2024, kế hoạch OCOP"
    letter = held(1, f"{text} 2024, {text}", doc_type="Công văn", title="kế hoạch OCOP 2024")
    plan = held(2, f"{text} {'và các nội dung khác ' * 30}", title="Phát triển sản phẩm")
    search = Search(tmp_path, MemorySource([letter, plan]))
    search.catch_up()
    found = ask(search, "kế hoạch ocop 2024")
    assert ids(found) == [2, 1]
    assert found.total == sum(found.tiers.values()) == 2
    search.close()
