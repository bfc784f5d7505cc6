"""The names this server answers to: a page of another site that points its own name here is turned away.

A browser lets a page read whatever its own name leads to, this server too (DNS rebinding), and the addresses that pages
give of themselves come from the Host header. Addresses in figures cannot be pointed elsewhere by anyone, so they pass.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from webui.web import errors

#: Any name.
ANY = "*"
_HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9_.-]+))(?::\d{1,5})?")


def of_this_machine(host: str) -> list[str]:
    """The names a server listening at *host* has when nobody said which."""
    return sorted({"localhost", host, socket.gethostname(), socket.gethostname().partition(".")[0]} - {"", "::"})


class KnownHosts:
    """ASGI middleware: 421 to a Host header with a name not in *names*; no names or ``*``: every name passes."""

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self.app = app
        self.names = frozenset(name.lower().rstrip(".") for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.names and ANY not in self.names and not self._known(scope):
            await errors.of_status(Request(scope), 421)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _known(self, scope: Scope) -> bool:
        said = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        found = _HOST.fullmatch(said[0]) if len(said) == 1 else None
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
