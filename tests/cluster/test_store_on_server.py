"""A library in PostgreSQL: the same content as in a file, moved there and back, and errors that say what to do."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from corpus.errors import LibraryBusy, LibraryDamaged, LibraryUnreachable, NotFound, UsageError
from corpus.library import Library
from corpus.library.backup import backup
from corpus.library.doctor import examine
from corpus.library.restore import restore
from corpus.library.store import HERE, Store
from tests.cluster.office import Office, write_documents
from tests.support.libraries import connected_records, with_originals
from tests.support.postgres import Server
from tests.support.waiting import wait_for
from webui.app.moving import move_library
from webui.app.settings import load
from webui.app.users import Users

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1200)]


@pytest.fixture
def store(postgres: Server) -> Store:
    return Store(postgres.database(), reach_seconds=0.5)


def content(folder: Path, store: Store) -> list[str]:
    with Library.open(folder, store=store) as library:
        return list(library.view(restricted=True).dump())


def filled(folder: Path, store: Store, files: Path) -> list[str]:
    """A library of the connected records; its content."""
    with Library.open(folder, create=True, store=store) as library:
        for record, original in with_originals(connected_records(), files):
            library.intake.add(record, original)
        return list(library.view(restricted=True).dump())


def test_the_dump_equals_that_of_a_file_byte_for_byte(tmp_path: Path, store: Store) -> None:
    in_file = filled(tmp_path / "a", HERE, tmp_path / "tep")
    assert filled(tmp_path / "b", store, tmp_path / "tep") == in_file
    assert not (tmp_path / "b" / "library.db").exists()
    assert examine(tmp_path / "b", deep=True, store=store).findings == []


def test_ingests_that_overlap_with_one_killed_and_run_again_equal_a_single_one(
    tmp_path: Path, postgres: Server
) -> None:
    files = write_documents(tmp_path / "tep", 24)
    single = Office(tmp_path / "mot", None)
    single.run("ingest", tmp_path / "tep")
    shared = Office(tmp_path / "chung", postgres.database())
    shared.run("ingest", files[0])
    lists = [files[:16], files[8:], [*files[20:], *files[:6]]]
    children = [shared.start("ingest", *some) for some in lists]

    def stored() -> bool:
        return len(shared.dump()) > len(files[:4])

    wait_for(stored, seconds=600)
    os.killpg(children[1].pid, signal.SIGKILL)
    for child, code in zip(children, (0, -signal.SIGKILL, 0), strict=True):
        out, _ = child.communicate()
        assert child.returncode in {0, code}, out
    shared.run("ingest", *lists[1])
    assert shared.dump() == single.dump()
    assert examine(shared.folder, deep=True, store=shared.store).findings == []


def _kill_when_it_stores(office: Office, child: subprocess.Popen[str], *, after: float) -> None:
    """Kill an ingest some seconds after it has stored something more."""
    before = len(office.dump())
    wait_for(lambda: len(office.dump()) > before or child.poll() is not None, seconds=600)
    time.sleep(after)
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
    child.communicate()


def test_an_ingest_killed_at_any_moment_leaves_no_record_without_its_original(tmp_path: Path, postgres: Server) -> None:
    """The originals may be on their way when it is killed (-9); run again it makes the library of a single run."""
    write_documents(tmp_path / "tep", 40)
    single = Office(tmp_path / "mot", None)
    single.run("ingest", tmp_path / "tep")
    office = Office(tmp_path / "kho", postgres.database())
    office.run("ingest", next((tmp_path / "tep").iterdir()))
    for kill in range(3):
        _kill_when_it_stores(office, office.start("ingest", tmp_path / "tep"), after=kill / 10)
        found = {finding.code for finding in examine(office.folder, deep=True, store=office.store).findings}
        assert not found & {"mat_goc", "hong_goc", "ban_ghi", "dan_chieu"}
    office.run("ingest", tmp_path / "tep")
    assert office.dump() == single.dump()
    assert examine(office.folder, deep=True, store=office.store).findings == []


def test_a_library_moves_to_the_server_and_back_with_its_users(tmp_path: Path, store: Store) -> None:
    folder = tmp_path / "kho"
    before = filled(folder, HERE, tmp_path / "tep")
    users = Users(folder)
    users.add("lan", "mật khẩu rất dài", "quan-tri")
    users.close()
    assert move_library(folder, HERE, store) > len(before)
    assert not (folder / "library.db").exists()
    with pytest.raises(LibraryDamaged):  # nobody writes to an empty file by mistake
        Library.open(folder, create=True)
    assert content(folder, store) == before
    there = Users(folder, store)
    assert [user.name for user in there.all()] == ["lan"]
    assert there.sign_in("lan", "mật khẩu rất dài", "::1") is not None
    there.close()
    with Library.open(folder, store=store) as library:  # numbers go on after those that were moved
        library.edits.correct(library.view().documents()[0].id, "title", "Tên đã sửa", who="lan")
    filled(tmp_path / "khac", HERE, tmp_path / "tep")
    with pytest.raises(UsageError, match="đã có một kho"):
        move_library(tmp_path / "khac", HERE, store)
    changed = content(folder, store)
    move_library(folder, store, HERE)
    assert content(folder, HERE) == changed != before


def test_a_backup_of_the_server_is_restored_into_a_file(tmp_path: Path, store: Store) -> None:
    before = filled(tmp_path / "kho", store, tmp_path / "tep")
    made = backup(tmp_path / "kho", tmp_path / "sao.zip", store=store)
    assert made.missing == []
    restore(tmp_path / "sao.zip", tmp_path / "moi")
    assert content(tmp_path / "moi", HERE) == before
    assert examine(tmp_path / "moi", deep=True).findings == []


def test_a_writer_that_waits_too_long_for_another_gets_an_error(tmp_path: Path, store: Store) -> None:
    with (
        Library.open(tmp_path / "l", create=True, store=store, busy_seconds=0.1) as library,
        Library.open(tmp_path / "l", store=store) as other,
    ):
        with other.database.write(), pytest.raises(LibraryBusy, match="đang bận"):
            library.intake.add(connected_records()[0])
        assert library.view().documents() == []
        assert library.intake.add(connected_records()[0]).status == "new"


def test_a_library_of_a_newer_program_is_not_opened(tmp_path: Path, store: Store) -> None:
    with Library.open(tmp_path / "l", create=True, store=store) as library, library.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(LibraryDamaged, match="phiên bản"):
        Library.open(tmp_path / "l", store=store)


def test_an_empty_database_is_no_library(tmp_path: Path, store: Store) -> None:
    with pytest.raises(NotFound, match="ocop ingest"):
        Library.open(tmp_path / "l", store=store)
    filled(tmp_path / "l", HERE, tmp_path / "tep")
    with pytest.raises(LibraryDamaged, match="ocop move"):  # the file beside the originals has the documents
        Library.open(tmp_path / "l", create=True, store=store)


def test_a_database_of_another_order_of_letters_is_refused(tmp_path: Path, postgres: Server) -> None:
    url = postgres.database(encoding="SQL_ASCII")
    with pytest.raises(UsageError, match="UTF8"):
        Library.open(tmp_path / "l", create=True, store=Store(url))


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql:///", "khong phai dia chi"])
def test_an_address_that_is_none_is_a_mistake_in_the_settings(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError, match="OCOP_DATABASE"):
        Library.open(tmp_path / "l", create=True, store=Store(url))


def test_a_wrong_name_is_told_from_a_server_that_is_away(tmp_path: Path, postgres: Server) -> None:
    with pytest.raises(UsageError, match="pgpass"):
        Library.open(tmp_path / "l", create=True, store=Store(postgres.url("khong_co")))
    away = f"postgresql://ocop:matkhau@/kho?host={tmp_path}"
    with pytest.raises(LibraryUnreachable) as caught:
        Library.open(tmp_path / "l", create=True, store=Store(away, reach_seconds=0.1))
    assert "matkhau" not in str(caught.value)
    assert "matkhau" not in repr(load(database=away))
    assert "matkhau" not in repr(load(database=away).store)


def test_the_originals_of_a_library_on_a_server_are_left_out_when_its_folder_is_read(
    tmp_path: Path, store: Store
) -> None:
    from webui.app.file_walk import walk

    filled(tmp_path / "tep" / "kho", store, tmp_path / "tep")
    found = walk([tmp_path / "tep"], tmp_path / "tep" / "kho")
    assert len(found.files) == len(connected_records())
