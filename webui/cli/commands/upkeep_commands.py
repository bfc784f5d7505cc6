"""`ocop status`, `reindex`, `dump`: the state of a library."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from webui.cli.common import (
    JsonOption,
    LibraryOption,
    open_library,
    print_json,
    search_of,
    settings_of,
)


def status(
    failures: Annotated[bool, typer.Option("--failures", help="Liệt kê tệp không đọc được.")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Đếm những gì có trong kho."""
    from dataclasses import asdict

    from ingest.ocr.engine import why_not
    from ingest.worker import sandbox
    from webui.app.searching import index_state
    from webui.cli.printing import library_state

    settings = settings_of(library)
    with open_library(settings) as opened:
        refused = [measure.words for measure in sandbox.refused()]
        value = asdict(opened.view().status()) | {"kernel_refuses": refused}
        value["ocr"] = {"engine": settings.ocr, "why_not": why_not(settings.ocr)}
        failed = [asdict(f) for f in opened.intake.failures()] if failures else []
        value["index"] = index_state(search_of(settings, opened))
    del value["restricted"]
    if as_json:
        print_json({**value, "failures": failed} if failures else value)
        return
    library_state.status(value)
    library_state.failures(failed)


def reindex(
    engine: Annotated[
        str | None, typer.Option("--engine", metavar="TÊN", help="whoosh, tantivy hoặc opensearch.")
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lập lại chỉ mục từ kho."""
    from webui.app.searching import index_state, open_search
    from webui.cli.printing import library_state

    settings = settings_of(library)
    with open_library(settings) as opened:
        opened_search = open_search(settings, opened)
        opened_search.rebuild(engine)
        state = index_state(opened_search)
    if as_json:
        print_json(state)
    else:
        library_state.index(state)


def dump(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """In mọi văn bản và dẫn chiếu thành dòng JSON đã xếp thứ tự, để so hai kho. (Luôn là JSON.)

    Không nạp lại được từ bản in này, vì nó không có toàn văn; muốn dời kho thì dùng `ocop backup` và `ocop restore`.
    """
    with open_library(settings_of(library)) as opened:
        for line in opened.view().dump():
            sys.stdout.write(line + "\n")
