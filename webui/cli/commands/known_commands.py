"""`ocop known`: the table of known documents, renewed without a release."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from webui.cli.common import JsonOption, LibraryOption, open_library, print_json, search_of, settings_of
from webui.cli.vietnamese_help import Command, Group

known = typer.Typer(
    cls=Group, no_args_is_help=True, help="Danh mục tra cứu kèm theo phần mềm: cập nhật không chờ bản mới."
)


@known.command("update", cls=Command)
def known_update(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Bảng đã duyệt (.tsv), có nguồn và ngày kiểm tra.")],
    reason: Annotated[str, typer.Option("--reason", metavar="LÝ_DO", help="Ghi vào nhật ký.")] = "",
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Cập nhật danh mục tra cứu của kho từ một bảng đã duyệt; hoàn tác được."""
    from webui.app import known_update as renewing

    settings = settings_of(library)
    with open_library(settings) as opened:
        found = renewing.read(file)
        entry = renewing.update(opened, found, reason)
        search_of(settings, opened).catch_up()
    counts = {"new": found.new, "changed": found.changed, "same": found.same}
    if as_json:
        print_json({"audit": entry, **counts})
    else:
        print(f"{found.new} văn bản mới, {found.changed} sửa, {found.same} như cũ. Hoàn tác bằng: ocop undo {entry}")
