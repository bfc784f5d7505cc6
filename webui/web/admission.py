"""Admission to slow work: requests wait for it in the event loop, where waiting holds no thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.exceptions import HTTPException


class AdmissionGate:
    """Admits *at_once* requests; *waiting* more may wait for at most *seconds*."""

    def __init__(self, at_once: int, waiting: int, seconds: float) -> None:
        self.max_waiting, self.seconds = waiting, seconds
        self._free = asyncio.Semaphore(at_once)
        #: Requests that wait now.
        self.waiting = 0

    @asynccontextmanager
    async def admitted(self) -> AsyncIterator[None]:
        """Inside, the request is admitted. Raises HTTPException 429: too many wait, or the time is over."""
        if self.waiting >= self.max_waiting:
            raise HTTPException(429)
        self.waiting += 1
        try:
            async with asyncio.timeout(self.seconds):
                await self._free.acquire()
        except TimeoutError:
            raise HTTPException(429) from None
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self._free.release()
