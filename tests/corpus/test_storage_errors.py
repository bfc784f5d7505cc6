"""Errors of SQLite and of the disk come out as errors that say the next step."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from corpus import storage_errors
from corpus.errors import DiskFull, LibraryBusy, LibraryDamaged, OcopError, UsageError


def raised(database: Path, *statements: str, mode: str = "rwc") -> BaseException:
    """What SQLite raises for the last of *statements*."""
    with closing(sqlite3.connect(f"file:{database}?mode={mode}", uri=True, timeout=0)) as connection:
        for statement in statements[:-1]:
            connection.execute(statement)
        with pytest.raises(sqlite3.Error) as caught:
            connection.execute(statements[-1])
        return caught.value


def test_a_database_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"x" * 5000)
    assert isinstance(storage_errors.meaning(raised(tmp_path / "a.db", "SELECT 1 FROM t")), LibraryDamaged)


def test_a_value_that_is_no_json_is_damage(tmp_path: Path) -> None:
    error = raised(tmp_path / "a.db", "SELECT json_extract('rác', '$.a')")
    assert isinstance(storage_errors.meaning(error), LibraryDamaged)


def test_a_database_that_another_writes_to_is_busy(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
        other.execute("CREATE TABLE t (x)")
        other.execute("BEGIN IMMEDIATE")
        assert isinstance(storage_errors.meaning(raised(tmp_path / "a.db", "INSERT INTO t VALUES (1)")), LibraryBusy)


def test_a_full_database_is_a_full_disk(tmp_path: Path) -> None:
    grown = ("PRAGMA max_page_count = 2", "CREATE TABLE t (x)", "INSERT INTO t VALUES (zeroblob(100000))")
    assert isinstance(storage_errors.meaning(raised(tmp_path / "a.db", *grown)), DiskFull)


def test_a_database_open_for_reading_alone_cannot_be_written(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "a.db").close()
    error = raised(tmp_path / "a.db", "CREATE TABLE t (x)", mode="ro")
    assert isinstance(storage_errors.meaning(error), UsageError)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_an_operating_system_that_has_no_room_is_a_full_disk(number: int) -> None:
    with pytest.raises(DiskFull, match="Hãy"), storage_errors.translated():
        raise OSError(number, "no room")


def test_faults_of_the_program_are_left_as_they_are(tmp_path: Path) -> None:
    for error in (raised(tmp_path / "a.db", "SELECT none_such"), OSError(errno.ENOENT, "gone"), KeyError("x")):
        assert storage_errors.meaning(error) is None
        with pytest.raises(type(error)) as caught, storage_errors.translated():
            raise error
        assert not isinstance(caught.value, OcopError)
