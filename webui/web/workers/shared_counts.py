"""Counts of rate limits that several processes share, in a small file that lives as long as they do."""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from pathlib import Path

from limits.storage import Storage

_SCHEMA = "CREATE TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, ends REAL NOT NULL, times INTEGER NOT NULL)"
_ADD = """
INSERT INTO counts VALUES (:name, :ends, :amount) ON CONFLICT (name) DO UPDATE SET
    times = CASE WHEN ends <= :now THEN excluded.times ELSE times + excluded.times END,
    ends = CASE WHEN ends <= :now THEN excluded.ends ELSE ends END
RETURNING times
"""
#: Seconds to wait for another process, and seconds between removals of what is over.
_WAIT, _SWEEP = 1.0, 60.0


class SharedCounts(Storage):
    """Counts in the file *path*, for fixed windows. Used by one thread of each process (the event loop).

    Nothing is synchronised to the disk: the counts end with the server. Where the file cannot be used, nothing is
    counted and every request passes: a limit that stops a runaway script must not stop the server.
    """

    STORAGE_SCHEME = None

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=OFF", _SCHEMA):
            self._connection.execute(statement)
        self._swept = time.time()

    @property
    def base_exceptions(self) -> type[Exception]:
        """See :class:`limits.storage.Storage`."""
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count *amount* more for *key* in a window of *expiry* seconds that begins with the first; the count."""
        now = time.time()
        asked = {"name": key, "ends": now + expiry, "amount": amount, "now": now}
        with suppress(sqlite3.Error):
            if now - self._swept > _SWEEP:
                self._swept = now
                self._connection.execute("DELETE FROM counts WHERE ends <= ?", (now,))
            ((times,),) = self._connection.execute(_ADD, asked).fetchall()
            return int(times)
        return 0

    def _found(self, key: str) -> tuple[float, int]:
        """When the window of *key* ends, and its count."""
        now = time.time()
        with suppress(sqlite3.Error):
            found = self._connection.execute("SELECT ends, times FROM counts WHERE name = ?", (key,)).fetchone()
            if found and found[0] > now:
                return float(found[0]), int(found[1])
        return now, 0

    def get(self, key: str) -> int:
        """The count of *key* in its present window."""
        return self._found(key)[1]

    def get_expiry(self, key: str) -> float:
        """When the present window of *key* ends, in seconds since the epoch."""
        return self._found(key)[0]

    def check(self) -> bool:
        """Whether the file can be used."""
        with suppress(sqlite3.Error):
            return self._connection.execute("SELECT count(*) FROM counts").fetchone() is not None
        return False

    def reset(self) -> int | None:
        """Forget all counts; how many there were."""
        return int(self._connection.execute("DELETE FROM counts").rowcount)

    def clear(self, key: str) -> None:
        """Forget the count of *key*."""
        self._connection.execute("DELETE FROM counts WHERE name = ?", (key,))
