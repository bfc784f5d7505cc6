"""What the commands print for people: Rich tables and trees. Nothing here decides anything."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from webui.app.ingestion import FileReport, IngestReport
from webui.app.labels import (
    DATES,
    FIELDS,
    OUTCOMES,
    RELATIONS,
    STATES,
    TIERS,
    conflict_said,
    conflict_text,
    date_text,
)

if TYPE_CHECKING:
    from corpus.library.values import Summary

console = Console(highlight=False, soft_wrap=True)


def _line(label: str, said: str, width: int = 28) -> None:
    console.print(f"  {label:<{width}}{said}")


def record(value: dict[str, Any]) -> None:
    """A record, or the failure of a file."""
    if "error" in value:
        console.print(f"[bold red]{escape(value['path'])}[/]: {escape(value['error'])}")
        return
    console.print(f"[bold]{escape(value['path'])}[/]  ({value['pages']} trang)")
    for name, label in FIELDS.items():
        said = value.get(name)
        evidence = value["fields"].get(name) or {}
        if said in (None, [], ""):
            if evidence.get("needs_review"):
                _line(label, "(không đọc được) [yellow](cần kiểm tra)[/]")
            continue
        said = date_text(said) if name in DATES else ", ".join(said) if isinstance(said, list) else said
        mark = " [yellow](cần kiểm tra)[/]" if evidence.get("needs_review") else ""
        mark += " [cyan](suy đoán)[/]" if evidence.get("inferred") else ""
        _line(label, escape(str(said)) + mark)
    for citation in value["citations"]:
        basis = "[green]căn cứ[/] " if citation["is_legal_basis"] else ""
        said = " ".join(citation["text"].split())
        console.print(f"    tr. {citation['page'] or '?'}  {basis}{RELATIONS[citation['relation']]}: {escape(said)}")


def explanation(value: dict[str, Any]) -> None:
    """How a file was read: pages, zones, and each value with its reasons and what the second reader saw."""
    if "error" in value:
        record(value)
        return
    console.print(f"[bold]{escape(value['path'])}[/]")
    for page in value["pages"]:
        how = "lớp chữ" if page["source"] == "text" else f"OCR, tin cậy {page['confidence']:.2f}"
        notes = "".join(f"; {escape(n)}" for n in page["notes"])
        console.print(f"    trang {page['number']}: {how}{notes}")
    console.print("Các vùng")
    for zone in value["zones"]:
        part = f" (phần kèm {zone['part']})" if zone["part"] else ""
        console.print(f"    tr. {zone['page']}  {zone['name']}{part}: {escape(zone['text'])}")
    console.print("Các giá trị")
    for key, seen in value["fields"].items():
        mark = " [yellow](cần kiểm tra)[/]" if seen["needs_review"] else ""
        said = f"{seen['value']}  {seen['confidence']:.2f}"
        _line(FIELDS.get(key, key), escape(said) + mark)
        for reason in seen["reasons"]:
            console.print(f"        vì: {escape(reason)}")
        if "second" in seen:
            console.print(f"        OCR đọc: {escape(str(seen['first']))}")
            for part, candidates in seen["second"].items():
                ranked = ", ".join(f"{text} ({share:.2f})" for text, share in candidates[:3])
                console.print(f"        đọc lần hai, {part}: {escape(ranked)}")


def name(document: dict[str, Any], *, issuer: bool = True) -> str:
    """``#12 Quyết định 490/QĐ-TTg (Thủ tướng Chính phủ, 07/5/2018)``, as Rich markup."""
    said = ", ".join(p for p in (document["issuer"] if issuer else None, date_text(document["date"])) if p)
    mark = "" if document["held"] else " [dim]chỉ được dẫn, chưa có tệp[/]"
    mark += " [yellow]cần kiểm tra[/]" if document["unsure"] and document["held"] else ""
    return f"[dim]#{document['id']}[/] [bold]{escape(document['name'])}[/]{escape(f' ({said})') if said else ''}{mark}"


def plain_name(document: Summary) -> str:
    """``#12 Quyết định 490/QĐ-TTg (Thủ tướng Chính phủ, 07/5/2018)``, as plain text."""
    said = ", ".join(p for p in (document.issuer, date_text(document.date)) if p)
    return f"#{document.id} {document.name}" + (f" ({said})" if said else "")


