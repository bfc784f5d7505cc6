"""Connections of browsers to the server."""

from __future__ import annotations

import asyncio
import socket

from webui.web.server import listening_socket


def test_the_body_of_an_answer_does_not_wait_until_the_headers_are_acknowledged() -> None:
    """Nagle's algorithm is off: with it, a client that acknowledges late gets each page 40 ms later."""
    options: list[int] = []

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken = writer.get_extra_info("socket")
        options.append(taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async def ask() -> None:
        listening = listening_socket("127.0.0.1", 0)
        async with await asyncio.start_server(serve, sock=listening):
            reader, writer = await asyncio.open_connection(*listening.getsockname())
            await reader.read()
            writer.close()

    asyncio.run(ask())
    assert options == [1]
