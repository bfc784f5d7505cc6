"""The documents that come nearest to a query where none has all its words, with each engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from search.plan import Order
from search.request import SearchRequest
from search.results import Results
from search.searcher import Search
from search.tiers import Tier
from tests.support.engines import Tested, searched
from tests.support.search_library import MemorySource, held, ids, sample


def library() -> MemorySource:
    """The sample library and a rule about cooperatives."""
    made = sample()
    made.put(held(5, "Thành viên hợp tác xã góp vốn theo thỏa thuận và điều lệ.", title="Góp vốn của thành viên"))
    made.put(held(6, "Thành viên được trả lại vốn góp khi ra khỏi hợp tác xã.", doc_type="Quyết định", title="Trả vốn"))
    return made


@pytest.fixture(scope="module", params=Tested.names)
def search(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    made = searched(tmp_path_factory.mktemp("nearest"), library(), request.param)
    made.catch_up()
    yield made
    made.close()


def near(search: Search, text: str, **others: object) -> Results:
    return search.search(SearchRequest(text, degrees=True, **others))  # type: ignore[arg-type]


def test_all_words_are_required_unless_nearest_documents_are_asked_for(search: Search) -> None:
    assert search.search(SearchRequest("tập huấn cán bộ zzz")).total == 0


def test_words_that_no_document_has_are_left_out_and_named(search: Search) -> None:
    found = near(search, "tập huấn cán bộ zzz")
    assert (found.hits[0].id, found.hits[0].tier) == (1, Tier.FEWER_WORDS)
    assert any("“zzz”" in note for note in found.notes)


def test_a_question_finds_the_document_with_most_of_its_weight(search: Search) -> None:
    found = near(search, "Khi nào thì thành viên ra khỏi hợp tác xã được nhận lại phần vốn góp của mình?")
    assert found.hits[0].id == 6
    assert found.total == sum(found.tiers.values()) >= len(found.hits)


def test_the_pages_of_nearest_documents_follow_each_other(search: Search) -> None:
    text = "thành viên hợp tác xã tập huấn chuyển đổi"
    whole = ids(near(search, text))
    pages = [near(search, text, page=number, page_size=1) for number in range(1, len(whole) + 1)]
    assert [one for page in pages for one in ids(page)] == whole
    assert len(whole) > 1


def test_quoted_and_fielded_parts_stay_strict(search: Search) -> None:
    quoted = near(search, '"hợp tác xã" chuyển đổi góp')
    assert set(ids(quoted)) <= {4, 5, 6}
    fielded = near(search, 'loai:"Quyết định" tập huấn vốn zzz')
    assert {hit.document.doc_type for hit in fielded.hits} == {"Quyết định"}
    assert near(search, "-vốn tập huấn thành viên").total == len(ids(near(search, "-vốn tập huấn thành viên")))
    assert not {5, 6} & set(ids(near(search, "-vốn tập huấn thành viên")))


def test_the_words_of_a_phrase_count_where_nothing_has_the_phrase(search: Search) -> None:
    assert ids(near(search, '"huấn luyện cán bộ xã"'))[0] == 1


def test_filters_and_orders_hold_for_nearest_documents(search: Search) -> None:
    filtered = near(search, "tập huấn chuyển đổi số zzz", filters={"nam": ["2023"]})
    assert ids(filtered) == [2]
    newest = near(search, "tập huấn chuyển đổi xã nông nghiệp", sort=Order.DATE)
    dates = [hit.document.date or "" for hit in newest.hits]
    assert dates == sorted(dates, reverse=True)
    assert sum(value.count for value in newest.facets["trangthai"]) >= newest.total


def test_alternatives_are_never_loosened(search: Search) -> None:
    assert near(search, "zzz OR yyy").total == 0
