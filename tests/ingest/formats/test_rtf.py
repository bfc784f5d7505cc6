"""Rich Text Format: tables, footnotes, text boxes, hidden text, fonts in a legacy encoding, damaged files."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ReadFailure
from ingest.formats import Source
from ingest.formats import rtf as rtf_reader
from ingest.formats.sniff import FileType
from ingest.options import DEFAULT_OPTIONS
from tests.ingest.support import lines_of_text, verdict_of


def escaped(text: str) -> str:
    """*text* as RTF writes characters outside ASCII."""
    return "".join(c if c.isascii() else f"\\u{ord(c) if ord(c) < 32768 else ord(c) - 65536}?" for c in text)


def test_a_decision_with_tables_deleted_text_and_a_legacy_font(tmp_path: Path) -> None:
    row = "\\trowd\\pard\\intbl {}\\cell {}\\cell\\row"
    basis = "Căn cứ Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ;"
    parts = [
        "{\\rtf1\\ansi\\ansicpg1252\\uc1{\\fonttbl{\\f0\\fcharset0 Times New Roman;}{\\f1\\fnil .VnTime;}}",
        "{\\*\\generator bo}{\\info{\\title bo}}{\\header bo\\par}",
        row.format(
            f"{escaped('ỦY BAN NHÂN DÂN')}\\par {escaped('TỈNH THANH HÓA')}",
            escaped("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ),
        row.format(escaped("Số: 12/QĐ-UBND").replace("-", "\\_"), escaped("Thanh Hóa, ngày 05 tháng 01 năm 2024")),
        "\\pard " + escaped("QUYẾT ĐỊNH") + "\\par",
        "{\\deleted " + escaped("đã xóa") + "}" + escaped(basis) + "\\par",
        "\\trowd\\pard\\intbl 1\\cell " + escaped("Nước mắm") + "\\cell 4 sao\\cell\\row\\pard",
        "{\\f1 " + "".join(f"\\'{b:02x}" for b in "Uû ban nh©n d©n".encode("cp1252")) + "}\\par}",
    ]
    file = tmp_path / "a.doc"
    file.write_text("\n".join(parts), encoding="ascii")
    assert lines_of_text(file) == [
        "ỦY BAN NHÂN DÂN",
        "TỈNH THANH HÓA",
        "Số: 12/QĐ-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Thanh Hóa, ngày 05 tháng 01 năm 2024",
        "QUYẾT ĐỊNH",
        basis,
        "1\tNước mắm\t4 sao",
        "Uỷ ban nhân dân",
    ]


def test_footnotes_text_boxes_pictures_fields_and_hidden_text(tmp_path: Path) -> None:
    file = tmp_path / "a.rtf"
    file.write_bytes(
        b"{\\rtf1\\ansi\\uc1{\\fonttbl{\\f0 Times New Roman;}}"
        b"Mot{\\footnote Chu thich\\par} hai {\\v giau}{\\caps ba}\\par"
        b"{\\pict\\bin9 }}{\\bad{\\}{\\shp{\\*\\shpinst{\\sp{\\sn a}{\\sv b}}{\\shptxt Trong khung\\par}}}"
        b"{\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt Bon}} \\u55357?\\u56832?\\par}"
    )
    assert lines_of_text(file) == ["Mot hai BA", "Bon \U0001f600", "Chu thich", "Trong khung"]


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.rtf"
    file.write_bytes(b"{\\rtf1\\ansi Quyet dinh so 12 cua")
    assert verdict_of(file) == "hong"


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".rtf") as file:
        file.write(b"{\\rtf1" + data)
        file.flush()
        with suppress(ReadFailure):
            rtf_reader.read(Source(Path(file.name), FileType.RTF, "0" * 64), DEFAULT_OPTIONS)
