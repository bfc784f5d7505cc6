"""`ocop watch`: reads files of watched folders into the library as they arrive."""

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
    from webui.app.document_reader import pool_of
    from webui.app.ingest_report import FileReport, IngestReport
    from webui.app.watch_setup import check_folders, exclusive_watch
    from webui.app.watching import Watch, WatchListener, WatchParts
    from webui.cli.printing import ingest_progress
    from webui.cli.printing.terminal import notice

    settings = settings_of(library, jobs=jobs, watch_quiet=quiet, watch_interval=interval)
    places = check_folders(folders, settings.library)

    def print_report(report: FileReport) -> None:
        if as_json:
            print_json(report.as_json())
        else:
            ingest_progress.watched_file(report)

    with (
        open_library(settings, create=True) as opened,
        exclusive_watch(opened.folder) as copies,
        pool_of(settings) as pool,
    ):
        notice(f"Đang theo dõi {', '.join(str(place) for place in places)}. Dừng bằng Ctrl-C.")
        listener = WatchListener(print_report, notice)
        parts = WatchParts(opened, search_of(settings, opened), settings, pool)
        watch = Watch(places, copies, parts, listener)
        watch.run()
    if not as_json:
        ingest_progress.summary(IngestReport(counts=watch.counts.outcomes))
