"""How long a request may take: to send its body, and to be answered; and how many are under way at once.

A thread cannot be stopped from outside, so a handler past its time is answered for (503) and left to end by itself; it
goes on counting as under way, so that slow ones cannot pile up without end. One that waits for its client costs a
connection and nothing else: it does not count, or a few slow lines would be the end for everybody; instead one visitor
may have only so many of them.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from webui.web import errors
from webui.web.middleware.rate_limits import visitor

log = logging.getLogger("webui")

#: Seconds a body may take however small it is, and the bytes a second that a long one must keep up: a line slower than
#: this is no line of an office any more.
GRACE, SLOWEST = 30.0, 10_000
#: What a client is told to wait when too much is under way.
WAIT = {"Retry-After": "5"}


class Timeouts:
    """ASGI middleware: 408 to a body that dawdles, 503 past *seconds* (or those of *longer*, by path) and beyond
    *at_once* requests. The time a client takes to send or to receive is not the handler's; beyond *waiting* requests
    of one address that are still being sent or received, its next is answered by 429: a whole office may stand behind
    one address, but few in it send or receive something large at one moment.
    """

    def __init__(
        self,
        app: ASGIApp,
        seconds: float,
        at_once: int,
        longer: Mapping[str, float] | None = None,
        grace: float = GRACE,
        *,
        waiting: int,
    ) -> None:
        self.app = app
        self.seconds = seconds
        self.longer = dict(longer or {})
        self.at_once = at_once
        self.grace = grace
        self.waiting = waiting
        self._turns: dict[asyncio.Task[None], _Turn] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        who = visitor(Request(scope), by_address=True)
        slow = [turn for turn in self._turns.values() if turn.waits]
        if len(self._turns) - len(slow) >= self.at_once:
            await errors.of_status(Request(scope), 503, WAIT)(scope, receive, send)
            return
        if sum(turn.who == who for turn in slow) >= self.waiting:
            await errors.of_status(Request(scope), 429, WAIT)(scope, receive, send)
            return
        turn = _Turn(receive, send, self.grace, who)
        task = asyncio.create_task(self._run(scope, turn))
        self._turns[task] = turn
        task.add_done_callback(self._turns.pop)
        allowed = max(self.seconds, self.longer.get(scope["path"], 0.0))
        try:
            while not task.done() and (left := allowed - turn.own()) > 0:
                await asyncio.wait({task}, timeout=left)
        except asyncio.CancelledError:
            task.cancel()
            raise
        if task.done():
            task.result()
            return
        # Not cancelled: that would hand its thread's place to another while the thread is still at work.
        turn.late = True
        task.add_done_callback(_ended)
        log.warning("no answer in time", extra={"seconds": allowed})
        if not turn.started:
            await errors.of_status(Request(scope), 503, WAIT)(scope, receive, send)

    async def _run(self, scope: Scope, turn: _Turn) -> None:
        await self.app(scope, turn.receive, turn.send)


class _Turn:
    """One request: its clock, which stands while the client is waited for, and what was sent of its answer."""

    def __init__(self, receive: Receive, send: Send, grace: float, who: str) -> None:
        self._receive, self._send, self._grace = receive, send, grace
        self.who = who
        self._began = time.monotonic()
        self._waited = 0.0
        self._waiting_since: float | None = None
        self._received = 0
        self._whole = False
        self.started = self.late = False

    @property
    def waits(self) -> bool:
        """Whether the client is waited for just now."""
        return self._waiting_since is not None

    def own(self) -> float:
        """Seconds the handler itself has used."""
        now = time.monotonic()
        waiting = now - self._waiting_since if self._waiting_since is not None else 0.0
        return now - self._began - self._waited - waiting

    def _stand(self) -> float:
        self._waiting_since = time.monotonic()
        return self._waiting_since

    def _go_on(self, since: float) -> None:
        self._waited += time.monotonic() - since
        self._waiting_since = None

    async def receive(self) -> Message:
        if self.late:
            return {"type": "http.disconnect"}
        if self._whole:
            return await self._receive()
        since = self._stand()
        try:
            left = self._grace + self._received / SLOWEST - self._waited
            message = await asyncio.wait_for(self._receive(), max(left, 0.01))
        except TimeoutError:
            raise HTTPException(408, headers={"Connection": "close"}) from None
        finally:
            self._go_on(since)
        self._received += len(message.get("body", b""))
        self._whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if self.late and not self.started:
            return  # answered already
        self.started = True
        since = self._stand()
        try:
            await self._send(message)
        finally:
            self._go_on(since)


def _ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.warning("a late answer failed: %s", type(error).__name__)
