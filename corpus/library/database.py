"""The database of a library: connections, transactions, and bringing an older schema up to date.

SQLite in WAL mode: many readers, one writer at a time (others wait ``busy_seconds``). A :class:`Database` may be used
from several threads: each transaction takes a connection of its own.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock
from sqlalchemy import Connection, CursorResult, Table, create_engine, event, exc, insert, select

from corpus import storage_errors
from corpus.errors import LibraryDamaged
from corpus.library import schema
from corpus.library.schema import counter

FILE = "library.db"

#: Values in one IN clause; SQLite takes no more than some thousand.
CHUNK = 500

_T = TypeVar("_T")


class Database:
    """``library.db`` in *folder*, which must exist."""

    def __init__(self, folder: Path, *, busy_seconds: float = 60.0) -> None:
        self.folder = folder
        self._engine = create_engine(
            f"sqlite:///{folder / FILE}",
            connect_args={"timeout": busy_seconds},
            pool_size=8,
            max_overflow=64,
            pool_use_lifo=True,  # the connection used last has the pages in its cache
            hide_parameters=True,  # the text of documents does not belong in a log
        )

        @event.listens_for(self._engine, "connect")
        def _connect(raw: sqlite3.Connection, _: object) -> None:
            raw.isolation_level = None  # transactions are begun below, not by the driver
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
                raw.execute(f"PRAGMA {pragma}").close()

        @event.listens_for(self._engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one moment of the library. Raises LibraryBusy, LibraryDamaged."""
        try:
            with storage_errors.translated(), self._engine.connect() as connection, connection.begin():
                yield connection
        except json.JSONDecodeError as error:  # a column of the database: nothing else is decoded in here
            raise LibraryDamaged(
                "Có bản ghi trong kho bị hỏng.", "Hãy chạy `ocop doctor` để biết là văn bản nào."
            ) from error

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the writer's lock from its start. Raises LibraryBusy, LibraryDamaged, DiskFull."""
        with storage_errors.translated():
            writer = self._engine.connect().execution_options(begin="BEGIN IMMEDIATE")
            with writer as connection, connection.begin():
                yield connection

    def check_current(self) -> None:
        """Raises LookupError unless the schema is the one of this program."""
        with self.read() as connection:
            at = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        if at != schema.REVISION:
            raise LookupError(at)

    def migrate(self) -> None:
        """Bring the schema up to date; make it in an empty file.

        Raises LookupError for a schema of a newer program, LibraryDamaged for an empty database beside originals.
        """
        with self.read() as connection, contextlib.suppress(exc.OperationalError):
            at = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            if at == schema.REVISION:
                return
        from corpus.library import migrations  # Alembic is slow to import and seldom needed

        with FileLock(self.folder / "library.lock"), self.write() as connection:
            if migrations.revision(connection) is None and self._has_originals():
                raise LibraryDamaged(
                    f"Thư mục {self.folder} còn tệp gốc nhưng library.db trống hoặc đã mất.",
                    "Hãy phục hồi từ bản sao lưu: ocop restore TỆP --library THƯ_MỤC_MỚI; "
                    "hoặc dời thư mục originals đi.",
                )
            migrations.upgrade(connection)
            if connection.execute(select(counter.c.value)).first() is None:
                connection.execute(insert(counter).values(name="changes", value=0))

    def _has_originals(self) -> bool:
        return next((self.folder / "originals").glob("[0-9a-f][0-9a-f]/[0-9a-f]*"), None) is not None

    def truncate_log(self) -> None:
        """Empty the write-ahead log, so that deleted content does not stay in it; postponed while others read."""
        with self._engine.connect() as raw, contextlib.suppress(exc.OperationalError):
            raw.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def chunks(values: Sequence[_T], size: int = CHUNK) -> Iterator[Sequence[_T]]:
    """*values* in pieces that one query can take."""
    for at in range(0, len(values), size):
        yield values[at : at + size]


def inserted_ids(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert *rows*, all of the same columns, into a table that numbers them; their ids, in order."""
    if not rows:
        return []
    new = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return [int(id_) for id_ in connection.execute(new, list(rows)).scalars()]


def inserted_id(made: CursorResult[Any]) -> int:
    """The id of the row just inserted."""
    key = made.inserted_primary_key
    assert key is not None
    return int(key[0])
