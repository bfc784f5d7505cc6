"""Prints documents and how they cite each other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from corpus.vocabulary import Effect
from webui.app.effects import NOT_IN_FORCE, likely_words
from webui.app.labels import DATES, FIELDS, RELATIONS, STATES, citing_value, conflict_text, date_text, pinpoint_words
from webui.cli.printing.records import record
from webui.cli.printing.terminal import console, line

if TYPE_CHECKING:
    from corpus.library.values import Summary


def name(document: dict[str, Any], *, issuer: bool = True) -> str:
    """``#12 Quyết định 490/QĐ-TTg (Thủ tướng Chính phủ, 07/5/2018)``, as Rich markup."""
    details = ", ".join(p for p in (document["issuer"] if issuer else None, date_text(document["date"])) if p)
    mark = "" if document["held"] else " [dim]chỉ được dẫn, chưa có toàn văn[/]"
    if document["held"] and document["number_unsure"]:
        mark += " [yellow]số cần kiểm tra[/]"
    elif document["held"] and document["unsure"]:
        mark += " [yellow]cần kiểm tra[/]"
    brackets = escape(f" ({details})") if details else ""
    return f"[dim]#{document['id']}[/] [bold]{escape(document['name'])}[/]{brackets}{mark}"


def plain_name(document: Summary) -> str:
    """``#12 Quyết định 490/QĐ-TTg (Thủ tướng Chính phủ, 07/5/2018)``, as plain text."""
    details = ", ".join(p for p in (document.issuer, date_text(document.date)) if p)
    return f"#{document.id} {document.name}" + (f" ({details})" if details else "")


def document(value: dict[str, Any], cites: list[dict[str, Any]], cited_by: list[dict[str, Any]]) -> None:
    """One document: its values, what it cites, what cites it."""
    console.print(name(value, issuer=False))
    if value["record"] is None:
        _cited_only(value)
    else:
        record({**value["record"], "path": ", ".join(value["files"]), "citations": []})
    for heading, edges, citing in (("Dẫn đến", cites, "văn bản này"), ("Được dẫn bởi", cited_by, "nơi dẫn")):
        if edges:
            console.print(f"[bold]{heading}:[/]")
            for edge in edges:
                conflicts = _conflicts([c for one in edge["mentions"] for c in one["conflicts"]], citing)
                doubt = likely(edge.get("may_be", ()))
                console.print(f"  {_relation(edge)} {name(edge['document'])}{conflicts}{doubt}")


def _cited_only(value: dict[str, Any]) -> None:
    """The values of a document that is only cited."""
    for field in ("doc_type", "so_ky_hieu", "date", "issuer", "title"):
        if value[field]:
            line(FIELDS[field], escape(date_text(value[field]) if field == "date" else value[field]))
    for field, votes in value["conflicts"].items():
        words = "; ".join(f"{date_text(v) if field in DATES else v} ({n} văn bản)" for v, n in votes.items())
        console.print(f"  [yellow]{FIELDS.get(field, field)} được dẫn khác nhau:[/] {escape(words)}")


def _conflicts(conflicts: Iterable[str], citing: str) -> str:
    """Where the citing document (called *citing*) differs from what is known, as Rich markup."""
    words = "; ".join(dict.fromkeys(citing_value(conflict) for conflict in conflicts))
    return f" [yellow]({citing} ghi {escape(words)})[/]" if words else ""


def _relation(edge: dict[str, Any]) -> str:
    label = RELATIONS[edge["relation"]]
    mark = " [cyan](suy đoán)[/]" if edge["inferred"] else ""
    mark += " [cyan](theo bảng đã biết)[/]" if edge.get("fact") else ""
    if edge["is_legal_basis"]:
        return f"[green]●[/] [green]căn cứ[/]{mark}"
    return f"{'◐' if edge['wide_basis'] else '○'} {label}{mark}"


