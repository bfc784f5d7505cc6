"""Word files: layout tables by columns, other tables by rows, archives checked before they are opened."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx

from ingest.limits import Limits
from ingest.options import ReadOptions
from tests.ingest.support import read_whole, verdict_of

BASIS = "Căn cứ Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ;"


def header_docx(path: Path) -> Path:
    """A decision with its header in a table without borders, and a table of products."""
    document = docx.Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).text = "ỦY BAN NHÂN DÂN\nTỈNH THANH HÓA"
    table.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    table.cell(0, 1).add_paragraph("Độc lập - Tự do - Hạnh phúc")
    table.cell(1, 0).text = "Số: 12/QĐ\u2011UBND"
    table.cell(1, 1).text = "Thanh Hóa, ngày 05 tháng 01 năm 2024"
    document.add_paragraph("QUYẾT ĐỊNH")
    items = document.add_table(2, 3)
    for row, cells in enumerate((("STT", "Sản phẩm", "Hạng"), ("1", "Nước mắm", "4 sao"))):
        for column, text in enumerate(cells):
            items.cell(row, column).text = text
    document.save(str(path))
    return path


def test_the_header_table_is_read_by_columns_and_others_by_rows(tmp_path: Path) -> None:
    reading = read_whole(header_docx(tmp_path / "a.txt"))
    assert reading.source == "text"
    assert reading.text.split("\n") == [
        "ỦY BAN NHÂN DÂN",
        "TỈNH THANH HÓA",
        "Số: 12/QĐ\u2011UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Thanh Hóa, ngày 05 tháng 01 năm 2024",
        "QUYẾT ĐỊNH",
        "STT\tSản phẩm\tHạng",
        "1\tNước mắm\t4 sao",
    ]
    assert reading.pages[0].load_words() == []


def test_a_decompression_bomb_is_refused_by_its_unpacked_size(tmp_path: Path) -> None:
    file = header_docx(tmp_path / "a.docx")
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/a.bin", b"\0" * 3_000_000)
    assert file.stat().st_size < 100_000
    assert verdict_of(file, ReadOptions(limits=Limits(unpacked_bytes=2_000_000))) == "qua_lon"


def test_an_archive_of_too_many_entries_is_refused(tmp_path: Path) -> None:
    assert verdict_of(header_docx(tmp_path / "a.docx"), ReadOptions(limits=Limits(entries=3))) == "qua_lon"


def test_an_archive_damaged_inside_is_refused(tmp_path: Path) -> None:
    document = docx.Document()
    for number in range(200):
        document.add_paragraph(f"Điều {number}. {BASIS}")
    file = tmp_path / "a.docx"
    document.save(str(file))
    data = bytearray(file.read_bytes())
    for at in range(2000, len(data) - 2000, 97):
        data[at] ^= 0x55
    file.write_bytes(data)
    assert verdict_of(file) == "hong"
