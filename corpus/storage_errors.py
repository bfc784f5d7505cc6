"""What the database's and the disk's own errors mean to a user: busy, full, damaged, not allowed.

Everything that is none of these is a fault of the program and is left as it is.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from corpus.errors import DiskFull, LibraryBusy, LibraryDamaged, OcopError, UsageError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DAMAGED = ("malformed", "not a database", "corrupt", "disk i/o error", "unsupported file format")


def disk_full() -> DiskFull:
    return DiskFull("Đĩa đã đầy, chưa ghi được gì thêm; những gì đã ghi vẫn nguyên.", "Hãy dọn chỗ trống rồi chạy lại.")


def damaged(where: object = "") -> LibraryDamaged:
    place = f" ở {where}" if where else ""
    return LibraryDamaged(
        f"Kho{place} hỏng: không đọc được library.db.",
        "Hãy chạy `ocop doctor` để xem, rồi phục hồi từ bản sao lưu: ocop restore TỆP --library THƯ_MỤC_MỚI.",
    )


def busy() -> LibraryBusy:
    return LibraryBusy("Kho đang bận ghi.", "Hãy chờ lệnh kia xong rồi chạy lại.")


def meaning(error: BaseException) -> OcopError | None:
    """The error of ours that *error* (of SQLite, SQLAlchemy or the disk) stands for; None for any other."""
    if isinstance(error, exc.DBAPIError) and error.orig is not None:
        return meaning(error.orig)
    if isinstance(error, sqlite3.Error):
        said = str(error).lower()
        # An I/O error is what SQLite says when it cannot enlarge its shared memory on a full disk.
        if "is full" in said or (getattr(error, "sqlite_errorname", "") or "").startswith("SQLITE_IOERR_SHM"):
            return disk_full()
        if "locked" in said or "busy" in said:
            return busy()
        if "readonly" in said or "unable to open" in said:
            return UsageError("Không mở hoặc ghi được library.db của kho.", "Hãy kiểm tra quyền của thư mục kho.")
        if getattr(error, "sqlite_errorname", "") in {"SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC"}:
            return disk_full()
        if any(word in said for word in _DAMAGED):
            return damaged()
    if isinstance(error, OSError) and error.errno in _FULL:
        return disk_full()
    return None


@contextmanager
def translated() -> Iterator[None]:
    """Raises errors of the database and of a full disk inside the block as this program's own."""
    try:
        yield
    except (exc.DBAPIError, sqlite3.Error, OSError) as error:
        ours = meaning(error)
        if ours is None:
            raise
        raise ours from error
