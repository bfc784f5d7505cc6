"""Time limits of a request, for sending its body and for being answered; and how many may be under way at once.

A thread cannot be stopped from outside. A handler past its time is therefore answered by 503 and left to end by itself;
it still counts as under way, so slow handlers cannot pile up. A request that waits for its client costs a connection
and nothing else, so it does not count: a few slow lines must not block everybody. Instead one visitor may have only so
many of them.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from webui.web import error_responses
from webui.web.middleware.rate_limits import visitor

log = logging.getLogger("webui")

#: Seconds that any body may take, and the bytes per second that a long one must keep up.
GRACE, MIN_BYTES_PER_SECOND = 30.0, 10_000


class Timeouts:
    """ASGI middleware: answers 408 to a body that comes too slowly, 503 to a request that takes too long or is one too
    many, 429 to an address that has too many slow connections.

    seconds: for the handler, without the time its client takes to send and to receive; longer: path → seconds.
    at_once: requests under way. grace: see :data:`GRACE`. waiting: requests of one address that are still being sent
    or received; a whole office may share an address, but few in it send or receive something large at one moment.
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
        self._underway: dict[asyncio.Task[None], _Exchange] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        who = visitor(Request(scope), by_address=True)
        slow = [exchange for exchange in self._underway.values() if exchange.waits]
        if len(self._underway) - len(slow) >= self.at_once:
            await error_responses.response_of(Request(scope), 503, error_responses.RETRY_LATER)(scope, receive, send)
            return
        if sum(exchange.who == who for exchange in slow) >= self.waiting:
            await error_responses.response_of(Request(scope), 429, error_responses.RETRY_LATER)(scope, receive, send)
            return
        exchange = _Exchange(receive, send, self.grace, who)
        task = asyncio.create_task(self._run(scope, exchange))
        self._underway[task] = exchange
        task.add_done_callback(self._underway.pop)
        allowed = max(self.seconds, self.longer.get(scope["path"], 0.0))
        try:
            while not task.done() and (left := allowed - exchange.handler_seconds()) > 0:
                await asyncio.wait({task}, timeout=left)
        except asyncio.CancelledError:
            task.cancel()
            raise
        if task.done():
            task.result()
            return
        # Not cancelled: its thread would count as free while it is still at work.
        exchange.late = True
        task.add_done_callback(_ended)
        log.warning("no answer in time", extra={"seconds": allowed})
        if not exchange.started:
            await error_responses.response_of(Request(scope), 503, error_responses.RETRY_LATER)(scope, receive, send)

    async def _run(self, scope: Scope, exchange: _Exchange) -> None:
        await self.app(scope, exchange.receive, exchange.send)


class _Exchange:
    """One request and its response, with a clock that stops while the client is waited for."""

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
        """Whether the client is being waited for."""
        return self._waiting_since is not None

    def handler_seconds(self) -> float:
        """Seconds that the handler itself has used."""
        now = time.monotonic()
        waiting = now - self._waiting_since if self._waiting_since is not None else 0.0
        return now - self._began - self._waited - waiting

    def _stop_clock(self) -> float:
        self._waiting_since = time.monotonic()
        return self._waiting_since

    def _start_clock(self, since: float) -> None:
        self._waited += time.monotonic() - since
        self._waiting_since = None

    async def receive(self) -> Message:
        """The next message of the client. Raises HTTPException 408 when it comes too slowly."""
        if self.late:
            return {"type": "http.disconnect"}
        if self._whole:
            return await self._receive()
        since = self._stop_clock()
        try:
            left = self._grace + self._received / MIN_BYTES_PER_SECOND - self._waited
            message = await asyncio.wait_for(self._receive(), max(left, 0.01))
        except TimeoutError:
            raise HTTPException(408, headers={"Connection": "close"}) from None
        finally:
            self._start_clock(since)
        self._received += len(message.get("body", b""))
        self._whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Send *message*, unless the request was answered by 503."""
        if self.late and not self.started:
            return  # 503 was sent instead
        self.started = True
        since = self._stop_clock()
        try:
            await self._send(message)
        finally:
            self._start_clock(since)


def _ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.warning("a late answer failed: %s", type(error).__name__)
