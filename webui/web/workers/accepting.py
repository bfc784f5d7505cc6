"""Connections shared out among several processes that listen at one socket.

The system wakes all of them for each new connection, and one of them may take most. A browser then keeps its
connection, so that process goes on to be busier. Here a process that holds more connections than another leaves a new
one to the others for a moment, and takes it where nobody else did.
"""

from __future__ import annotations

import asyncio
import mmap
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from struct import Struct
from typing import Any

import uvicorn

from webui.web.workers.draining import DrainingServer

#: Seconds for which a connection is left to the others; an idle process takes it at once.
_LEFT_TO_OTHERS = 0.02
#: Seconds without accepting where this process or machine has no files left.
_WITHOUT_FILES = 1.0
_COUNT = Struct("=I")


class Shares:
    """How many connections each process holds, in a file that they share."""

    def __init__(self, file: Path, number: int, count: int) -> None:
        """number: of this process, from 0; count: of all."""
        with file.open("ab") as made:
            made.truncate(count * _COUNT.size)
        with file.open("r+b") as opened:
            self._counts = mmap.mmap(opened.fileno(), count * _COUNT.size)
        self._number = number

    def note(self, held: int) -> None:
        """This process holds *held* connections."""
        _COUNT.pack_into(self._counts, self._number * _COUNT.size, held)

    def has_more(self) -> bool:
        """Whether this process holds more than some other."""
        counts: list[int] = [held for (held,) in _COUNT.iter_unpack(self._counts[:])]
        return counts[self._number] > min(counts)


class SharingServer(DrainingServer):
    """uvicorn's server, which takes its share of the connections at *listening*."""

    def __init__(self, config: uvicorn.Config, listening: socket.socket, shares: Shares) -> None:
        super().__init__(config)
        self._listening = listening
        self._shares = shares
        self._pause: asyncio.TimerHandle | None = None
        self._opening: set[asyncio.Task[None]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See :class:`uvicorn.Server`."""
        await super().startup(sockets=[])
        self._listening.setblocking(False)
        self._go_on()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See :class:`uvicorn.Server`."""
        asyncio.get_running_loop().remove_reader(self._listening)
        while self._take():  # nobody else may be left to take it
            pass
        if self._pause is not None:
            self._pause.cancel()
        self._listening.close()
        await super().shutdown(sockets=sockets)

    async def on_tick(self, counter: int) -> bool:
        """See :class:`uvicorn.Server`."""
        self._note()
        return await super().on_tick(counter)

    def _note(self, more: int = 0) -> None:
        self._shares.note(len(self.server_state.connections) + more)

    def _go_on(self) -> None:
        asyncio.get_running_loop().add_reader(self._listening, self._wakened)

    def _wait(self, seconds: float, then: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._listening)
        self._pause = loop.call_later(seconds, then)

    def _wakened(self) -> None:
        """A connection waits."""
        self._note()
        if self._shares.has_more():
            self._wait(_LEFT_TO_OTHERS, self._take_what_is_left)
        else:
            self._take()

    def _take_what_is_left(self) -> None:
        self._go_on()
        self._take()

    def _take(self) -> bool:
        """Take one connection, where there still is one; whether there was."""
        try:
            connection, _ = self._listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return False  # another process took it, or the client has gone
        except OSError:
            self._wait(_WITHOUT_FILES, self._go_on)
            return False
        connection.setblocking(False)
        self._note(1)
        task = asyncio.get_running_loop().create_task(self._serve_one(connection))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)
        return True

    async def _serve_one(self, connection: socket.socket) -> None:
        def made() -> asyncio.Protocol:
            kind: Any = self.config.http_protocol_class
            protocol: asyncio.Protocol = kind(
                config=self.config, server_state=self.server_state, app_state=self.lifespan.state
            )
            return protocol

        with suppress(OSError):
            await asyncio.get_running_loop().connect_accepted_socket(made, connection)
