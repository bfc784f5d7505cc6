"""Migrates the database of a library from older schemas; runs when a library is opened."""

from __future__ import annotations

import importlib.util
import pkgutil
from pathlib import Path

from sqlalchemy import Connection, inspect

from corpus.library import schema

_VERSIONS = Path(__file__).parent / "versions"

#: As Alembic makes it.
_VERSION_TABLE = """
    CREATE TABLE IF NOT EXISTS alembic_version (
        version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
    )
"""


def _steps() -> dict[str | None, tuple[str, object]]:
    """The migrations: the revision that each starts from → (its own revision, its module)."""
    chain: dict[str | None, tuple[str, object]] = {}
    for found in pkgutil.iter_modules([str(_VERSIONS)]):
        spec = importlib.util.spec_from_file_location(found.name, _VERSIONS / f"{found.name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        chain[module.down_revision] = (module.revision, module)
    return chain


def revision(connection: Connection) -> str | None:
    """The revision of a database; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found


def revision_chain() -> list[str]:
    """All revisions, the oldest first."""
    steps = _steps()
    chain: list[str] = []
    at: str | None = None
    while at in steps:
        at = steps[at][0]
        chain.append(at)
    return chain


def older(revision: str | None) -> bool:
    """Whether an earlier version of this program left a database at *revision*."""
    return revision is not None and revision in _steps()


def upgrade(connection: Connection) -> str | None:
    """Migrate the database to :data:`corpus.library.schema.REVISION`; the revision it had before.

    Runs in the caller's transaction: it is done wholly or not at all. Raises LookupError for a revision that this
    program does not know (a newer one made it).
    """
    from alembic.migration import MigrationContext  # slow to import and seldom needed
    from alembic.operations import Operations

    before = at = revision(connection)
    steps = _steps()
    with Operations.context(MigrationContext.configure(connection)):
        while at != schema.REVISION:
            if at not in steps:
                raise LookupError(at or "")
            at, module = steps[at]
            module.upgrade()  # type: ignore[attr-defined]
    if before != schema.REVISION:
        note_revision(connection, schema.REVISION)
    return before


def note_revision(connection: Connection, revision: str) -> None:
    """Note that the database is at *revision*."""
    connection.exec_driver_sql(_VERSION_TABLE)
    connection.exec_driver_sql("DELETE FROM alembic_version")
    connection.exec_driver_sql(f"INSERT INTO alembic_version (version_num) VALUES ('{revision}')")
