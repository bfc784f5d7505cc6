"""One document with all that is known of it, from its row."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, bindparam, select

from corpus.library import records as stored
from corpus.library import rows
from corpus.library.schema import files, nodes, records
from corpus.library.values import Document, Summary


@cache
def _merged(visible: ColumnElement[bool]) -> Select[Any]:
    """Nodes that were merged into :node."""
    return select(nodes.c.id).where(nodes.c.merged_into == bindparam("node"), visible)


@cache
def _same_key(visible: ColumnElement[bool]) -> Select[Any]:
    """Other held documents than :node with the key :doc_key."""
    return select(nodes.c.id).where(*_have_same_key(visible))


@cache
def _first_of_key(visible: ColumnElement[bool]) -> Select[Any]:
    """The whole row of the first of them."""
    return select(nodes).where(*_have_same_key(visible)).order_by(nodes.c.id).limit(1)


def _have_same_key(visible: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    return (
        nodes.c.doc_key == bindparam("doc_key"),
        nodes.c.held.is_(True),
        nodes.c.id != bindparam("node"),
        nodes.c.merged_into.is_(None),
        visible,
    )


_HASHES = select(records.c.sha256).where(records.c.node_id.in_(bindparam("nodes", expanding=True)))
_PATHS = select(files.c.path).where(files.c.sha256.in_(bindparam("hashes", expanding=True)))


def load(connection: Connection, row: RowMapping, visible: ColumnElement[bool]) -> Document:
    """The document of a row of ``nodes``, for those who may see the nodes of *visible*. Raises LibraryDamaged."""
    node = int(row["id"])
    merged = list(connection.execute(_merged(visible), {"node": node}).scalars())
    conflicts = (row["facts"] or {}).get("conflicts", {})
    if not row["held"]:
        return Document(rows.summary(row), None, None, [], None, conflicts, merged)
    record, reader_version = stored.load_with_version(connection, node)
    hashes = [record.sha256]
    if merged:
        hashes += connection.execute(_HASHES, {"nodes": merged}).scalars()
    paths = list(connection.execute(_PATHS, {"hashes": hashes}).scalars())
    return Document(
        rows.summary(row),
        record,
        record.sha256,
        sorted(paths),
        reader_version,
        conflicts,
        merged,
        copies(connection, row, visible),
    )


def copies(connection: Connection, row: RowMapping, visible: ColumnElement[bool]) -> list[int]:
    """Other held documents with the key of *row*, in order of id; none for a stub."""
    if not row["held"]:
        return []
    values = {"doc_key": row["doc_key"], "node": row["id"]}
    return sorted(connection.execute(_same_key(visible), values).scalars())


def first_copy(connection: Connection, row: RowMapping, visible: ColumnElement[bool]) -> Summary | None:
    """The first of :func:`copies` in short; None where there is none."""
    if not row["held"]:
        return None
    values = {"doc_key": row["doc_key"], "node": row["id"]}
    found = connection.execute(_first_of_key(visible), values).mappings().first()
    return None if found is None else rows.summary(found)
