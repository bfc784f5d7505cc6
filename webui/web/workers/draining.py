"""Ending a server without losing a request.

A server that is asked to end first says so at ``/readyz`` and, for as long as the settings say, goes on as before: a
balancer that asks there sends nothing more. Then it closes its door. Whoever came through it before is still heard:
uvicorn alone would close a connection whose request is on its way.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from types import FrameType

import uvicorn

#: Seconds that a connection which is open already has for its first request.
_NEWCOMER_SECONDS = 1.0
#: Seconds between two looks at the connections.
_LOOK_SECONDS = 0.05


class DrainingServer(uvicorn.Server):
    """uvicorn's server, which ends as described above.

    draining: called once when it is asked to end. seconds: for which it then goes on; a second signal ends that.
    """

    def __init__(
        self, config: uvicorn.Config, draining: Callable[[], object] = lambda: None, seconds: float = 0.0
    ) -> None:
        super().__init__(config)
        self._draining = draining
        self._drain_seconds = seconds
        self._asked: int | None = None
        self._until = 0.0

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """See :class:`uvicorn.Server`."""
        first = self._asked is None
        if first:
            self._asked, self._until = sig, time.monotonic() + self._drain_seconds
            self._draining()
        if not first or not self._drain_seconds:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """See :class:`uvicorn.Server`."""
        if self._asked is not None and not self.should_exit and time.monotonic() >= self._until:
            super().handle_exit(self._asked, None)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See :class:`uvicorn.Server`."""
        await asyncio.sleep(0)  # takes what waits at the door
        for server in self.servers:
            server.close()
        until = time.monotonic() + _NEWCOMER_SECONDS
        await asyncio.sleep(_LOOK_SECONDS)
        while self._newcomers() and time.monotonic() < until and not self.force_exit:
            await asyncio.sleep(_LOOK_SECONDS)
        await super().shutdown(sockets=sockets)

    def _newcomers(self) -> bool:
        """Whether a connection has not asked for anything yet."""
        return any(getattr(connection, "cycle", True) is None for connection in self.server_state.connections)
