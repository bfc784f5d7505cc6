"""Watches how near a worker comes to its limit of address space."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


class MemoryWatch:
    """The address space of one process over time, from /proc."""

    def __init__(self, pid: int, limit: int) -> None:
        self._status = Path(f"/proc/{pid}/status")
        self._limit = limit
        self._at_start = self._most = self._now()

    def _now(self) -> int:
        with suppress(OSError, ValueError, IndexError):
            size = self._status.read_text(encoding="ascii", errors="replace").partition("VmSize:")[2]
            return int(size.split()[0]) * 1024
        return 0

    def sample(self) -> None:
        """Measure once; called repeatedly while the worker runs."""
        self._most = max(self._most, self._now())

    @property
    def near_limit(self) -> bool:
        """Whether more than half of what was free at the start was in use at some time."""
        return self._most - self._at_start > (self._limit - self._at_start) / 2
