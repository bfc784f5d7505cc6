"""Prints search results and looked-up lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.markup import escape

from corpus.vocabulary import Effect
from webui.app.labels import EFFECTS, TIERS, date_text
from webui.cli.printing.documents import effect_mark, name
from webui.cli.printing.terminal import console


def results(value: dict[str, Any]) -> None:
    """A page of search results."""
    if value["restored"]:
        console.print(f"Đang tìm: [italic]{escape(value['restored'])}[/]  [dim](tìm đúng chữ gõ: thêm --literal)[/]")
    for note in value["notes"]:
        console.print(f"[yellow]{escape(note)}[/]")
    for answer in value.get("answers", []):
        console.print(f"[bold]{escape(answer['sentence'])}[/]")
    if len(value["same_number"]) > 1:
        console.print(f"[yellow]Có {len(value['same_number'])} văn bản mang số này hoặc gần số này.[/]")
    if not value["total"]:
        console.print("Không tìm thấy văn bản nào.")
    if value["did_you_mean"]:
        console.print(f"Có phải ý bạn là: {escape(value['did_you_mean'])}")
    tier = None
    for hit in value["hits"]:
        if hit["tier"] != tier:
            tier = hit["tier"]
            console.print(f"[underline]{TIERS.get(tier, tier)}[/]")
        _hit(hit)
    if value["hits"]:
        console.print(f"{value['total']} văn bản, trang {value['page']}/{value['pages']}.")


def _hit(hit: dict[str, Any]) -> None:
    label = " ".join(p for p in (hit["doc_type"], hit["so_ky_hieu"]) if p) or "Văn bản không số"
    details = ", ".join(p for p in (hit["issuer"], date_text(hit["date"])) if p)
    marks = (
        (not hit["held"], " [dim]chỉ được dẫn, chưa có toàn văn[/]"),
        (hit["unsure"] and hit["held"], " [yellow]cần kiểm tra[/]"),
        (hit["possible_date"], " [cyan]ngày chỉ có thể đúng[/]"),
        (hit["other_day"], " [yellow]khác ngày đã ghi[/]"),
    )
    mark = "".join(words for true, words in marks if true)
    if hit["status"] != Effect.UNKNOWN:
        mark += effect_mark(hit["status"], EFFECTS[hit["status"]])
    brackets = escape(f" ({details})") if details else ""
    console.print(f"[dim]#{hit['id']}[/] [bold]{escape(label)}[/]{brackets}{mark}")
    if hit["title"]:
        console.print(f"    {_highlighted(hit['title'], hit['title_highlights'])}")
    for snippet in hit["snippets"]:
        page = f"tr. {snippet['page']}: " if snippet["page"] else ""
        if snippet["table"]:
            row = _highlighted(snippet["text"], snippet["highlights"])
            console.print(f"    [dim]bảng {snippet['table']}, {page}[/]{row}")
            continue
        console.print(f"    [dim]{page}…[/]{_highlighted(snippet['text'], snippet['highlights'])}[dim]…[/]")


def _highlighted(text: str, ranges: list[list[int]]) -> str:
    """*text* with its highlights bold, as Rich markup."""
    parts, at = [], 0
    for start, end in ranges:
        parts += [escape(text[at:start]), "[bold yellow]", escape(text[start:end]), "[/]"]
        at = end
    return "".join(parts) + escape(text[at:])


def looked_up(found: Iterable[tuple[str, list[dict[str, Any]]]]) -> None:
    """What was found for each line of a list."""
    for words, documents in found:
        if not words:
            console.print()
        elif len(documents) == 1:
            console.print(f"{escape(words)} → {name(documents[0])}")
        else:
            outcome = f"nhiều văn bản ({len(documents)}):" if documents else "[yellow]không thấy[/]"
            console.print(f"{escape(words)} → {outcome}")
            for one in documents:
                console.print(f"    {name(one)}")
