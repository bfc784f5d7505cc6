"""Prints the state of a library: counts, failures, the index, the audit list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.markup import escape

from webui.cli.printing.terminal import console, line

_COUNTS = {
    "held": "Văn bản có tệp",
    "stubs": "Văn bản chỉ được dẫn",
    "known": "Văn bản đi kèm từ bảng đã biết",
    "citations": "Lượt dẫn chiếu",
    "failed": "Tệp không đọc được",
    "refused": "Văn bản mật đã từ chối",
    "duplicates": "Tệp trùng nội dung",
    "unsure": "Văn bản có chỗ cần kiểm tra",
    "ambiguous": "Dẫn chiếu chưa rõ văn bản nào",
    "unresolved": "Dẫn chiếu chưa xác định",
}
_ENGINES = {"both": "bộ đọc dòng và Tesseract", "reader": "bộ đọc dòng", "tesseract": "Tesseract"}
_WIDTH = 34


def status(value: dict[str, Any]) -> None:
    """Counts of the library."""
    for field, label in _COUNTS.items():
        line(label, str(value[field]), _WIDTH)
    index(value["index"], value)
    line("Bộ đọc ảnh", _ENGINES[value["ocr"]["engine"]], _WIDTH)
    if value["ocr"]["why_not"]:
        console.print(f"  [yellow]{escape(value['ocr']['why_not'])}[/]")
    if value["kernel_refuses"]:
        line("Hạt nhân của máy không cho", "; ".join(value["kernel_refuses"]) + " (tệp vẫn được đọc)", _WIDTH)


def failures(found: Iterable[dict[str, Any]]) -> None:
    """Files that could not be read."""
    for one in found:
        console.print(f"  [red]✗[/] {escape(one['path'] or one['sha256'][:16])}: {escape(one['error'])}")


def index(state: dict[str, Any], counts: dict[str, Any] | None = None) -> None:
    """The state of the index and what to do about it. counts: of the library, to say what the index holds."""
    if state["engine"]:
        behind = f", chậm {state['behind']} thay đổi" if state["behind"] else ""
        parts = ""
        if counts and counts["held"] + counts["stubs"] + counts["known"] == state["documents"]:
            parts = f" ({counts['held']} có tệp + {counts['stubs']} chỉ được dẫn + {counts['known']} từ bảng đã biết)"
        console.print(f"  Chỉ mục: {state['engine']}, {state['documents']} văn bản{parts}{behind}")
    if state["advice"]:
        console.print(f"  [yellow]{escape(state['advice'])}[/]")


def audit(found: list[dict[str, Any]], zone: str) -> None:
    """The entries of :func:`webui.app.audit_list.entries`. zone: the time zone, in words."""
    if not found:
        console.print("Nhật ký chưa có việc nào.")
        return
    console.print(f"[dim]Theo {zone}[/]")
    for one in found:
        undone = " [dim](đã hoàn tác)[/]" if one["undone"] else ""
        who = f" bởi {one['who']}" if one["who"] else ""
        named = "; ".join(f"#{d['id']} {d['name']}" if d["id"] else d["name"] for d in one["documents"])
        console.print(f"  {one['id']}  {one['when']}{escape(who)}  {one['action_words']}: {escape(named)}{undone}")
        if one["field"]:
            before, after = one["before"] or "(trống)", one["after"] or "(trống)"
            console.print(f"      {one['label']}: {escape(f'{before} → {after}')}")
        if one["reason"]:
            console.print(f"      lý do: {escape(one['reason'])}")
        if one["warning"]:
            console.print(f"      [yellow]{escape(one['warning'])}[/]")
