"""Errors of the database and of the disk as this program's own: busy, full, damaged, not allowed.

Any other error is a fault of the program and is left as it is.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from corpus import postgresql_errors
from corpus.errors import DiskFull, LibraryBusy, LibraryDamaged, OcopError, UsageError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DAMAGED = ("malformed", "not a database", "corrupt", "unsupported file format")


def disk_full() -> DiskFull:
    """The error for a full disk."""
    return DiskFull("Đĩa đã đầy, chưa ghi được gì thêm; những gì đã ghi vẫn nguyên.", "Hãy dọn chỗ trống rồi chạy lại.")


def damaged() -> LibraryDamaged:
    """The error for a database that cannot be read."""
    return LibraryDamaged(
        "Kho hỏng: không đọc được library.db.",
        "Hãy chạy `ocop doctor` để xem, rồi phục hồi từ bản sao lưu: ocop restore TỆP --library THƯ_MỤC_MỚI.",
    )


def busy() -> LibraryBusy:
    """The error for a database that another process writes to."""
    return LibraryBusy("Kho đang bận ghi.", "Hãy chờ lệnh kia xong rồi chạy lại.")


def not_writable() -> UsageError:
    """The error for a database that this user may not open or write to."""
    return UsageError("Không mở hoặc ghi được library.db của kho.", "Hãy kiểm tra quyền của thư mục kho.")


#: How the names of SQLite's result codes begin, and the error that each stands for; the first that fits decides.
_BY_CODE: tuple[tuple[tuple[str, ...], Callable[[], OcopError]], ...] = (
    # SQLite reports an I/O error when it cannot enlarge a file or its shared memory on a full disk.
    (("SQLITE_FULL", "SQLITE_IOERR_SHM", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC"), disk_full),
    (("SQLITE_BUSY", "SQLITE_LOCKED"), busy),
    (("SQLITE_READONLY", "SQLITE_CANTOPEN"), not_writable),
    (("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR"), damaged),
)


def meaning(error: BaseException) -> OcopError | None:
    """The error of this program that *error* (of a database, SQLAlchemy or the disk) stands for; None for any other."""
    if isinstance(error, exc.DBAPIError) and error.orig is not None:
        return meaning(error.orig)
    if isinstance(error, exc.TimeoutError):  # all connections of the pool are in use
        return busy()
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error)
    if postgresql_errors.is_of_driver(error):
        return postgresql_errors.meaning(error)
    if isinstance(error, OSError) and error.errno in _FULL:
        return disk_full()
    return None


def _of_sqlite(error: sqlite3.Error) -> OcopError | None:
    """The same for SQLite's errors, by the names of its result codes (https://sqlite.org/rescode.html)."""
    name = getattr(error, "sqlite_errorname", None) or ""
    for beginnings, ours in _BY_CODE:
        if name.startswith(beginnings):
            return ours()
    # Functions such as json_extract raise the general code: their words alone say what is wrong.
    words = str(error).lower()
    return damaged() if any(word in words for word in _DAMAGED) else None


@contextmanager
def translated() -> Iterator[None]:
    """Raises errors of the database and of a full disk inside the block as this program's own."""
    try:
        yield
    except (exc.DBAPIError, exc.TimeoutError, sqlite3.Error, OSError) as error:
        ours = meaning(error)
        if ours is None:
            raise
        raise ours from error
