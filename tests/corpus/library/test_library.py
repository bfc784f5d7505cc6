"""A library as a whole: opened or not, the same in any order of intake, read and written by several at once."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from corpus.errors import LibraryBusy, LibraryDamaged, NotFound
from corpus.library import Library
from tests.support.libraries import connected_records, dump_of

COUNT = len(connected_records())


# ---------------------------------------------------------------- opening


def test_a_folder_without_a_library_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="ocop ingest"):
        Library.open(tmp_path / "none")


@pytest.mark.sqlite
def test_a_file_that_is_no_database_is_a_damaged_library(tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "library.db").write_bytes(b"x" * 5000)
    with pytest.raises(LibraryDamaged):
        Library.open(tmp_path / "bad")


@pytest.mark.sqlite
def test_a_library_of_a_newer_program_is_not_opened(tmp_path: Path) -> None:
    Library.open(tmp_path / "new", create=True).close()
    with sqlite3.connect(tmp_path / "new" / "library.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    with pytest.raises(LibraryDamaged, match="phiên bản"):
        Library.open(tmp_path / "new")


@pytest.mark.sqlite
def test_an_empty_database_is_one_that_another_program_is_about_to_fill(tmp_path: Path) -> None:
    (tmp_path / "kho").mkdir()
    (tmp_path / "kho" / "library.db").touch()
    with Library.open(tmp_path / "kho") as library:
        assert library.view().documents() == []


@pytest.mark.parametrize("id", [10**23, -1])
def test_an_id_that_no_database_can_hold_is_not_found(tmp_path: Path, id: int) -> None:
    with Library.open(tmp_path / "library", create=True) as library:
        with pytest.raises(NotFound):
            library.view().where(id)
        with pytest.raises(NotFound):
            library.edits.undo(id)


# ---------------------------------------------------------------- order and changes


@pytest.fixture(scope="module")
def in_order(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, list[str]]:
    """The dump of a library that took the records in as they come, without and with the known-documents tables."""
    records = connected_records()
    return {facts: dump_of(tmp_path_factory.mktemp("in_order") / "l", records, facts=facts) for facts in (False, True)}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(COUNT)), facts=st.booleans())
def test_any_order_of_intake_gives_the_same_library(
    in_order: dict[bool, list[str]], tmp_path_factory: pytest.TempPathFactory, order: list[int], facts: bool
) -> None:
    records = connected_records()
    mixed = dump_of(tmp_path_factory.mktemp("mixed") / "l", [records[at] for at in order], facts=facts)
    assert mixed == in_order[facts]


def test_changes_are_in_commit_order_and_only_the_last_of_a_document_is_kept(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True) as library:
        for each in connected_records():
            library.intake.add(each)
        changes = library.view().changes(0)
        assert [change.seq for change in changes] == sorted({change.seq for change in changes})
        assert len({change.id for change in changes}) == len(changes)
        assert changes[-1].seq == library.view().sequence()
        assert library.view().changes(changes[3].seq)[0] == changes[4]


# ---------------------------------------------------------------- several at once


def take_in(folder: str, order: list[int]) -> None:
    """Take in the records of :func:`connected_records` that the library does not hold yet."""
    records = connected_records()
    with Library.open(folder, create=True, facts=False) as library:
        for at in order:
            if not library.intake.seen(records[at].sha256, "1", records[at].path):
                library.intake.add(records[at])


def take_in_until(folder: str, statement: int) -> None:
    """The same, but the process is killed before its *statement*-th SQL statement."""
    count = 0

    def before_statement(*_: object) -> None:
        nonlocal count
        count += 1
        if count == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", before_statement)
    take_in(folder, list(range(COUNT)))


def run(target: Callable[..., None], *arguments: object) -> multiprocessing.process.BaseProcess:
    """A child process that runs *target*, started."""
    child = multiprocessing.get_context("fork").Process(target=target, args=arguments)
    child.start()
    return child


def test_an_intake_that_was_killed_several_times_ends_as_one_that_was_not(tmp_path: Path) -> None:
    whole = dump_of(tmp_path / "whole", connected_records())
    folder = str(tmp_path / "killed")
    Library.open(folder, create=True, facts=False).close()
    for statement in (3, 15, 40, 60, 90, 110, 75, 50):
        child = run(take_in_until, folder, statement)
        child.join()
        assert child.exitcode == -signal.SIGKILL, statement
    take_in(folder, list(range(COUNT)))
    with Library.open(folder, facts=False) as library:
        assert list(library.view(restricted=True).dump()) == whole


def test_two_processes_that_write_at_once_end_as_one(tmp_path: Path) -> None:
    whole = dump_of(tmp_path / "whole", connected_records())
    folder = str(tmp_path / "both")
    order = list(range(COUNT))
    children = [run(take_in, folder, order), run(take_in, folder, order[::-1])]
    for child in children:
        child.join()
        assert child.exitcode == 0
    with Library.open(folder, facts=False) as library:
        assert list(library.view(restricted=True).dump()) == whole


def test_many_threads_read_while_one_writes(tmp_path: Path) -> None:
    records = connected_records()
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        library.intake.add(records[0])

        def read(_: int) -> int:
            seen = 0
            for summary in library.view().documents(held=None):
                with contextlib.suppress(NotFound):  # a stub may become part of another document meanwhile
                    seen += len(library.view().cited_by(summary.id)) + len(library.view().document(summary.id).paths)
            return seen

        with ThreadPoolExecutor(24) as pool:
            reading = [pool.submit(read, at) for at in range(60)]
            writing = [pool.submit(library.intake.add, each) for each in records]
            assert all(job.result() >= 0 for job in reading)
            assert len({job.result().id for job in writing}) == len(records)
        assert list(library.view(restricted=True).dump()) == dump_of(tmp_path / "other", records)


@pytest.mark.sqlite
def test_a_writer_that_waits_too_long_for_another_gets_an_error(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, busy_seconds=0.1) as library:
        raw = sqlite3.connect(tmp_path / "l" / "library.db", isolation_level=None)
        raw.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryBusy, match="đang bận"):
            library.intake.add(connected_records()[0])
        assert library.view().documents() == []
        raw.execute("ROLLBACK")
        raw.close()
        assert library.intake.add(connected_records()[0]).status == "new"
