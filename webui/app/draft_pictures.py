"""Pictures of a draft under check: in memory alone, under an address nobody can guess, forgotten after a few minutes."""

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

    @property
    def size(self) -> int:
        return sum(map(len, self.pictures.values()))


class DraftPictures:
    """seconds: how long a report's pictures can be fetched, long enough to read and to print it.

    most_bytes: of all of them together; the oldest go first, and a report over half of it gets none.
    """

    def __init__(self, seconds: float = 600.0, most_bytes: int = 48 * 1024 * 1024) -> None:
        self._seconds = seconds
        self._most = most_bytes
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def keep(self, pictures: Mapping[int, bytes]) -> str | None:
        """The token of these pictures; None where there are none or they are too many bytes."""
        made = _Kept(time.monotonic() + self._seconds, dict(pictures))
        if not made.pictures or made.size > self._most // 2:
            return None
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._sweep()
            self._kept[token] = made
            total = sum(k.size for k in self._kept.values())
            for old in list(self._kept):
                if total <= self._most:
                    break
                total -= self._kept.pop(old).size
        return token

    def get(self, token: str, number: int) -> bytes | None:
        """One picture; None when it is no longer there."""
        with self._lock:
            self._sweep()
            kept = self._kept.get(token)
        return kept.pictures.get(number) if kept else None

    def _sweep(self) -> None:
        now = time.monotonic()
        for token in [t for t, k in self._kept.items() if k.until <= now]:
            del self._kept[token]

    def __len__(self) -> int:
        with self._lock:
            self._sweep()
            return len(self._kept)
