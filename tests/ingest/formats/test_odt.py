"""OpenDocument text: tables as in Word files, tracked changes left out, notes at the end."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.ingest.support import lines_of_text, verdict_of

_NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for name, long in (("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"))
)


def write_odt(path: Path, body: str, manifest: str = "<manifest/>") -> Path:
    """An OpenDocument file with *body* (XML) as its text."""
    content = f"<office:document-content {_NAMESPACES}><office:body><office:text>{body}</office:text></office:body>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content + "</office:document-content>")
    return path


def paragraph(text: str) -> str:
    """A paragraph in XML."""
    return f"<text:p>{text}</text:p>"


def table(*rows: tuple[str, ...]) -> str:
    """A table in XML."""
    made = ["".join(f"<table:table-cell>{cell}</table:table-cell>" for cell in row) for row in rows]
    return f"<table:table>{''.join(f'<table:table-row>{row}</table:table-row>' for row in made)}</table:table>"


def test_text_tables_and_notes(tmp_path: Path) -> None:
    p = paragraph
    note = "<text:note><text:note-body><text:p>Chú thích</text:p></text:note-body></text:note>"
    body = (
        table(
            (p("ỦY BAN NHÂN DÂN") + p("TỈNH THANH HÓA"), p("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")),
            (p("Số: 12/QĐ-UBND"), p("Thanh Hóa, ngày 05 tháng 01 năm 2024")),
        )
        + "<text:tracked-changes><text:p>đã xóa</text:p></text:tracked-changes>"
        + "<text:h>QUYẾT<text:s/>ĐỊNH</text:h>"
        + p(f"Căn cứ Quyết định số 919/QĐ-TTg {note}của Thủ tướng Chính phủ;")
        + table((p("1"), p("Nước mắm"), p("4 sao")))
    )
    assert lines_of_text(write_odt(tmp_path / "a.doc", body)) == [
        "ỦY BAN NHÂN DÂN",
        "TỈNH THANH HÓA",
        "Số: 12/QĐ-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Thanh Hóa, ngày 05 tháng 01 năm 2024",
        "QUYẾT ĐỊNH",
        "Căn cứ Quyết định số 919/QĐ-TTg của Thủ tướng Chính phủ;",
        "1\tNước mắm\t4 sao",
        "Chú thích",
    ]


def test_encrypted_and_damaged_files_are_refused(tmp_path: Path) -> None:
    assert verdict_of(write_odt(tmp_path / "b", "", "<encryption-data/>")) == "ma_hoa"
    assert verdict_of(write_odt(tmp_path / "c", "<")) == "hong"
