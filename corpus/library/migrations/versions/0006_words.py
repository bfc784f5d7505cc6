"""A table of the words of texts, segmented where the file was read; they are found again by the index without it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade():
    """Add the table; texts whose words are not in it are segmented by the index."""
    op.create_table(
        "words",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("text_key", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