def documents(found: Iterable[dict[str, Any]]) -> None:
    """A list of documents with their trích yếu."""
    for document in found:
        console.print(name(document))
        if document["title"] and document["title"] not in document["name"]:
            console.print(f"    {escape(document['title'])}")


def document(value: dict[str, Any], cites: list[dict[str, Any]], cited_by: list[dict[str, Any]]) -> None:
    """One document: what is known of it, what it cites, what cites it."""
    console.print(name(value, issuer=False))
    if value["record"] is None:
        for field in ("doc_type", "so_ky_hieu", "date", "issuer", "title"):
            if value[field]:
                said = date_text(value[field]) if field == "date" else value[field]
                _line(FIELDS[field], escape(said))
        for field, votes in value["conflicts"].items():
            told = "; ".join(f"{date_text(v) if field in DATES else v} ({n} văn bản)" for v, n in votes.items())
            console.print(f"  [yellow]{FIELDS.get(field, field)} được dẫn khác nhau:[/] {escape(told)}")
    else:
        record({**value["record"], "path": ", ".join(value["files"]), "citations": []})
    for heading, edges in (("Dẫn đến", cites), ("Được dẫn bởi", cited_by)):
        if edges:
            console.print(f"[bold]{heading}:[/]")
            for edge in edges:
                who = "văn bản này" if edges is cites else "nơi dẫn"
                said = _said([c for one in edge["mentions"] for c in one["conflicts"]], who)
                console.print(f"  {_relation(edge)} {name(edge['document'])}{said}")


def _said(conflicts: Iterable[str], who: str) -> str:
    """What the citing paper prints otherwise than is known, as Rich markup; who: that paper."""
    told = "; ".join(dict.fromkeys(conflict_said(conflict) for conflict in conflicts))
    return f" [yellow]({who} ghi {escape(told)})[/]" if told else ""


def _relation(edge: dict[str, Any]) -> str:
    label = RELATIONS[edge["relation"]]
    mark = " [cyan](suy đoán)[/]" if edge["inferred"] else ""
    mark += " [cyan](theo bảng đã biết)[/]" if edge.get("fact") else ""
    if edge["is_legal_basis"]:
        return f"[green]●[/] [green]căn cứ[/]{mark}"
    return f"{'◐' if edge['wide_basis'] else '○'} {label}{mark}"


def tree(value: dict[str, Any]) -> None:
    """A tree of :func:`webui.app.trees.tree`; ● legal basis, ◐ wider basis, ○ other."""
    console.print(name(value["document"]))
    stack = [(child, "", at == len(value["children"]) - 1) for at, child in enumerate(value["children"])][::-1]
    while stack:
        node, before, last = stack.pop()
        label = f"{_relation(node)} {name(node['document'])}{_said(node['conflicts'], 'nơi dẫn')}"
        if node.get("repeated"):
            label += " [dim](đã nêu ở trên)[/]"
        elif node.get("more"):
            label += f" [dim](còn {node['more']} văn bản bên dưới)[/]"
        console.print(f"{before}{'└── ' if last else '├── '}{label}")
        below = before + ("    " if last else "│   ")
        children = node["children"]
        stack.extend([(child, below, at == len(children) - 1) for at, child in enumerate(children)][::-1])


def mentions(found: Iterable[dict[str, Any]], names: dict[int, str]) -> None:
    """Every mention of a document in reading order."""
    for one in found:
        said = " ".join(one["text"].split())
        target = names.get(one["target_id"]) if one["target_id"] else STATES[one["state"]]
        basis = "[green]căn cứ[/]" if one["is_legal_basis"] else RELATIONS[one["relation"]]
        console.print(f"  tr. {one['page'] or '?'}  {basis}: {escape(said)} → {escape(str(target))}")
        for conflict in one["conflicts"]:
            console.print(f"      [yellow]{escape(conflict_text(conflict))}[/]")


def path(value: dict[str, Any]) -> None:
    """The way from one document to another."""
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


