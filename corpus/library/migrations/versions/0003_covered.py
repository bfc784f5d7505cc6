"""What was read where a person's correction stands: beside the record, so that undoing gives back what was read.

Removed papers, which the audit list keeps, are kept as they were read from now on: their corrections are laid over them
again when they come back.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade():
    op.add_column("records", sa.Column("covered", sa.JSON(), nullable=False, server_default="{}"))
    connection = op.get_bind()
    entries = [
        (row.id, row.action, json.loads(row.detail), row.undone_by)
        for row in connection.execute(
            sa.text("SELECT id, action, detail, undone_by FROM audit WHERE action IN ('correct', 'remove') ORDER BY id")
        ).all()
    ]
    corrections = [(i, d, u) for i, action, d, u in entries if action == "correct" and "sha256" in d]
    covered: dict[str, dict[str, object]] = {}
    for sha256 in {detail["sha256"] for _, detail, _ in corrections}:
        covered[sha256] = _covered(corrections, sha256, None)
    for sha256, was in covered.items():
        if was:
            connection.execute(
                sa.text("UPDATE records SET covered = :was WHERE sha256 = :sha256"),
                {"was": json.dumps(was, ensure_ascii=False), "sha256": sha256},
            )
    for entry, action, detail, undone in entries:
        if action == "remove" and undone is None and "record" in detail:
            record = detail["record"]
            for name, was in _covered(corrections, record["sha256"], entry).items():
                record[name] = was["value"]
                if was["evidence"] is None:
                    record["fields"].pop(name, None)
                else:
                    record["fields"][name] = was["evidence"]
            connection.execute(
                sa.text("UPDATE audit SET detail = :detail WHERE id = :id"),
                {"detail": json.dumps(detail, ensure_ascii=False), "id": entry},
            )


def _covered(corrections, sha256, until):
    """What was read of a file where corrections stood when entry *until* was made (None: stand now).

    The first of those that stand on each other noted it; one after all were undone noted it afresh.
    """

    def stood(undone, at):
        return undone is None or (at is not None and undone > at)

    told: dict[str, dict[str, object]] = {}
    own = [c for c in corrections if c[1]["sha256"] == sha256 and (until is None or c[0] < until)]
    for at, (entry, detail, _) in enumerate(own):
        field = detail["field"]
        if not any(d["field"] == field and stood(u, entry) for _, d, u in own[:at]):
            told[field] = detail["before"]
    covered: dict[str, object] = {}
    for field, before in told.items():
        if any(d["field"] == field and stood(u, until) for _, d, u in own):
            covered.update(before)
    return covered
