"""A limit on the size of a request, counted as the bytes come, whatever its header says."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from webui.web import error_responses

#: Bytes of a request that is no upload: forms and queries are small.
SMALL_BODY = 2 * 1024 * 1024
#: A refused body is not read to its end.
_CLOSE = {"Connection": "close"}


class BodyLimit:
    """ASGI middleware: answers 413 to more than *most* bytes, or :data:`SMALL_BODY` off *large_paths*."""

    def __init__(self, app: ASGIApp, most: int, large_paths: tuple[str, ...]) -> None:
        self.app = app
        self.most = most
        self.large_paths = large_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self.most if scope["path"] in self.large_paths else SMALL_BODY
        headers = dict(scope["headers"])
        if b"content-length" in headers and b"transfer-encoding" in headers:
            # Two lengths for one body: a proxy before us may have used the other one (request smuggling).
            await error_responses.response_of(Request(scope), 400, _CLOSE)(scope, receive, send)
            return
        claimed = headers.get(b"content-length", b"0")
        if not claimed.isdigit() or len(claimed) > 18 or int(claimed) > most:
            await error_responses.response_of(Request(scope), 413, _CLOSE)(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                if received > most:
                    raise HTTPException(413, headers=_CLOSE)
            return message

        await self.app(scope, counted, send)
