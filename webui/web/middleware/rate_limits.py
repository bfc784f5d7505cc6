"""Limits on the requests of one visitor: a signed-in user, else an address. Counts are kept in memory, those of several
processes in a file (:mod:`webui.web.workers.shared_counts`).

The address is the connection's, or the one that a trusted proxy gives (uvicorn reads the header of those only). A whole
office may share one address, so the limits are wide: they stop a runaway script, not people.
"""

from __future__ import annotations

import ipaddress
import math
import time
from dataclasses import dataclass

from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from webui.app.settings import Settings
from webui.web import access, error_responses
from webui.web.middleware.memory_counts import MemoryCounts

#: Never limited: static files and monitoring.
_FREE = ("/static/", "/healthz", "/readyz", "/metrics")


def kind_of(method: str, path: str) -> str:
    """The limit for a request: ``sign_in``, ``draft``, ``write``, ``table``, ``picture`` or ``page``."""
    if method not in {"GET", "HEAD", "OPTIONS"}:
        return {"/dang-nhap": "sign_in", "/kiem-tra": "draft"}.get(path, "write")
    if path.endswith((".csv", ".xlsx", ".zip", ".jsonl", ".pdf")):
        return "table"
    if "/trang/" in path or path.endswith((".png", "/luoc-do", "/graph", "/anh-huong", "/impact", "/tree", "/tep-goc")):
        return "picture"
    return "page"


@dataclass(frozen=True, slots=True)
class RateLimits:
    """A limit for each kind of request, from :mod:`webui.app.settings` (``<times>/<second|minute|hour>``)."""

    of_kind: dict[str, RateLimitItem]

    @classmethod
    def of(cls, settings: Settings) -> RateLimits:
        """The limits of the settings."""
        names = ("sign_in", "draft", "write", "table", "picture", "page")
        return cls({name: parse(getattr(settings, f"rate_{name}")) for name in names})


class RateLimitMiddleware:
    """ASGI middleware: answers 429 with Retry-After past a limit. It needs the user of the session, so it is inside
    :class:`webui.web.middleware.sessions.SessionMiddleware`.
    """

    def __init__(self, app: ASGIApp, limits: RateLimits, counted: Storage | None = None) -> None:
        """counted: where the counts are, if several processes share them; else they are in memory."""
        self.app = app
        self.limits = limits
        self._counted = FixedWindowRateLimiter(counted or MemoryCounts())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or scope["path"].startswith(_FREE):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        kind = kind_of(request.method, request.url.path)
        limit = self.limits.of_kind[kind]
        who = visitor(request, by_address=kind == "sign_in")
        if not self._counted.hit(limit, kind, who):  # some microseconds, so no thread is needed
            until = self._counted.get_window_stats(limit, kind, who).reset_time
            wait = str(max(1, math.ceil(until - time.time())))
            await error_responses.response_of(request, 429, {"Retry-After": wait})(scope, receive, send)
            return
        await self.app(scope, receive, send)


def visitor(request: Request, *, by_address: bool = False) -> str:
    """Whom a request is counted for: the signed-in user, else the address (of IPv6 its /64, one household)."""
    user = None if by_address else access.user_of(request)
    if user is not None:
        return f"user {user.name}"
    text = access.client_address(request)
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
