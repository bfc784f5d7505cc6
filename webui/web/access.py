"""Who asks, and what they may see and do.

What a visitor sees of the library is the view that :func:`reader` gives; nothing else decides it.
"""

from __future__ import annotations

import hmac
from typing import Any
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request

from corpus.graph.graph import Graph
from corpus.library import Library, LibraryView
from corpus.products.register import Register
from search.searcher import Search
from webui.app.events import EventLog
from webui.app.users import User


def user_of(request: Request) -> User | None:
    """The user who is signed in; None for a visitor without a session."""
    found: User | None = getattr(request.state, "user", None)
    return found


def client_address(request: Request) -> str:
    """The address of the client; "?" where it is unknown."""
    return request.client.host if request.client else "?"


def reader(request: Request) -> LibraryView:
    """The library as this visitor may see it."""
    library: Library = request.app.state.library
    return library.view(restricted=user_of(request) is not None)


def search(request: Request) -> Search:
    """The index of what this visitor may see."""
    state = request.app.state
    found: Search = state.search if user_of(request) is None else state.signed_in_search()
    return found


def graph(request: Request) -> Graph:
    """The citations this visitor may see, up to date."""
    found: Graph = request.app.state.graphs[user_of(request) is not None]
    return found.refresh()


def products(request: Request) -> Register:
    """The register of products this visitor may see."""
    found: Register = request.app.state.products[user_of(request) is not None]
    return found


def events(request: Request) -> EventLog:
    """What happened to documents that everybody may see, up to date."""
    state = request.app.state
    found: EventLog = state.events
    found.follow(state.library.view(), state.graphs[False].refresh())
    return found


def require_user(request: Request, *, admin: bool = False) -> User:
    """The user who is signed in. Raises HTTPException 401 (nobody is) or 403 (no administrator)."""
    user = user_of(request)
    if user is None:
        raise HTTPException(401)
    if admin and not user.is_admin:
        raise HTTPException(403)
    return user


def require_same_origin(request: Request) -> None:
    """Refuse a form that another site sent. Raises HTTPException 403."""
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


def require_form_token(request: Request, form: Any, *, admin: bool = False) -> User:
    """The user of a form that carries the token of its session. Raises HTTPException 401, 403."""
    user = require_user(request, admin=admin)
    require_same_origin(request)
    if not hmac.compare_digest(str(form.get("csrf") or "").encode(), user.csrf.encode()):
        raise HTTPException(403)
    return user
