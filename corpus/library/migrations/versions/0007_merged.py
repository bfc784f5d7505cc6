"""The index of merged documents holds these alone.

Nearly every document is merged into none. SQLite, which keeps no statistics here, took "merged into none" for a rare
condition and began queries with all documents.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade():
    """Make the index anew."""
    merged = sa.text("merged_into IS NOT NULL")
    op.drop_index("nodes_merged", table_name="nodes")
    op.create_index("nodes_merged", "nodes", ["merged_into"], sqlite_where=merged, postgresql_where=merged)
