"""Sends one request straight to an ASGI application, its body in pieces."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from starlette.types import ASGIApp, Message


def talk(
    app: ASGIApp, path: str, messages: Sequence[tuple[float, dict[str, Any]]], method: str = "POST"
) -> tuple[int, bytes]:
    """One request to *app*, its body in *messages*, each after its seconds; (status, body)."""
    result: list[Message] = []

    async def run() -> None:
        left = iter(messages)

        async def receive() -> Message:
            wait, message = next(left, (60.0, {"type": "http.disconnect"}))
            await asyncio.sleep(wait)
            return message

        async def send(message: Message) -> None:
            result.append(message)

        scope = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [(b"host", b"testserver"), (b"content-type", b"application/x-www-form-urlencoded")],
            "client": ("testclient", 1), "server": ("testserver", 80), "scheme": "http", "root_path": "",
            "http_version": "1.1", "asgi": {"version": "3.0"}, "state": {},
        }  # fmt: skip
        await app(scope, receive, send)

    asyncio.run(run())
    return result[0]["status"], b"".join(m.get("body", b"") for m in result)
