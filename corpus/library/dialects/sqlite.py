"""SQLite: the file ``library.db`` in the library's folder, WAL: many readers, one writer."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, exc

from corpus.library import schema
from corpus.library.dialects.json_columns import as_json, of_json

#: The file of a library.
FILE = "library.db"


class SQLite:
    """``library.db`` in *folder*, which must exist when it is first used."""

    name = "library.db"
    reading: Mapping[str, Any] = {}
    writing: Mapping[str, Any] = {"begin": "BEGIN IMMEDIATE"}  # this takes the writer's lock
    reach_seconds = 0.0
    has_graph_indexes = False
    candidates = "json_each(c.candidates) j"
    not_json: str | None = """
        SELECT node_id FROM records WHERE NOT json_valid(record) OR NOT json_valid(covered)
        UNION SELECT source_id FROM mentions WHERE NOT json_valid(citation)"""

    def __init__(self, folder: Path, *, busy_seconds: float) -> None:
        self._path = folder / FILE
        self._busy_seconds = busy_seconds

    def engine(self) -> Engine:
        """A pool of connections."""
        made = create_engine(
            f"sqlite:///{self._path}",
            connect_args={"timeout": self._busy_seconds},
            pool_size=8,
            max_overflow=64,
            pool_use_lifo=True,  # the connection used last has the pages in its cache
            hide_parameters=True,  # the text of documents does not belong in a log
            json_serializer=as_json,
            json_deserializer=of_json,
        )

        @event.listens_for(made, "connect")
        def _connect(raw: sqlite3.Connection, _: object) -> None:
            raw.isolation_level = None  # transactions are begun below, not by the driver
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
                raw.execute(f"PRAGMA {pragma}").close()

        @event.listens_for(made, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

        return made

    def exists(self, engine: Engine) -> bool:
        """Whether there is such a file."""
        return self._path.exists()

    def lock(self, connection: Connection) -> None:
        """Nothing: BEGIN IMMEDIATE has the lock."""

    def migrating(self, folder: Path) -> AbstractContextManager[object]:
        """A lock beside the file: programs that find an empty file wait for the one that fills it."""
        return FileLock(folder / "library.lock")

    def create(self, connection: Connection) -> bool:
        """Make the current schema at once: the migrations make the same, in more time."""
        schema.metadata.create_all(connection)
        return True

    def overwrite_deleted(self, connection: Connection) -> None:
        """What is deleted is overwritten with zeros."""
        connection.exec_driver_sql("PRAGMA secure_delete=ON")

    def forget_deleted(self, engine: Engine) -> None:
        """Empty the write-ahead log; postponed while others read."""
        with engine.connect() as raw, contextlib.suppress(exc.OperationalError):
            raw.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def snapshot(self, connection: Connection, target: Path) -> None:
        """``VACUUM INTO``: nothing of deleted pages is in the copy."""
        with contextlib.closing(sqlite3.connect(self._path, timeout=self._busy_seconds)) as raw:
            raw.execute("VACUUM INTO ?", (str(target),))
