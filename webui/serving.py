"""Runs the web application under uvicorn and says where it is."""

from __future__ import annotations

import socket

import uvicorn

from corpus.errors import UsageError
from webui.app import create_app
from webui.settings import Settings


def serve(settings: Settings) -> None:
    """Serve until Ctrl-C. Raises UsageError when the port is taken or the address is not this machine's."""
    app = create_app(settings)
    listening = _listen(settings.host, settings.port)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    print(f"Trang đang mở ở http://{host}:{listening.getsockname()[1]}  (Ctrl-C để dừng)", flush=True)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_graceful_shutdown=5,
    )
    with listening:
        uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(128)
    except OSError as error:
        made.close()
        raise UsageError(
            f"Không mở được cổng {port} ở {host} ({error.strerror}).", "Hãy chọn cổng khác bằng OCOP_PORT hoặc --port."
        ) from error
    return made
