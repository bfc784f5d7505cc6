"""What the commands print for people: Rich tables and trees. Nothing here decides anything."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from webui.labels import FIELDS, RELATIONS, date_text

console = Console(highlight=False, soft_wrap=True)


def record(value: dict[str, Any]) -> None:
    """A record, or the failure of a file."""
    if "error" in value:
        console.print(f"[bold red]{escape(value['path'])}[/]: {escape(value['error'])}")
        return
    console.print(f"[bold]{escape(value['path'])}[/]  ({value['pages']} trang)")
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, label in FIELDS.items():
        said = value.get(name)
        if said in (None, [], ""):
            continue
        said = (
            date_text(said)
            if name in {"date", "date_inferred"}
            else ", ".join(said)
            if isinstance(said, list)
            else said
        )
        evidence = value["fields"].get(name) or {}
        mark = " [yellow](cần kiểm tra)[/]" if evidence.get("needs_review") else ""
        mark += " [cyan](suy ra)[/]" if evidence.get("inferred") else ""
        table.add_row(f"  {label}", escape(str(said)) + mark)
    console.print(table)
    for citation in value["citations"]:
        basis = "[green]căn cứ[/] " if citation["is_legal_basis"] else ""
        said = " ".join(citation["text"].split())
        console.print(f"    tr. {citation['page'] or '?'}  {basis}{RELATIONS[citation['relation']]}: {escape(said)}")
