"""The session of a request: who is signed in, and whether anybody else may read."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.errors import OcopError
from webui.web import error_responses
from webui.web.rendering import address

COOKIE = "can_cu"
#: Paths that are open even where the setting ``closed`` asks everybody to sign in.
_ALWAYS_OPEN = ("/dang-nhap", "/static/", "/healthz", "/readyz", "/metrics")


class SessionMiddleware:
    """ASGI middleware: sets ``request.state.user``; where reading is closed, visitors are sent to sign in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        cookie = request.cookies.get(COOKIE)
        request.state.user = None
        try:
            user = await run_in_threadpool(request.app.state.users.of, cookie) if cookie else None
        except OcopError as error:  # the server of the users cannot be reached
            await error_responses.answer(request, error)(scope, receive, send)
            return
        request.state.user = user
        if user is None and request.app.state.settings.closed and not request.url.path.startswith(_ALWAYS_OPEN):
            await _closed(request)(scope, receive, send)
            return

        async def send_uncached(message: Message) -> None:
            if message["type"] == "http.response.start" and user is not None:
                # What a signed-in user sees is not for shared caches.
                MutableHeaders(scope=message)["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, send_uncached)


def _closed(request: Request) -> Response:
    if request.url.path.startswith("/api"):
        return error_responses.response_of(request, 401)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(address("/dang-nhap", toi=here), status_code=303)
