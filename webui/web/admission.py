"""Turns at work that takes long, waited for in the event loop: a thread that waits is one that answers nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.exceptions import HTTPException


class Turns:
    """at_once: who may be at work. waiting: how many more may wait, patience: for so many seconds."""

    def __init__(self, at_once: int, waiting: int, patience: float) -> None:
        self.most_waiting, self.patience = waiting, patience
        self._free = asyncio.Semaphore(at_once)
        self._waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """A turn. Raises HTTPException 429: too many wait already, or it did not come in time."""
        if self._waiting >= self.most_waiting:
            raise HTTPException(429)
        self._waiting += 1
        try:
            async with asyncio.timeout(self.patience):
                await self._free.acquire()
        except TimeoutError:
            raise HTTPException(429) from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()
