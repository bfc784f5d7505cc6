"""Hands a request over to the main process and its response back, over a socket of this machine.

A request and its response are sequences of frames: a letter, the length of the content (4 bytes, big-endian), the
content. From the process that has the connection: ``S`` the scope as JSON, then ``B`` for each piece of the body, ``E``
for the last; it closes the socket where the client leaves. From the main process: ``A`` at once, ``R`` status and
headers as JSON, then ``B`` and ``E`` as above. ``C`` asks it to bring the index of the signed-in up to date. Only the
account that runs the server can reach the socket, so what a scope says (the address of the client, the scheme) is
believed as it is.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.errors import OcopError
from webui.web import error_responses
from webui.web.workers.roles import MainProcessRoutes

log = logging.getLogger("webui")

#: Seconds in which the main process must take a request: longer than it needs to start again.
PATIENCE = 30.0
#: The same for a question of the health check.
_SOON = 5.0
#: Seconds that requests under way have when the main process ends.
_GRACE = 5.0
_ACCEPTED, _SCOPE, _RESPONSE, _BODY, _END, _CATCH_UP = b"A", b"S", b"R", b"B", b"E", b"C"
#: What of a scope is handed over as it is, and what as text in Latin-1, which has a character for each byte.
_PLAIN = ("type", "http_version", "method", "scheme", "path", "root_path", "client", "server")
_BYTES = ("raw_path", "query_string")
_LOST = (OSError, EOFError, asyncio.IncompleteReadError)


def _packed(headers: Any) -> list[list[str]]:
    return [[name.decode("latin-1"), value.decode("latin-1")] for name, value in headers]


def _unpacked(headers: Any) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def _frame(kind: bytes, content: bytes = b"") -> bytes:
    return kind + len(content).to_bytes(4, "big") + content


async def _next(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The next frame. Raises IncompleteReadError where there is none."""
    head = await reader.readexactly(5)
    return head[:1], await reader.readexactly(int.from_bytes(head[1:], "big"))


# ------------------------------------------------------------ the process that has the connection


async def hand_over(address: Path, scope: Scope, receive: Receive, send: Send, patience: float = PATIENCE) -> None:
    """Have the main process at *address* answer a request. Where it is away, or dies meanwhile, the answer is 503."""
    started = False
    writer: asyncio.StreamWriter | None = None
    pushing: asyncio.Task[None] | None = None
    try:
        async with asyncio.timeout(patience):
            reader, writer = await asyncio.open_unix_connection(address)
            writer.write(_frame(_SCOPE, _scope_as_json(scope)))
            await _next(reader)
        pushing = asyncio.create_task(_push(receive, writer))
        async for message in _messages(reader):
            started = True
            await send(message)
    except (*_LOST, TimeoutError) as error:
        if pushing is not None and pushing.done():
            return  # the client has left
        log.warning("the main process did not answer: %s", type(error).__name__)
        if started:
            raise ConnectionError("the main process ended in the middle of an answer") from error
        await error_responses.response_of(Request(scope), 503, error_responses.RETRY_LATER)(scope, receive, send)
    finally:
        if pushing is not None:
            pushing.cancel()
        if writer is not None:
            writer.close()


def _scope_as_json(scope: Scope) -> bytes:
    data = {name: scope.get(name) for name in _PLAIN}
    data |= {name: (scope.get(name) or b"").decode("latin-1") for name in _BYTES}
    return json.dumps({**data, "headers": _packed(scope["headers"])}).encode()


async def _push(receive: Receive, writer: asyncio.StreamWriter) -> None:
    """Hand over the body; then wait for the client to leave, and return."""
    while (message := await receive())["type"] == "http.request":
        writer.write(_frame(_BODY if message.get("more_body") else _END, message.get("body", b"")))
        with suppress(*_LOST):  # whoever reads the answer is told
            await writer.drain()
    writer.close()


async def _messages(reader: asyncio.StreamReader) -> AsyncIterator[Message]:
    """The messages of the response."""
    while True:
        kind, content = await _next(reader)
        if kind == _RESPONSE:
            data = json.loads(content)
            yield {"type": "http.response.start", "status": data["status"], "headers": _unpacked(data["headers"])}
        else:
            yield {"type": "http.response.body", "body": content, "more_body": kind == _BODY}
            if kind == _END:
                return


