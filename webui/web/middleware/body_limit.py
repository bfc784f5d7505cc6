"""A cap on what a request may send, counted as it comes whatever its header claims."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from webui.web import errors

#: Bytes of a request that is no upload: forms and queries are small.
SMALL = 2 * 1024 * 1024
#: The rest of a body that is refused is not waited for.
_CLOSE = {"Connection": "close"}


class BodyLimit:
    """ASGI middleware: more than *most* bytes (:data:`SMALL` off *large_paths*) is answered by 413."""

    def __init__(self, app: ASGIApp, most: int, large_paths: tuple[str, ...]) -> None:
        self.app = app
        self.most = most
        self.large_paths = large_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self.most if scope["path"] in self.large_paths else SMALL
        headers = dict(scope["headers"])
        if b"content-length" in headers and b"transfer-encoding" in headers:
            # Two ends for one body: a proxy before us may have believed the other one.
            await errors.of_status(Request(scope), 400, _CLOSE)(scope, receive, send)
            return
        claimed = headers.get(b"content-length", b"0")
        if not claimed.isdigit() or len(claimed) > 18 or int(claimed) > most:
            await errors.of_status(Request(scope), 413, _CLOSE)(scope, receive, send)
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
