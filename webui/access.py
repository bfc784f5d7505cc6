"""Who is asking, and what they may see and do."""

from __future__ import annotations

import hmac
from typing import Any
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.middleware.base import RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from corpus.graph import Graph
from search.service import Search
from webui import failing
from webui.reader import Reader
from webui.rendering import address
from webui.users import User

COOKIE = "can_cu"
_ALWAYS_OPEN = ("/dang-nhap", "/static/")


async def know_the_user(request: Request, call_next: RequestResponseEndpoint) -> Response:
    """Middleware: the session's user, and the closed door where a setting closes reading."""
    cookie = request.cookies.get(COOKIE)
    request.state.user = request.app.state.users.of(cookie) if cookie else None
    closed = request.app.state.settings.closed and request.state.user is None
    if closed and not request.url.path.startswith(_ALWAYS_OPEN):
        if request.url.path.startswith("/api"):
            return failing.of_status(request, 401)
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(address("/dang-nhap", toi=here), status_code=303)
    answer = await call_next(request)
    if request.state.user is not None:
        answer.headers["Cache-Control"] = "no-store"  # what a signed-in user sees is not for shared caches
    return answer


def user_of(request: Request) -> User | None:
    found: User | None = getattr(request.state, "user", None)
    return found


def reader(request: Request) -> Reader:
    """The library as this visitor may see it."""
    return Reader(request.app.state.library, restricted=user_of(request) is not None)


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
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403)


def checked(request: Request, form: Any, *, admin: bool = False) -> User:
    """The user of a form that carries its session's token. Raises HTTPException 401, 403."""
    user = writer(request, admin=admin)
    same_origin(request)
    if not hmac.compare_digest(str(form.get("csrf") or "").encode(), user.csrf.encode()):
        raise HTTPException(403)
    return user


def client_address(request: Request) -> str:
    return request.client.host if request.client else "?"
