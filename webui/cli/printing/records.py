"""Prints what was read of a file."""

from __future__ import annotations

from typing import Any

from rich.markup import escape

from webui.app.labels import DATES, FIELDS, RELATIONS, date_text, pinpoint_words
from webui.cli.printing.terminal import console, line

_REVIEW = " [yellow](cần kiểm tra)[/]"


def record(value: dict[str, Any]) -> None:
    """A record, or the failure of a file."""
    if "error" in value:
        console.print(f"[bold red]{escape(value['path'])}[/]: {escape(value['error'])}")
        return
    console.print(f"[bold]{escape(value['path'])}[/]  ({value['pages']} trang)")
    for name, label in FIELDS.items():
        _field(label, name, value.get(name), value["fields"].get(name) or {})
    for citation in value["citations"]:
        basis = "[green]căn cứ[/] " if citation["is_legal_basis"] else ""
        text = " ".join(citation["text"].split())
        text += pinpoint_words(citation)
        console.print(f"    tr. {citation['page'] or '?'}  {basis}{RELATIONS[citation['relation']]}: {escape(text)}")


def _field(label: str, name: str, value: Any, evidence: dict[str, Any]) -> None:
    if value in (None, [], ""):
        if evidence.get("needs_review"):
            line(label, f"(không đọc được){_REVIEW}")
        return
    text = date_text(value) if name in DATES else ", ".join(value) if isinstance(value, list) else value
    mark = _REVIEW if evidence.get("needs_review") else ""
    mark += " [cyan](suy đoán)[/]" if evidence.get("inferred") else ""
    line(label, escape(str(text)) + mark)


def explanation(value: dict[str, Any]) -> None:
    """How a file was read: pages, zones, and each value with its reasons and what the second reader read."""
    if "error" in value:
        record(value)
        return
    console.print(f"[bold]{escape(value['path'])}[/]")
    for page in value["pages"]:
        how = "lớp chữ" if page["source"] == "text" else f"OCR, tin cậy {page['confidence']:.2f}"
        notes = "".join(f"; {escape(n)}" for n in page["notes"])
        console.print(f"    trang {page['number']}: {how}{notes}")
        for word in page["disputed"]:
            readings = "; ".join(f"{engine} “{text or '(trống)'}”" for engine, text in word["readings"].items())
            console.print(f"        hai bộ đọc khác nhau ở “{escape(word['text'])}”: {escape(readings)}")
    console.print("Các vùng")
    for zone in value["zones"]:
        part = f" (phần kèm {zone['part']})" if zone["part"] else ""
        console.print(f"    tr. {zone['page']}  {zone['name']}{part}: {escape(zone['text'])}")
    console.print("Các giá trị")
    for name, field in value["fields"].items():
        _explained_field(name, field)


def _explained_field(name: str, field: dict[str, Any]) -> None:
    mark = _REVIEW if field["needs_review"] else ""
    line(FIELDS.get(name, name), escape(f"{field['value']}  {field['confidence']:.2f}") + mark)
    for reason in field["reasons"]:
        console.print(f"        vì: {escape(reason)}")
    if "second" in field:
        console.print(f"        OCR đọc: {escape(str(field['first']))}")
        for part, candidates in field["second"].items():
            ranked = ", ".join(f"{text} ({share:.2f})" for text, share in candidates[:3])
            console.print(f"        đọc lần hai, {part}: {escape(ranked)}")


def comparison(name: str, value: dict[str, Any]) -> None:
    """What several OCR engines gave for the document *name* (:func:`webui.app.engine_comparison.compare_engines`)."""
    console.print(f"[bold]{escape(name)}[/]")
    for engine, seen in value["engines"].items():
        counts = f"{seen['characters']} ký tự, {seen['citations']} dẫn chiếu"
        line(engine, f"{counts}, {seen['needs_review']} chỗ cần kiểm tra")
    for pair, share in value["distance"].items():
        line(pair.replace(" ", " / "), f"khác nhau {share:.2%} số ký tự")
    for field, values in value["fields"].items():
        console.print(f"    {FIELDS[field]}")
        for engine, read in values.items():
            console.print(f"        {engine}: {escape(str(read or '(trống)'))}")
    for why in value["left_out"].values():
        console.print(f"  [yellow]{escape(why)}[/]")
