"""One process that serves pages, and whatever else its role asks of it."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import math
import os
import signal
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from socket import socket

import uvicorn
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp

from corpus import segment
from corpus.errors import OcopError
from corpus.graph.graph import Graph
from webui.app.settings import Settings
from webui.web import logs, protocol
from webui.web.application import create_app
from webui.web.workers.accepting import Shares, SharingServer
from webui.web.workers.draining import DrainingServer
from webui.web.workers.roles import ALONE, Role

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
#: Bytes from which a block is allocated by itself and returned at once, and bytes that may stay free at a heap's end.
#: Each such block is mapped and cleared anew, so the arrays of the graph of a large library are smaller than that.
_OWN_BLOCK, _SPARE = 4 << 20, 8 << 20


def serve_pages(
    settings: Settings, listening: socket, role: Role = ALONE, opened: Callable[[], None] = lambda: None
) -> None:
    """Serve at *listening* until a signal ends this process. opened: called when the library is open.

    Raises OcopError.
    """
    _limit_heap()
    logs.configure(settings.log_format)
    app = create_app(settings, role)
    opened()
    threading.Thread(target=_prepare, args=(app.state.graphs[False],), daemon=True).start()
    config = uvicorn_config(app, settings)
    if role.shared is None:
        draining = partial(setattr, app.state, "draining", True)
        DrainingServer(config, draining, settings.drain_seconds).run(sockets=[listening])
    else:
        shares = Shares(role.shared / "connections", role.number, settings.workers)
        SharingServer(config, listening, shares).run(sockets=[])


def run_worker(settings: Settings, listening: socket, role: Role, words: Connection) -> None:
    """Runs in a process of its own. *words* takes None when the library is open, or the OcopError that prevents it."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C: uvicorn has ended in order by then
            serve_pages(settings, listening, role, lambda: words.send(None))
    except OcopError as error:
        words.send(error)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _prepare(graph: Graph) -> None:
    """Load the graph and the model of words before somebody waits for them, and exempt them from garbage collection."""
    with contextlib.suppress(OcopError, SQLAlchemyError):  # whoever asks for a page gets the error
        graph.refresh()
    segment.words("văn bản")
    gc.collect()
    gc.freeze()


def uvicorn_config(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """uvicorn's configuration: no access log of its own, client addresses from trusted proxies only, limited waits."""
    return uvicorn.Config(
        app,
        http=protocol.bounded_protocol(settings.connections),
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=math.ceil(settings.end_seconds),
        h11_max_incomplete_event_size=32 * 1024,
    )


def _limit_heap() -> None:
    """Keep glibc from holding on to freed memory.

    It gives every few threads a heap of their own, whose free memory the others cannot use, and with each large block
    that is freed it allocates larger ones, up to 32 MB, among the small ones.
    """
    with contextlib.suppress(OSError, AttributeError):  # another C library
        heap = ctypes.CDLL(None)
        heap.mallopt(_M_ARENA_MAX, 2)
        heap.mallopt(_M_MMAP_THRESHOLD, _OWN_BLOCK)
        heap.mallopt(_M_TRIM_THRESHOLD, _SPARE)
