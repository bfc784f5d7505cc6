"""What a process that serves pages does beside them, and which requests only the main one answers.

One process is the main one: it keeps the index in step, reads uploads and documents that are read again, checks drafts,
draws pictures and sends mail. What it knows of that work is in its memory, so the others hand it every request that
asks for it. All else is in the databases of the library, and any process answers.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from fastapi import APIRouter
from starlette.routing import Route
from starlette.types import Scope

_F = TypeVar("_F", bound=Callable[..., Any])
#: Methods that change nothing.
READING = frozenset({"GET", "HEAD", "OPTIONS"})
_MARK = "_answered_by_main_process"


@dataclass(frozen=True, slots=True)
class Role:
    """What one process is among several. Alone it is the main one, and shares nothing."""

    is_main: bool = True
    #: Its number among them, from 0.
    number: int = 0
    #: The private folder of what the processes share; None for a process alone.
    shared: Path | None = None
    #: Where the main process takes the requests of the others; None for the others.
    handed: socket.socket | None = None

    @property
    def address(self) -> Path | None:
        """Of the main process, for the others."""
        return None if self.shared is None else address_in(self.shared)

    @property
    def is_draining(self) -> bool:
        """Whether the processes were asked to end, together."""
        return self.shared is not None and draining_in(self.shared).exists()

    @property
    def counts(self) -> Path | None:
        """The folder of the counts of requests (:mod:`webui.web.metrics`)."""
        return None if self.shared is None else counts_in(self.shared)


ALONE = Role()


def address_in(shared: Path) -> Path:
    """The socket of the main process."""
    return shared / "main"


def counts_in(shared: Path) -> Path:
    """The folder in which each process keeps its counts of requests."""
    return shared / "counts"


def draining_in(shared: Path) -> Path:
    """The file that is there while the processes are asked to end."""
    return shared / "draining"


def by_main_process(endpoint: _F) -> _F:
    """Marks what answers a route as the main process's own."""
    setattr(endpoint, _MARK, True)
    return endpoint


class MainProcessRoutes:
    """Tells which requests the main process answers: all that may change something, and the routes marked for it."""

    def __init__(self, routers: Iterable[APIRouter]) -> None:
        routes = (route for router in routers for route in router.routes if isinstance(route, Route))
        self._marked = [route.path_regex for route in routes if getattr(route.endpoint, _MARK, False)]

    def include(self, scope: Scope) -> bool:
        """Whether the request of *scope* is one of them."""
        return scope["method"] not in READING or any(path.match(scope["path"]) for path in self._marked)
