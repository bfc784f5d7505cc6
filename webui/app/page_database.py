"""Tables of the pages: users, events, subscriptions. In a SQLite file each, or in the library's PostgreSQL.

Beside a library in SQLite they are files of their own, so that a backup of the library has no passwords or addresses.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite

from corpus import storage_errors
from corpus.library.store import Store

#: The advisory lock of PostgreSQL under which these tables are made and written ("pages" as bytes).
_LOCK = int.from_bytes(b"pages", "big")
#: Seconds to wait for another writer.
_WAIT = 20


class PageDatabase:
    """The tables *metadata* of the library in *folder*: in its file *name*, or on the server of *store*."""

    def __init__(self, folder: Path, name: str, metadata: MetaData, store: Store) -> None:
        self._on_server = store.url is not None
        self._engine = _file_engine(folder / name) if store.url is None else _server_engine(store.url)
        with self.write() as connection:  # of several processes one makes them
            metadata.create_all(connection)
        if not self._on_server:
            (folder / name).chmod(0o600)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction. Raises LibraryBusy, LibraryUnreachable, DiskFull."""
        with storage_errors.translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """The same, one after the other: what is counted and then written stays true until it is written."""
        with self.read() as connection:
            if self._on_server:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_WAIT}s'")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            yield connection

    def insert(self, table: Table) -> Any:
        """An INSERT that may say ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
        return postgresql.insert(table) if self._on_server else sqlite.insert(table)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _file_engine(path: Path) -> Engine:
    made = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": _WAIT},
        hide_parameters=True,  # keeps names, hashes and tokens out of error messages and logs
    )

    @event.listens_for(made, "connect")
    def _connect(raw: Any, _: object) -> None:
        raw.execute("PRAGMA journal_mode=WAL").close()

    return made


def _server_engine(url: str) -> Engine:
    from corpus.library.dialects.postgresql import address_of, engine_of  # the driver is optional

    return engine_of(address_of(url))
