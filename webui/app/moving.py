"""Moves a library from its file to PostgreSQL or back, with the users, the events and those who watch."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sqlalchemy import MetaData

from corpus.library.copying import copy_tables
from corpus.library.moving import move
from corpus.library.store import Store
from webui.app import events, mail, users
from webui.app.page_database import PageDatabase

#: The files of the pages' tables beside a library, and their tables.
_PAGES: dict[str, MetaData] = {"users.db": users.TABLES, "mail.db": mail.TABLES, "events.db": events.TABLES}


def move_library(folder: Path, source: Store, target: Store) -> int:
    """Move everything that is in tables; how many rows of the library. Raises UsageError, LibraryUnreachable."""
    return move(folder, source, target, lambda: _move_pages(folder, source, target))


def _move_pages(folder: Path, source: Store, target: Store) -> None:
    for name, tables in _PAGES.items():
        if source.url is None and not (folder / name).exists():
            continue
        with (
            closing(PageDatabase(folder, name, tables, source)) as old,
            closing(PageDatabase(folder, name, tables, target)) as new,
            old.read() as reading,
            new.write() as connection,
        ):
            for table in reversed(tables.sorted_tables):
                connection.execute(table.delete())
            copy_tables(reading, connection, tables)
