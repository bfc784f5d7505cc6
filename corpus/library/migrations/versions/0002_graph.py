"""Columns for what the graph loads, and for nodes that only the known-documents tables know."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    """Add the columns, fill them from the citations, and have the next write resolve again, as the rules changed."""
    op.add_column("nodes", sa.Column("known", sa.Text()))
    op.add_column("nodes", sa.Column("known_only", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("mentions", sa.Column("relation", sa.Text(), nullable=False, server_default="dan_chieu"))
    op.add_column("mentions", sa.Column("legal", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("mentions", sa.Column("wide", sa.Boolean(), nullable=False, server_default=sa.false()))
    connection = op.get_bind()
    _fill_mentions(connection)
    connection.execute(sa.text("UPDATE settings SET value = '0' WHERE name = 'rules'"))


def _fill_mentions(connection):
    mentions = sa.table(
        "mentions", sa.column("id"), sa.column("citation"), sa.column("relation"), sa.column("legal"), sa.column("wide")
    )
    for row in connection.execute(sa.select(mentions.c.id, mentions.c.citation)).all():
        citation = json.loads(row.citation) if isinstance(row.citation, str) else row.citation
        legal = citation["is_legal_basis"]
        near = citation["zone"] == "preamble" and citation["relation"] in ("theo_de_nghi", "thuc_hien", "trien_khai")
        connection.execute(
            sa.update(mentions)
            .where(mentions.c.id == row.id)
            .values(relation=citation["relation"], legal=legal, wide=legal or near)
        )
