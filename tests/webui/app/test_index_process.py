"""The index follows in a process of its own."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from pathlib import Path

import pytest

from corpus.library import Library
from search.plan import Order
from search.request import SearchRequest
from search.searcher import Search
from tests.support.libraries import TINH, TTG, cite, record
from webui.app import index_process
from webui.app.index_process import IndexProcess
from webui.app.settings import Settings


@pytest.mark.parametrize("killed", [False, True])
def test_what_was_stored_is_indexed_and_a_kill_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    monkeypatch.setattr(index_process, "INDEX_EVERY", 2)
    settings = Settings(library=tmp_path / "kho")
    with Library.open(settings.library, create=True) as library:
        beside = IndexProcess(settings)
        for number in range(1, 7):
            library.intake.add(record(f"{number}/KH-UBND", "2024-01-01", TINH))
            beside.note()
            if killed and number == 2:
                os.kill(beside.pid or 0, signal.SIGKILL)
        beside.close()
        with closing(Search(library.folder, library.view())) as search:
            if not killed:
                assert search.state()["documents"] == 6
            search.catch_up()
            assert search.state()["behind"] == 0
            assert search.state()["documents"] == 6
            assert search.examine() == []


def test_what_is_stored_is_indexed_before_the_last_files_are_read(tmp_path: Path) -> None:
    settings = Settings(library=tmp_path / "kho")
    with Library.open(settings.library, create=True) as library:
        beside = IndexProcess(settings, expected=10)
        for number in range(1, 6):
            library.intake.add(record(f"{number}/KH-UBND", "2024-01-01", TINH))
            beside.note()
        for _ in range(3):
            beside.note(stored=False)
        assert beside.pid is None  # too few to be worth while
        beside.note(stored=False)
        assert beside.pid is not None
        beside.note(stored=False)
        beside.close()
        with closing(Search(library.folder, library.view())) as search:
            assert search.state()["documents"] == 5
            assert search.state()["behind"] == 0


def test_an_index_made_while_documents_change_is_one_made_at_the_end(tmp_path: Path) -> None:
    settings = Settings(library=tmp_path / "kho")
    with Library.open(settings.library, create=True, facts=False) as library:
        beside = IndexProcess(settings, expected=100)
        for number in range(1, 101):
            cited = [cite("7/QĐ-TTg", "2020-01-01", TTG), cite(f"{number // 2}/KH-UBND", "2024-01-01", TINH)]
            library.intake.add(record(f"{number}/KH-UBND", "2024-01-01", TINH, cited))
            beside.note()
        beside.close()

        def found() -> list[list[int]]:
            with closing(Search(library.folder, library.view())) as search:
                assert search.state()["behind"] == 0
                assert search.examine() == []
                asked = [SearchRequest("ngay:2020..2024", page_size=200, sort=order) for order in Order]
                cited_by = [SearchRequest(f"cancu:{number}/KH-UBND", page_size=200) for number in (1, 7, 40)]
                return [[hit.id for hit in search.search(one).hits] for one in (*asked, *cited_by)]

        meanwhile = found()
        with closing(Search(library.folder, library.view())) as search:
            search.rebuild()
        assert meanwhile == found()
        assert len(meanwhile[0]) == 102


def test_ctrl_c_while_the_process_starts_comes_when_it_has_started(tmp_path: Path) -> None:
    came: list[bool] = []
    settings = Settings(library=tmp_path / "kho")
    with Library.open(settings.library, create=True):
        beside = IndexProcess(settings)
        before = signal.signal(signal.SIGINT, lambda *_: came.append(beside.pid is not None))
        try:
            with index_process._uninterrupted():
                os.kill(os.getpid(), signal.SIGINT)
                beside._start()
                assert came == []
            assert came == [True]
        finally:
            signal.signal(signal.SIGINT, before)
            beside.close()


def test_a_time_to_index_is_left_out_where_the_process_is_long_at_work(tmp_path: Path) -> None:
    settings = Settings(library=tmp_path / "kho")
    with Library.open(settings.library, create=True) as library:
        beside = IndexProcess(settings, expected=40)
        for number in range(1, 21):
            library.intake.add(record(f"{number}/KH-UBND", "2024-01-01", TINH))
            beside.note()
        pid = beside.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)  # its answer may be on the way: told a second time it has no time to answer
        beside._begin(index_process._ALL)
        for number in range(21, 39):
            library.intake.add(record(f"{number}/KH-UBND", "2024-01-01", TINH))
            beside.note()
        assert [mark for mark in beside._marks if mark > 2] == []
        os.kill(pid, signal.SIGCONT)
        beside.close()
        with closing(Search(library.folder, library.view())) as search:
            assert search.state()["documents"] == 38
            assert search.state()["behind"] == 0
