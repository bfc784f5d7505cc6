"""How often one visitor may ask for what costs much: by user when signed in, else by address; kept in memory.

The address is the connection's, or what a trusted proxy says of it (uvicorn reads the header of those alone). A whole
office may stand behind one address, so the limits are wide: they stop a runaway script, not people.
"""

from __future__ import annotations

import ipaddress
import math
import time
from dataclasses import dataclass

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from webui.app.settings import Settings
from webui.web import access, errors

#: Never limited: files of our own, and what a watchman asks.
_FREE = ("/static/", "/healthz", "/metrics")


def kind_of(method: str, path: str) -> str:
    """Which limit stands over a request: ``sign_in``, ``draft``, ``write``, ``table``, ``picture`` or ``page``."""
    if method not in {"GET", "HEAD", "OPTIONS"}:
        return {"/dang-nhap": "sign_in", "/kiem-tra": "draft"}.get(path, "write")
    if path.endswith((".csv", ".xlsx", ".zip", ".jsonl")):
        return "table"
    if "/trang/" in path or path.endswith((".png", "/luoc-do", "/graph", "/anh-huong", "/impact", "/tree", "/tep-goc")):
        return "picture"
    return "page"


@dataclass(frozen=True, slots=True)
class Limits:
    """A limit each kind, written ``<times>/<second|minute|hour>``; see :mod:`webui.app.settings`."""

    of_kind: dict[str, RateLimitItem]

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        names = ("sign_in", "draft", "write", "table", "picture", "page")
        return cls({name: parse(getattr(settings, f"rate_{name}")) for name in names})


class RateLimits:
    """ASGI middleware: 429 with Retry-After past a limit. Stands inside :class:`webui.web.access.KnowTheUser`."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.app = app
        self.limits = limits
        self._counted = FixedWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_FREE):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        kind = kind_of(request.method, request.url.path)
        limit = self.limits.of_kind[kind]
        who = visitor(request, by_address=kind == "sign_in")
        if not self._counted.hit(limit, kind, who):  # in memory and short: no thread is needed
            until = self._counted.get_window_stats(limit, kind, who).reset_time
            wait = str(max(1, math.ceil(until - time.time())))
            await errors.of_status(request, 429, {"Retry-After": wait})(scope, receive, send)
            return
        await self.app(scope, receive, send)


def visitor(request: Request, *, by_address: bool = False) -> str:
    """Who is counted: the signed-in user, else the address; an IPv6 household has one (its /64)."""
    user = None if by_address else access.user_of(request)
    if user is not None:
        return f"user {user.name}"
    said = access.client_address(request)
    try:
        address = ipaddress.ip_address(said.partition("%")[0])
    except ValueError:
        return said
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
