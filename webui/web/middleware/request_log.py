"""One log line and one count for each request: id, method, route, status, time; never a query, a form or a cookie.

Addresses may contain what people search for, so the pattern of the route is logged and not the address.
"""

from __future__ import annotations

import logging
import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars

from webui.web.metrics import Metrics

log = logging.getLogger("webui.request")

_METHODS = frozenset(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
_QUIET = frozenset(["/healthz", "/readyz", "/metrics", "/static"])
#: Status of a request whose client left before the response began.
CLIENT_LEFT = 499


def route_of(scope: Scope) -> str:
    """The pattern of a request's route, ``/van-ban/{id}``; ``?`` where there is none, so that there are few of them."""
    found = getattr(scope.get("route"), "path_format", None) or getattr(scope.get("route"), "path", None)
    if found:
        return str(found)
    return "/static" if scope["path"].startswith("/static/") else "?"


class RequestLog:
    """ASGI middleware; the id is also sent as ``X-Request-ID`` and is in every log line of the request."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = id
        clear_contextvars()
        bind_contextvars(request_id=id)
        status = CLIENT_LEFT

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = id
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        except Exception:
            status = 500 if status == CLIENT_LEFT else status  # that response is made outside of all middleware
            raise
        finally:
            self._record(scope, status, time.perf_counter() - began)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "?"
        route = route_of(scope)
        self.metrics.count(method, route, status, seconds)
        level = logging.ERROR if status >= 500 else logging.DEBUG if route in _QUIET else logging.INFO
        fields = {"method": method, "route": route, "status": status, "ms": round(1000 * seconds, 1)}
        log.log(level, "request", extra=fields)
