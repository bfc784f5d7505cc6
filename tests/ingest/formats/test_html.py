"""Saved web pages: what a browser would show, tables as in Word files."""

from __future__ import annotations

from pathlib import Path

from tests.ingest.support import lines_of_text


def test_text_and_tables_of_a_web_page(tmp_path: Path) -> None:
    file = tmp_path / "a.htm"
    file.write_text(
        """<!DOCTYPE html><html><head><title>Bỏ</title><script>alert("bỏ")</script></head><body>
        <table><tr><td><b>ỦY BAN NHÂN DÂN</b><br>TỈNH THANH HÓA</td><td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</td></tr>
        <tr><td>Số: 12/QĐ-UBND</td><td><i>Thanh Hóa, ngày 05 tháng 01 năm 2024</i></td></tr></table>
        <p align=center>QUYẾT&nbsp;ĐỊNH<p>Căn cứ Quyết định số
        919/Q&#272;-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ;</p>
        <table><tr><td>1<td>Nước mắm<td>4 sao</table></body></html>""",
        encoding="utf-8",
    )
    assert [line.replace("\xa0", " ") for line in lines_of_text(file)] == [
        "ỦY BAN NHÂN DÂN",
        "TỈNH THANH HÓA",
        "Số: 12/QĐ-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Thanh Hóa, ngày 05 tháng 01 năm 2024",
        "QUYẾT ĐỊNH",
        "Căn cứ Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ;",
        "1\tNước mắm\t4 sao",
    ]


def test_tables_left_open_lose_no_text(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text("<html><body><table><tr><td>Một<table><tr><td>Hai", encoding="utf-8")
    assert lines_of_text(file) == ["Một", "Hai"]
