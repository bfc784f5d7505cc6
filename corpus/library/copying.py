"""Copies a library's tables from one database to another, whatever each is: for backups, and to move a library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, func, insert, select, text

from corpus.library import schema

#: Rows read and written together: a row of records may hold megabytes.
_TOGETHER = 200


def copy_tables(source: Connection, target: Connection, metadata: MetaData = schema.metadata) -> int:
    """Copy all rows of the tables *metadata* of *source* into the empty ones of *target*, ids kept; how many rows.

    Both have the current schema. Runs in the transactions of the two connections.
    """
    copied = 0
    for table in metadata.sorted_tables:
        for rows in _rows(source, table):
            target.execute(insert(table), rows)
            copied += len(rows)
        _continue_numbers(target, table)
    return copied


def _rows(source: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """The rows of *table* in pieces; a document comes before those merged into it."""
    query = select(table).execution_options(yield_per=_TOGETHER)
    if table is schema.nodes:
        query = query.order_by(table.c.merged_into.is_not(None), table.c.id)
    for part in source.execute(query).mappings().partitions(_TOGETHER):
        yield [dict(row) for row in part]


def _continue_numbers(target: Connection, table: Table) -> None:
    """Have PostgreSQL number new rows after those copied; SQLite does by itself."""
    column = table.autoincrement_column
    if target.dialect.name == "postgresql" and column is not None:
        last = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        target.execute(select(func.setval(sequence, last, text("false"))))


def copy_to_file(source: Connection, target: Path) -> None:
    """Copy all rows of *source* into the new SQLite library file *target*."""
    from corpus.library.database import Database
    from corpus.library.dialects.sqlite import FILE

    made = Database(target.parent)
    try:
        made.migrate()
        with made.write() as connection:
            connection.execute(schema.counter.delete())  # made with the file
            copy_tables(source, connection)
    finally:
        made.close()
    if target.name != FILE:
        (target.parent / FILE).rename(target)
