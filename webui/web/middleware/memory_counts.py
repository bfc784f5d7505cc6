"""Counts of rate limits in memory, for one process."""

from __future__ import annotations

import time

from limits.storage import Storage

#: Seconds between removals of what is over.
_SWEEP = 60.0


class MemoryCounts(Storage):
    """Counts for fixed windows. Used by one thread, the event loop, so that no request pays for a thread or a lock."""

    STORAGE_SCHEME = None

    def __init__(self) -> None:
        super().__init__()
        #: When the window of each key ends, and its count.
        self._counts: dict[str, tuple[float, int]] = {}
        self._swept = time.time()

    @property
    def base_exceptions(self) -> type[Exception]:
        """See :class:`limits.storage.Storage`; there are none."""
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count *amount* more for *key* in a window of *expiry* seconds that begins with the first; the count."""
        now = time.time()
        if now - self._swept > _SWEEP:
            self._swept = now
            self._counts = {name: found for name, found in self._counts.items() if found[0] > now}
        ends, times = self._counts.get(key, (0.0, 0))
        if ends <= now:
            ends, times = now + expiry, 0
        self._counts[key] = ends, times + amount
        return times + amount

    def _found(self, key: str) -> tuple[float, int]:
        """When the window of *key* ends, and its count."""
        now = time.time()
        ends, times = self._counts.get(key, (now, 0))
        return (ends, times) if ends > now else (now, 0)

    def get(self, key: str) -> int:
        """The count of *key* in its present window."""
        return self._found(key)[1]

    def get_expiry(self, key: str) -> float:
        """When the present window of *key* ends, in seconds since the epoch."""
        return self._found(key)[0]

    def check(self) -> bool:
        """Whether it can be used: always."""
        return True

    def reset(self) -> int | None:
        """Forget all counts; how many there were."""
        count = len(self._counts)
        self._counts = {}
        return count

    def clear(self, key: str) -> None:
        """Forget the count of *key*."""
        self._counts.pop(key, None)
