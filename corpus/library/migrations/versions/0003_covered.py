"""What was read where a correction stands, in a column beside the record, so that undoing a correction restores it.

Removed documents, which the audit list keeps, are kept as they were read: their corrections are applied again when they
come back.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade():
    """Add the column, and compute from the audit list what was read of corrected and of removed documents."""
    op.add_column("records", sa.Column("covered", sa.JSON(), nullable=False, server_default="{}"))
    connection = op.get_bind()
    entries = [
        (row.id, row.action, json.loads(row.detail), row.undone_by)
        for row in connection.execute(
            sa.text("SELECT id, action, detail, undone_by FROM audit WHERE action IN ('correct', 'remove') ORDER BY id")
        ).all()
    ]
    corrections = [
        (entry, detail, undone)
        for entry, action, detail, undone in entries
        if action == "correct" and "sha256" in detail
    ]
    _fill_held(connection, corrections)
    removals = [(entry, detail) for entry, action, detail, undone in entries if action == "remove" and undone is None]
    _restore_removed(connection, removals, corrections)


def _fill_held(connection, corrections):
    for sha256 in {detail["sha256"] for _, detail, _ in corrections}:
        covered = _covered(corrections, sha256, None)
        if covered:
            connection.execute(
                sa.text("UPDATE records SET covered = :covered WHERE sha256 = :sha256"),
                {"covered": json.dumps(covered, ensure_ascii=False), "sha256": sha256},
            )


def _restore_removed(connection, removals, corrections):
    for entry, detail in removals:
        if "record" not in detail:
            continue
        record = detail["record"]
        for name, stored in _covered(corrections, record["sha256"], entry).items():
            record[name] = stored["value"]
            if stored["evidence"] is None:
                record["fields"].pop(name, None)
            else:
                record["fields"][name] = stored["evidence"]
        connection.execute(
            sa.text("UPDATE audit SET detail = :detail WHERE id = :id"),
            {"detail": json.dumps(detail, ensure_ascii=False), "id": entry},
        )


def _covered(corrections, sha256, until):
    """What was read of a file where corrections stood when audit entry *until* was made; None: where they stand now.

    Of corrections that stood on each other, the first recorded what was read. One that was made after all others were
    undone recorded it again.
    """

    def stood(undone, at):
        return undone is None or (at is not None and undone > at)

    read: dict[str, dict[str, object]] = {}
    own = [each for each in corrections if each[1]["sha256"] == sha256 and (until is None or each[0] < until)]
    for at, (entry, detail, _) in enumerate(own):
        field = detail["field"]
        if not any(earlier["field"] == field and stood(undone, entry) for _, earlier, undone in own[:at]):
            read[field] = detail["before"]
    covered: dict[str, object] = {}
    for field, before in read.items():
        if any(detail["field"] == field and stood(undone, until) for _, detail, undone in own):
            covered.update(before)
    return covered
