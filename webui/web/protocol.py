"""Limits on connections under uvicorn: their number, the time for a request's head, the time for an unread response.

uvicorn itself waits for ever for a client that sends half a head or never reads; a few hundred of those would use up
all connections (slowloris).
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from webui.web.middleware.headers import HEADERS

#: Seconds for a request's line and headers, and for a client to read what waits for it (some 50 KB).
HEAD_SECONDS, UNREAD_SECONDS = 15.0, 60.0
_PIECE = 16_384


def _plain(status: str, words: str) -> bytes:
    body = words.encode()
    lines = [
        f"HTTP/1.1 {status}",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Connection: close",
        "Cache-Control: no-store",
        *(f"{name}: {value}" for name, value in HEADERS.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


_BAD = _plain("400 Bad Request", "Yêu cầu không đúng HTTP.\n")
_SLOW = _plain("408 Request Timeout", "Yêu cầu gửi chậm quá. Hãy thử lại.\n")
_FULL = _plain("503 Service Unavailable", "Máy chủ đang có quá nhiều kết nối. Hãy thử lại sau ít giây.\n")


class BoundedH11Protocol(H11Protocol):
    """uvicorn's HTTP/1.1 with limits, which :func:`bounded_protocol` sets."""

    #: Connections at once.
    max_connections: int
    head_seconds: float
    unread_seconds: float

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the time limit of the first head, or turn away one connection too many."""
        super().connection_made(transport)
        self._head_timer: asyncio.TimerHandle | None = None
        self._unread_timer: asyncio.TimerHandle | None = None
        if len(self.connections) > self.max_connections:
            self._end(_FULL)
        else:
            self._start_head_timer()

    def data_received(self, data: bytes) -> None:
        """Handle bytes of the client; the time limit runs while a head is incomplete."""
        if self.transport.is_closing():
            return
        # In pieces: uvicorn limits the size of an incomplete head only, so a large one that comes at once would pass.
        for at in range(0, len(data), _PIECE):
            super().data_received(data[at : at + _PIECE])
            if self.transport.is_closing():
                return
        if self.conn.their_state is h11.IDLE:
            self._start_head_timer()
        else:
            self._stop_head_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timers."""
        self._stop_head_timer()
        self._stop_unread_timer()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Start the time limit of a client that does not read."""
        super().pause_writing()
        self._stop_unread_timer()
        self._unread_timer = self.loop.call_later(self.unread_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop that time limit."""
        self._stop_unread_timer()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection, by force if need be."""
        super().timeout_keep_alive_handler()
        self._abort_later()

    def send_400_response(self, msg: str) -> None:
        """Answer a request that is no HTTP."""
        self._end(_BAD)

    def _end(self, answer: bytes) -> None:
        self._stop_head_timer()
        self.transport.write(answer)
        self.transport.close()
        self._abort_later()

    def _abort_later(self) -> None:
        # A closed connection still waits for the other side to read what was written.
        self._stop_unread_timer()
        self._unread_timer = self.loop.call_later(self.unread_seconds, self.transport.abort)

    def _start_head_timer(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_seconds, self._end, _SLOW)

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _stop_unread_timer(self) -> None:
        if self._unread_timer is not None:
            self._unread_timer.cancel()
            self._unread_timer = None


def bounded_protocol(
    max_connections: int, *, head_seconds: float = HEAD_SECONDS, unread_seconds: float = UNREAD_SECONDS
) -> type[asyncio.Protocol]:
    """The class for uvicorn's ``http`` option. unread_seconds: for a client to read what waits for it."""
    limits = {"max_connections": max_connections, "head_seconds": head_seconds, "unread_seconds": unread_seconds}
    made: Any = type("Connection", (BoundedH11Protocol,), limits)
    protocol: type[asyncio.Protocol] = made
    return protocol
