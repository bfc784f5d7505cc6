"""Prints the report of a draft check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.markup import escape

from webui.cli.printing.terminal import console

#: Colours of the verdict on a field.
_COLOURS = {"khop": "green", "lech": "red"}


def report(value: dict[str, Any]) -> None:
    """Each căn cứ, other citations that differ from what is known, how many to look at, and the check of form."""
    for basis in value["bases"]:
        _basis(basis)
    if value["elsewhere"]:
        console.print("Chỗ dẫn khác, ngoài căn cứ, có điểm khác với những gì đã biết:")
    for other in value["elsewhere"]:
        page = f" (trang {other['page']})" if other["page"] else ""
        console.print(f"[yellow]![/] {escape(other['text'] + page)}")
        for field in other["fields"]:
            _field(field)
    console.print(escape(value["summary"]) + (" (! nên xem lại, ? chưa đối chiếu được)" if value["bases"] else ""))
    console.print(f"[dim]{escape(value['scope'])}[/]")
    _form(value["form"])


def _form(form: dict[str, Any]) -> None:
    """The check of form: each finding with the place of its rule."""
    for found in form["findings"]:
        page = f" (trang {found['page']})" if found["page"] else ""
        console.print(f"[yellow]![/] {escape(found['advice'])} [dim]{escape(found['place'])}[/]")
        if found["seen"]:
            console.print(f"     dự thảo ghi: {escape(found['seen'] + page)}")
    console.print(escape(form["summary"]))


def _basis(basis: dict[str, Any]) -> None:
    mark = "[yellow]![/] " if basis["needs_look"] else "[yellow]?[/] " if basis["unseen"] else "  "
    console.print(f"{mark}[bold]{basis['number']}. {escape(basis['text'])}[/]")
    console.print(f"     {escape(basis['told'])}")
    for field in basis["fields"]:
        if not basis["unseen"] or field["verdict"] != "khong_ro" or field["look"]:
            _field(field)
    if not basis["unseen"]:
        _effect(basis)
    for words in _remarks(basis):
        console.print(f"     {words}")


def _effect(basis: dict[str, Any]) -> None:
    effect = basis["health"]
    proof = f" – {basis['health_proof']}" if basis["health_proof"] else ""
    named = [c["name"] + (f" (#{c['id']})" if c["id"] else "") for c in basis["health_by"]]
    by = f" bởi {', '.join(named)}" if named else ""
    console.print(f"     hiệu lực hôm nay: {effect['words'] if effect else 'không đủ dữ liệu'}{escape(by + proof)}")


def _remarks(basis: dict[str, Any]) -> Iterator[str]:
    """What else there is to say of a căn cứ, as Rich markup."""
    for hint in basis["health_hints"]:
        yield f"[cyan]{escape(hint)}[/]"
    if len(basis["candidates"]) > 1:
        yield "[yellow]nhiều văn bản ứng với cách ghi này:[/]"
    for candidate in basis["candidates"]:
        yield f"có thể là: {escape(candidate)}"
    for near in basis["near"]:
        yield f"{near['told']}: {escape(near['words'])} [dim]#{near['id']}[/]"
    if basis["repeats"]:
        yield f"trùng với căn cứ {basis['repeats']}"
    if basis["suggestion"]:
        yield f"cách ghi để tham khảo: {escape(basis['suggestion'])}"
    if basis["replacement"]:
        yield f"văn bản này đã bị thay thế, hãy thay bằng: {escape(basis['replacement'])}"


def _field(field: dict[str, Any]) -> None:
    written = field["written"] or "(không ghi)"
    known = f" | đã biết: {field['known']}" if field["known"] and field["verdict"] != "khop" else ""
    note = f" ({field['note']})" if field["note"] and (field["written"] or field["field"] == "so_ky_hieu") else ""
    sign = f"[{_COLOURS.get(field['verdict'], 'dim')}]{field['sign']}[/]"
    console.print(f"     {sign} {field['name']}: {escape(written + known + note)}")
