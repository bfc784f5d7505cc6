"""`ocop watch`: folders whose files go into the library as they arrive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from webui.cli.common import (
    JobsOption,
    JsonOption,
    LibraryOption,
    open_library,
    print_json,
    search_of,
    settings_of,
)


def watch(
    folders: Annotated[list[Path], typer.Argument(metavar="THƯ_MỤC...", help="Được đi hết các cấp.")],
    quiet: Annotated[
        float | None,
        typer.Option(
            "--quiet", min=0, max=3600, metavar="GIÂY", help="Tệp không đổi trong bao lâu thì đọc; mặc định 10."
        ),
    ] = None,
    interval: Annotated[
        float | None,
        typer.Option("--interval", min=0.05, max=3600, metavar="GIÂY", help="Bao lâu xem một lần; mặc định 5."),
    ] = None,
    jobs: JobsOption = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Theo dõi thư mục: tệp nào chép xong thì đọc và đưa vào kho, cho đến khi dừng bằng Ctrl-C.

    Không dời, không ghi gì trong thư mục được theo dõi; bỏ qua liên kết, tệp ẩn, tệp rỗng và tệp đang chép dở.
    Chạy lại thì không đọc lại tệp đã có.
    """
    from webui.app import watching
    from webui.app.document_reader import pool_of
    from webui.cli import printing

    settings = settings_of(library, jobs=jobs, watch_quiet=quiet, watch_interval=interval)
    places = watching.check_places(folders, settings.library)
    told = watching.Told(
        (lambda report: print_json(report.as_json())) if as_json else printing.arrived, printing.said_aside
    )
    with (
        open_library(settings, create=True) as opened,
        watching.only_watch(opened.folder) as aside,
        pool_of(settings) as pool,
    ):
        told.say(f"Đang theo dõi {', '.join(str(place) for place in places)}. Dừng bằng Ctrl-C.")
        running = watching.Watch(places, aside, opened, search_of(settings, opened), settings, pool, told)
        running.run()
    if not as_json:
        printing.watch_ended(running.counts.outcomes)
