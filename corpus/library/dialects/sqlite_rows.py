"""Many rows written to SQLite by one statement that is prepared once, with values ready for the driver.

SQLAlchemy takes each row apart by itself, which costs more than the database's own work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, Connection, Table
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from corpus.library.dialects.json_columns import as_json


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert *rows*, all of the same columns; None stands for NULL."""
    given = tuple(rows[0])
    statement, defaults = _insert(table, given)
    connection.exec_driver_sql(statement, [(*values, *defaults) for values in _values(table, given, rows)])


def insert_numbered(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The same for a table that numbers its rows; their ids, in order.

    The transaction has the writer's lock, so that the rows of one statement are numbered one after another.
    """
    insert_rows(connection, table, rows)
    last = int(connection.exec_driver_sql("SELECT last_insert_rowid()").scalar_one())
    return list(range(last - len(rows) + 1, last + 1))


def update_rows(connection: Connection, table: Table, key: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set columns of the rows whose id is the value of *key*; all of the same columns, the last of each id counts."""
    names = tuple(name for name in rows[0] if name != key)
    changes = ", ".join(f"{name} = ?" for name in names)
    values = zip(_values(table, names, rows), map(itemgetter(key), rows), strict=True)
    connection.exec_driver_sql(
        f"UPDATE {table.name} SET {changes} WHERE id = ?", [(*set_, id_) for set_, id_ in values]
    )


def _values(table: Table, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """The values of these columns in each row, as the driver takes them."""
    return list(zip(*(_column(table, name, rows) for name in names), strict=True))


def _column(table: Table, name: str, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    values = map(itemgetter(name), rows)
    return list(map(as_json, values) if isinstance(table.columns[name].type, JSON) else values)


@lru_cache
def _insert(table: Table, given: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    """The statement, and the values of columns that are not *given*."""
    defaults = {
        column.name: column.default.arg
        for column in table.columns
        if column.name not in given and isinstance(column.default, ScalarElementColumnDefault)
    }
    names = (*given, *defaults)
    columns, marks = ", ".join(names), ", ".join("?" for _ in names)
    return f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", tuple(defaults.values())
