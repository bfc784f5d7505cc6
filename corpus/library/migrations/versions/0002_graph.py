"""What the graph loads, in columns of its own; which nodes only the known-documents tables tell of."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.add_column("nodes", sa.Column("known", sa.Text()))
    op.add_column("nodes", sa.Column("known_only", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("mentions", sa.Column("relation", sa.Text(), nullable=False, server_default="dan_chieu"))
    op.add_column("mentions", sa.Column("legal", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("mentions", sa.Column("wide", sa.Boolean(), nullable=False, server_default=sa.false()))
    connection = op.get_bind()
    mentions = sa.table(
        "mentions", sa.column("id"), sa.column("citation"), sa.column("relation"), sa.column("legal"), sa.column("wide")
    )
    for row in connection.execute(sa.select(mentions.c.id, mentions.c.citation)).all():
        said = json.loads(row.citation) if isinstance(row.citation, str) else row.citation
        legal = said["is_legal_basis"]
        near = said["zone"] == "preamble" and said["relation"] in ("theo_de_nghi", "thuc_hien", "trien_khai")
        connection.execute(
            sa.update(mentions)
            .where(mentions.c.id == row.id)
            .values(relation=said["relation"], legal=legal, wide=legal or near)
        )
    # Settled anew on the next write: the rules of resolution have grown.
    connection.execute(sa.text("UPDATE settings SET value = '0' WHERE name = 'rules'"))
