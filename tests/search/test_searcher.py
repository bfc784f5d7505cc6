"""The search room's door: keeping in step with the store, the index's folder, results, marks, suggestions."""

import json
import os
import pickle
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import LibraryBusy, LibraryDamaged, NotFound, QueryError, StaleIndex, UsageError
from corpus.library.indexed import Indexed
from corpus.vocabulary import Effect
from search.folder import checksum
from search.searcher import ENGINES, Search
from search.word_cache import WordCache
from tests.support.search_library import Library, numbered


def written(id_: int, text: str, **fields: object) -> Indexed:
    fields = {"kind": "administrative", "doc_type": "Kế hoạch", "page_starts": [0]} | fields
    return numbered(Indexed(id_, True, text=text, **fields))  # type: ignore[arg-type]


def sample() -> Library:
    return Library(
        [
            written(1, "Kế hoạch tập huấn cán bộ xã về chương trình mỗi xã một sản phẩm.", so_ky_hieu="12/KH-UBND",
                    issuer="UBND tỉnh Thanh Hóa", date="2024-03-05", title="Tập huấn cán bộ"),
            written(2, "Quyết định phê duyệt kế hoạch chuyển đổi số ngành nông nghiệp.", so_ky_hieu="12/KH-UBND",
                    issuer="UBND tỉnh Lai Châu", date="2023-03-05", title="Chuyển đổi số", basis=[3]),
            numbered(Indexed(3, False, kind="administrative", doc_type="Quyết định", so_ky_hieu="919/QĐ-TTg",
                             date="2022-08-01", issuer="Thủ tướng Chính phủ", status=Effect.PERIOD_OVER,
                             title="phê duyệt Chương trình mỗi xã một sản phẩm", cited_by=1)),
            written(4, "Báo cáo quý IV: hợp tác xã ký kết với siêu thị. Kỹ thuật hoá an toàn.", doc_type="Báo cáo",
                    date="2024", unsure=True),
        ]
    )  # fmt: skip


@pytest.fixture(params=ENGINES)
def search(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Search]:
    made = Search(tmp_path, sample(), request.param)
    made.catch_up()
    yield made
    made.close()


def ids(search: Search, text: str, **options: object) -> list[int]:
    return [hit.id for hit in search.search(text, **options).hits]  # type: ignore[arg-type]


# Keeping in step


@pytest.mark.parametrize("engine", ENGINES)
def test_changes_come_in_and_go_out(tmp_path: Path, engine: str) -> None:
    library = sample()
    search = Search(tmp_path, library, engine)
    assert search.catch_up() == 4
    assert search.catch_up() == 0
    assert search.state() | {"bytes": 0} == {
        "engine": engine, "documents": 4, "sequence": 4, "behind": 0, "bytes": 0, "advice": "",
    }  # fmt: skip
    library.delete(1)
    library.put(written(5, "Văn bản mới về tập huấn"))
    library.put(written(4, "Nội dung đã đổi"))
    assert search.state()["behind"] == 3
    assert ids(search, "tập huấn") == []  # 1 is gone from the store, so it is not shown even before catching up
    assert search.catch_up() == 3
    assert ids(search, "tập huấn") == [5]
    assert ids(search, "siêu thị") == []
    assert ids(search, "nội dung đã đổi") == [4]
    search.close()
    again = Search(tmp_path, library)
    assert ids(again, "tập huấn") == [5]
    again.close()


def test_another_process_sees_what_was_committed(tmp_path: Path) -> None:
    library = sample()
    writer, reader = Search(tmp_path, library), Search(tmp_path, library)
    writer.catch_up()
    assert ids(reader, "tập huấn") == [1]
    library.put(written(6, "lại tập huấn nữa"))
    writer.catch_up()
    assert set(ids(reader, "tập huấn")) == {1, 6}
    writer.rebuild("tantivy")
    assert set(ids(reader, "tập huấn")) == {1, 6}
    assert reader.state()["engine"] == "tantivy"
    writer.close()
    reader.close()


def test_no_index_yet(tmp_path: Path) -> None:
    search = Search(tmp_path, sample())
    with pytest.raises(StaleIndex, match="reindex"):
        search.search("a")


