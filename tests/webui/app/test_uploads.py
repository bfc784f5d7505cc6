"""Uploads outlive the server: they are on disk before they are accepted, and read by the next server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import DiskFull
from corpus.library import Library, LibraryView
from search.searcher import Search
from tests.support.waiting import wait_for
from tests.support.web_library import ORDER, PLAN
from webui.app import uploads as module
from webui.app.duplicates import with_duplicate_notice
from webui.app.health_check import examine_library
from webui.app.settings import Settings
from webui.app.upload_files import LIST, LONGEST_NAME, MAX_TRIES, Batch, distinct_names, read_list
from webui.app.upload_report import as_data, for_page
from webui.app.uploads import Uploads


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "kho", create=True) as opened:
        yield opened


def server(library: Library, *, working: bool = True) -> Uploads:
    made = Uploads(library, Search(library.folder, library.view()), Settings(library=library.folder))
    if not working:  # as if it were killed before it came to the first file
        made.request_stop()
    return made


def hand_in(uploads: Uploads, *texts: str) -> Batch:
    folder = uploads.new_folder()
    for number, text in enumerate(texts):
        (folder / str(number)).write_text(text, encoding="utf-8")
    return uploads.accept(folder, [f"tệp {n}.txt" for n in range(len(texts))], "lan")


def done(uploads: Uploads, id: str) -> Batch:
    def finished() -> Batch | None:
        batch = uploads.batch(id)
        return batch if batch is not None and batch.done else None

    return wait_for(finished)


def test_a_batch_of_a_killed_server_is_read_by_the_next_one(library: Library) -> None:
    first = server(library, working=False)
    with closing(first):
        batch = hand_in(first, PLAN, ORDER)
    assert library.view().documents() == []
    result = json.loads((batch.folder / LIST).read_text(encoding="utf-8"))
    assert (result["who"], result["names"]) == ("lan", ["tệp 0.txt", "tệp 1.txt"])
    with closing(server(library)) as second:
        again = done(second, batch.id)
        assert [r.outcome for r in again.reports] == ["new", "new"]
        assert again.names == batch.names
    assert len(library.view().documents()) == 2
    assert list((library.folder / "uploads").iterdir()) == []


def test_an_unaccepted_upload_is_deleted_unless_its_server_lives(library: Library) -> None:
    with closing(server(library)) as first:
        coming = first.new_folder()
        with closing(server(library)):  # a second one on the same library leaves the first one's alone
            assert coming.is_dir()
    with closing(server(library)):
        assert not coming.exists()


def test_uploads_of_a_running_server_are_left_alone(library: Library) -> None:
    first = server(library)
    with closing(server(library, working=False)) as second:
        first.close()
        coming, taken = second.new_folder(), hand_in(second, PLAN)
        with closing(server(library)) as third:
            assert coming.is_dir()
            assert third.batch(taken.id) is None
    assert (taken.folder / "0").exists()
    with closing(server(library)) as fourth:
        assert not coming.exists()
        assert [r.outcome for r in done(fourth, taken.id).reports] == ["new"]
    assert list((library.folder / "uploads").iterdir()) == []


def test_files_of_the_same_name_have_separate_outcomes(library: Library) -> None:
    with closing(server(library)) as uploads:
        folder = uploads.new_folder()
        (folder / "0").write_bytes(b"%PDF-1.4 hong")
        (folder / "1").write_text(PLAN, encoding="utf-8")
        batch = done(uploads, uploads.accept(folder, ["a.txt", "a.txt"], "lan").id)
    assert batch.names == ["a.txt", "a (2).txt"]
    result = [(row["name"], row["report"].outcome) for row in for_page(batch, {})["rows"]]  # type: ignore[attr-defined]
    assert result == [("a.txt", "failed"), ("a (2).txt", "new")]
    assert [file["outcome"] for file in as_data(batch)["files"]] == ["failed", "new"]  # type: ignore[attr-defined]


def test_names_stay_distinct_when_the_list_is_read_again(tmp_path: Path) -> None:
    long = "đ" * (LONGEST_NAME - 4) + ".pdf"
    names = distinct_names(["a", "a", "a (2)", "b.PDF", "b.PDF", long, long, ".x" * 60, ".x" * 60])
    assert names[:5] == ["a", "a (2)", "a (2) (2)", "b.PDF", "b (2).PDF"]
    assert len(set(names)) == len(names)
    assert all(len(name) <= LONGEST_NAME + 4 for name in names)
    Batch("a", "lan", names[:7], tmp_path).save()
    again = read_list(tmp_path)
    assert again is not None
    assert again.names == names[:7]


def test_a_batch_that_crashes_the_server_is_begun_three_times_at_most(library: Library) -> None:
    with closing(server(library, working=False)) as first:
        batch = hand_in(first, PLAN)
        batch.tries = MAX_TRIES
        batch.save()
    with closing(server(library)) as second:
        result = done(second, batch.id)
        assert "Đã thử 3 lần" in result.error
        assert (batch.folder / "0").exists()


def test_an_orderly_stop_does_not_count_as_a_try(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:

    def stopped_at_the_first(library: LibraryView, reports: Any) -> Iterator[Any]:
        for report in with_duplicate_notice(library, reports):
            uploads.request_stop()
            yield report

    monkeypatch.setattr(module, "with_duplicate_notice", stopped_at_the_first)
    for number in range(MAX_TRIES + 1):
        with closing(server(library)) as uploads:
            batch = hand_in(uploads, PLAN, ORDER) if number == 0 else uploads.recent()[0]
            done(uploads, batch.id)
        kept = read_list(batch.folder)
        assert kept is not None
        assert kept.tries == 0


def test_files_with_a_damaged_list_are_kept_and_reported(library: Library) -> None:
    with closing(server(library, working=False)) as first:
        batch = hand_in(first, PLAN)
    (batch.folder / LIST).write_text('{"id": "x"', encoding="utf-8")
    with closing(server(library)) as second:
        assert second.recent() == []
        assert (batch.folder / "0").read_text(encoding="utf-8") == PLAN
    (result,) = [f for f in examine_library(Settings(library=library.folder)).findings if f.code == "tai_len"]
    assert result.examples == [str(batch.folder)]
    assert "ocop ingest" in result.next_step


def test_an_upload_is_refused_when_the_disk_is_full(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno
    import os

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with closing(server(library)) as uploads:
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(DiskFull, match="đầy"):
            hand_in(uploads, PLAN)
        monkeypatch.undo()
        assert list((library.folder / "uploads").iterdir()) == []


@pytest.mark.parametrize(
    "words", ["", "{", "[]", '{"id": 1}', '{"id": "a", "who": "b", "names": 5, "began": 1, "tries": 0}']
)
def test_an_invalid_list_is_ignored(tmp_path: Path, words: str) -> None:
    (tmp_path / LIST).write_text(words)
    assert read_list(tmp_path) is None
