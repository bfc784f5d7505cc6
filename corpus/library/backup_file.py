"""The format of a backup: a whole library in one ZIP file.

::

    library.db                   the database at one moment (``VACUUM INTO``: nothing of deleted pages is in it)
    originals/ab/<sha256>        the originals of the documents in that database
    ocr/ab/<sha256>/…            what OCR read of them, so that they need not be read again
    manifest.json                sizes and hashes of all the above, and the change number of the database

Never in it: the index (it can be built again), pictures, users and sessions, anything of a refused document.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from corpus.errors import LibraryBusy
from corpus.library.originals import HASHED, invalid_hashes

#: What ``what`` in the manifest says.
PROGRAM = "can-cu"
#: The version of the format.
FORMAT = 1
#: The name of the manifest.
MANIFEST = "manifest.json"
#: The name of the database.
DATABASE = "library.db"
#: Bytes that are read or written at once.
BLOCK = 1 << 20

_FILE_NAME = re.compile(
    r"library\.db"
    r"|originals/([0-9a-f]{2})/\1[0-9a-f]{62}"
    r"|ocr/([0-9a-f]{2})/\2[0-9a-f]{62}/(?:engine|[0-9a-f]{2}/[0-9a-f]{62}\.json\.z)"
)


@dataclass(slots=True)
class Backup:
    """What a backup holds."""

    #: When it was made, ISO 8601 in UTC.
    made: str
    #: The version of the database's schema.
    revision: str
    #: The change number of the database.
    sequence: int
    #: How many documents it holds.
    documents: int
    #: Name → [bytes, SHA-256].
    files: dict[str, list[Any]] = field(default_factory=dict)
    #: Hashes of originals that were gone or damaged when the backup was made.
    missing: list[str] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        """The size of all files together."""
        return sum(size for size, _ in self.files.values())


def is_file_name(name: str) -> bool:
    """Whether a file of that name may be in a backup."""
    return _FILE_NAME.fullmatch(name) is not None


def described(database: sqlite3.Connection) -> Backup:
    """The backup of a database, without files yet."""
    values = {
        name: database.execute(query).fetchone()[0]
        for name, query in (
            ("revision", "SELECT version_num FROM alembic_version"),
            ("sequence", "SELECT value FROM counter"),
            ("documents", "SELECT count(*) FROM records"),
        )
    }
    return Backup(datetime.now(UTC).isoformat(timespec="seconds"), **values)


def fault(database: sqlite3.Connection) -> str | None:
    """Why no library can be made of a database, in Vietnamese; None where one can.

    A database with views, triggers or virtual tables is not one of ours: they would run by themselves.
    """
    strange = database.execute("SELECT name FROM sqlite_master WHERE type NOT IN ('table', 'index')").fetchall()
    virtual = database.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'create virtual%'").fetchall()
    if strange or virtual:
        return "library.db có phần tự chạy, không do chương trình này lập"
    sound = database.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
    if not sound or database.execute("PRAGMA foreign_key_check").fetchone():
        return "library.db không lành"
    has = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    for table in HASHED:  # paths of files are made of them
        if database.execute(has, (table,)).fetchone() is None:
            continue  # of an older schema
        bad = invalid_hashes(row[0] for row in database.execute(f"SELECT sha256 FROM {table}"))
        if bad:
            return f"library.db có mã băm lạ {bad[0][:80]!r}"
    return None


@contextlib.contextmanager
def exclusively(target: Path) -> Iterator[None]:
    """Only one backup or restore of a name runs at a time. Raises LibraryBusy."""
    lock = FileLock(target.with_name(f".{target.name}.lock"), timeout=1)
    try:
        lock.acquire()
    except Timeout as error:
        raise LibraryBusy(f"Đang có lệnh khác ghi {target}.", "Hãy chờ lệnh kia xong rồi chạy lại.") from error
    try:
        yield
    finally:
        lock.release()
        with contextlib.suppress(OSError):
            Path(lock.lock_file).unlink()
