"""Saved web pages: what a browser would show, tables as in Word files."""

from __future__ import annotations

import quopri
from pathlib import Path

from tests.ingest.support import lines_of_text, verdict_of


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


def page(folder: Path, body: str, head: str = "") -> Path:
    """A page with that head and body."""
    file = folder / "page.html"
    file.write_text(f"<html><head>{head}</head><body>{body}</body></html>", encoding="utf-8")
    return file


def test_what_a_browser_does_not_show_is_no_text(tmp_path: Path) -> None:
    body = (
        '<p>Một</p><p style="color:red; display: none">Ẩn</p><div hidden><p>Ẩn</p></div><p class="gone big">Ẩn</p>'
        '<p id="off">Ẩn</p><p hidden>Ẩn, không có thẻ đóng<p>Hai<ul><li style="display:none">Ẩn<li>Ba</ul>'
        "<table><tr hidden><td>Ẩn</td></tr><tr><td>Bốn</td><td hidden>Ẩn</td></tr></table>"
    )
    style = "<style>.gone { display:none } .big { font-size: 2em } #off{visibility:hidden}</style>"
    assert lines_of_text(page(tmp_path, body, style)) == ["Một", "Hai", "Ba", "Bốn"]


DOCUMENT = (
    "<table><tr><td>ỦY BAN NHÂN DÂN<br>XÃ VÂN LĨNH<br>Số: 12/QĐ-UBND</td><td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>"
    "Vân Lĩnh, ngày 05 tháng 01 năm 2024</td></tr></table><p>QUYẾT ĐỊNH</p><p>Căn cứ Luật Đầu tư công;</p>"
    "<p>Điều 1. Phê duyệt.</p><table><tr><td>Nơi nhận:<br>- Như trên;</td><td>CHỦ TỊCH<br>Lê Văn Bình</td></tr></table>"
)


def test_the_frame_of_a_site_is_left_out(tmp_path: Path) -> None:
    frame = (
        "<div><ul><li>Trang chủ<li>Công văn</ul></div><h1>Quyết định 12/QĐ-UBND</h1><table><tr><td>Số hiệu:</td>"
        "<td>12/QĐ-UBND</td></tr></table><div id=text>{}</div><div><a>Quyết định 88/QĐ-UBND năm 2020</a></div>"
        "<footer>Giấy phép số 5/GP-TTĐT</footer>"
    )
    expected = lines_of_text(page(tmp_path, DOCUMENT))
    assert lines_of_text(page(tmp_path, frame.format(DOCUMENT))) == expected
    annex = "<div><p>PHỤ LỤC</p><p>Danh sách sản phẩm</p></div>"
    assert lines_of_text(page(tmp_path, frame.format(f"<div>{DOCUMENT}</div>{annex}"))) == [
        *expected,
        "PHỤ LỤC",
        "Danh sách sản phẩm",
    ]


def test_menus_before_a_document_without_an_element_of_its_own_are_left_out(tmp_path: Path) -> None:
    body = f"<nav>Trang chủ</nav><div>Văn bản mới: 45/KH-UBND</div>{DOCUMENT}<footer>Giấy phép số 5/GP-TTĐT</footer>"
    assert lines_of_text(page(tmp_path, body)) == lines_of_text(page(tmp_path, DOCUMENT))


def test_a_page_without_quoc_hieu_is_left_whole(tmp_path: Path) -> None:
    assert lines_of_text(page(tmp_path, "<div>Tin tức</div><div><p>Bài viết</p></div><footer>Hết</footer>")) == [
        "Tin tức",
        "Bài viết",
        "Hết",
    ]


def test_pages_saved_as_one_file(tmp_path: Path) -> None:
    content = quopri.encodestring(f"<html><body>{DOCUMENT}</body></html>".encode())
    header = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
    picture = b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n"
    page_part = (
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + content
    )
    for name, browser in (("a.doc", b""), ("b.mhtml", b"From: <Saved by Blink>\r\nSubject: x\r\nDate: y\r\n")):
        file = tmp_path / name
        file.write_bytes(browser + header + picture + b"--b\r\n" + page_part + b"\r\n--b--\r\n")
        assert lines_of_text(file) == lines_of_text(page(tmp_path, DOCUMENT))


def test_a_saved_page_without_its_page_is_damaged(tmp_path: Path) -> None:
    file = tmp_path / "a.mht"
    file.write_bytes(
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: image/png\r\n\r\nx\r\n--b--\r\n"
    )
    assert verdict_of(file) == "hong"