def effect(node: dict[str, Any]) -> str:
    """The effect of a document of a tree today and whether it is in doubt, as Rich markup; "" where none is known."""
    found = node["effect"]
    doubt = " [cyan](có thể đã thay đổi, chưa chắc)[/]" if found["doubtful"] else ""
    if found["state"] == Effect.UNKNOWN:
        return doubt
    return effect_mark(found["state"], found["words"]) + doubt


def effect_mark(state: str, words: str) -> str:
    """An effect that is known, in its colour, as Rich markup."""
    colour = "red" if state in NOT_IN_FORCE else "green" if state == Effect.IN_FORCE else "yellow"
    return f" – [{colour}]{words}[/]"


def tree(value: dict[str, Any]) -> None:
    """A tree of :func:`webui.app.trees.tree`; ● legal basis, ◐ wider basis, ○ other."""
    console.print(name(value["document"]) + effect(value))
    stack = [(child, "", at == len(value["children"]) - 1) for at, child in enumerate(value["children"])][::-1]
    while stack:
        node, indent, last = stack.pop()
        label = f"{_relation(node)} {name(node['document'])}{effect(node)}{_conflicts(node['conflicts'], 'nơi dẫn')}"
        label += likely(node["may_be"])
        if node.get("repeated"):
            label += " [dim](đã nêu ở trên)[/]"
        elif node.get("more"):
            label += f" [dim](còn {node['more']} văn bản bên dưới)[/]"
        console.print(f"{indent}{'└── ' if last else '├── '}{label}")
        below = indent + ("    " if last else "│   ")
        children = node["children"]
        stack.extend([(child, below, at == len(children) - 1) for at, child in enumerate(children)][::-1])


def likely(found: Iterable[dict[str, Any]]) -> str:
    """What a document with a number that may be wrong may be, as Rich markup; "" where nothing is found."""
    words = likely_words(found)
    return f" [yellow]số cần kiểm tra, {escape(words)}[/]" if words else ""


def mentions(found: Iterable[dict[str, Any]], names: dict[int, str]) -> None:
    """Every citation of a document in reading order. names: of the documents by id."""
    for one in found:
        text = " ".join(one["text"].split()) + pinpoint_words(one)
        target = names.get(one["target_id"]) if one["target_id"] else STATES[one["state"]]
        basis = "[green]căn cứ[/]" if one["is_legal_basis"] else RELATIONS[one["relation"]]
        console.print(f"  tr. {one['page'] or '?'}  {basis}: {escape(text)} → {escape(str(target))}")
        for conflict in one["conflicts"]:
            console.print(f"      [yellow]{escape(conflict_text(conflict))}[/]")


def path(value: dict[str, Any]) -> None:
    """The path from one document to another."""
    if value["start"]["id"] == value["end"]["id"]:
        console.print(f"Hai đầu là cùng một văn bản: {name(value['start'])}")
        return
    if not value["steps"]:
        console.print("Không có đường dẫn chiếu nào nối hai văn bản này.")
        return
    if not value["directed"]:
        console.print("[yellow]Không có đường theo một chiều dẫn chiếu; dưới đây là đường nối không kể chiều.[/]")
    console.print(name(value["start"]))
    for step in value["steps"]:
        arrow = "→" if step["forward"] else "←"
        console.print(f"  {arrow} {_relation(step)} {name(step['document'])}")


def provision(value: dict[str, Any]) -> None:
    """A provision as it stood on a day, and the changes behind it."""
    console.print(f"[bold]{escape(value['provision'])}[/] {name(value['document'])}, ngày {date_text(value['on'])}")
    if value["text"]:
        console.print(escape(value["text"]))
    console.print(escape(value["words"]))
    for heading, changes in (("đã ghép", value["applied"]), ("chưa ghép được", value["not_applied"])):
        for one in changes:
            day = f" từ {date_text(one['since'])}" if one["since"] else ""
            console.print(f"  {heading}: {name(one['by'], issuer=False)}{day}: “{escape(one['sentence'])}”")
