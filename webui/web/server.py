"""Runs the web application under uvicorn and prints its address."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import gc
import socket
import threading

import uvicorn
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp

from corpus.errors import OcopError, UsageError
from corpus.graph.graph import Graph
from webui.app.settings import Settings
from webui.web import logs, protocol
from webui.web.application import create_app
from webui.web.middleware import hosts

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
#: Bytes from which a block is allocated by itself and returned at once, and bytes that may stay free at a heap's end.
_OWN_BLOCK, _SPARE = 256 << 10, 8 << 20


def serve(settings: Settings) -> None:
    """Serve until Ctrl-C. Raises UsageError when the port is taken or the address is not this machine's."""
    listening = _listen(settings.host, settings.port)
    _limit_heap()
    logs.configure(settings.log_format)
    if not settings.hosts:
        settings = settings.model_copy(update={"hosts": hosts.names_of_this_machine(settings.host)})
    with listening:
        app = create_app(settings)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        print(f"Trang đang mở ở http://{host}:{listening.getsockname()[1]}  (Ctrl-C để dừng)", flush=True)
        threading.Thread(target=_load_graph, args=(app.state.graphs[False],), daemon=True).start()
        uvicorn.Server(uvicorn_config(app, settings)).run(sockets=[listening])


def _load_graph(graph: Graph) -> None:
    """Load the graph before somebody waits for it, and exempt it from garbage collection."""
    with contextlib.suppress(OcopError, SQLAlchemyError):  # whoever asks for a page gets the error
        graph.refresh()
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
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=32 * 1024,
    )


#: Why a port cannot be opened.
_REASONS = {
    errno.EADDRINUSE: "đang có chương trình khác dùng cổng này",
    errno.EACCES: "không có quyền mở cổng này",
    errno.EADDRNOTAVAIL: "địa chỉ này không phải của máy này",
}


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


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(128)
    except OSError as error:
        made.close()
        why = _REASONS.get(error.errno or 0, "hệ điều hành từ chối")
        raise UsageError(
            f"Không mở được cổng {port} ở {host}: {why}.", "Hãy chọn cổng khác bằng OCOP_PORT hoặc --port."
        ) from error
    return made
