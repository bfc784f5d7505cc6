"""Pictures and reports of drafts under check: in memory for a few minutes, under addresses that nobody can guess."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Kept:
    until: float
    pictures: dict[int, bytes]
    report: bytes

    @property
    def size(self) -> int:
        return sum(map(len, self.pictures.values())) + len(self.report)


class DraftPictures:
    """The pictures and reports of all drafts that were checked lately.

    seconds: how long they can be fetched. max_bytes: of all together; the oldest are dropped first, and
    a report of more than half of it gets none.
    """

    def __init__(self, seconds: float = 600.0, max_bytes: int = 48 * 1024 * 1024) -> None:
        self._seconds = seconds
        self._max_bytes = max_bytes
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def keep(self, pictures: Mapping[int, bytes], report: bytes = b"") -> str | None:
        """A token for these pictures and the report; None where there are none.

        What has too many bytes is not kept: first the pictures are left out, then the report.
        """
        until = time.monotonic() + self._seconds
        kept = _Kept(until, dict(pictures), report)
        if kept.size > self._max_bytes // 2:
            kept = _Kept(until, {}, report)
        if not kept.size or kept.size > self._max_bytes // 2:
            return None
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._drop_expired()
            self._kept[token] = kept
            total = sum(k.size for k in self._kept.values())
            for old in list(self._kept):
                if total <= self._max_bytes:
                    break
                total -= self._kept.pop(old).size
        return token

    def get(self, token: str, number: int) -> bytes | None:
        """Picture *number* of *token*; None when it is no longer kept."""
        with self._lock:
            self._drop_expired()
            kept = self._kept.get(token)
        return kept.pictures.get(number) if kept else None

    def report(self, token: str) -> bytes | None:
        """The report of *token*; None when it is no longer kept."""
        with self._lock:
            self._drop_expired()
            kept = self._kept.get(token)
        return (kept.report or None) if kept else None

    def _drop_expired(self) -> None:
        now = time.monotonic()
        for token in [t for t, k in self._kept.items() if k.until <= now]:
            del self._kept[token]

    def __len__(self) -> int:
        """Reports whose pictures are kept."""
        with self._lock:
            self._drop_expired()
            return len(self._kept)
