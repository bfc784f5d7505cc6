"""Prints related documents."""

from __future__ import annotations

from typing import Any

from rich.markup import escape

from webui.cli.printing.documents import name
from webui.cli.printing.terminal import console

_HEADINGS = (
    ("duplicates", "Bản gần như trùng"),
    ("series", "Cùng loại việc, năm khác"),
    ("related", "Văn bản liên quan"),
)


def lists(value: dict[str, Any]) -> None:
    """The three lists, those that are empty left out."""
    for key, heading in _HEADINGS:
        if value[key]:
            console.print(f"[bold]{heading}:[/]")
        for one in value[key]:
            why = f" [dim]{escape('; '.join(one['reasons']))}[/]" if one["reasons"] else ""
            console.print(f"  {name(one['document'])}{why}")
    if not any(value[key] for key, _ in _HEADINGS):
        console.print("Không thấy văn bản nào liên quan, ngoài những văn bản nó dẫn và dẫn đến nó.")
    if not value["text_compared"]:
        console.print("[yellow]Chưa so được lời văn vì chỉ mục chưa dùng được.[/] Hãy chạy: ocop reindex")
