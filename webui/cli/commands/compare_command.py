"""`ocop compare`: how one document differs from another."""

from __future__ import annotations

from typing import Annotated

import typer

from webui.cli.common import JsonOption, LibraryOption, named, open_library, print_json, settings_of

OldArgument = Annotated[str, typer.Argument(metavar="BẢN_CŨ", help="Số hiệu, #mã hoặc đường dẫn của bản cũ.")]
NewArgument = Annotated[str, typer.Argument(metavar="BẢN_MỚI", help="Số hiệu, #mã hoặc đường dẫn của bản mới.")]


def compare(old: OldArgument, new: NewArgument, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """So sánh hai văn bản: căn cứ thêm và bỏ trước, rồi nội dung theo điều, mục; không kể cách trình bày."""
    from webui.app import addressing, comparing
    from webui.cli.printing import comparison

    with open_library(settings_of(library)) as opened:
        view = opened.view()
        ids = [addressing.one(view, named([words])).id for words in (old, new)]
        value = comparing.compare(view, *ids)
    if as_json:
        print_json(value)
    else:
        comparison.report(value)
