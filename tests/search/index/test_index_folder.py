"""The folder of an index: private, sealed to its place, locked by one writer."""

from __future__ import annotations

import json
import pickle
import shutil
import threading
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from corpus.errors import LibraryBusy, LibraryDamaged, StaleIndex
from corpus.vocabulary import StaleReason
from search.index.index_folder import IndexFolder, checksum
from search.searcher import Search
from tests.support.search_library import ask, ids, sample


def indexed(library: Path) -> Path:
    """The index folder of a library whose sample documents are indexed."""
    with closing(Search(library, sample())) as search:
        search.catch_up()
    return library / "index"


def test_the_folder_is_private(tmp_path: Path) -> None:
    assert indexed(tmp_path).stat().st_mode & 0o777 == 0o700


def test_a_folder_that_others_can_write_to_is_not_trusted_and_made_again(tmp_path: Path) -> None:
    index = indexed(tmp_path)
    index.chmod(0o777)
    (index / "words.sqlite").write_bytes(b"of somebody else")
    with closing(Search(tmp_path, sample())) as search:
        with pytest.raises(StaleIndex, match="không thể tin") as refused:
            ask(search, "a")
        assert refused.value.reason is StaleReason.UNTRUSTED
        assert search.catch_up() == 4
        assert ids(ask(search, "tập huấn")) == [1]
    assert index.stat().st_mode & 0o777 == 0o700


class _Payload:
    """A pickle that writes a file when it is loaded."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[Path, str]]:
        return Path.write_text, (self.mark, "loaded")


@pytest.mark.parametrize("pending", [False, True])
@pytest.mark.parametrize("how", ["copied", "link", "seal forged"])
def test_an_index_from_elsewhere_is_never_opened(tmp_path: Path, how: str, pending: bool) -> None:
    index = indexed(tmp_path / "a")
    stamp = json.loads((index / "current.json").read_text())
    toc = next((index / stamp["build"] / "engine").glob("*.toc"))
    toc.write_bytes(pickle.dumps(_Payload(tmp_path / "mark")))
    state = toc.stat()
    stamp["files"][toc.name] = [state.st_size, state.st_ctime_ns, checksum(toc)]
    (index / "current.json").write_text(json.dumps(stamp | {"pending": pending}))
    shutil.copytree(tmp_path / "a", tmp_path / "b", symlinks=True)
    copy = tmp_path / "b" / "index"
    if how == "link":
        (copy / "seal").unlink()
        (copy / "seal").symlink_to(index / "seal")
    elif how == "seal forged":
        (copy / "current.json").write_text(json.dumps(stamp | {"seal": [1, 1], "pending": pending}))
    with closing(Search(tmp_path / "b", sample())) as moved:
        with pytest.raises(StaleIndex, match="reindex"):
            ask(moved, "tập huấn")
        assert moved.examine() == ["Chỉ mục không được lập tại chỗ này nên không thể tin."]
        assert moved.catch_up() == 4
        assert ids(ask(moved, "tập huấn")) == [1]
        assert moved.examine() == []
    assert not (tmp_path / "mark").exists()


def test_a_link_in_place_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "index").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LibraryDamaged):
        Search(tmp_path, sample()).catch_up()
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_an_index_of_another_shape_is_not_read_and_is_made_again_at_the_next_write(tmp_path: Path) -> None:
    stamp = indexed(tmp_path) / "current.json"
    stamp.write_text(json.dumps(json.loads(stamp.read_text()) | {"shape": -1}))
    with closing(Search(tmp_path, sample())) as search:
        with pytest.raises(StaleIndex, match="ocop reindex") as refused:
            ask(search, "a")
        assert refused.value.reason is StaleReason.OTHER_VERSION
        assert search.catch_up() == 4
        assert ids(ask(search, "tập huấn")) == [1]


def test_a_second_writer_gives_up_and_readers_do_not_wait(tmp_path: Path) -> None:
    index = indexed(tmp_path)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with FileLock(index / "lock"):
            held.set()
            done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    try:
        with pytest.raises(LibraryBusy), IndexFolder(index).writing(timeout=0.0):
            pass
        with closing(Search(tmp_path, sample())) as search:
            assert ids(ask(search, "tập huấn")) == [1]
    finally:
        done.set()
        thread.join()
