"""The databases that a library may be kept in: SQLite in its folder, or PostgreSQL. One module each, one interface."""

from __future__ import annotations

from pathlib import Path

from corpus.library.dialects.dialect import Dialect
from corpus.library.dialects.sqlite import SQLite
from corpus.library.store import Store

__all__ = ["Dialect", "dialect_of"]


def dialect_of(folder: Path, store: Store, *, busy_seconds: float) -> Dialect:
    """The database of the library in *folder*. busy_seconds: how long to wait for another writer.

    Raises UsageError for an address that is none, MissingTool without the driver.
    """
    if store.url is None:
        return SQLite(folder, busy_seconds=busy_seconds)
    from corpus.library.dialects.postgresql import PostgreSQL  # its driver is optional

    return PostgreSQL(store.url, busy_seconds=busy_seconds, reach_seconds=store.reach_seconds)
