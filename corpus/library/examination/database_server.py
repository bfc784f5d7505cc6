"""Whether a library's database on a server can be used: current, with hashes that are hashes."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect, select

from corpus.library import migrations, schema
from corpus.library.database import Database
from corpus.library.examination.report import Finding
from corpus.library.originals import HASHED, invalid_hashes
from corpus.library.store import Store

#: What to do about a database that cannot be used.
_RESTORE = "Hãy phục hồi cơ sở dữ liệu PostgreSQL từ bản sao của nó (pg_restore)."


def unusable_server(folder: Path, store: Store, *, repair: bool) -> Finding | None:
    """What makes the database unusable; None for a sound one. Raises LibraryUnreachable, UsageError."""
    database = Database(folder, store=store)
    try:
        if not database.exists():
            return Finding("co_so_du_lieu", "Cơ sở dữ liệu PostgreSQL trống.", _RESTORE)
        with database.read() as connection:
            at = migrations.revision(connection)
            if not repair and at != schema.REVISION and migrations.older(at):
                return Finding(
                    "co_so_du_lieu",
                    "Kho do phiên bản trước lập, chưa được nâng cấp nên chưa khám được.",
                    "Hãy chạy: ocop doctor --repair",
                    derived=True,
                )
            there = inspect(connection).get_table_names()
            tables = [schema.metadata.tables[name] for name in HASHED if name != "files" and name in there]
            stored = [connection.execute(select(table.c.sha256)).scalars().all() for table in tables]
        invalid = [bad for hashes in stored for bad in invalid_hashes(hashes)]
        if invalid:
            message = "Cơ sở dữ liệu PostgreSQL có mã băm không hợp lệ."
            return Finding("co_so_du_lieu", message, _RESTORE, examples=invalid[:3])
    finally:
        database.close()
    return None
