"""The database of a library: connections, transactions, and bringing an older schema up to date.

Many readers, one writer at a time (others wait ``busy_seconds``), in SQLite or PostgreSQL
(:mod:`corpus.library.dialects`). A :class:`Database` may be used from several threads: each transaction takes a
connection of its own.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Table, exc, insert, select

from corpus import storage_errors
from corpus.errors import LibraryDamaged, LibraryUnreachable
from corpus.library import schema
from corpus.library.dialects import dialect_of, sqlite_rows
from corpus.library.dialects.sqlite import FILE
from corpus.library.originals import originals_of
from corpus.library.schema import counter
from corpus.library.store import HERE, Store

#: Seconds between attempts to reach a server.
_PAUSE = 0.5
#: Values in one IN clause; SQLite takes no more than some thousand.
CHUNK = 500

_T = TypeVar("_T")


class Database:
    """The database of the library in *folder*, which must exist: where *store* says."""

    def __init__(self, folder: Path, *, store: Store = HERE, busy_seconds: float = 60.0) -> None:
        self.folder = folder
        self.store = store
        self.dialect = dialect_of(folder, store, busy_seconds=busy_seconds)
        #: The connection of this thread's moment.
        self._pinned = threading.local()
        self._engine = self.dialect.engine()

    def exists(self) -> bool:
        """Whether a library was made in it. Raises LibraryUnreachable."""
        with storage_errors.translated():
            return self.dialect.exists(self._engine)

    @contextlib.contextmanager
    def moment(self) -> Iterator[None]:
        """Everything that this thread reads inside sees the same moment of the library, on one connection.

        Raises LibraryBusy, LibraryDamaged.
        """
        with self.read() as connection:
            before, self._pinned.connection = self._pinned_connection(), connection
            try:
                yield
            finally:
                self._pinned.connection = before

    def _pinned_connection(self) -> Connection | None:
        found: Connection | None = getattr(self._pinned, "connection", None)
        return found

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one moment of the library. Raises LibraryBusy, LibraryUnreachable, LibraryDamaged."""
        pinned = self._pinned_connection()
        if pinned is not None:
            yield pinned
            return
        try:
            with (
                storage_errors.translated(),
                self._connected(self.dialect.reading) as connection,
                connection.begin(),
            ):
                yield connection
        except json.JSONDecodeError as error:  # a column of the database: nothing else is decoded in here
            raise LibraryDamaged(
                "Có bản ghi trong kho bị hỏng.", "Hãy chạy `ocop doctor` để biết là văn bản nào."
            ) from error

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the writer's lock from its start.

        Raises LibraryBusy, LibraryUnreachable (also where the server is lost before the end: the transaction may then
        have been carried out or not), LibraryDamaged, DiskFull.
        """
        with (
            storage_errors.translated(),
            self._connected(self.dialect.writing) as connection,
            connection.begin(),
        ):
            self.dialect.lock(connection)
            yield connection

    def _connected(self, options: Mapping[str, Any]) -> Connection:
        """A connection; a server that cannot be reached is tried again for a while. Raises LibraryUnreachable."""
        until = time.monotonic() + self.dialect.reach_seconds
        while True:
            try:
                with storage_errors.translated():
                    return self._engine.connect().execution_options(**options)
            except LibraryUnreachable:
                if time.monotonic() >= until:
                    raise
            time.sleep(_PAUSE)

    def carried_out(self, work: Callable[[], _T]) -> _T:
        """What *work* gives; done again for a while where the server is lost in the middle.

        *work* must bear being done twice: it may have been carried out when the server was lost. Raises what it raises.
        """
        until = time.monotonic() + self.dialect.reach_seconds
        while True:
            try:
                return work()
            except LibraryUnreachable:
                if time.monotonic() >= until:
                    raise
            time.sleep(_PAUSE)

    def check_current(self) -> None:
        """Raises LookupError unless the schema is the one of this program."""
        with self.read() as connection:
            at = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        if at != schema.REVISION:
            raise LookupError(at)

    def migrate(self, *, moved_here: bool = False) -> None:
        """Bring the schema up to date; make it in an empty database. moved_here: its rows are about to come.

        Raises LookupError for a schema of a newer program, LibraryDamaged for an empty database beside originals.
        """
        with self.read() as connection, contextlib.suppress(exc.OperationalError, exc.ProgrammingError):
            at = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            if at == schema.REVISION:
                return
        from corpus.library import migrations

        with self.dialect.migrating(self.folder), self.write() as connection:
            at = migrations.revision(connection)
            if at is None and self._has_originals() and not moved_here:
                raise self._lost()
            if at is None and self.dialect.create(connection):
                migrations.note_revision(connection, schema.REVISION)
            else:
                migrations.upgrade(connection)
            if connection.execute(select(counter.c.value)).first() is None:
                connection.execute(insert(counter).values(name="changes", value=0))

    def _lost(self) -> LibraryDamaged:
        """The error for an empty database beside originals."""
        message = f"Thư mục {self.folder} còn tệp gốc nhưng {self.dialect.name} trống hoặc đã mất."
        if self.store.url is not None and (self.folder / FILE).exists():
            return LibraryDamaged(message, "Hãy bỏ OCOP_DATABASE rồi chuyển kho sang: ocop move --to ĐỊA_CHỈ.")
        return LibraryDamaged(
            message,
            "Hãy phục hồi từ bản sao lưu: ocop restore TỆP --library THƯ_MỤC_MỚI; hoặc dời thư mục originals đi.",
        )

    def _has_originals(self) -> bool:
        return not originals_of(self.folder, self.store).is_empty()

    def holds_documents(self) -> bool:
        """Whether a document is held."""
        with self.read() as connection:
            return connection.execute(select(schema.records.c.sha256).limit(1)).first() is not None

    def overwrite_deleted(self, connection: Connection) -> None:
        """Have the writing transaction of *connection* overwrite what it deletes."""
        self.dialect.overwrite_deleted(connection)

    def forget_deleted(self) -> None:
        """Remove deleted content from the database's log, as far as the database can."""
        with storage_errors.translated():
            self.dialect.forget_deleted(self._engine)

    def snapshot(self, target: Path) -> None:
        """Write the tables at one moment to the new SQLite file *target*. Raises LibraryBusy, DiskFull."""
        with self.read() as connection:
            self.dialect.snapshot(connection, target)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def chunks(values: Sequence[_T], size: int = CHUNK) -> Iterator[Sequence[_T]]:
    """*values* in pieces that one query can take."""
    for at in range(0, len(values), size):
        yield values[at : at + size]


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert *rows*, all of the same columns, none of bytes, and none with None in a column of JSON."""
    if rows:
        _rows_of(connection).insert_rows(connection, table, rows)


def inserted_ids(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> list[int]:
    """The same into a table that numbers them; their ids, in order."""
    return _rows_of(connection).insert_numbered(connection, table, rows) if rows else []


def update_rows(connection: Connection, table: Table, key: str, rows: Sequence[dict[str, Any]]) -> None:
    """Set columns of the rows whose ids stand under *key*, all of the same columns, as for :func:`insert_rows`."""
    if rows:
        _rows_of(connection).update_rows(connection, table, key, rows)


def _rows_of(connection: Connection) -> ModuleType:
    """How many rows are written to this database."""
    if connection.dialect.name == "postgresql":
        from corpus.library.dialects import postgresql_rows  # what it needs takes long to import

        return postgresql_rows
    return sqlite_rows


def inserted_id(made: CursorResult[Any]) -> int:
    """The id of the row just inserted."""
    key = made.inserted_primary_key
    assert key is not None
    return int(key[0])
