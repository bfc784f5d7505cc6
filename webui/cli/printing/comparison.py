"""Prints the comparison of two documents."""

from __future__ import annotations

from typing import Any

from rich.markup import escape

from webui.cli.printing.documents import name
from webui.cli.printing.terminal import console

_SIGNS = {"them": "[green]+[/]", "bo": "[red]-[/]", "doi": "[yellow]~[/]"}


def report(value: dict[str, Any]) -> None:
    """Căn cứ first, then the head, then the text by article and section."""
    console.print(f"Bản cũ: {name(value['old'])}")
    console.print(f"Bản mới: {name(value['new'])}")
    for key, words in (("added", "[green]Thêm căn cứ[/]"), ("dropped", "[red]Bỏ căn cứ[/]")):
        for row in value["bases"][key]:
            shown = name(row["document"]) if row["document"] else f"“{escape(row['text'])}”"
            console.print(f"{words}: {shown}{' [yellow]cần kiểm tra[/]' if row['unsure'] else ''}")
    console.print(f"Giữ {len(value['bases']['kept'])} căn cứ.")
    for row in value["head"]:
        doubt = " [yellow]cần kiểm tra[/]" if row["unsure"] else ""
        old, new = (escape(row[side] or "(không có)") for side in ("old", "new"))
        console.print(f"{row['label']}: {old} → {new}{doubt}")
    for part in value["parts"]:
        console.print(f"[bold]{escape(part['heading'])}[/]")
        for row in part["rows"]:
            _row(row)
    if value["unsure"]:
        console.print("[yellow]Số chưa chắc[/] (máy đọc trên bản quét không chắc, không tính là khác):")
        for row in (row for part in value["unsure"] for row in part["rows"]):
            _row(row)
    if not value["total"]:
        console.print("Không thấy khác nhau về nội dung.")
    elif value["cut"]:
        console.print(f"Còn nữa: tất cả {value['total']} chỗ khác.")


def _row(row: dict[str, Any]) -> None:
    for side, sign in (("old", "-"), ("new", "+")):
        if row[side] is not None:
            mark = _SIGNS[row["kind"]] if row["kind"] != "doi" else f"{_SIGNS['doi']}{sign}"
            console.print(f"  {mark} {_marked(row[side])} [dim]tr. {row[side]['page']}[/]")


def _marked(side: dict[str, Any]) -> str:
    parts, at = [], 0
    for start, end in side["marks"]:
        parts += [escape(side["text"][at:start]), f"[reverse]{escape(side['text'][start:end])}[/]"]
        at = end
    return "".join([*parts, escape(side["text"][at:])])
