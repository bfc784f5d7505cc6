"""One document with all that is known of it, from its row."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, RowMapping, select

from corpus.library import records as stored
from corpus.library import rows
from corpus.library.schema import files, nodes, records
from corpus.library.values import Document


def load(connection: Connection, row: RowMapping, visible: ColumnElement[bool]) -> Document:
    """The document of a row of ``nodes``, for those who may see the nodes of *visible*. Raises LibraryDamaged."""
    node = int(row["id"])
    joined = select(nodes.c.id).where(nodes.c.merged_into == node, visible)
    merged = list(connection.execute(joined).scalars())
    conflicts = (row["facts"] or {}).get("conflicts", {})
    if not row["held"]:
        return Document(rows.summary(row), None, None, [], None, conflicts, merged)
    kept = connection.execute(select(records.c.sha256, records.c.reader_version).where(records.c.node_id == node)).one()
    hashes = [kept.sha256]
    if merged:
        hashes += connection.execute(select(records.c.sha256).where(records.c.node_id.in_(merged))).scalars()
    paths = list(connection.execute(select(files.c.path).where(files.c.sha256.in_(hashes))).scalars())
    return Document(
        rows.summary(row),
        stored.load(connection, node),
        kept.sha256,
        sorted(paths),
        kept.reader_version,
        conflicts,
        merged,
        _copies(connection, row, visible),
    )


def _copies(connection: Connection, row: RowMapping, visible: ColumnElement[bool]) -> list[int]:
    """Other held documents with the key of *row*."""
    query = select(nodes.c.id).where(
        nodes.c.doc_key == row["doc_key"],
        nodes.c.held.is_(True),
        nodes.c.id != row["id"],
        nodes.c.merged_into.is_(None),
        visible,
    )
    return sorted(connection.execute(query).scalars())