def test_reindex_builds_beside_and_swaps(tmp_path: Path) -> None:
    search = Search(tmp_path, sample(), "whoosh")
    search.catch_up()
    assert search.rebuild("tantivy") == 4
    assert sorted(p.name for p in (tmp_path / "index").iterdir() if p.is_dir()) == ["tantivy-1"]
    assert ids(search, "tập huấn") == [1]
    other = Search(tmp_path, sample(), "whoosh")
    for call in (other.catch_up, lambda: other.search("a")):
        with pytest.raises(StaleIndex, match="reindex --engine whoosh"):
            call()
    search.close()


def test_an_unknown_engine(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="whoosh"):
        Search(tmp_path, sample(), "solr").catch_up()


def test_a_library_gone_back_in_time_is_indexed_anew(tmp_path: Path) -> None:
    search = Search(tmp_path, sample())
    search.catch_up()
    earlier = Library([written(9, "chỉ còn văn bản này")])
    restored = Search(tmp_path, earlier)
    assert restored.catch_up() == 1
    assert ids(restored, "văn bản") == [9]
    assert ids(restored, "tập huấn") == []
    search.close()
    restored.close()


# Any query


_SPICE = st.sampled_from(
    ["(", ")", '"', "~", "~2", "*", "-", ":", " OR ", " AND ", " NOT ", " ", "loai:", "ngay:", "so:", "cancu:", "tinh:",
     "duoi:", "2024", "..", ">=", "kế", "hoạch", "ke hoach", "919/QĐ-TTg", "919", "5", "ủy ban nhân dân", "\n", "^", "\\"]
)  # fmt: skip


@pytest.fixture(scope="module", params=ENGINES)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    made = Search(tmp_path_factory.mktemp("shared"), sample(), request.param)
    made.catch_up()
    yield made
    made.close()


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.one_of(st.text(max_size=40), st.lists(_SPICE, max_size=14).map("".join)))
def test_any_query_is_answered_or_refused(shared: Search, text: str) -> None:
    try:
        results = shared.search(text)
    except QueryError as error:
        results = None
        told = error
    if results is None:
        assert told.message
    else:
        assert len(results.hits) <= results.total <= 4


# The folder


def test_the_folder_is_private(tmp_path: Path) -> None:
    search = Search(tmp_path, sample())
    search.catch_up()
    search.close()
    assert (tmp_path / "index").stat().st_mode & 0o777 == 0o700


def test_a_folder_others_can_write_is_not_trusted(tmp_path: Path) -> None:
    search = Search(tmp_path, sample())
    search.catch_up()
    search.close()
    (tmp_path / "index").chmod(0o777)
    (tmp_path / "index" / "words.sqlite").write_bytes(b"of somebody else")
    with pytest.raises(StaleIndex, match="không thể tin"):
        search.search("a")
    assert search.catch_up() == 4  # thrown away and made anew
    assert ids(search, "tập huấn") == [1]
    assert (tmp_path / "index").stat().st_mode & 0o777 == 0o700
    search.close()


