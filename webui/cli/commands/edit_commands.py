"""`ocop remove`, `merge`, `undo`, `audit`: edits of the library, and the list of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import UsageError
from webui.cli.common import (
    DocArgument,
    JsonOption,
    LibraryOption,
    ReasonOption,
    named,
    open_library,
    print_json,
    search_of,
    settings_of,
)

if TYPE_CHECKING:
    pass


def _print_done(words: str, entry: int, as_json: bool) -> None:
    """Print what was done and how to undo it. entry: its number in the audit list."""
    if as_json:
        print_json({"audit": entry})
    else:
        print(f"{words} Hoàn tác bằng: ocop undo {entry}")


def remove(doc: DocArgument, reason: ReasonOption, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Gỡ một văn bản khỏi kho; nơi khác dẫn đến nó thì vẫn ghi là được dẫn."""
    from webui.app import addressing

    settings = settings_of(library)
    with open_library(settings) as opened:
        found = addressing.one(opened.view(), named(doc))
        entry = opened.edits.remove(found.id, reason)
        search_of(settings, opened).catch_up()
    _print_done(f"Đã gỡ #{found.id} {found.name}.", entry, as_json)


def merge(
    keep: Annotated[str, typer.Argument(metavar="A", help="Văn bản được giữ.")],
    other: Annotated[str, typer.Argument(metavar="B", help="Văn bản gộp vào A.")],
    reason: ReasonOption,
    force: Annotated[bool, typer.Option("--force", help="Vẫn gộp dù hai văn bản khác loại.")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Gộp B vào A khi hai mục là một văn bản; địa chỉ cũ dẫn sang địa chỉ mới."""
    from webui.app import addressing
    from webui.app.duplicates import differences
    from webui.cli.printing.documents import plain_name
    from webui.cli.printing.terminal import notice

    settings = settings_of(library)
    with open_library(settings) as opened:
        a, b = addressing.one(opened.view(), keep), addressing.one(opened.view(), other)
        unlike = differences(a, b)
        if "loại" in unlike and not force:
            raise UsageError(
                f"{plain_name(a)} và {plain_name(b)} khác loại, hiếm khi là một văn bản.",
                "Hãy xem lại bằng `ocop show`; nếu đúng là một thì thêm --force.",
            )
        if unlike:
            notice(f"Lưu ý: hai văn bản khác {', '.join(unlike)}.")
        entry = opened.edits.merge(a.id, b.id, reason)
        search_of(settings, opened).catch_up()
    _print_done(f"Đã gộp {plain_name(b)} vào {plain_name(a)}.", entry, as_json)


def undo(
    entry: Annotated[int, typer.Argument(metavar="SỐ", help="Số của việc trong nhật ký.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hoàn tác một lần gỡ hoặc gộp."""
    settings = settings_of(library)
    with open_library(settings) as opened:
        made = opened.edits.undo(entry)
        search_of(settings, opened).catch_up()
    if as_json:
        print_json({"audit": made})
    else:
        print(f"Đã hoàn tác việc số {entry}.")


def audit(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Nhật ký những việc gỡ, gộp, sửa tay, và việc nào đã hoàn tác; mới nhất trước."""
    from dataclasses import asdict

    from webui.app import audit_list
    from webui.cli.printing.library_state import audit as print_audit

    with open_library(settings_of(library)) as opened:
        entries = [asdict(e) for e in opened.edits.audit()] if as_json else audit_list.entries(opened, opened.view())
    if as_json:
        print_json(entries)
    else:
        print_audit(entries, audit_list.ZONE_NAME)
