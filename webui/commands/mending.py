"""`ocop remove`, `merge`, `undo`, `audit`: what people put right, and the record of it."""

from __future__ import annotations

from typing import Annotated

import typer

from webui.commands.common import (
    DocArgument,
    JsonOption,
    LibraryOption,
    ReasonOption,
    open_library,
    print_json,
    search_of,
    settings_of,
)


def done(said: str, entry: int, as_json: bool) -> None:
    if as_json:
        print_json({"audit": entry})
    else:
        print(f"{said} Hoàn tác bằng: ocop undo {entry}")


def remove(doc: DocArgument, reason: ReasonOption, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Gỡ một văn bản khỏi kho; nơi khác dẫn đến nó thì vẫn ghi là được dẫn."""
    from webui import addressing

    settings = settings_of(library)
    with open_library(settings) as opened:
        found = addressing.one(opened, doc)
        entry = opened.remove(found.id, reason)
        search_of(settings, opened).catch_up()
    done(f"Đã gỡ {found.name}.", entry, as_json)


def merge(
    keep: Annotated[str, typer.Argument(metavar="A", help="Văn bản được giữ.")],
    other: Annotated[str, typer.Argument(metavar="B", help="Văn bản gộp vào A.")],
    reason: ReasonOption,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Gộp B vào A khi hai mục là một văn bản; địa chỉ cũ dẫn sang địa chỉ mới."""
    from webui import addressing

    settings = settings_of(library)
    with open_library(settings) as opened:
        a, b = addressing.one(opened, keep), addressing.one(opened, other)
        entry = opened.merge(a.id, b.id, reason)
        search_of(settings, opened).catch_up()
    done(f"Đã gộp {b.name} vào {a.name}.", entry, as_json)


def undo(
    entry: Annotated[int, typer.Argument(metavar="SỐ", help="Số của việc trong nhật ký.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hoàn tác một lần gỡ hoặc gộp."""
    settings = settings_of(library)
    with open_library(settings) as opened:
        made = opened.undo(entry)
        search_of(settings, opened).catch_up()
    if as_json:
        print_json({"audit": made})
    else:
        print(f"Đã hoàn tác việc số {entry}.")


def audit(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Nhật ký những việc gỡ, gộp, hoàn tác."""
    from dataclasses import asdict

    from webui import printing

    with open_library(settings_of(library)) as opened:
        entries = [asdict(e) for e in opened.audit()]
    if as_json:
        print_json(entries)
    else:
        printing.audit(entries)