class _Bomb:
    """What a stranger's pickle does when it is opened."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return Path.write_text, (self.mark, "nổ")  # type: ignore[return-value]


@pytest.mark.parametrize("pending", [False, True])
@pytest.mark.parametrize("how", ["copied", "link", "seal forged"])
def test_an_index_from_elsewhere_is_never_opened(tmp_path: Path, how: str, pending: bool) -> None:
    with closing(Search(tmp_path / "a", sample())) as search:
        search.catch_up()
    index = tmp_path / "a" / "index"
    stamp = json.loads((index / "current.json").read_text())
    toc = next((index / stamp["build"] / "engine").glob("*.toc"))
    toc.write_bytes(pickle.dumps(_Bomb(tmp_path / "mark")))
    found = toc.stat()
    stamp["files"][toc.name] = [found.st_size, found.st_ctime_ns, checksum(toc)]
    (index / "current.json").write_text(json.dumps(stamp | {"pending": pending}))
    shutil.copytree(tmp_path / "a", tmp_path / "b", symlinks=True)
    if how == "link":
        (tmp_path / "b" / "index" / "seal").unlink()
        (tmp_path / "b" / "index" / "seal").symlink_to(index / "seal")
    elif how == "seal forged":
        (tmp_path / "b" / "index" / "current.json").write_text(json.dumps(stamp | {"seal": [1, 1], "pending": pending}))
    with closing(Search(tmp_path / "b", sample())) as moved:
        with pytest.raises(StaleIndex, match="reindex"):
            moved.search("tập huấn")
        assert moved.examine() == ["Chỉ mục không được lập tại chỗ này nên không thể tin."]
        assert moved.catch_up() == 4
        assert ids(moved, "tập huấn") == [1]
        assert moved.examine() == []
    assert not (tmp_path / "mark").exists()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whoosh leaves a bad file open
@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("engine", ENGINES)
def test_an_index_damaged_anywhere_is_made_anew(tmp_path: Path, engine: str, every: int) -> None:
    """Each file truncated, emptied, flipped or gone: said as a stale index, examined as such, and made anew."""
    with closing(Search(tmp_path / "whole", sample(), engine)) as search:
        search.catch_up()
        whole = [(h.id, h.tier) for h in search.search("tập huấn").hits]
    index = tmp_path / "whole" / "index"
    names = sorted(f.relative_to(index) for f in index.rglob("*") if f.is_file() and f.name != "lock")
    assert len(names) >= 5
    ways = [(name, how) for name in names for how in ("short", "empty", "flip", "gone", "rot")]
    for number, (name, how) in enumerate(ways[::every]):
        folder = tmp_path / str(number)
        with closing(Search(folder, sample(), engine)) as search:
            search.catch_up()
        file = folder / "index" / name
        if not file.exists():
            continue
        before, states = file.read_bytes(), file.stat()
        if how == "gone":
            file.unlink()
        elif how in ("short", "empty"):
            os.truncate(file, len(before) // 2 if how == "short" else 0)
        elif before:
            at = len(before) // 3
            file.write_bytes(before[:at] + bytes([before[at] ^ 0x10]) + before[at + 1 :])
        if how == "rot" and file.parent.name == "engine":  # bytes decay, no time tells of it
            stamp = folder / "index" / "current.json"
            told = json.loads(stamp.read_text())
            if file.name in told["files"]:
                told["files"][file.name][:2] = [states.st_size, file.stat().st_ctime_ns]
                stamp.write_text(json.dumps(told))
        with closing(Search(folder, sample(), engine)) as torn:
            with suppress(StaleIndex):
                torn.search("tập huấn")
                torn.suggest("tập")
            if torn.examine():
                with suppress(StaleIndex):
                    torn.catch_up()
                torn.rebuild()
            assert torn.examine() == [], (name, how)
            assert [(h.id, h.tier) for h in torn.search("tập huấn").hits] == whole, (name, how)


def test_a_link_in_the_folder_s_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "index").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LibraryDamaged):
        Search(tmp_path, sample()).catch_up()
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("how", ["missing", "short", "stamp", "empty", "no lexicon", "bad lexicon"])
def test_a_torn_index_is_made_anew(tmp_path: Path, engine: str, how: str) -> None:
    search = Search(tmp_path, sample(), engine)
    search.catch_up()
    search.close()
    index = tmp_path / "index"
    stamp = json.loads((index / "current.json").read_text())
    largest = max((index / stamp["build"] / "engine").iterdir(), key=lambda f: f.stat().st_size)
    if how == "missing":
        largest.unlink()
    elif how == "short":
        os.truncate(largest, largest.stat().st_size // 2)
    elif how == "stamp":
        (index / "current.json").write_text('{"build": "whoo')
    elif how == "no lexicon":
        (index / stamp["build"] / "lexicon.sqlite").unlink()
    elif how == "bad lexicon":
        (index / stamp["build"] / "lexicon.sqlite").write_bytes(b"x" * 8_192)
    else:
        for file in (index / stamp["build"] / "engine").iterdir():
            file.unlink()
    torn = Search(tmp_path, sample(), engine)
    with pytest.raises(StaleIndex, match="reindex"):
        torn.search("tập huấn")
    assert torn.catch_up() == 4
    assert ids(torn, "tập huấn") == [1]
    torn.close()


def test_an_index_of_another_shape_is_refused(tmp_path: Path) -> None:
    search = Search(tmp_path, sample())
    search.catch_up()
    search.close()
    file = tmp_path / "index" / "current.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"shape": -1}))
    for call in (search.catch_up, lambda: search.search("a")):
        with pytest.raises(StaleIndex, match="ocop reindex"):
            call()
    search.rebuild()
    assert ids(search, "tập huấn") == [1]
    search.close()


def test_a_crash_between_commit_and_stamp_is_made_good(tmp_path: Path) -> None:
    library = sample()
    search = Search(tmp_path, library)
    search.catch_up()
    file = tmp_path / "index" / "current.json"
    before = json.loads(file.read_text()) | {"pending": True}
    library.put(written(7, "thêm một văn bản tập huấn"))
    search.catch_up()
    search.close()
    file.write_text(json.dumps(before))  # as if the process had died before it stamped
    after = Search(tmp_path, library)
    assert after.catch_up() == 1
    assert sorted(ids(after, "tập huấn")) == [1, 7]
    assert after.state()["documents"] == 5
    after.close()


def test_the_writer_s_lock_is_waited_for_only_so_long(tmp_path: Path) -> None:
    search = Search(tmp_path, sample())
    search.catch_up()
    held = threading.Event()
    done = threading.Event()

    def hold() -> None:
        with FileLock(tmp_path / "index" / "lock"):
            held.set()
            done.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(20)
    try:
        with pytest.raises(LibraryBusy), search._folder.writing(wait=0.2):
            pass
        assert ids(search, "tập huấn") == [1]  # readers do not wait
    finally:
        done.set()
        thread.join()
    search.close()


# Results


def test_same_number_of_several_agencies_is_listed_not_picked(search: Search) -> None:
    results = search.search("12/KH-UBND")
    assert results.tiers == {"so_hieu": 2}
    assert [(c.id, c.issuer, c.year, c.tier) for c in results.same_number] == [
        (1, "UBND tỉnh Thanh Hóa", 2024, "so_hieu"),
        (2, "UBND tỉnh Lai Châu", 2023, "so_hieu"),
    ]
    narrowed = search.search("12/KH-UBND tỉnh Lai Châu")
    assert [(hit.id, hit.tier) for hit in narrowed.hits[:2]] == [(2, "so_hieu"), (1, "khac_co_quan")]
    by_year = search.search("12/KH-UBND năm 2024")
    assert [(hit.id, hit.tier) for hit in by_year.hits[:2]] == [(1, "so_hieu"), (2, "khac_co_quan")]


@pytest.mark.parametrize("text", ["919/QĐ-TTg", "919/2022/QĐ-TTg", "QĐ919", "quyết định 919", "919qdttg"])
def test_a_stub_is_found_by_its_number(search: Search, text: str) -> None:
    hits = search.search(text).hits
    assert [(hit.id, hit.tier) for hit in hits[:1]] == [(3, "so_hieu")]
    assert 2 not in [hit.id for hit in hits if hit.tier == "so_hieu"]


def test_graph_terms_reach_far(tmp_path: Path) -> None:
    library = sample()
    library.put(written(10, "dựa vào số 2", basis=[2]))
    library.put(written(11, "dựa vào số 10 và tự dẫn mình", basis=[10, 11]))
    search = Search(tmp_path, library)
    search.catch_up()
    assert sorted(ids(search, "cancu:919/QĐ-TTg")) == [2]
    assert sorted(ids(search, "duoi:919/QĐ-TTg")) == [2, 10, 11]
    assert sorted(ids(search, 'trangthai:"căn cứ hết hiệu lực"')) == [2]
    assert search.search("cancu:777/QĐ-TTg").notes
    search.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kĩ thuật", [4]), ("kỹ thuật hóa", [4]), ("hoá", [1, 4]), ("hóa", [1, 4]), ("kí kết", [4]), ("quí", [4]),
        ("HTX", [4]), ("an toàn", [4]), ("OCOP", [1, 3]), ("tập* cán", [1]), ("huần~ cán", [1]),
        ('"xã một sản phẩm"', [1, 3]), ('"hợp tác siêu thị"~4', [4]), ('"hợp tác siêu thị"~2', []),
        ("tập huấn OR siêu thị", [1, 4]), ("kế hoạch -tập", [2]), ("-tập -chuyển", [4, 3]), ("loai:BC", [4]),
        ("hieuluc:\"hết giai đoạn\"", [3]), ('trangthai:"cần kiểm tra"', [4]), ("ngay:>=2024", [1, 4]),
        ("ngay:5/3/2024", [1, 4]), ("so:12", [1, 2]), ("trichyeu:\"tập huấn\"", [1]), ("ngay:2022..2023", [2, 3]),
        ("(siêu OR tập) -kế", [4]), ("coquan:\"Thủ tướng\"", [3]), ("tinh:\"lai chau\"", [2]),
    ],
)  # fmt: skip
def test_the_language(search: Search, text: str, expected: list[int]) -> None:
    assert sorted(ids(search, text)) == sorted(expected)


@pytest.mark.parametrize(
    "text", ["loai:xyz", "tinh:atlantis", "ngay:2024-13", "ngay:2023..2020", "ngay:..", "so:abc", "hieuluc:x", '"a b c d e f g h"~10']
)  # fmt: skip
def test_values_that_cannot_be_are_told(search: Search, text: str) -> None:
    with pytest.raises(QueryError) as told:
        search.search(text)
    assert told.value.next_step
    assert 0 <= told.value.position <= len(text)


def test_accented_queries_rank_accented_hits_first(tmp_path: Path) -> None:
    library = Library([written(1, "che chở người dân"), written(2, "trồng chè xanh"), written(3, "chẻ củi")])
    search = Search(tmp_path, library)
    search.catch_up()
    results = search.search("chè")
    assert (results.hits[0].id, results.hits[0].tier) == (2, "chinh_xac")
    assert {hit.tier for hit in results.hits[1:]} == {"bo_dau"}
    assert results.total == 3
    assert ids(search, "chè", exact_only=True) == [2]
    assert sorted(ids(search, "che")) == [1, 2, 3]
    assert sorted(ids(search, "người OR trồng OR củi -chè")) == [1, 2, 3]
    assert sorted(ids(search, "(người OR trồng OR củi) -chè")) == [1, 3]
    search.close()


def test_marks_are_restored_and_said(tmp_path: Path) -> None:
    library = Library(
        [written(i, "kế hoạch tập huấn chuyển đổi số của hợp tác xã " * 3) for i in range(1, 6)]
        + [written(9, "ke ho khoách tap hoàn")]
    )
    search = Search(tmp_path, library)
    search.catch_up()
    results = search.search("ke hoach tap huan")
    assert results.restored == "kế hoạch tập huấn"
    assert {hit.tier for hit in results.hits} == {"chinh_xac"}
    assert search.search("KE HOACH").restored == "KẾ HOẠCH"
    half = search.search("kế hoach tập huan")
    assert half.restored == "kế hoạch tập huấn"
    literal = search.search("ke hoach tap huan", literal=True)
    assert literal.restored is None
    assert sorted(hit.id for hit in literal.hits) == sorted(hit.id for hit in results.hits)
    assert search.search("kế hoạch").restored is None
    assert search.search('"chuyen doi so"').restored == '"chuyển đổi số"'
    search.close()


def test_did_you_mean(tmp_path: Path) -> None:
    search = Search(tmp_path, Library([written(i, "kế hoạch tập huấn khuyến nông " * 4) for i in range(1, 4)]))
    search.catch_up()
    assert search.search("kế hoachj tập huuấn").did_you_mean == "kế hoạch tập huấn"
    assert search.search("khuyeens noong").did_you_mean == "khuyến nông"
    assert search.search("kế hoạch").did_you_mean is None
    assert search.search("zzzzqqq").did_you_mean is None
    search.close()


def test_suggestions(search: Search) -> None:
    assert [(s.text, s.kind, s.id) for s in search.suggest("919")] == [("919/QĐ-TTg", "so_hieu", 3)]
    assert [s.note for s in search.suggest("12/kh")] == ["UBND tỉnh Lai Châu, 2023", "UBND tỉnh Thanh Hóa, 2024"]
    assert "Chuyển đổi số" in [s.text for s in search.suggest("chuyen d")]
    assert "UBND tỉnh Lai Châu" in [s.text for s in search.suggest("lai")]
    assert search.suggest("a") == []
    assert search.suggest("") == []


def test_facets_filters_and_sorting(search: Search) -> None:
    results = search.search("kế hoạch")
    assert {f.label: f.count for f in results.facets["loai"]} == {"Kế hoạch": 2}
    assert {f.label for f in results.facets["tinh"]} == {"Thanh Hóa", "Lai Châu"}
    assert [f.value for f in results.facets["nam"]] == ["2024", "2023"]
    assert ids(search, "kế hoạch", filters={"nam": ["2023"]}) == [2]
    assert ids(search, "kế hoạch", filters={"tinh": ["thanh-hoa", "lai-chau"], "nam": ["2024"]}) == [1]
    assert sorted(ids(search, "", filters={"trangthai": ["chi_duoc_dan"]})) == [3]
    assert ids(search, "", filters={"ngay": ["2022..2023"]}) == [2, 3]
    assert ids(search, "kế hoạch", sort="date") == [1, 2]
    assert ids(search, "xã OR nông", sort="cited")[0] == 3
    with pytest.raises(UsageError):
        search.search("a", filters={"mau": ["x"]})
    with pytest.raises(UsageError):
        search.search("a", page=0)


def test_paging_has_no_cap(tmp_path: Path) -> None:
    search = Search(tmp_path, Library([written(i, f"tập huấn số {i}") for i in range(1, 58)]))
    search.catch_up()
    pages = [search.search("tập huấn", page=p, page_size=10) for p in range(1, 8)]
    assert [len(p.hits) for p in pages] == [10, 10, 10, 10, 10, 7, 0]
    assert {hit.id for p in pages for hit in p.hits} == set(range(1, 58))
    assert pages[0].pages == 6
    search.close()


def test_snippets_name_their_page_and_fold_as_matching_does(tmp_path: Path) -> None:
    first = "Mở đầu. " * 60
    second = 'Trang hai nói về uỷ ban, nhân \n\n dân tỉnh & "kế hoạch".'
    text = first + "\f" + second
    search = Search(tmp_path, Library([written(1, text, page_starts=[0, len(first) + 1], title="Ủy ban nhân dân")]))
    search.catch_up()
    (hit,) = search.search("ủy ban nhân dân").hits
    assert [hit.document.title[s:e] for s, e in hit.title_highlights] == ["Ủy", "ban nhân dân"]  # type: ignore[index]
    (snippet,) = hit.snippets
    assert snippet.page == 2
    for whole in (snippet.text, text[snippet.start : snippet.end]):
        assert [whole[s:e].split() for s, e in snippet.highlights] == [["uỷ"], ["ban,", "nhân", "dân"]]
    assert "\n" not in snippet.text
    assert len(snippet.text) == snippet.end - snippet.start
    (phrase,) = search.search('"UY BAN NHAN DAN tinh"').hits[0].snippets
    ((start, end),) = phrase.highlights
    assert phrase.text[start:end].startswith("uỷ ban, nhân")
    search.close()


def test_a_document_hidden_since_is_not_shown(tmp_path: Path) -> None:
    library = sample()
    search = Search(tmp_path, library)
    search.catch_up()
    del library.documents[1]
    with pytest.raises(NotFound):
        library.indexed(1)
    assert ids(search, "tập huấn") == []
    search.close()


def test_answers_while_a_writer_commits(tmp_path: Path) -> None:
    library = sample()
    writer, reader = Search(tmp_path, library), Search(tmp_path, library)
    writer.catch_up()
    errors: list[BaseException] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                assert reader.search("tập huấn").total >= 1
            except BaseException as error:
                errors.append(error)
                return

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for round_ in range(6):
        for at in range(20):
            library.put(written(100 + round_ * 20 + at, f"văn bản tập huấn {at}"))
        writer.catch_up()
    writer.rebuild()
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert reader.search("tập huấn").total == 121
    writer.close()
    reader.close()


def test_the_word_cache_gives_what_was_segmented_and_survives_damage(tmp_path: Path) -> None:
    asked: list[str] = []

    def segment(text: str) -> list[str]:
        asked.append(text)
        return text.split(",") if text else []

    for _ in range(2):
        cache = WordCache(tmp_path / "words.sqlite", segment)
        assert cache("tập huấn,kế hoạch") == ["tập huấn", "kế hoạch"]
        assert cache("") == []
        cache.close()
    assert asked == ["tập huấn,kế hoạch", ""]
    (tmp_path / "words.sqlite").write_bytes(b"rubbish" * 1_000)
    cache = WordCache(tmp_path / "words.sqlite", segment)
    assert cache("tập huấn,kế hoạch") == ["tập huấn", "kế hoạch"]
    cache.close()


def test_a_locked_word_cache_is_not_taken_for_a_damaged_one(tmp_path: Path) -> None:
    path = tmp_path / "words.sqlite"
    WordCache(path, str.split).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LibraryBusy):
            WordCache(path, str.split, wait=0.1)
        other.execute("ROLLBACK")
    assert path.exists()
