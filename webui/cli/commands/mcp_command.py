"""`ocop mcp`: the library for other programs by the Model Context Protocol."""

from __future__ import annotations

from typing import Annotated

import typer

from webui.cli.common import LibraryOption, open_library, settings_of


def mcp(
    http: Annotated[
        int | None,
        typer.Option(
            "--http", min=1, max=65535, metavar="CỔNG", help="Phục vụ bằng HTTP ở cổng này, chỉ trên máy này."
        ),
    ] = None,
    library: LibraryOption = None,
) -> None:
    """Cho chương trình khác đọc kho bằng giao thức MCP, qua đầu vào và đầu ra chuẩn."""
    from webui.mcp.server import make_server, run_http

    settings = settings_of(library)
    with open_library(settings) as opened:
        server = make_server(opened, settings)
        if http is None:
            server.run("stdio")
        else:
            run_http(server, http)
