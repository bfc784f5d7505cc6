"""What was handed in on the page outlives the server: kept on disk before it is taken, read by the next one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from corpus.errors import DiskFull
from corpus.store import Library
from search.service import Search
from tests.web_library import ORDER, PLAN
from webui import uploads as module
from webui.settings import Settings
from webui.uploads import LIST, Batch, Uploads, read_list


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "kho", create=True) as opened:
        yield opened


def server(library: Library, *, working: bool = True) -> Uploads:
    made = Uploads(library, Search(library.folder, library), Settings(library=library.folder))
    if not working:  # as if it were killed before it came to the first file
        made._stopping.set()
    return made


def hand_in(uploads: Uploads, *texts: str) -> Batch:
    folder = uploads.new_folder()
    for number, text in enumerate(texts):
        (folder / str(number)).write_text(text, encoding="utf-8")
    return uploads.take(folder, [f"tệp {n}.txt" for n in range(len(texts))], "lan")


def done(uploads: Uploads, id: str) -> Batch:
    for _ in range(600):
        batch = uploads.batch(id)
        if batch is not None and batch.done:
            return batch
        time.sleep(0.05)
    raise AssertionError("the batch was never done")


def test_a_batch_of_a_killed_server_is_read_by_the_next(library: Library) -> None:
    first = server(library, working=False)
    with closing(first):
        batch = hand_in(first, PLAN, ORDER)
    assert library.documents() == []
    told = json.loads((batch.folder / LIST).read_text(encoding="utf-8"))
    assert (told["who"], told["names"]) == ("lan", ["tệp 0.txt", "tệp 1.txt"])
    with closing(server(library)) as second:
        again = done(second, batch.id)
        assert [r.outcome for r in again.reports] == ["new", "new"]
        assert again.names == batch.names
    assert len(library.documents()) == 2
    assert list((library.folder / "uploads").iterdir()) == []


def test_an_upload_that_was_not_taken_is_cleared_away_and_nobody_else_s_is_touched(library: Library) -> None:
    with closing(server(library)) as first:
        coming = first.new_folder()
        with closing(server(library)):  # a second one on the same library leaves the first one's alone
            assert coming.is_dir()
    with closing(server(library)):
        assert not coming.exists()


def test_a_batch_that_brings_the_server_down_is_not_begun_for_ever(library: Library) -> None:
    with closing(server(library, working=False)) as first:
        batch = hand_in(first, PLAN)
        batch.tries = module.TRIES
        batch.keep()
    with closing(server(library)) as second:
        told = done(second, batch.id)
        assert "Đã thử 3 lần" in told.error
        assert (batch.folder / "0").exists()


def test_an_upload_that_does_not_fit_is_refused_whole(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
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
    "said", ["", "{", "[]", '{"id": 1}', '{"id": "a", "who": "b", "names": 5, "began": 1, "tries": 0}']
)
def test_a_list_that_cannot_be_read_is_none(tmp_path: Path, said: str) -> None:
    (tmp_path / LIST).write_text(said)
    assert read_list(tmp_path) is None
