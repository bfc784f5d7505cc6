"""Runs the web application under uvicorn and says where it is."""

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
#: Bytes from which a block of memory is one of its own and goes back at once; and what may lie spare at a heap's end.
_OWN_BLOCK, _SPARE = 256 << 10, 8 << 20


def serve(settings: Settings) -> None:
    """Serve until Ctrl-C. Raises UsageError when the port is taken or the address is not this machine's."""
    listening = _listen(settings.host, settings.port)
    _frugal_heap()
    logs.configure(settings.log_format)
    if not settings.hosts:
        settings = settings.model_copy(update={"hosts": hosts.of_this_machine(settings.host)})
    with listening:
        app = create_app(settings)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        print(f"Trang đang mở ở http://{host}:{listening.getsockname()[1]}  (Ctrl-C để dừng)", flush=True)
        threading.Thread(target=_made_ready, args=(app.state.graphs[False],), daemon=True).start()
        uvicorn.Server(configured(app, settings)).run(sockets=[listening])


def _made_ready(graph: Graph) -> None:
    """Loads the graph before a reader waits for it, and tells the garbage collector that it stays."""
    with contextlib.suppress(OcopError, SQLAlchemyError):  # said to whoever asks for a page
        graph.refresh()
    gc.collect()
    gc.freeze()


def configured(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """uvicorn as we run it: its own access log off, addresses told by trusted proxies alone, an end to every wait."""
    return uvicorn.Config(
        app,
        http=protocol.protocol(settings.connections),
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


#: Why a port cannot be opened, in words.
_WHY = {
    errno.EADDRINUSE: "đang có chương trình khác dùng cổng này",
    errno.EACCES: "không có quyền mở cổng này",
    errno.EADDRNOTAVAIL: "địa chỉ này không phải của máy này",
}


def _frugal_heap() -> None:
    """glibc gives every few threads a heap of their own, and what one frees the others cannot use; and each large block
    it frees makes it keep larger ones, up to 32 MB, among the small ones. Memory would creep up."""
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
        why = _WHY.get(error.errno or 0, "hệ điều hành từ chối")
        raise UsageError(
            f"Không mở được cổng {port} ở {host}: {why}.", "Hãy chọn cổng khác bằng OCOP_PORT hoặc --port."
        ) from error
    return made
