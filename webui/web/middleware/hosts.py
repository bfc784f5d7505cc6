"""The host names this server answers to, as a guard against DNS rebinding.

A browser lets a page read whatever the page's own name leads to, so another site could point its name at this server.
IP addresses cannot be redirected that way and always pass.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from webui.web import error_responses

#: Stands for every name.
ANY = "*"
_HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9_.-]+))(?::\d{1,5})?")


def names_of_this_machine(host: str) -> list[str]:
    """The names of a server that listens at *host*, where the settings give none."""
    return sorted({"localhost", host, socket.gethostname(), socket.gethostname().partition(".")[0]} - {"", "::"})


class KnownHosts:
    """ASGI middleware: answers 421 to a Host header with another name than *names*, unless there are none or ``*``."""

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self.app = app
        self.names = frozenset(name.lower().rstrip(".") for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http" and self.names and ANY not in self.names and not self._known(scope):
            await error_responses.response_of(Request(scope), 421)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _known(self, scope: Scope) -> bool:
        values = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        found = _HOST.fullmatch(values[0]) if len(values) == 1 else None
        if found is None:
            return False
        if found["six"]:
            return True
        name = found["name"].lower().rstrip(".")
        return name in self.names or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
