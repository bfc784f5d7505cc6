"""Connections under uvicorn: how many, how long a request's head may take, how long an unread answer is kept.

uvicorn itself waits for ever on a client that sends half a head or never reads; a few hundred of those would be the end.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from webui.web.middleware.headers import HEADERS

#: Seconds for a request's line and headers, and for a client to take what waits for it (some 50 KB).
HEAD, UNREAD = 15.0, 60.0
_PIECE = 16_384


def _plain(status: str, words: str) -> bytes:
    body = words.encode()
    lines = [
        f"HTTP/1.1 {status}", "Content-Type: text/plain; charset=utf-8", f"Content-Length: {len(body)}",
        "Connection: close", "Cache-Control: no-store", *(f"{name}: {value}" for name, value in HEADERS.items()),
    ]  # fmt: skip
    return "\r\n".join([*lines, "", ""]).encode() + body


_BAD = _plain("400 Bad Request", "Yêu cầu không đúng HTTP.\n")
_SLOW = _plain("408 Request Timeout", "Yêu cầu gửi chậm quá. Hãy thử lại.\n")
_FULL = _plain("503 Service Unavailable", "Máy chủ đang có quá nhiều kết nối. Hãy thử lại sau ít giây.\n")


class PatientOnlySoLong(H11Protocol):
    """uvicorn's HTTP/1.1 with an end to waiting. most: connections at once; set by :func:`protocol`."""

    most: int
    head: float
    unread: float

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        if len(self.connections) > self.most:
            self._end(_FULL)
        else:
            self._arm()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        # In pieces: the limit on a head that is not whole yet would let one through that comes at once.
        for at in range(0, len(data), _PIECE):
            super().data_received(data[at : at + _PIECE])
            if self.transport.is_closing():
                return
        if self.conn.their_state is h11.IDLE:
            self._arm()
        else:
            self._disarm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        self._read()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._read()
        self._unread = self.loop.call_later(self.unread, self.transport.abort)

    def resume_writing(self) -> None:
        self._read()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._abort_later()

    def send_400_response(self, msg: str) -> None:
        self._end(_BAD)

    def _end(self, answer: bytes) -> None:
        self._disarm()
        self.transport.write(answer)
        self.transport.close()
        self._abort_later()

    def _abort_later(self) -> None:
        # A closed connection still waits for the other side to take what was written.
        self._read()
        self._unread = self.loop.call_later(self.unread, self.transport.abort)

    def _arm(self) -> None:
        if self._head is None:
            self._head = self.loop.call_later(self.head, self._end, _SLOW)

    def _disarm(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None


def protocol(most: int, *, head: float = HEAD, unread: float = UNREAD) -> type[asyncio.Protocol]:
    """The class for uvicorn's ``http`` option."""
    made: Any = type("Connection", (PatientOnlySoLong,), {"most": most, "head": head, "unread": unread})
    kind: type[asyncio.Protocol] = made
    return kind