def status(value: dict[str, Any]) -> None:
    """Counts of the library."""
    labels = {
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
    for field, label in labels.items():
        _line(label, str(value[field]), 34)
    index(value["index"], value)
    if value["kernel_refuses"]:
        _line("Hạt nhân của máy không cho", "; ".join(value["kernel_refuses"]) + " (tệp vẫn được đọc)", 34)


def failures(found: Iterable[dict[str, Any]]) -> None:
    """Files that could not be read."""
    for one in found:
        console.print(f"  [red]✗[/] {escape(one['path'] or one['sha256'][:16])}: {escape(one['error'])}")


def audit(found: list[dict[str, Any]], zone: str) -> None:
    """What people did to the library, as :func:`webui.app.audit_list.entries` tells it. zone: whose time it is."""
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


def watched(reports: Iterator[FileReport], total: int) -> IngestReport:
    """Runs an ingest to its end under a progress bar on stderr; problems are told as they come."""
    told = IngestReport()
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(stderr=True, highlight=False), disable=not sys.stderr.isatty(),
    )  # fmt: skip
    with bar, closing(cast("Generator[FileReport, None, None]", reports)):
        task = bar.add_task("Đọc văn bản", total=total)
        try:
            for report in reports:
                told.add(report)
                bar.advance(task)
                if report.outcome in {"failed", "refused"}:
                    said = f"[red]✗[/] {escape(_printable(report.path))}: {escape(report.message)}"
                    bar.console.print(said, soft_wrap=True)
                elif report.message and report.id is not None:
                    said = f"[yellow]#{report.id}[/] {escape(_printable(report.path))}: {escape(report.message)}"
                    bar.console.print(said, soft_wrap=True)
        except KeyboardInterrupt:  # what is stored stays stored, and the index follows as the run is closed
            told.stopped = True
    return told


