"""Prints the register of products."""

from __future__ import annotations

from typing import Any

from rich.markup import escape

from webui.app.labels import date_text
from webui.cli.printing.terminal import console


def listed(products: list[dict[str, Any]]) -> None:
    """Each product with its owner, stars, decision and last day."""
    for found in products:
        stars = f"{found['stars']} sao" if found["stars"] else "chưa rõ sao"
        until = "chưa rõ hạn"
        if found["expiry"]:
            until = f"{'hết hạn' if found['expired'] else 'đến'} {date_text(found['expiry'])}"
        doubt = " [yellow](cần kiểm tra)[/]" if found["needs_review"] else ""
        console.print(f"[bold]{escape(found['name'])}[/]: {stars}, {until}{doubt}")
        console.print(
            f"    {escape('; '.join(found['owners']) or 'chưa rõ chủ thể')}, {escape(found['place'])}".rstrip(", ")
        )
        day = f" ngày {date_text(found['date'])}" if found["date"] else ""
        console.print(f"    {escape(found['decision'] or 'chưa rõ quyết định')}{day}")
    console.print(f"{len(products)} sản phẩm.")
