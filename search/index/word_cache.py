"""A cache of segmented words by the text they come from: a document whose citations change is not segmented again."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from corpus.errors import LibraryBusy

#: Seconds to wait for another writer.
_TIMEOUT = 30.0


class WordCache:
    """A cache in one SQLite file with one writer at a time (the index's). A damaged file is replaced."""

    def __init__(self, path: Path, segment: Callable[[str], list[str]], timeout: float = _TIMEOUT) -> None:
        """segment: what is cached (:func:`corpus.segment.words`). Raises LibraryBusy while another process writes."""
        self._segment = segment
        self._version = version("underthesea").encode()
        self._used: set[bytes] = set()
        try:
            self._connection = self._open(path, timeout)
        except sqlite3.OperationalError as error:  # locked, not damaged
            raise LibraryBusy("Bộ nhớ từ của chỉ mục đang được ghi.", "Hãy đợi việc kia xong rồi thử lại.") from error
        except sqlite3.DatabaseError:
            with suppress(FileNotFoundError):
                path.unlink()
            self._connection = self._open(path, timeout)

    @staticmethod
    def _open(path: Path, timeout: float) -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=timeout, isolation_level=None)
        try:
            connection.execute("CREATE TABLE IF NOT EXISTS words (key BLOB PRIMARY KEY, words BLOB) WITHOUT ROWID")
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    def __call__(self, text: str) -> list[str]:
        """The words of *text*."""
        key = self._key(text)
        self._used.add(key)
        kept = self._kept(key)
        if kept is not None:
            return kept
        found = self._segment(text)
        self._keep(key, found)
        return found

    def fill(self, texts: Iterable[str], segment_all: Callable[[Sequence[str]], list[list[str]]]) -> None:
        """Keeps the words of those of *texts* that are not kept yet, segmented by *segment_all*."""
        missing = [text for text in dict.fromkeys(texts) if self._kept(self._key(text)) is None]
        if missing:
            for text, found in zip(missing, segment_all(missing), strict=True):
                self._keep(self._key(text), found)

    def _key(self, text: str) -> bytes:
        return blake2b(text.encode(), digest_size=16, key=self._version[:64]).digest()

    def _kept(self, key: bytes) -> list[str] | None:
        with suppress(sqlite3.DatabaseError, zlib.error, UnicodeDecodeError):  # a damaged entry is made again
            row = self._connection.execute("SELECT words FROM words WHERE key = ?", (key,)).fetchone()
            if row is not None:
                kept = zlib.decompress(row[0]).decode()
                return kept.split("\n") if kept else []
        return None

    def _keep(self, key: bytes, found: list[str]) -> None:
        with suppress(sqlite3.DatabaseError):  # on a full disk or in a damaged file the entry is only not cached
            self._connection.execute(
                "INSERT OR REPLACE INTO words VALUES (?, ?)", (key, zlib.compress("\n".join(found).encode()))
            )

    def begin(self) -> None:
        """Begins a transaction, which makes many entries cheap."""
        self._connection.execute("BEGIN")

    def commit(self) -> None:
        """Ends the transaction, if there is one; what cannot be written is not cached."""
        if not self._connection.in_transaction:
            return
        try:
            self._connection.execute("COMMIT")
        except sqlite3.DatabaseError:
            with suppress(sqlite3.DatabaseError):
                self._connection.execute("ROLLBACK")

    def keep_used_only(self) -> None:
        """Removes the entries that were not used since the cache was opened; for the end of a rebuild."""
        with suppress(sqlite3.DatabaseError):
            self.begin()
            for (key,) in self._connection.execute("SELECT key FROM words").fetchall():
                if key not in self._used:
                    self._connection.execute("DELETE FROM words WHERE key = ?", (key,))
        self.commit()

    def close(self) -> None:
        """Commits, and releases the file."""
        self.commit()
        self._connection.close()
