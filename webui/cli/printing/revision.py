"""Prints what must be revised."""

from __future__ import annotations

from typing import Any

from rich.markup import escape

from webui.cli.printing.documents import name
from webui.cli.printing.terminal import console

_CUT = "[yellow]Danh sách dừng ở đây, còn nữa.[/]"


def of_document(found: dict[str, Any]) -> None:
    """The documents that rest on one, by what is to be done with each."""
    console.print(name(found["document"]))
    console.print(f"  {escape(found['effect']['sentence'])}")
    for group in found["groups"]:
        if group["rows"]:
            console.print(f"[bold]{group['heading']} ({len(group['rows'])}):[/]")
        for row in group["rows"]:
            console.print(f"  {name(row['document'])} – {escape(row['words'])}; {escape(row['how'])}")
    if not found["total"]:
        console.print("Chưa thấy văn bản nào trong kho dựa trực tiếp vào văn bản này.")
    if found["cut"]:
        console.print(_CUT)


def of_agency(found: dict[str, Any]) -> None:
    """An agency's documents with the căn cứ that changed."""
    console.print(f"{escape(found['agency'])}: {len(found['rows'])} trong {found['looked_at']} văn bản cần rà soát")
    for row in found["rows"]:
        console.print(f"  {name(row['document'], issuer=False)}")
        for basis in row["bases"]:
            then = f"tại ngày ký {basis['at_signing']}, hiện nay {basis['words']}"
            console.print(f"    căn cứ {name(basis['document'])}: {escape(then)}")
    if found["cut"]:
        console.print(_CUT)
