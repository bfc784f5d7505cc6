"""The queries of the field (domain §7) (1–28, 34–37) over the five seeds, on both engines."""

from collections.abc import Iterator

import pytest

from search.searcher import Results, Search
from tests.paths import SHARED
from tests.support.search_library import Library, seeds

pytestmark = pytest.mark.skipif(not (SHARED / "gold" / "seeds.json").exists(), reason="../shared is not here")


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def search(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    made = Search(tmp_path_factory.mktemp("library"), Library(seeds()), request.param)
    made.catch_up()
    yield made
    made.close()


def name(hit_id: int, results: Results) -> str:
    found = next(hit.document for hit in results.hits if hit.id == hit_id)
    return found.so_ky_hieu or f"D{found.id}"


def told(search: Search, text: str, **options: bool) -> dict[str, list[str]]:
    """Tier → documents in order: the number of a stub, D0 to D4 for the seeds."""
    results = search.search(text, page_size=100, **options)  # type: ignore[arg-type]
    tiers: dict[str, list[str]] = {}
    for hit in results.hits:
        tiers.setdefault(hit.tier, []).append(name(hit.id, results))
    assert sum(results.tiers.values()) == results.total == len(results.hits)
    return tiers


def held(search: Search, text: str, tier: str = "chinh_xac") -> set[str]:
    return set(told(search, text).get(tier, []))


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
def test_numbers(search: Search, text: str, expected: dict[str, list[str]]) -> None:
    assert told(search, text) == expected


def test_the_law_by_its_name(search: Search) -> None:  # 11
    assert told(search, "Luật Đấu thầu") == {"chinh_xac": ["D2"], "chi_duoc_dan": ["22/2023/QH15"]}


def test_a_phrase_heeds_no_punctuation(search: Search) -> None:  # 12
    assert held(search, '"đánh giá, phân hạng sản phẩm"') == {"D0", "D1", "D2", "D3"}


def test_how_often_the_phrase_stands(search: Search) -> None:  # 12
    from search.compile import Needle
    from search.snippets import count
    from search.tokens import folded_keys

    needle = Needle(tuple(folded_keys("đánh giá, phân hạng sản phẩm")))
    counts = {hit.id: count(hit.document.text, needle) for hit in search.search('"đánh giá, phân hạng sản phẩm"').hits}
    assert counts == {0: 3, 1: 1, 2: 2, 3: 2}


def test_without_marks(search: Search) -> None:  # 13
    assert held(search, "danh gia xep hang") | held(search, "danh gia xep hang", "bo_dau") == {"D1", "D3", "D4"}


@pytest.mark.parametrize("text", ["uỷ ban nhân dân", "ủy ban nhân dân"])
def test_both_tone_spellings_and_the_synonym(search: Search, text: str) -> None:  # 14
    found = told(search, text)["chinh_xac"]
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
        ('trangthai:"chưa có số"', {"D0", "D2", "D3", "D4"}),  # 34
        ('trangthai:"căn cứ hết hiệu lực"', {"D4"}),  # 35
        ("Thủ tướng Chính phủ", {"D4"}),  # 36
    ],
)
def test_documents_found(search: Search, text: str, expected: set[str]) -> None:
    assert held(search, text) == expected


def test_fold_collisions_stand_below(search: Search) -> None:  # 17
    found = told(search, "biểu trưng")
    assert found["chinh_xac"] == ["D2"]
    assert "D4" in found["bo_dau"]


def test_the_same_without_marks_finds_both(search: Search) -> None:  # 18
    results = search.search("bieu trung", literal=True)
    assert {hit.id for hit in results.hits[:2]} == {2, 4}


def test_partial_dates_may_fit(search: Search) -> None:  # 24, 25
    june = search.search("ngay:2024-06")
    assert [(hit.id, hit.possible_date) for hit in june.hits if hit.document.held] == [(0, False), (2, True)]
    autumn = search.search("ngay:2020-11..2020-12")
    assert [(hit.id, hit.possible_date) for hit in autumn.hits if hit.document.held] == [(4, True)]
    assert not [hit for hit in search.search("ngay:2022").hits if hit.document.held]
    inferred = search.search("ngay:2022", inferred_dates=True)
    assert [hit.id for hit in inferred.hits if hit.document.held] == [3]


def test_stubs_of_an_agency(search: Search) -> None:  # 27
    found = told(search, 'coquan:"UBND tỉnh Thanh Hóa"')
    assert set(found["chi_duoc_dan"]) == {"5363/QĐ-UBND", "134/KH-UBND", "77/KH-UBND", "1726/QĐ-UBND"}


@pytest.mark.parametrize("text", ["câu chuyện sản phẩm", "5 sao"])
def test_what_the_seeds_do_not_say(search: Search, text: str) -> None:  # 37
    assert search.search(text).total == 0


def test_graph_terms(search: Search) -> None:  # 29, 30 as search
    assert held(search, "cancu:490/QĐ-TTg") == {"D4"}
    assert held(search, "duoi:490/QĐ-TTg") == {"D4"}
    assert held(search, "cancu:1726/QĐ-UBND") == set()
    assert held(search, "dan:1726/QĐ-UBND") == {"D4"}
    assert held(search, 'dan:"Luật Đấu thầu"') == {"D2"}


def test_snippets_show_the_mention_across_a_line_break(search: Search) -> None:
    (hit,) = [hit for hit in search.search("4464/QĐ-VPĐP").hits if hit.tier == "dan"]
    snippet = hit.snippets[0]
    start, end = snippet.highlights[0]
    assert snippet.text[start:end].split() == ["Quyết", "định", "số", "4464/QĐ-", "VPĐP"]
    assert hit.document.text[snippet.start + start : snippet.start + end].split() == snippet.text[start:end].split()
    assert snippet.page == 1


@pytest.mark.parametrize("text", ["919/QĐ-TTg", "so:919/QĐ-TTg", "cancu:919/QĐ-TTg"])
def test_an_unknown_number_finds_nothing_of_it(search: Search, text: str) -> None:
    assert search.search(text).total == 0


def test_a_command_s_doc(search: Search) -> None:
    assert [tier for _, tier in search.find_documents("490/QĐ-TTg")] == ["so_hieu"]
    assert [tier for _, tier in search.find_documents("quyet dinh 490")] == ["so_hieu"]
    assert [tier for _, tier in search.find_documents("1084/QĐ-UBND")] == ["gan"]
    assert search.find_documents("tập huấn") == []
