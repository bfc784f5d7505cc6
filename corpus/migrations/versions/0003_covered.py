"""What was read where a person's correction stands: beside the record, so that undoing gives back what was read."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade():
    op.add_column("records", sa.Column("covered", sa.JSON(), nullable=False, server_default="{}"))
    connection = op.get_bind()
    # The first correction of a field noted what had been read; those after it may have noted the one before.
    first: dict[str, dict[str, object]] = {}
    standing: set[tuple[str, str]] = set()
    for row in connection.execute(
        sa.text("SELECT detail, undone_by FROM audit WHERE action = 'correct' ORDER BY id")
    ).all():
        detail = json.loads(row.detail)
        if "sha256" not in detail:  # of a paper refused since
            continue
        if row.undone_by is None:
            standing.add((detail["sha256"], detail["field"]))
        told = first.setdefault(detail["sha256"], {})
        told.setdefault(detail["field"], detail["before"])
    for sha256, fields in first.items():
        covered = {}
        for field, before in fields.items():
            if (sha256, field) in standing:
                covered.update(before)
        if covered:
            connection.execute(
                sa.text("UPDATE records SET covered = :covered WHERE sha256 = :sha256"),
                {"covered": json.dumps(covered, ensure_ascii=False), "sha256": sha256},
            )
