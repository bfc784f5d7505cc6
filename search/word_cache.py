"""Words already segmented, by the text they came from: a document whose edges change is not segmented again."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from corpus.errors import LibraryBusy


class WordCache:
    """A cache in one SQLite file; one writer at a time (the index's). A damaged file is thrown away."""

    def __init__(self, path: Path, segment: Callable[[str], list[str]], wait: float = 30.0) -> None:
        self._segment = segment
        self._version = version("underthesea").encode()
        self._used: set[bytes] = set()
        try:
            self._connection = self._open(path, wait)
        except sqlite3.OperationalError as error:  # locked, not damaged
            raise LibraryBusy("Bộ nhớ từ của chỉ mục đang được ghi.", "Hãy đợi việc kia xong rồi thử lại.") from error
        except sqlite3.DatabaseError:
            with suppress(FileNotFoundError):
                path.unlink()
            self._connection = self._open(path, wait)

    @staticmethod
    def _open(path: Path, wait: float) -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=wait, isolation_level=None)
        try:
            connection.execute("CREATE TABLE IF NOT EXISTS words (key BLOB PRIMARY KEY, words BLOB) WITHOUT ROWID")
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    def __call__(self, text: str) -> list[str]:
        """The words of *text*, as :func:`corpus.segment.words` gives them."""
        key = blake2b(text.encode(), digest_size=16, key=self._version[:64]).digest()
        self._used.add(key)
        with suppress(sqlite3.DatabaseError, zlib.error, UnicodeDecodeError):  # what is damaged is segmented again
            row = self._connection.execute("SELECT words FROM words WHERE key = ?", (key,)).fetchone()
            if row is not None:
                kept = zlib.decompress(row[0]).decode()
                return kept.split("\n") if kept else []
        found = self._segment(text)
        with suppress(sqlite3.DatabaseError):  # a full disk or a damaged file only costs the memory
            self._connection.execute(
                "INSERT OR REPLACE INTO words VALUES (?, ?)", (key, zlib.compress("\n".join(found).encode()))
            )
        return found

    def begin(self) -> None:
        self._connection.execute("BEGIN")

    def commit(self) -> None:
        if not self._connection.in_transaction:
            return
        try:
            self._connection.execute("COMMIT")
        except sqlite3.DatabaseError:
            with suppress(sqlite3.DatabaseError):
                self._connection.execute("ROLLBACK")

    def keep_used_only(self) -> None:
        """Drops what was not asked for since the cache was opened: after an index was made anew."""
        with suppress(sqlite3.DatabaseError):
            self.begin()
            for (key,) in self._connection.execute("SELECT key FROM words").fetchall():
                if key not in self._used:
                    self._connection.execute("DELETE FROM words WHERE key = ?", (key,))
        self.commit()

    def close(self) -> None:
        self.commit()
        self._connection.close()
