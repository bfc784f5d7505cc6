"""HEAD wherever GET is: the same answer without its body, for those who look before they download."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class AnswerHead:
    """ASGI middleware, the outermost: what stands behind it sees a GET, so that no limit is passed by asking HEAD."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # The server keeps its own scope, which says HEAD: it sends no body whatever the length it was told.
        await self.app({**scope, "method": "GET"}, receive, sending)
