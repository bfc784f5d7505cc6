"""The index of a server follows what others store, and tells how far it is behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from corpus.library import Library
from search.kept_index import KeptIndex
from tests.cluster.office import write_documents
from tests.support.waiting import wait_for
from tests.support.web_library import build
from webui.app.document_reader import SourceFile, pool_of
from webui.app.index_following import IndexFollower, IndexLag
from webui.app.ingestion import ingest
from webui.app.settings import Settings


class Shared:
    """A library, and an index of it that nobody else writes."""

    def __init__(self, folder: Path) -> None:
        build(folder / "kho", folder / "tep")
        self.settings = Settings(library=folder / "kho", ocr_mode="off", second_reader=False)
        self.library = Library.open(folder / "kho")
        self.index = KeptIndex(folder / "kho", self.library.view())
        self.index.catch_up()
        self._files = folder / "them"

    def store(self, number: int) -> None:
        """Store a document as another machine does, which leaves this index alone."""
        (file,) = write_documents(self._files, 1, first=number)
        with pool_of(self.settings, jobs=1) as pool:
            assert list(ingest(self.library, [SourceFile(file, str(file))], self.settings, pool))

    def behind(self) -> int:
        return int(self.index.state()["behind"])


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Shared]:
    made = Shared(tmp_path)
    yield made
    made.index.close()
    made.library.close()


def test_the_lag_counts_from_when_it_was_first_seen(shared: Shared) -> None:
    now = 100.0
    lag = IndexLag(shared.index, lambda: now)
    first = lag.now()
    assert (first.changes, first.seconds) == (0, 0.0)
    shared.store(701)
    assert lag.now().seconds == 0.0
    now = 130.0
    seen = lag.now()
    assert seen.seconds == 30.0
    assert seen.changes == shared.behind() > 0
    shared.store(702)
    lag.now()
    now = 140.0
    assert lag.now().seconds == 40.0  # of the oldest change that is missing
    shared.index.catch_up()
    caught_up = lag.now()
    assert (caught_up.changes, caught_up.seconds) == (0, 0.0)
    assert caught_up.documents > first.documents
    shared.store(703)
    now = 150.0
    assert lag.now().seconds == 0.0


def test_an_index_follows_what_others_store(shared: Shared) -> None:
    with closing(IndexFollower(shared.index, 0.05)):
        for number in (711, 712):
            shared.store(number)
            wait_for(lambda: shared.behind() == 0)


def test_what_keeps_an_index_from_following_passes(shared: Shared, caplog: pytest.LogCaptureFixture) -> None:
    folder = shared.library.folder / "index"
    aside = folder.with_name("aside")
    folder.rename(aside)
    folder.write_text("in the way")
    with closing(IndexFollower(shared.index, 0.05)):
        shared.store(721)
        wait_for(lambda: "the index does not follow" in caplog.text)
        folder.unlink()
        aside.rename(folder)
        wait_for(lambda: shared.behind() == 0)
    assert caplog.text.count("the index does not follow") == 1
