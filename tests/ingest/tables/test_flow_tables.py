"""Tables of Word files, web pages and spreadsheets: the file says which text is in which cell."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
import xlsxwriter

from corpus.model import Table
from ingest.tables.find import MOST_CELLS, find_tables
from tests.ingest.support import read_whole

HEADINGS = ["STT", "Tên sản phẩm", "Chủ thể", "Điểm", "Hạng sao"]
ROWS = [
    ["1", "Chè shan tuyết Nậm Hoa", "HTX Nậm Hoa", "92,5", "5 sao"],
    ["2", "Mật ong bạc hà", "Hộ kinh doanh Lò Thị Mai", "78,0", "4 sao"],
]


def tables_of(path: Path) -> tuple[list[Table], str]:
    with read_whole(path) as reading:
        return find_tables(reading), reading.text


def grid(table: Table) -> list[list[str]]:
    """The texts by row and column; "" where there is no cell."""
    out = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        out[cell.row][cell.column] = cell.text
    return out


def holds(table: Table, text: str) -> bool:
    """Whether every cell says what stands at its offsets."""
    return all(
        cell.text == " ".join(" ".join(text[start:end].split()) for start, end in cell.spans) for cell in table.cells
    )


def word_file(path: Path) -> Path:
    document = docx.Document()
    document.add_paragraph("PHỤ LỤC")
    table = document.add_table(rows=0, cols=5)
    for row in [HEADINGS, *ROWS, ["Tổng cộng", "", "", "170,5", ""]]:
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    group = table.add_row().cells
    group[0].merge(group[4]).text = "Xã Nậm Hoa"
    table.cell(1, 2).merge(table.cell(2, 2))
    document.add_paragraph("Danh sách này có 02 sản phẩm.")
    document.save(str(path))
    return path


def test_a_word_table_keeps_rows_merged_cells_and_offsets(tmp_path: Path) -> None:
    (table,), text = tables_of(word_file(tmp_path / "a.docx"))
    assert (table.rows, table.columns, table.header_rows, table.total_rows) == (5, 5, 1, [3])
    assert grid(table)[0] == HEADINGS
    assert grid(table)[1][:2] == ["1", "Chè shan tuyết Nậm Hoa"]
    owner = next(cell for cell in table.cells if (cell.row, cell.column) == (1, 2))
    assert (owner.row_span, owner.text) == (2, "HTX Nậm Hoa Hộ kinh doanh Lò Thị Mai")
    assert [cell.column_span for cell in table.cells if cell.row == 4] == [5]
    assert holds(table, text)


def web_page(body: str) -> str:
    return f"<html><meta charset=utf-8><body>{body}</body></html>"


def test_a_web_table_with_spans(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        web_page(
            "<p>Danh mục</p><table><tr><th rowspan=2>TT<th rowspan=2>Nhiệm vụ<th colspan=2>Kinh phí"
            "<tr><th>Trung ương<th>Địa phương<tr><td>1<td>Tập huấn<td>100<td>50<tr><td>2<td>Hội chợ<td>200<td>60"
            "<tr><td><td>Tổng<td>300<td>111</table>"
        ),
        encoding="utf-8",
    )
    (table,), text = tables_of(path)
    assert table.header_rows == 2
    assert grid(table)[1] == ["", "", "Trung ương", "Địa phương"]
    assert table.total_rows == [4]
    assert [str(doubt) for doubt in table.doubts] == ["tong_khong_khop"]
    assert holds(table, text)


def test_a_table_around_another_is_a_means_of_layout(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    inner = "<table><tr><td>STT<td>Tên<tr><td>1<td>Chè<tr><td>2<td>Mật</table>"
    path.write_text(web_page(f"<table><tr><td>Trái<td>Phải<tr><td>{inner}<td>x</table>"), encoding="utf-8")
    (table,), _ = tables_of(path)
    assert grid(table) == [["STT", "Tên"], ["1", "Chè"], ["2", "Mật"]]


def test_letterhead_and_signature_are_no_tables(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    head = "<table><tr><td>UBND TỈNH<td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<tr><td>Số: 1/QĐ-UBND<td>ngày 1</table>"
    foot = "<table><tr><td>Nơi nhận:<td>CHỦ TỊCH<tr><td>- Lưu: VT<td>Lê Văn A</table>"
    path.write_text(web_page(head + foot), encoding="utf-8")
    assert tables_of(path)[0] == []


@pytest.mark.parametrize("first", [0, 3])
def test_a_sheet_with_titles_above_and_merged_cells(tmp_path: Path, first: int) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Danh mục")
    sheet.write(0, first, "DANH MỤC SẢN PHẨM")
    for at, row in enumerate([HEADINGS, *ROWS], 2):
        for column, value in enumerate(row):
            sheet.write(at, first + column, value)
    sheet.merge_range(5, first, 5, first + 4, "Xã Nậm Hoa")
    sheet.write_row(6, first, ["3", "Rượu ngô", "HTX Bản Phố", "71", "4 sao"])
    book.close()
    (table,), text = tables_of(path)
    assert (table.rows, table.columns, table.header_rows) == (5, 5, 1)
    assert grid(table)[:3] == [HEADINGS, *ROWS]
    assert grid(table)[3:] == [["Xã Nậm Hoa", "", "", "", ""], ["3", "Rượu ngô", "HTX Bản Phố", "71", "4 sao"]]
    assert table.cells[15].column_span == 5
    assert holds(table, text)


def test_a_gap_in_the_numbers_is_a_doubt(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    rows = "".join(f"<tr><td>{n}<td>Tên {n}" for n in (1, 2, 4))
    path.write_text(web_page(f"<table><tr><td>STT<td>Tên{rows}</table>"), encoding="utf-8")
    (table,), _ = tables_of(path)
    assert table.needs_review
    assert [str(doubt) for doubt in table.doubts] == ["stt_khong_lien_tuc"]


def test_a_huge_table_is_cut_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    rows = "<tr>" + "<td>x" * 100
    path.write_text(web_page(f"<table>{rows * 1000}</table>"), encoding="utf-8")
    (table,), _ = tables_of(path)
    assert len(table.cells) <= MOST_CELLS
    assert "bi_cat" in [str(doubt) for doubt in table.doubts]


def test_spans_beyond_reason_cost_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    rows = "<tr>" + "<td rowspan=9999 colspan=9999>x" * 20
    path.write_text(web_page(f"<table>{rows * 200}</table>"), encoding="utf-8")
    tables, text = tables_of(path)
    assert all(holds(table, text) for table in tables)
