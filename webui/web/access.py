"""Who is asking, and what they may see and do."""

from __future__ import annotations

import hmac
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.graph.graph import Graph
from corpus.library import Library, LibraryView
from search.searcher import Search
from webui.app.users import User
from webui.web import errors
from webui.web.rendering import address

COOKIE = "can_cu"
_ALWAYS_OPEN = ("/dang-nhap", "/static/", "/healthz", "/metrics")


class KnowTheUser:
    """ASGI middleware: the session's user, and the closed door where a setting closes reading."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        cookie = request.cookies.get(COOKIE)
        user = await run_in_threadpool(request.app.state.users.of, cookie) if cookie else None
        request.state.user = user
        if user is None and request.app.state.settings.closed and not request.url.path.startswith(_ALWAYS_OPEN):
            await self._closed(request)(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and user is not None:
                # What a signed-in user sees is not for shared caches.
                MutableHeaders(scope=message)["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, sending)

    @staticmethod
    def _closed(request: Request) -> Response:
        if request.url.path.startswith("/api"):
            return errors.of_status(request, 401)
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(address("/dang-nhap", toi=here), status_code=303)


def user_of(request: Request) -> User | None:
    found: User | None = getattr(request.state, "user", None)
    return found


def reader(request: Request) -> LibraryView:
    """The library as this visitor may see it."""
    library: Library = request.app.state.library
    return library.view(restricted=user_of(request) is not None)


def search(request: Request) -> Search:
    """The index of what this visitor may see."""
    state = request.app.state
    found: Search = state.search if user_of(request) is None else state.whole_search()
    return found


def graph(request: Request) -> Graph:
    """The citations this visitor may see, up to date."""
    found: Graph = request.app.state.graphs[user_of(request) is not None]
    return found.refresh()


def writer(request: Request, *, admin: bool = False) -> User:
    """The signed-in user. Raises HTTPException 401 (nobody) or 403 (not an administrator)."""
    user = user_of(request)
    if user is None:
        raise HTTPException(401)
    if admin and not user.is_admin:
        raise HTTPException(403)
    return user


def same_origin(request: Request) -> None:
    """Refuses a form sent from another site. Raises HTTPException 403."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None and site not in {"same-origin", "none"}:
        raise HTTPException(403)
    if origin is not None and _host_of(origin) != request.headers.get("host"):
        raise HTTPException(403)


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def checked(request: Request, form: Any, *, admin: bool = False) -> User:
    """The user of a form that carries its session's token. Raises HTTPException 401, 403."""
    user = writer(request, admin=admin)
    same_origin(request)
    if not hmac.compare_digest(str(form.get("csrf") or "").encode(), user.csrf.encode()):
        raise HTTPException(403)
    return user


def client_address(request: Request) -> str:
    return request.client.host if request.client else "?"
