"""The interface of a database that a library may be kept in."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine


class Dialect(Protocol):
    """One database, and how it does what databases do differently."""

    #: How messages to users name it.
    name: str
    #: Execution options of a transaction that sees one moment, and of one that writes.
    reading: Mapping[str, Any]
    writing: Mapping[str, Any]
    #: Seconds to go on trying while the database cannot be reached.
    reach_seconds: float
    #: A table expression in SQL: the numbers of the JSON list ``c.candidates``, as ``j.value``.
    candidates: str
    #: A query in SQL for ids of documents whose stored JSON is none; None where the database takes nothing else.
    not_json: str | None

    #: Whether indexes give the newest documents without sorting all, and the few documents that are not shown.
    has_graph_indexes: bool

    def engine(self) -> Engine:
        """A pool of connections."""
        ...

    def exists(self, engine: Engine) -> bool:
        """Whether a library was made in it, perhaps half."""
        ...

    def lock(self, connection: Connection) -> None:
        """Take the writer's lock in the transaction just begun. Raises what means LibraryBusy."""
        ...

    def migrating(self, folder: Path) -> AbstractContextManager[object]:
        """Held while the schema is brought up to date, before the writer's lock is taken."""
        ...

    def create(self, connection: Connection) -> bool:
        """Make the current schema in an empty database; False where the migrations make it."""
        ...

    def overwrite_deleted(self, connection: Connection) -> None:
        """Have this transaction overwrite what it deletes, as far as the database can."""
        ...

    def forget_deleted(self, engine: Engine) -> None:
        """Remove what was deleted from logs and dead rows, as far as the database can."""
        ...

    def snapshot(self, connection: Connection, target: Path) -> None:
        """Write all tables as they are to the new SQLite file *target*; connection: of a reading transaction."""
        ...
