"""`ocop serve`: runs the web server."""

from __future__ import annotations

from typing import Annotated

import typer

from webui.cli.common import LibraryOption, settings_of


def serve(
    port: Annotated[
        int | None, typer.Option("--port", "-p", min=0, max=65535, metavar="SỐ", help="Cổng; 0 là cổng trống bất kỳ.")
    ] = None,
    host: Annotated[
        str | None, typer.Option("--host", metavar="ĐỊA_CHỈ", help="Địa chỉ phục vụ; mặc định chỉ máy này.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", "-w", min=1, max=64, metavar="SỐ", help="Số tiến trình phục vụ trang."),
    ] = None,
    library: LibraryOption = None,
) -> None:
    """Mở trang tìm kiếm trên máy này; dừng bằng Ctrl-C."""
    from webui.web.server import serve as run

    run(settings_of(library, port=port, host=host, workers=workers))
