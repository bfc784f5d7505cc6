"""A table of files that hold documents, such as archives and mail messages, and of what is inside them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade():
    """Add the table; files of that kind were refused until now."""
    op.create_table(
        "containers",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("reader_version", sa.Text(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
