"""PostgreSQL: a database of its own for each library, named by a URL; several machines may work with it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, inspect, make_url
from sqlalchemy.engine import URL

from corpus.errors import MissingTool, UsageError
from corpus.library import schema
from corpus.library.dialects.json_columns import as_json, of_json

#: The advisory lock that the one writer of a database holds ("can-cu" as bytes).
_WRITER = int.from_bytes(b"can-cu", "big")
#: Finds the newest documents that meet a condition without sorting all: the expression is ``schema.FIRST_DAY``.
_NEWEST = "CREATE INDEX nodes_newest ON nodes (substr(coalesce(date, '') || '-01-01', 1, 10) DESC, id)"
#: Finds the documents that a view leaves out: restricted ones, and those merged into others.
_UNSEEN = "CREATE INDEX nodes_unseen ON nodes (id) WHERE restricted IS NOT false OR merged_into IS NOT NULL"
#: Our questions look up some hundred rows each. Whole tables read in parallel, and plans compiled, cost far more.
_PLANNING = "SET random_page_cost = 1.1; SET jit = off; SET max_parallel_workers_per_gather = 0"
#: Long texts are compressed by LZ4 where the server knows it (14 and later): the older way takes several times as long.
_COMPRESSING = """
    SELECT set_config(name, 'lz4', false) FROM pg_settings
    WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)"""
#: Seconds that an unreachable server is waited for in one attempt.
_CONNECT_SECONDS = 5


class PostgreSQL:
    """The database at *url*: ``postgresql://user@host/name``. Raises UsageError, MissingTool (no driver).

    A password is better kept in ``~/.pgpass`` or ``PGPASSWORD``, where libpq finds it.
    """

    name = "cơ sở dữ liệu PostgreSQL"
    reading: Mapping[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    # A snapshot taken before the writer's lock would miss what the writer before has just stored.
    writing: Mapping[str, Any] = {"isolation_level": "READ COMMITTED", "postgresql_readonly": False}
    candidates = "LATERAL (SELECT v::bigint AS value FROM json_array_elements_text(c.candidates) v) j"
    not_json: str | None = None
    has_graph_indexes = True

    def __init__(self, url: str, *, busy_seconds: float, reach_seconds: float) -> None:
        self._url = address_of(url)
        self._busy_seconds = busy_seconds
        self.reach_seconds = reach_seconds

    def engine(self) -> Engine:
        """A pool of connections; one that was lost is noticed before it is used."""
        return engine_of(self._url)

    def exists(self, engine: Engine) -> bool:
        """Whether its tables were made."""
        with engine.connect() as connection:
            return inspect(connection).has_table("alembic_version")

    def lock(self, connection: Connection) -> None:
        """Wait for the writer's lock, which the end of the transaction releases."""
        most = max(1, round(self._busy_seconds * 1000))
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {most}; SELECT pg_advisory_xact_lock({_WRITER})")

    def migrating(self, folder: Path) -> AbstractContextManager[object]:
        """Nothing: the writer's lock is enough, as PostgreSQL changes a schema in a transaction."""
        return contextlib.nullcontext()

    def create(self, connection: Connection) -> bool:
        """Make the current schema at once. No database on PostgreSQL is older than schema 0006."""
        collation = connection.exec_driver_sql(
            "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datname = current_database()"
        ).one()
        if collation[0] != "UTF8" or collation[1] not in {"C", "C.UTF-8", "C.utf8", "POSIX"}:
            raise UsageError(
                f"Cơ sở dữ liệu PostgreSQL có bảng mã {collation[0]}, thứ tự chữ {collation[1]}; cần UTF8 và C.UTF-8.",
                "Hãy lập lại: createdb --template=template0 --encoding=UTF8 --locale=C.UTF-8 TÊN.",
            )
        schema.metadata.create_all(connection)
        connection.exec_driver_sql(_NEWEST)
        connection.exec_driver_sql(_UNSEEN)
        return True

    def overwrite_deleted(self, connection: Connection) -> None:
        """Nothing: PostgreSQL has no such thing."""

    def forget_deleted(self, engine: Engine) -> None:
        """Free the dead rows, so that their places are written over; they stay in the log until it is recycled."""
        with (
            engine.connect().execution_options(isolation_level="AUTOCOMMIT", postgresql_readonly=False) as raw,
            contextlib.suppress(exc.DBAPIError),
        ):
            raw.exec_driver_sql("VACUUM records, words, mentions, claims, nodes, files, failures, audit")

    def snapshot(self, connection: Connection, target: Path) -> None:
        """Copy every table, row by row, into a SQLite file."""
        from corpus.library.copying import copy_to_file

        copy_to_file(connection, target)


def address_of(url: str) -> URL:
    """*url* for the driver psycopg. Raises UsageError, MissingTool."""
    with contextlib.suppress(exc.ArgumentError):
        found = make_url(url)
        if found.get_backend_name() == "postgresql" and found.database:
            try:
                import psycopg  # noqa: F401
            except ImportError as error:
                raise MissingTool(
                    "Chưa cài trình điều khiển PostgreSQL (psycopg).", "Hãy cài: pip install 'can-cu[cluster]'."
                ) from error
            return found.set(drivername="postgresql+psycopg")
    raise UsageError(
        "Địa chỉ cơ sở dữ liệu không hợp lệ.", "Hãy ghi như postgresql://NGƯỜI_DÙNG@MÁY:5432/TÊN (xem OCOP_DATABASE)."
    )


def engine_of(url: URL) -> Engine:
    """A pool of connections to the database at *url*."""
    made = create_engine(
        url,
        connect_args={"connect_timeout": _CONNECT_SECONDS, "application_name": "can-cu", "client_encoding": "utf8"},
        pool_size=8,
        max_overflow=16,
        pool_use_lifo=True,
        pool_pre_ping=True,
        hide_parameters=True,  # the text of documents does not belong in a log
        json_serializer=as_json,
        json_deserializer=of_json,
    )

    @event.listens_for(made, "connect")
    def _connect(raw: Any, _: object) -> None:
        raw.autocommit = True  # a setting made in a transaction would go with it
        raw.execute(_PLANNING).close()
        raw.execute(_COMPRESSING).close()
        raw.autocommit = False

    return made
