"""Runs the web application under uvicorn, in one process or several, and prints its address."""

from __future__ import annotations

import errno
import socket

from corpus.errors import UsageError
from webui.app.settings import Settings
from webui.web import logs
from webui.web.middleware import hosts
from webui.web.workers.supervisor import Supervisor


def serve(settings: Settings) -> None:
    """Serve until Ctrl-C. Raises UsageError when the port is taken or the address is not this machine's."""
    listening = listening_socket(settings.host, settings.port)
    if not settings.hosts:
        settings = settings.model_copy(update={"hosts": hosts.names_of_this_machine(settings.host)})

    def print_address() -> None:
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        print(f"Trang đang mở ở http://{host}:{listening.getsockname()[1]}  (Ctrl-C để dừng)", flush=True)

    with listening:
        if settings.workers == 1:
            from webui.web.workers.process import serve_pages

            serve_pages(settings, listening, opened=print_address)
        else:
            logs.configure(settings.log_format)
            Supervisor(settings, listening, settings.workers).run(print_address)


#: Why a port cannot be opened.
_REASONS = {
    errno.EADDRINUSE: "đang có chương trình khác dùng cổng này",
    errno.EACCES: "không có quyền mở cổng này",
    errno.EADDRNOTAVAIL: "địa chỉ này không phải của máy này",
}


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens at *port* of this machine; 0 for any free one.

    Raises UsageError when the port is taken or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio turns Nagle's algorithm off for each connection. Otherwise the body of an answer
    # waits until the client has acknowledged the headers, which it may put off for 40 ms.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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