def _printable(text: str) -> str:
    """*text* on one line, with nothing in it that a terminal would obey."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def arrived(report: FileReport) -> None:
    """One file of a watched folder, as it is done."""
    mark = "[red]✗[/]" if report.outcome in {"failed", "refused"} else "[green]✓[/]"
    document = f" #{report.id}" if report.id is not None else ""
    message = f": {report.message}" if report.message else ""
    console.print(f"{mark} {escape(_printable(report.path))}  {OUTCOMES[report.outcome]}{document}{escape(message)}")


def said_aside(text: str) -> None:
    """A sentence beside the results, on stderr."""
    print(_printable(text), file=sys.stderr, flush=True)


def watch_ended(outcomes: dict[str, int]) -> None:
    """The summary of a watch."""
    ingested(IngestReport(counts=outcomes))


def ingested(told: IngestReport) -> None:
    """The summary of an ingest."""
    parts = [f"{told.counts[key]} {label}" for key, label in OUTCOMES.items() if told.counts.get(key)]
    console.print(("Đã làm: " if told.stopped else "Xong: ") + (", ".join(parts) or "không có tệp nào") + ".")
    if told.stopped:
        console.print("Chạy lại lệnh này để làm tiếp phần còn lại; tệp đã đọc không phải đọc lại.")


def index(state: dict[str, Any], counts: dict[str, Any] | None = None) -> None:
    """State of the index, and what to do about it. counts: of the library, to say what the index holds."""
    if state["engine"]:
        behind = f", chậm {state['behind']} thay đổi" if state["behind"] else ""
        parts = ""
        if counts and counts["held"] + counts["stubs"] + counts["known"] == state["documents"]:
            parts = f" ({counts['held']} có tệp + {counts['stubs']} chỉ được dẫn + {counts['known']} từ bảng đã biết)"
        console.print(f"  Chỉ mục: {state['engine']}, {state['documents']} văn bản{parts}{behind}")
    if state["advice"]:
        console.print(f"  [yellow]{escape(state['advice'])}[/]")


def _marked(text: str, ranges: list[list[int]]) -> str:
    """*text* with its highlights bold, as Rich markup."""
    parts, at = [], 0
    for start, end in ranges:
        parts += [escape(text[at:start]), "[bold yellow]", escape(text[start:end]), "[/]"]
        at = end
    return "".join(parts) + escape(text[at:])


def found(value: dict[str, Any]) -> None:
    """A page of search results."""
    if value["restored"]:
        console.print(f"Đang tìm: [italic]{escape(value['restored'])}[/]  [dim](tìm đúng chữ gõ: thêm --literal)[/]")
    for note in value["notes"]:
        console.print(f"[yellow]{escape(note)}[/]")
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
        label = " ".join(p for p in (hit["doc_type"], hit["so_ky_hieu"]) if p) or "Văn bản không số"
        said = ", ".join(p for p in (hit["issuer"], date_text(hit["date"])) if p)
        mark = "" if hit["held"] else " [dim]chỉ được dẫn, chưa có tệp[/]"
        mark += " [yellow]cần kiểm tra[/]" if hit["unsure"] and hit["held"] else ""
        mark += " [cyan]ngày chỉ có thể đúng[/]" if hit["possible_date"] else ""
        mark += " [yellow]khác ngày đã ghi[/]" if hit["other_day"] else ""
        console.print(f"[dim]#{hit['id']}[/] [bold]{escape(label)}[/]{escape(f' ({said})') if said else ''}{mark}")
        if hit["title"]:
            console.print(f"    {_marked(hit['title'], hit['title_highlights'])}")
        for snippet in hit["snippets"]:
            page = f"tr. {snippet['page']}: " if snippet["page"] else ""
            console.print(f"    [dim]{page}…[/]{_marked(snippet['text'], snippet['highlights'])}[dim]…[/]")
    if value["hits"]:
        console.print(f"{value['total']} văn bản, trang {value['page']}/{value['pages']}.")


def looked_up(found: Iterable[tuple[str, list[dict[str, Any]]]]) -> None:
    """What was found for each line of a list."""
    for said, listed in found:
        if not said:
            console.print()
        elif len(listed) == 1:
            console.print(f"{escape(said)} → {name(listed[0])}")
        else:
            several = f"nhiều văn bản ({len(listed)}):" if listed else "[yellow]không thấy[/]"
            console.print(f"{escape(said)} → {several}")
            for one in listed:
                console.print(f"    {name(one)}")


#: How the verdict on a field is coloured.
_COLOURS = {"khop": "green", "lech": "red"}


def checked(value: dict[str, Any]) -> None:
    """The check of a draft: each căn cứ, what else differs, and at the end how many to look at."""
    for basis in value["bases"]:
        _checked_basis(basis)
    if value["elsewhere"]:
        console.print("Chỗ dẫn khác, ngoài căn cứ, có điểm khác với những gì đã biết:")
    for other in value["elsewhere"]:
        page = f" (trang {other['page']})" if other["page"] else ""
        console.print(f"[yellow]![/] {escape(other['text'] + page)}")
        for field in other["fields"]:
            _checked_field(field)
    console.print(escape(value["summary"]) + (" (! nên xem lại, ? chưa đối chiếu được)" if value["bases"] else ""))
    console.print(f"[dim]{escape(value['scope'])}[/]")


def _checked_basis(basis: dict[str, Any]) -> None:
    mark = "[yellow]![/] " if basis["needs_look"] else "[yellow]?[/] " if basis["unseen"] else "  "
    console.print(f"{mark}[bold]{basis['number']}. {escape(basis['text'])}[/]")
    console.print(f"     {escape(basis['told'])}")
    for field in basis["fields"]:
        if not basis["unseen"] or field["verdict"] != "khong_ro" or field["look"]:
            _checked_field(field)
    if not basis["unseen"]:
        health = basis["health"]
        proof = f" – {basis['health_proof']}" if basis["health_proof"] else ""
        named = [c["name"] + (f" (#{c['id']})" if c["id"] else "") for c in basis["health_by"]]
        by = f" bởi {', '.join(named)}" if named else ""
        console.print(f"     hiệu lực hôm nay: {health['words'] if health else 'không đủ dữ liệu'}{escape(by + proof)}")
    for hint in basis["health_hints"]:
        console.print(f"     [cyan]{escape(hint)}[/]")
    if len(basis["candidates"]) > 1:
        console.print("     [yellow]nhiều văn bản ứng với cách ghi này:[/]")
    for candidate in basis["candidates"]:
        console.print(f"     có thể là: {escape(candidate)}")
    for near in basis["near"]:
        console.print(f"     {near['told']}: {escape(near['words'])} [dim]#{near['id']}[/]")
    if basis["repeats"]:
        console.print(f"     trùng với căn cứ {basis['repeats']}")
    if basis["suggestion"]:
        console.print(f"     cách ghi để tham khảo: {escape(basis['suggestion'])}")
    if basis["replacement"]:
        console.print(f"     văn bản này đã bị thay thế, hãy thay bằng: {escape(basis['replacement'])}")


def _checked_field(field: dict[str, Any]) -> None:
    said = field["written"] or "(không ghi)"
    known = f" | đã biết: {field['known']}" if field["known"] and field["verdict"] != "khop" else ""
    note = f" ({field['note']})" if field["note"] and (field["written"] or field["field"] == "so_ky_hieu") else ""
    sign = f"[{_COLOURS.get(field['verdict'], 'dim')}]{field['sign']}[/]"
    console.print(f"     {sign} {field['name']}: {escape(said + known + note)}")
