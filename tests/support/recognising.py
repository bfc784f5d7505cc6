"""Decisions that recognise products, with their annexes, as Word files and PDFs; the register they make is known."""

from __future__ import annotations

from pathlib import Path

from bench.made_tables import MadeTable

HEAD_LEFT = "ỦY BAN NHÂN DÂN\nTỈNH VÂN LĨNH"
HEAD_RIGHT = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"


def annex(rows: list[list[str]], headings: list[str]) -> MadeTable:
    """A table with one row of headings; a row of one text is a group over the whole width."""
    width = len(headings)
    cells = [(0, column, 1, 1, text) for column, text in enumerate(headings)]
    for at, row in enumerate(rows, 1):
        if len(row) == 1:
            cells.append((at, 0, 1, width, row[0]))
        else:
            cells += [(at, column, 1, 1, text) for column, text in enumerate(row)]
    return MadeTable(cells, len(rows) + 1, width)


def decision(path: Path, number: str, day: tuple[str, str, str], table: MadeTable, *, term: str = "") -> Path:
    """A decision of UBND tỉnh Vân Lĩnh as a Word file, its annex behind the signature."""
    import docx

    document = docx.Document()
    head = document.add_table(rows=2, cols=2)
    head.cell(0, 0).text, head.cell(0, 1).text = HEAD_LEFT, HEAD_RIGHT
    head.cell(1, 0).text = f"Số: {number}/QĐ-UBND"
    head.cell(1, 1).text = f"Vân Lĩnh, ngày {day[0]} tháng {day[1]} năm {day[2]}"
    for line in (
        "QUYẾT ĐỊNH",
        f"Về việc công nhận kết quả đánh giá, phân hạng sản phẩm OCOP năm {day[2]}",
        "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH VÂN LĨNH",
        "Căn cứ Quyết định số 148/QĐ-TTg ngày 24/02/2023 của Thủ tướng Chính phủ;",
        "QUYẾT ĐỊNH:",
        f"Điều 1. Công nhận các sản phẩm OCOP theo danh sách kèm theo. {term}".strip(),
        "Điều 2. Quyết định này có hiệu lực kể từ ngày ký./.",
    ):
        document.add_paragraph(line)
    foot = document.add_table(rows=1, cols=2)
    foot.cell(0, 0).text = "Nơi nhận:\n- Như Điều 2;\n- Lưu: VT, NN."
    foot.cell(0, 1).text = "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nLý Quốc Hưng"
    document.add_paragraph("PHỤ LỤC")
    document.add_paragraph("DANH SÁCH SẢN PHẨM ĐƯỢC CÔNG NHẬN")
    document.add_paragraph(f"(Kèm theo Quyết định số {number}/QĐ-UBND ngày {'/'.join(day)} của Chủ tịch UBND tỉnh)")
    written = document.add_table(rows=table.rows, cols=table.columns)
    for row, column, down, across, text in table.cells:
        cell = written.cell(row, column)
        if down * across > 1:
            cell = cell.merge(written.cell(row + down - 1, column + across - 1))
        cell.text = text
    document.save(str(path))
    return path


HEADINGS = ["STT", "Tên sản phẩm", "Chủ thể", "Địa chỉ", "Tổng điểm", "Xếp hạng", "Ghi chú"]
FIRST = [
    ["I. Nhóm thực phẩm"],
    ["1", "Chè shan tuyết Nậm Hoa", "HTX Nậm Hoa", "xã Nậm Hoa", "92,5", "5 sao", ""],
    ["2", "Mật ong bạc hà", "Hộ kinh doanh Lò Thị Mai; HTX ong Bản Phố", "xã Bản Phố", "75", "Bốn (04) sao", ""],
    ["II. Nhóm đồ uống"],
    ["3", "Rượu ngô men lá", "Tổ hợp tác Bản Phố", "xã Bản Phố", "81,0", "3 sao", "xem lại"],
    ["4", "Trà hoa cúc túi lọc", "", "xã Tân Lập", "66,0", "★★★", ""],
]
SECOND = [["1", "Chè Shan tuyết Nậm Hoa", "HTX Nậm Hoa", "xã Nậm Hoa", "95", "5", "công nhận lại"]]
