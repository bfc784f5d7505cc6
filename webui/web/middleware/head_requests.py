"""HEAD for every address that has GET: the same response without its body."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadMiddleware:
    """ASGI middleware, the outermost: all other parts see a GET, so HEAD evades no limit."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_bodyless(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # The server keeps its own scope, which says HEAD: it sends no body, whatever the Content-Length.
        await self.app({**scope, "method": "GET"}, receive, send_bodyless)
