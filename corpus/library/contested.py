"""The documents of which citing documents say different things."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, func, select

from corpus.library import rows
from corpus.library.schema import claims, nodes
from corpus.library.values import Summary


def contested(connection: Connection, visible: ColumnElement[bool]) -> list[Summary]:
    """The visible documents to which citing ones give different values, in order of key."""
    clash = (
        select(claims.c.target_id)
        .where(claims.c.target_id.is_not(None), claims.c.votes + claims.c.hidden_votes > 0)
        .group_by(claims.c.target_id)
        .having(func.count() > 1)
    )
    query = select(nodes).where(nodes.c.id.in_(clash), visible).order_by(nodes.c.doc_key)
    found = connection.execute(query).mappings().all()
    return [rows.summary(row) for row in found if row["held"] or (row["facts"].get("conflicts") or {})]
