"""Wide tables that lie on their side on upright pages: read in the frame in which a reader would hold the sheet."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from bench.gazette_tables import cut_out
from ingest.page import Word
from ingest.read import read
from ingest.tables.find import find_tables
from ingest.tables.rules import Rule, Rules
from ingest.tables.turned import Turn, turn_of, turned_rules

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"
ROWS = [
    ["STT", "Nhiệm vụ chủ trì", "Đơn vị phối hợp", "Thời gian"],
    ["1", "Tổ chức tập huấn cho chủ thể", "UBND các xã, phường", "Quý I/2026"],
    ["2", "Rà soát, lập danh mục sản phẩm", "Văn phòng Điều phối", "Tháng 9/2026"],
    ["3", "Đánh giá, phân hạng sản phẩm đợt 1", "Hội đồng cấp tỉnh", "Thường xuyên"],
]
WIDTHS = (40, 290, 190, 130)


def lying(path: Path, degrees: int) -> Path:
    """A page whose table is turned by so many degrees, with a header that stands upright."""
    if "Lying" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Lying", FONT))
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    canvas.setFont("Lying", 11)
    canvas.drawString(200, A4[1] - 40, "CÔNG BÁO/Số 1091")
    canvas.translate(*((480, 90) if degrees == 90 else (120, A4[1] - 90)))
    canvas.rotate(degrees)
    y = 0.0
    for row in ROWS:
        x = 0.0
        for width, text in zip(WIDTHS, row, strict=True):
            canvas.rect(x, y, width, 24)
            canvas.drawString(x + 5, y + 8, text)
            x += width
        y -= 24
    canvas.save()
    path.write_bytes(buffer.getvalue())
    return path


@pytest.mark.parametrize("degrees", [90, -90])
def test_a_table_on_its_side_is_read_as_it_is_held(tmp_path: Path, degrees: int) -> None:
    with read(lying(tmp_path / "a.pdf", degrees)) as reading:
        (table,) = find_tables(reading)
        assert [[c.text for c in table.cells if c.row == row] for row in range(table.rows)] == ROWS
        words = {word.text: word.box for word in reading.pages[0].load_words()}
    for cell in (cell for cell in table.cells if not cell.text.isdigit()):  # on the page as it is shown
        box, word = cell.bbox, words[cell.text.split()[0]]
        assert box is not None
        assert box[0] <= (word[0] + word[2]) / 2 <= box[2]
        assert box[1] <= (word[1] + word[3]) / 2 <= box[3]


def test_frames_lead_there_and_back() -> None:
    box = (0.1, 0.2, 0.15, 0.6)
    for turn in Turn:
        assert turn.back(turn.into(box)) == pytest.approx(box)
    rules = Rules([Rule(0.2, 0.1, 0.9)], [Rule(0.1, 0.2, 0.6)])
    assert turned_rules(rules, Turn.UP).vertical == [Rule(0.8, 0.1, 0.9)]
    assert turned_rules(rules, Turn.UP).horizontal == [Rule(0.1, 0.4, 0.8)]


def test_a_page_with_a_few_lying_words_is_upright() -> None:
    upright = [Word("sản", (0.1 * i, 0.1, 0.1 * i + 0.05, 0.11), 1.0, 0, 3) for i in range(9)]
    lying_ = [Word("phẩm", (0.1, 0.1 * i, 0.11, 0.1 * i + 0.05), 1.0, 0, 4) for i in range(4)]
    assert turn_of([*upright, *lying_], 0.7) is Turn.UPRIGHT


def test_the_plan_of_the_gazette_is_one_table_with_whole_words(shared: Path) -> None:
    with read(shared / "documents" / "gazette" / "gazette-37.pdf") as reading:
        (table,) = find_tables(reading)
        texts = [" ".join(reading.text[a:b].split()) for c in table.cells for a, b in c.spans]
        assert [r.page for r in table.regions] == [30, 31, 32, 33, 34, 35]
        assert (table.rows, table.columns) == (32, 5)
        cells = {(c.row, c.column): c.text for c in table.cells}
        assert cells[0, 2] == "Nhiệm vụ chủ trì"
        assert cells[8, 2].startswith("Rà soát, đánh giá các luật có quy định liên quan đến cơ sở dữ liệu quốc gia")
        assert "Nhiệm vụ chủ trì" in texts


def test_lines_of_a_lying_page_stay_in_their_order(shared: Path, tmp_path: Path) -> None:
    page = cut_out(shared / "documents" / "gazette" / "gazette-31.pdf", [4], tmp_path / "a.pdf")
    with read(page) as reading:
        text = " ".join(reading.pages[0].text.split())
    assert "Được thay thế bởi Thông tư số 05/2024/ TT-BLĐTBXH ngày 10/5/2024 của Bộ trưởng" in text
