"""Tables whose cells are known because they are written here: as PDF (ruled or not, merged, turned), Word, HTML, Excel.

The truth of a table is its cells: (row, column, rows taken, columns taken, text). No code of ``ingest`` takes part.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

_FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"
_POINTS = 9.5

#: row, column, rows taken, columns taken, text.
Cell = tuple[int, int, int, int, str]


@dataclass(slots=True)
class MadeTable:
    """A table that is known."""

    cells: list[Cell]
    rows: int
    columns: int
    header_rows: int = 1
    total_rows: list[int] = field(default_factory=list)
    #: Widths of the columns, as shares of the text's width.
    widths: list[float] = field(default_factory=list)

    def text(self, row: int, column: int) -> str:
        """The text of the cell that begins there; "" where none does."""
        return next((cell[4] for cell in self.cells if cell[:2] == (row, column)), "")


_PRODUCTS = (
    "Chè shan tuyết Nậm Hoa",
    "Mật ong bạc hà",
    "Gạo nếp cái hoa vàng",
    "Miến dong Bình Liêu",
    "Nước mắm Hải Vân cốt nhĩ",
    "Rượu ngô men lá",
    "Bánh tráng phơi sương",
    "Cam sành sấy dẻo",
    "Tinh bột nghệ",
    "Trà hoa cúc túi lọc",
)
_OWNERS = (
    "HTX nông nghiệp Nậm Hoa",
    "Hộ kinh doanh Lò Thị Mai",
    "Công ty TNHH Thực phẩm Vân Lĩnh",
    "Tổ hợp tác Bản Phố",
    "HTX dịch vụ tổng hợp Thạch Đầm",
    "Cơ sở sản xuất Hoàng Văn Thụ",
)
_PLACES = (
    "xã Nậm Hoa, huyện Vân Lĩnh",
    "thị trấn Thạch Đầm",
    "xã Bản Phố",
    "phường Ngọc Trà",
    "xã Tân Lập, huyện Vân Lĩnh",
)
_NOTES = ("", "Nâng hạng từ 3 sao", "Công nhận lại", "Bộ sản phẩm gồm 03 loại", "Theo hồ sơ bổ sung của chủ thể")
_GROUPS = ("Thực phẩm", "Đồ uống", "Thảo dược", "Thủ công mỹ nghệ")


def product_table(
    chance: random.Random, rows: int, *, groups: bool = False, two_headings: bool = False, total: bool = False
) -> MadeTable:
    """A list of recognised products. groups: rows between the others that name a group, over the whole width."""
    cells: list[Cell] = []
    headings = ["STT", "Tên sản phẩm", "Chủ thể", "Địa chỉ", "Kinh phí (đồng)", "Điểm", "Hạng sao"]
    if two_headings:
        headings[5:5] = []
        cells += [(0, column, 2, 1, text) for column, text in enumerate(headings[:5])]
        cells += [(0, 5, 1, 2, "Kết quả đánh giá"), (1, 5, 1, 1, "Điểm"), (1, 6, 1, 1, "Hạng sao")]
        at = 2
    else:
        cells += [(0, column, 1, 1, text) for column, text in enumerate(headings)]
        at = 1
    header, money, totals = at, 0, []
    for number in range(1, rows + 1):
        if groups and number % 4 == 1:
            cells.append((at, 0, 1, 7, f"{'I' * min(3, 1 + number // 4)}. {chance.choice(_GROUPS)}"))
            at += 1
        stars, cost = chance.choice((3, 4, 5)), chance.randrange(5, 900) * 100_000
        money += cost
        score = chance.randrange({3: 500, 4: 700, 5: 900}[stars], {3: 699, 4: 899, 5: 1000}[stars]) / 10
        values = (
            str(number),
            chance.choice(_PRODUCTS),
            chance.choice(_OWNERS),
            chance.choice(_PLACES),
            f"{cost:,}".replace(",", "."),
            f"{score:.1f}".replace(".", ","),
            chance.choice((f"{stars} sao", f"{stars}")),
        )
        cells += [(at, column, 1, 1, text) for column, text in enumerate(values)]
        at += 1
    if total:
        cells += [
            (at, 0, 1, 4, "Tổng cộng"),
            (at, 4, 1, 1, f"{money:,}".replace(",", ".")),
            (at, 5, 1, 1, ""),
            (at, 6, 1, 1, ""),
        ]
        totals.append(at)
        at += 1
    return MadeTable(cells, at, 7, header, totals, [0.07, 0.19, 0.19, 0.18, 0.16, 0.09, 0.12])


def task_table(chance: random.Random, rows: int) -> MadeTable:
    """A list of tasks with deadline and lead agency, of four columns."""
    tasks = (
        "Tổ chức tập huấn cho chủ thể",
        "Rà soát, lập danh mục sản phẩm",
        "Đánh giá, phân hạng đợt 1",
        "Hội chợ giới thiệu sản phẩm",
    )
    agencies = ("Sở Nông nghiệp và Môi trường", "UBND các xã, phường", "Văn phòng Điều phối")
    cells: list[Cell] = [
        (0, column, 1, 1, text) for column, text in enumerate(("TT", "Nội dung", "Đơn vị chủ trì", "Thời hạn"))
    ]
    for row in range(1, rows + 1):
        values = (str(row), chance.choice(tasks), chance.choice(agencies), f"Tháng {chance.randrange(1, 13)}/2026")
        cells += [(row, column, 1, 1, text) for column, text in enumerate(values)]
    return MadeTable(cells, rows + 1, 4, 1, [], [0.08, 0.42, 0.3, 0.2])


#: How the rules of a printed table run.
RULES = ("all", "no_rows", "none")


def write_pdf(path: Path, tables: Sequence[MadeTable], *, rules: str = "all", sideways: bool = False) -> Path:
    """The tables printed one after another, each with a paragraph above. rules: one of :data:`RULES`.

    sideways: on landscape sheets, the page turned by its entry /Rotate, as scanners and printers do.
    """
    if "Serif" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Serif", _FONT))
    size = landscape(A4) if sideways else A4
    style = ParagraphStyle("cell", fontName="Serif", fontSize=_POINTS, leading=_POINTS * 1.25)
    buffer = BytesIO()
    document = SimpleDocTemplate(buffer, pagesize=size, leftMargin=55, rightMargin=45, topMargin=60, bottomMargin=60)
    story: list[object] = []
    for number, table in enumerate(tables):
        if number:
            story.append(PageBreak())
        story += [Paragraph("Danh mục kèm theo Quyết định, gồm các nội dung sau đây:", style), Spacer(1, 10)]
        story.append(_printed(table, style, document.width, rules))
        story += [
            Spacer(1, 10),
            Paragraph("Danh mục này do cơ quan thường trực tổng hợp và chịu trách nhiệm./.", style),
        ]
    document.build(story)
    path.write_bytes(buffer.getvalue())
    return path


def _printed(table: MadeTable, style: ParagraphStyle, width: float, rules: str) -> Table:
    data: list[list[object]] = [[""] * table.columns for _ in range(table.rows)]
    commands: list[tuple[object, ...]] = [("VALIGN", (0, 0), (-1, -1), "TOP")]
    for row, column, down, across, text in table.cells:
        data[row][column] = Paragraph(escape(text), style)
        if down * across > 1:
            commands.append(("SPAN", (column, row), (column + across - 1, row + down - 1)))
    if rules == "all":
        commands.append(("GRID", (0, 0), (-1, -1), 0.5, colors.black))
    elif rules == "no_rows":
        last = table.header_rows
        commands += [("GRID", (0, 0), (-1, last - 1), 0.5, colors.black), ("BOX", (0, 0), (-1, -1), 0.5, colors.black)]
        commands.append(("LINEBEFORE", (1, 0), (-1, -1), 0.5, colors.black))
    shares = table.widths or [1 / table.columns] * table.columns
    return Table(data, [share * width for share in shares], repeatRows=table.header_rows, style=commands)


def write_docx(path: Path, tables: Sequence[MadeTable]) -> Path:
    """The tables in a Word file."""
    import docx

    document = docx.Document()
    for table in tables:
        document.add_paragraph("Danh mục kèm theo Quyết định, gồm các nội dung sau đây:")
        written = document.add_table(rows=table.rows, cols=table.columns)
        for row, column, down, across, text in table.cells:
            cell = written.cell(row, column)
            if down * across > 1:
                cell = cell.merge(written.cell(row + down - 1, column + across - 1))
            cell.text = text
    document.save(str(path))
    return path


def write_html(path: Path, tables: Sequence[MadeTable]) -> Path:
    """The tables as a web page."""
    parts = []
    for table in tables:
        rows = []
        for row in range(table.rows):
            cells = [cell for cell in sorted(table.cells) if cell[0] == row]
            rows.append(
                "<tr>" + "".join(f"<td rowspan={c[2]} colspan={c[3]}>{escape(c[4])}</td>" for c in cells) + "</tr>"
            )
        parts.append("<p>Danh mục</p><table>" + "".join(rows) + "</table>")
    path.write_text("<html><meta charset=utf-8><body>" + "".join(parts) + "</body></html>", encoding="utf-8")
    return path


def write_xlsx(path: Path, tables: Sequence[MadeTable]) -> Path:
    """The tables as a spreadsheet, one a sheet."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    for number, table in enumerate(tables, 1):
        sheet = book.add_worksheet(f"Bảng {number}")
        sheet.write(0, 0, "Danh mục kèm theo Quyết định")
        for row, column, down, across, text in table.cells:
            if down * across > 1:
                sheet.merge_range(row + 2, column, row + 1 + down, column + across - 1, text)
            elif text:
                sheet.write_string(row + 2, column, text)
    book.close()
    return path
