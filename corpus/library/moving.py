"""Moves a library's tables from one store to another: from the file to PostgreSQL, or back. The files stay."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import delete, func, select

from corpus import durable
from corpus.errors import UsageError
from corpus.library import Library, migrations, schema
from corpus.library.copying import copy_tables
from corpus.library.database import Database
from corpus.library.dialects.sqlite import FILE
from corpus.library.store import Store

#: What the file is renamed to when its rows were moved: nobody may write to it by mistake.
MOVED = f"{FILE}.da-chuyen"


def move(folder: Path, source: Store, target: Store, others: Callable[[], object] = lambda: None) -> int:
    """Copy the library in *folder* from *source* to *target*, which must be empty, and retire a file; rows copied.

    Nobody can write to *source* meanwhile. others: copies what other rooms keep there. Raises UsageError, and what
    opening a library raises.
    """
    if source.url == target.url:
        raise UsageError("Kho đã ở nơi ấy rồi.", "Hãy kiểm tra --to và OCOP_DATABASE.")
    with Library.open(folder, store=source) as library, library.database.write() as reading:
        made = Database(folder, store=target)
        try:
            _check_empty(made)
        except BaseException:
            made.close()
            raise
        try:
            made.migrate(moved_here=True)
            with made.write() as connection:
                connection.execute(delete(schema.counter))  # made with the tables
                copied = copy_tables(reading, connection)
            others()
        except BaseException:
            made.close()
            if target.url is None:
                _remove_file(folder)
            raise
        made.close()
    if source.url is None:
        _retire_file(folder)
    return copied


def _check_empty(made: Database) -> None:
    """Raises UsageError where the target holds a library; tables without rows are none."""
    if not made.exists():
        return
    with made.read() as connection:
        if migrations.revision(connection) is None:
            return
        if connection.execute(select(func.count()).select_from(schema.nodes)).scalar_one():
            raise UsageError(
                f"Nơi chuyển đến ({made.dialect.name}) đã có một kho.",
                "Hãy lập một cơ sở dữ liệu trống khác, hoặc dời tệp library.db đi.",
            )


def _retire_file(folder: Path) -> None:
    """Rename the file, whose log was written back when its last connection was closed."""
    os.replace(folder / FILE, folder / MOVED)
    _remove_file(folder)
    durable.sync_folder(folder)


def _remove_file(folder: Path) -> None:
    for name in (FILE, f"{FILE}-wal", f"{FILE}-shm"):
        (folder / name).unlink(missing_ok=True)
