"""Many rows written to PostgreSQL in one statement, which is the same for any number of them and so prepared once.

The rows are sent as one JSON text. A statement with a parameter for each value costs more to take apart than to run,
and one execution for each row more still.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, TextClause, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from corpus.library.dialects.json_columns import as_json

#: The parameter with the rows.
_ROWS = "rows"


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert *rows*, all of the same columns, none of bytes; None stands for NULL."""
    connection.execute(_insert(table, tuple(rows[0])), {_ROWS: as_json(rows)})


def insert_numbered(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The same for a table that numbers its rows; their ids, in order."""
    numbers = text(
        f"SELECT nextval(pg_get_serial_sequence('{table.name}', 'id')) FROM generate_series(1, CAST(:n AS integer))"
    )
    ids = [int(id_) for id_ in connection.execute(numbers, {"n": len(rows)}).scalars()]
    insert_rows(connection, table, [{"id": id_, **row} for id_, row in zip(ids, rows, strict=True)])
    return ids


def update_rows(connection: Connection, table: Table, key: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set columns of the rows whose id is the value of *key*; all of the same columns, the last of each id counts."""
    rows = list({row[key]: row for row in rows}.values())
    names = tuple(name for name in rows[0] if name != key)
    connection.execute(_update(table, key, names), {_ROWS: as_json(rows)})


@lru_cache
def _insert(table: Table, given: tuple[str, ...]) -> TextClause:
    defaults = {
        column.name: column.default.arg
        for column in table.columns
        if column.name not in given and isinstance(column.default, ScalarElementColumnDefault)
    }
    columns = ", ".join([*given, *defaults])
    values = ", ".join([*(f"v.{name}" for name in given), *(f":{name}" for name in defaults)])
    made = text(f"INSERT INTO {table.name} ({columns}) SELECT {values} FROM {_source(table, given)}")
    return made.bindparams(**defaults)


@lru_cache
def _update(table: Table, key: str, names: tuple[str, ...]) -> TextClause:
    changes = ", ".join(f"{name} = v.{name}" for name in names)
    source = _source(table, names, f"{key} BIGINT, ")
    return text(f"UPDATE {table.name} SET {changes} FROM {source} WHERE {table.name}.id = v.{key}")


def _source(table: Table, names: Sequence[str], before: str = "") -> str:
    shape = ", ".join(f"{name} {_type(table, name)}" for name in names)
    return f"json_to_recordset(CAST(:{_ROWS} AS json)) AS v({before}{shape})"


def _type(table: Table, name: str) -> str:
    return str(table.columns[name].type.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
