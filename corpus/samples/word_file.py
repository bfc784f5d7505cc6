"""A sample as a Word file; the header and the signature are tables without borders, as offices make them."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Cm, Pt

from corpus.samples.annex_table import placed_cells
from corpus.samples.source import MARK, Block, Part, Run, Sample, listed, plain

#: The day in the properties and in the ZIP file, so that the bytes are the same each time.
_DAY = datetime(2020, 1, 1, tzinfo=UTC)
_ZIP_DAY = (2020, 1, 1, 0, 0, 0)
_CENTRE, _JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


def write(sample: Sample) -> bytes:
    """The file; the same bytes each time."""
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(14)
    style.paragraph_format.space_after = Pt(4)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(1.7)
    section.top_margin = section.bottom_margin = Cm(2)
    section.footer.paragraphs[0].text = f"{MARK} - không có giá trị pháp lý"
    section.footer.paragraphs[0].alignment = _CENTRE
    for part in sample.parts:
        if part.index:
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        _part(document, part)
    properties = document.core_properties
    properties.title, properties.author = f"{MARK} - {sample.name}", MARK
    properties.created = properties.modified = _DAY
    raw = io.BytesIO()
    document.save(raw)
    return _stable(raw.getvalue())


def _stable(raw: bytes) -> bytes:
    """The ZIP file *raw* with the day of every entry set to :data:`_ZIP_DAY`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _ZIP_DAY), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _lines(cell: Any, lines: list[Run], size: float = 13, align: Any = _CENTRE) -> None:
    """Write *lines* into a cell, each a paragraph."""
    for at, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
        paragraph.alignment = align
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(line.text)
        run.bold, run.italic, run.font.size = line.bold, line.italic, Pt(size)


def _runs(paragraph: Any, runs: tuple[Run, ...], bold: bool = False, italic: bool = False) -> None:
    for run in runs:
        piece = paragraph.add_run(run.text)
        piece.bold, piece.italic = bold or run.bold, italic or run.italic


def _part(document: Any, part: Part) -> None:
    data = part.data
    if data.get("agency"):
        _header(document, part)
    if data.get("type"):
        _centred(document, (Run(str(data["type"])),), bold=True)
        _centred(document, part.title, bold=True)
    if part.under_title:
        _centred(document, part.under_title, italic=True)
    if data.get("authority"):
        _centred(document, (Run(str(data["authority"])),), bold=True)
    _addressees(document, data.get("addressees", []))
    _body(document, part.blocks)
    if data.get("sign"):
        _signature(document, data)


def _addressees(document: Any, names: list[str]) -> None:
    if len(names) == 1:
        _centred(document, (Run(f"Kính gửi: {names[0]}"),))
    elif names:
        document.add_paragraph("Kính gửi:").paragraph_format.left_indent = Cm(3)
        for name in listed(names):
            document.add_paragraph(name).paragraph_format.left_indent = Cm(4)


def _body(document: Any, blocks: list[Block]) -> None:
    """Write paragraphs, and rows that follow one another as one table."""
    rows: list[Block] = []
    for block in blocks:
        if block.kind in ("row", "head"):
            rows.append(block)
            continue
        if rows:
            _table(document, rows)
            rows = []
        if block.kind != "widths":
            _paragraph(document, block)
    if rows:
        _table(document, rows)


def _header(document: Any, part: Part) -> None:
    data = part.data
    table = document.add_table(rows=2, cols=2)
    (left, right), (number, place) = (row.cells for row in table.rows)
    for cell, width in ((left, 7.0), (number, 7.0), (right, 9.5), (place, 9.5)):
        cell.width = Cm(width)
    _lines(left, [*map(Run, data.get("over", [])), *(Run(line, bold=True) for line in data["agency"])])
    _lines(right, [Run("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True), Run("Độc lập - Tự do - Hạnh phúc", bold=True)])
    about = [Run(f"V/v {plain(part.title)}")] if data.get("about") else []
    _lines(number, [Run(f"Số: {data['number'] or '      '}/{data['symbol']}"), *about])
    day, month = (str(data[key]) or "     " for key in ("day", "month"))
    _lines(place, [Run(f"{data['place']}, ngày {day} tháng {month} năm {data['year']}", italic=True)])
    document.add_paragraph()


def _centred(document: Any, runs: tuple[Run, ...], bold: bool = False, italic: bool = False) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = _CENTRE
    _runs(paragraph, runs, bold, italic)


def _paragraph(document: Any, block: Block) -> None:
    if block.kind == "centre":
        _centred(document, block.runs, bold=True)
        return
    paragraph = document.add_paragraph()
    paragraph.alignment = _JUSTIFY
    paragraph.paragraph_format.first_line_indent = Cm(1.27)
    _runs(paragraph, block.runs, block.kind == "heading", block.kind == "basis")


def _table(document: Any, rows: list[Block]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0].cells))
    table.style = "Table Grid"
    if rows[0].kind == "head":
        for _ in rows:
            table.add_row()
        for placed in placed_cells(rows):
            cell = table.cell(placed.row, placed.column)
            if placed.rows * placed.columns > 1:
                cell = cell.merge(table.cell(placed.row + placed.rows - 1, placed.column + placed.columns - 1))
            _runs(cell.paragraphs[0], placed.runs, bold=rows[placed.row].kind == "head")
    else:
        for row in rows:
            for cell, runs in zip(table.add_row().cells, row.cells, strict=True):
                _runs(cell.paragraphs[0], runs)
    document.add_paragraph()


def _signature(document: Any, data: dict[str, Any]) -> None:
    table = document.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    recipients = map(Run, listed(data.get("recipients", [])))
    _lines(left, [Run("Nơi nhận:", bold=True, italic=True), *recipients], 11.5, WD_ALIGN_PARAGRAPH.LEFT)
    offices = (Run(line, bold=True) for line in data["sign"])
    _lines(right, [*offices, *[Run("")] * 3, Run(data["signer"], bold=True)], 14)
