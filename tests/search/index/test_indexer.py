"""The index follows the library: changes, rebuilds, interrupted commits, erased documents, readers meanwhile."""

from __future__ import annotations

import json
import threading
from contextlib import closing
from pathlib import Path

import pytest

from corpus.errors import StaleIndex, UsageError
from corpus.vocabulary import StaleReason
from search.searcher import Search
from tests.support.engines import Tested, searched
from tests.support.search_library import MemorySource, ask, held, ids, sample


@pytest.mark.parametrize("engine", Tested.names)
def test_the_index_takes_in_changes_and_removals(tmp_path: Path, engine: str) -> None:
    library = sample()
    search = searched(tmp_path, library, engine)
    assert search.catch_up() == 4
    assert search.catch_up() == 0
    library.delete(1)
    library.put(held(5, "Văn bản mới về tập huấn"))
    library.put(held(4, "Nội dung đã đổi"))
    assert search.state()["behind"] == 3
    assert ids(ask(search, "tập huấn")) == []  # gone from the library, so not shown even before catching up
    assert search.catch_up() == 3
    assert ids(ask(search, "tập huấn")) == [5]
    assert ids(ask(search, "siêu thị")) == []
    assert ids(ask(search, "nội dung đã đổi")) == [4]
    search.close()
    with closing(searched(tmp_path, library, engine)) as again:
        assert ids(ask(again, "tập huấn")) == [5]


@pytest.mark.parametrize("engine", Tested.names)
def test_the_state_names_engine_and_counts(tmp_path: Path, engine: str) -> None:
    with closing(searched(tmp_path, sample(), engine)) as search:
        search.catch_up()
        state = search.state()
    assert int(state.pop("bytes")) > 0
    assert state == {"engine": engine, "documents": 4, "sequence": 4, "behind": 0, "advice": ""}


def test_progress_counts_every_document(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    with closing(Search(tmp_path, sample())) as search:
        search.catch_up(lambda done, total: seen.append((done, total)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_reader_follows_commits_and_rebuilds_of_another_process(tmp_path: Path) -> None:
    library = sample()
    with closing(Search(tmp_path, library)) as writer, closing(Search(tmp_path, library)) as reader:
        writer.catch_up()
        assert ids(ask(reader, "tập huấn")) == [1]
        library.put(held(6, "lại tập huấn nữa"))
        writer.catch_up()
        assert set(ids(ask(reader, "tập huấn"))) == {1, 6}
        writer.rebuild("tantivy")
        assert set(ids(ask(reader, "tập huấn"))) == {1, 6}
        assert reader.state()["engine"] == "tantivy"


def test_answers_stay_right_while_a_writer_commits(tmp_path: Path) -> None:
    library = sample()
    writer, reader = Search(tmp_path, library), Search(tmp_path, library)
    writer.catch_up()
    errors: list[BaseException] = []
    stop = threading.Event()

    def ask_again_and_again() -> None:
        while not stop.is_set():
            try:
                assert ask(reader, "tập huấn").total >= 1
            except BaseException as error:
                errors.append(error)
                return

    threads = [threading.Thread(target=ask_again_and_again) for _ in range(2)]
    for thread in threads:
        thread.start()
    for round_ in range(6):
        for at in range(20):
            library.put(held(100 + round_ * 20 + at, f"văn bản tập huấn {at}"))
        writer.catch_up()
    writer.rebuild()
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert ask(reader, "tập huấn").total == 121
    writer.close()
    reader.close()


def test_a_rebuild_replaces_the_build_and_may_change_the_engine(tmp_path: Path) -> None:
    with closing(Search(tmp_path, sample(), "whoosh")) as search:
        search.catch_up()
        assert search.rebuild("tantivy") == 4
        assert sorted(p.name for p in (tmp_path / "index").iterdir() if p.is_dir()) == ["tantivy-1"]
        assert ids(ask(search, "tập huấn")) == [1]


def test_another_engine_than_the_one_set_is_refused(tmp_path: Path) -> None:
    with closing(Search(tmp_path, sample(), "tantivy")) as search:
        search.catch_up()
    with closing(Search(tmp_path, sample(), "whoosh")) as other:
        for call in (other.catch_up, lambda: ask(other, "a")):
            with pytest.raises(StaleIndex, match="reindex --engine whoosh") as refused:
                call()
            assert refused.value.reason is StaleReason.OTHER_ENGINE


def test_an_unknown_engine_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="whoosh"):
        Search(tmp_path, sample(), "solr").catch_up()


def test_a_library_gone_back_in_time_is_indexed_again(tmp_path: Path) -> None:
    with closing(Search(tmp_path, sample())) as search:
        search.catch_up()
    with closing(Search(tmp_path, MemorySource([held(9, "chỉ còn văn bản này")]))) as restored:
        assert restored.catch_up() == 1
        assert ids(ask(restored, "văn bản")) == [9]
        assert ids(ask(restored, "tập huấn")) == []


@pytest.mark.parametrize("engine", Tested.names)
def test_no_file_of_the_index_keeps_an_erased_document(tmp_path: Path, engine: str) -> None:
    library = sample()
    library.put(held(8, "Văn bản kínđáo chỉ riêng"))
    with closing(searched(tmp_path, library, engine)) as search:
        search.catch_up()
        library.delete(8, erase=True)
        search.catch_up()
        assert ask(search, "kínđáo").total == 0
    words = ["kínđáo".encode(), b"kindao"]
    files = [file for file in (tmp_path / "index").rglob("*") if file.is_file()]
    assert files
    assert not [file for file in files for word in words if word in file.read_bytes()]


def test_an_interrupted_commit_is_made_good(tmp_path: Path) -> None:
    library = sample()
    search = Search(tmp_path, library)
    search.catch_up()
    stamp = tmp_path / "index" / "current.json"
    before = json.loads(stamp.read_text()) | {"pending": True}
    library.put(held(7, "thêm một văn bản tập huấn"))
    search.catch_up()
    search.close()
    stamp.write_text(json.dumps(before))  # as if the process had died after its commit and before its stamp
    with closing(Search(tmp_path, library)) as after:
        assert after.catch_up() == 1
        assert sorted(ids(ask(after, "tập huấn"))) == [1, 7]
        assert after.state()["documents"] == 5
