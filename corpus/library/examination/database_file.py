"""Whether the database file can be used at all: sound, of this program, with hashes that are hashes."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from corpus import storage_errors
from corpus.errors import DiskFull, LibraryBusy
from corpus.library import migrations
from corpus.library.dialects.sqlite import FILE
from corpus.library.examination.report import RESTORE, Finding
from corpus.library.originals import HASHED, invalid_hashes

#: Seconds to wait for another writer.
_WAIT = 60


def unusable(path: Path) -> Finding | None:
    """What makes the database unusable; None for a sound one. Raises LibraryBusy, DiskFull."""
    if not path.exists() or not path.stat().st_size:
        return Finding("co_so_du_lieu", "Tệp library.db không còn hoặc trống.", RESTORE)
    if faults := unsound(path):
        return Finding("co_so_du_lieu", "Tệp library.db hỏng.", RESTORE, examples=faults[:3])
    if invalid := _invalid_hashes(path):
        return Finding("co_so_du_lieu", "Tệp library.db có mã băm không hợp lệ.", RESTORE, examples=invalid[:3])
    return None


def never_filled(folder: Path) -> bool:
    """Whether a program that made the library in *folder* was killed before its first transaction ended.

    Such a database has no tables, and no original lies beside it: nothing was lost.
    """
    path = folder / FILE
    if not path.exists() or any((folder / "originals").glob("[0-9a-f][0-9a-f]/*")):
        return False
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=_WAIT)) as raw:
            return bool(raw.execute("SELECT count(*) = 0 FROM sqlite_master").fetchone()[0])
    except sqlite3.DatabaseError:
        return False


def of_older_schema(path: Path) -> Finding | None:
    """What is to be done first for a library of an earlier program; None for a current or an unknown one."""
    with (
        contextlib.closing(sqlite3.connect(path, timeout=_WAIT)) as raw,
        storage_errors.translated(),
        contextlib.suppress(sqlite3.OperationalError),
    ):
        at = raw.execute("SELECT version_num FROM alembic_version").fetchone()
        if at is not None and migrations.older(at[0]):
            return Finding(
                "co_so_du_lieu",
                "Kho do phiên bản trước lập, chưa được nâng cấp nên chưa khám được.",
                "Hãy chạy: ocop doctor --repair",
                derived=True,
            )
    return None


def _invalid_hashes(path: Path) -> list[str]:
    """Hashes of held, refused, removed and failed files that are none: no path may be made of them.

    A path is not made of those in the table of places alone; they are reported with the places.
    """
    with contextlib.closing(sqlite3.connect(path, timeout=_WAIT)) as raw, storage_errors.translated():
        has = "SELECT 1 FROM pragma_table_info(?) WHERE name = 'sha256'"
        tables = [table for table in HASHED if table != "files" and raw.execute(has, (table,)).fetchone()]
        return [bad for t in tables for bad in invalid_hashes(r[0] for r in raw.execute(f"SELECT sha256 FROM {t}"))]


def unsound(path: Path) -> list[str]:
    """What SQLite finds wrong with a database; empty for a sound one. Raises LibraryBusy, DiskFull."""
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=_WAIT)) as raw:
            lines = [str(row[0]) for row in raw.execute("PRAGMA integrity_check(5)")]
            lines += [f"khóa ngoại: {row[0]} {row[1]}" for row in raw.execute("PRAGMA foreign_key_check").fetchmany(5)]
    except sqlite3.Error as error:
        if isinstance(ours := storage_errors.meaning(error), LibraryBusy | DiskFull):
            raise ours from error
        return [str(error)]
    return [line for line in lines if line != "ok"]