async def is_answered(address: Path, path: str) -> bool:
    """Whether the main process at *address* answers a visit of *path* with 200, soon."""
    visit = {"type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": path, "root_path": ""}
    scope = {**visit, "headers": [(b"host", b"127.0.0.1")]}
    with suppress(*_LOST, TimeoutError):
        async with asyncio.timeout(_SOON):
            reader, writer = await asyncio.open_unix_connection(address)
            try:
                writer.write(_frame(_SCOPE, _scope_as_json(scope)) + _frame(_END))
                await _next(reader)
                statuses = [message.get("status") async for message in _messages(reader)]
                return statuses[:1] == [200]
            finally:
                writer.close()
    return False


def catch_up(address: Path) -> None:
    """Have the main process bring the index of the signed-in up to date; where it is away, the index stays as it is."""
    with suppress(OSError), socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(PATIENCE)
        asking.connect(str(address))
        asking.sendall(_frame(_CATCH_UP))
        asking.recv(1)


# ------------------------------------------------------------ the main process


@asynccontextmanager
async def taking(app: ASGIApp, listening: socket.socket, catch_up: Callable[[], object]) -> AsyncIterator[None]:
    """Inside, *app* answers what other processes hand over at *listening*; requests under way are waited for.

    catch_up: brings the index of the signed-in up to date.
    """
    under_way: set[asyncio.Task[Any]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        under_way.add(task)
        try:
            await _answer(app, catch_up, reader, writer)
        finally:
            under_way.discard(task)

    server = await asyncio.start_server(answer, sock=listening)
    try:
        yield
    finally:
        server.close()
        if under_way:
            await asyncio.wait(under_way, timeout=_GRACE)


async def _answer(
    app: ASGIApp, catch_up: Callable[[], object], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    exchange = _Exchange(reader, writer)
    try:
        kind, content = await _next(reader)
        if kind == _CATCH_UP:
            with suppress(OcopError):  # whoever searches is told
                await run_in_threadpool(catch_up)
            writer.write(_frame(_ACCEPTED))
            return
        writer.write(_frame(_ACCEPTED))
        await app(_scope_of(content), exchange.receive, exchange.send)
    except _LOST:
        return  # the other process or its client has gone
    except Exception:  # logged with its request by the application; uvicorn does the same with its own
        if not exchange.started:
            await exchange.fail()
    finally:
        await _hear_out(reader)
        writer.close()


async def _hear_out(reader: asyncio.StreamReader) -> None:
    """Read on until the other process closes, which it does when it has the answer.

    To close first while it still sends would break its writing, and with that its reading: the answer would be lost.
    """
    with suppress(*_LOST, TimeoutError):
        async with asyncio.timeout(_SOON):
            while await reader.read(1 << 16):
                pass


def _scope_of(content: bytes) -> Scope:
    data = json.loads(content)
    for name in _BYTES:
        data[name] = data[name].encode("latin-1")
    for name in ("client", "server"):
        data[name] = tuple(data[name]) if data[name] else None
    return {
        **data,
        "headers": _unpacked(data["headers"]),
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "state": {},
    }


class _Exchange:
    """One request that was handed over, and its response."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._whole = False
        self.started = False

    async def receive(self) -> Message:
        """The next message of the client."""
        try:
            if self._whole:
                await self._reader.read(1)  # nothing follows: it returns when the socket is closed
                return {"type": "http.disconnect"}
            kind, content = await _next(self._reader)
        except _LOST:
            return {"type": "http.disconnect"}
        self._whole = kind == _END
        return {"type": "http.request", "body": content, "more_body": not self._whole}

    async def send(self, message: Message) -> None:
        """Hand *message* back; nothing where the client has left, as uvicorn has it."""
        if message["type"] == "http.response.start":
            self.started = True
            data = {"status": message["status"], "headers": _packed(message.get("headers", ()))}
            self._writer.write(_frame(_RESPONSE, json.dumps(data).encode()))
        elif message["type"] == "http.response.body":
            last = not message.get("more_body", False)
            self._writer.write(_frame(_END if last else _BODY, message.get("body", b"")))
        with suppress(*_LOST):
            await self._writer.drain()

    async def fail(self) -> None:
        """The answer of uvicorn to an error that the application does not answer."""
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        await self.send({"type": "http.response.start", "status": 500, "headers": headers})
        await self.send({"type": "http.response.body", "body": b"Internal Server Error"})


class HandOver:
    """ASGI middleware of the other processes: hands over what *routes* say, and leaves the rest to *app*."""

    def __init__(self, app: ASGIApp, address: Path, routes: MainProcessRoutes) -> None:
        self.app = app
        self._address = address
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http" and self._routes.include(scope):
            await hand_over(self._address, scope, receive, send)
        else:
            await self.app(scope, receive, send)
