"""The report of a draft check to take away: as a Word file, as an Excel file, as text to be copied."""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.shared import Cm, Pt

from corpus.law.effect import today
from webui.app.excel import workbook
from webui.app.labels import date_text

HEADINGS = ("STT", "Căn cứ trong dự thảo", "Kết quả", "Chỗ khác", "Hiệu lực hôm nay", "Gợi ý")
#: Widths of the columns of the Word file, in centimetres.
_WIDTHS = (1.2, 7.0, 2.6, 5.2, 5.0, 4.7)


def rows(report: dict[str, Any]) -> list[dict[str, Any]]:
    """A row for each căn cứ: ``{"number", "text", "result", "differs", "effect", "advice"}``."""
    return [
        {
            "number": basis["number"],
            "text": basis["text"],
            "result": _result(basis),
            "differs": _differs(basis),
            "effect": _effect(basis),
            "advice": _advice(basis),
        }
        for basis in report["bases"]
    ]


def _result(basis: dict[str, Any]) -> str:
    parts = ["chưa thấy"] if basis["unseen"] else []
    parts += ["nên xem lại"] if basis["needs_look"] else [] if basis["unseen"] else ["khớp"]
    return ", ".join(parts)


def _differs(basis: dict[str, Any]) -> str:
    parts = [_field(field) for field in basis["fields"] if field["verdict"] == "lech"]
    if basis["repeats"]:
        parts.append(f"trùng với căn cứ {basis['repeats']}")
    return "; ".join(parts)


def _field(field: dict[str, Any]) -> str:
    note = f" ({field['note']})" if field["note"] else ""
    written, known = field["written"] or "(không ghi)", field["known"] or "(chưa biết)"
    return f"{field['name']}: dự thảo ghi {written}, đã biết {known}{note}"


def _effect(basis: dict[str, Any]) -> str:
    health = basis["health"]
    if health is None or health["state"] == "khong_ro":
        parts = ["không đủ dữ liệu"]
    else:
        by = ", ".join(one["name"] for one in basis["health_by"])
        parts = [health["words"] + (f" bởi {by}" if by else "")]
    return "; ".join([*parts, *basis["health_hints"]])


def _advice(basis: dict[str, Any]) -> str:
    parts = [f"Cách ghi đầy đủ để tham khảo: {basis['suggestion']}"] if basis["suggestion"] else []
    parts += [f"Đã bị thay thế, hãy thay bằng: {basis['replacement']}"] if basis["replacement"] else []
    parts += [f"Có thể là: {'; '.join(basis['candidates'])}"] if basis["candidates"] else []
    return " ".join(parts)


def others(report: dict[str, Any]) -> list[str]:
    """What differs outside the căn cứ, and the findings of form, a sentence each."""
    found = []
    for one in report["elsewhere"]:
        page = f" (trang {one['page']})" if one["page"] else ""
        found.append(f"{one['text']}{page}: " + "; ".join(_field(field) for field in one["fields"]))
    for one in report["form"]["findings"]:
        page = f" (trang {one['page']})" if one["page"] else ""
        seen = f" Dự thảo ghi{page}: “{one['seen']}”." if one["seen"] else ""
        found.append(f"Thể thức: {one['advice']}{seen} ({one['place']})")
    return found


def _notes(report: dict[str, Any]) -> list[str]:
    notes = [
        f"Kiểm tra ngày {date_text(today())}.",
        f"{report['summary']} {report['scope']}",
        report["form"]["summary"],
    ]
    return [note for note in notes if note.strip()]


def as_text(report: dict[str, Any], name: str) -> str:
    """The report as lines of text."""
    lines = [f"Kiểm tra dự thảo: {name}", *_notes(report)]
    for row in rows(report):
        lines.append(f"{row['number']}. {row['text']} – {row['result']}")
        told = (("Chỗ khác", row["differs"]), ("Hiệu lực hôm nay", row["effect"]), ("Gợi ý", row["advice"]))
        lines += [f"   {label}: {words}" for label, words in told if words]
    lines += [f"- {one}" for one in others(report)]
    return "\n".join(lines)


def as_excel(report: dict[str, Any], name: str) -> bytes:
    """The report as an .xlsx file: the table of căn cứ, then what else was found."""
    table: list[list[object]] = [list(row.values()) for row in rows(report)]
    table += [["", one, "nên xem lại", "", "", ""] for one in others(report)]
    return workbook(f"Kiểm tra dự thảo: {name}", HEADINGS, table, _notes(report))


def as_word(report: dict[str, Any], name: str) -> bytes:
    """The report as a .docx file on a sheet that lies on its side."""
    made = docx.Document()
    section = made.sections[0]
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    font = made.styles["Normal"].font
    font.name, font.size = "Times New Roman", Pt(12)
    made.add_heading(f"Kiểm tra dự thảo: {name}", level=1)
    for note in _notes(report):
        made.add_paragraph(note)
    table = made.add_table(rows=1, cols=len(HEADINGS))
    table.style, table.autofit = "Table Grid", False
    for cell, heading in zip(table.rows[0].cells, HEADINGS, strict=True):
        cell.paragraphs[0].add_run(heading).bold = True
    for row in rows(report):
        for cell, value in zip(table.add_row().cells, row.values(), strict=True):
            cell.text = str(value)
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        for cell in column.cells:
            cell.width = Cm(width)
    if found := others(report):
        made.add_heading("Chỗ khác ngoài căn cứ và thể thức", level=2)
        for one in found:
            made.add_paragraph(one, style="List Bullet")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
