"""Spreadsheets and presentations: a page for each sheet or slide; letterheads by columns, formulas as values."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Sequence
from pathlib import Path

from ingest.extract import read_record
from ingest.formats.spreadsheet import cell_text
from tests.ingest.support import read_whole, verdict_of

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def cell(column: int, row: int, value: object) -> str:
    place = f"{chr(ord('A') + column)}{row}"
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
    return f'<c r="{place}"><f>SUM(A1:A2)</f><v>{value}</v></c>'


def xlsx(path: Path, sheets: dict[str, Sequence[Sequence[object]]], hidden: Sequence[str] = ()) -> Path:
    """A spreadsheet with the rows of each sheet; None is an empty cell."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_RELATIONS}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        listed, related = "", ""
        for number, (name, rows) in enumerate(sheets.items(), 1):
            state = ' state="hidden"' if name in hidden else ""
            listed += f'<sheet name="{name}" sheetId="{number}"{state} r:id="r{number}"/>'
            related += (
                f'<Relationship Id="r{number}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            )
            data = "".join(
                f'<row r="{at}">' + "".join(cell(c, at, v) for c, v in enumerate(row) if v is not None) + "</row>"
                for at, row in enumerate(rows, 1)
            )
            archive.writestr(
                f"xl/worksheets/sheet{number}.xml",
                f'<worksheet xmlns="{_MAIN}"><sheetData>{data}</sheetData></worksheet>',
            )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>',
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_PACKAGE}">{related}</Relationships>')
    return path


PRODUCTS: list[list[object]] = [
    ["ỦY BAN NHÂN DÂN", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["XÃ VÂN LĨNH", None, None, "Độc lập - Tự do - Hạnh phúc"],
    ["Số: 12/DS-UBND", None, None, "Vân Lĩnh, ngày 05 tháng 01 năm 2024"],
    ["DANH SÁCH"],
    ["Sản phẩm OCOP năm 2023"],
    ["STT", "Sản phẩm", "Hạng", "Quyết định"],
    [1, "Nước mắm", "4 sao", "88/QĐ-UBND"],
]


def test_the_letterhead_of_a_sheet_is_read_by_columns_and_tables_by_rows(tmp_path: Path) -> None:
    reading = read_whole(xlsx(tmp_path / "a.dat", {"OCOP": PRODUCTS}))
    assert reading.text.split("\n") == [
        "ỦY BAN NHÂN DÂN",
        "XÃ VÂN LĨNH",
        "Số: 12/DS-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Vân Lĩnh, ngày 05 tháng 01 năm 2024",
        "DANH SÁCH",
        "Sản phẩm OCOP năm 2023",
        "STT\tSản phẩm\tHạng\tQuyết định",
        "1\tNước mắm\t4 sao\t88/QĐ-UBND",
    ]


def test_each_visible_sheet_is_a_page(tmp_path: Path) -> None:
    sheets: dict[str, Sequence[Sequence[object]]] = {"Một": [["a", 2.5]], "Ẩn": [["x"]], "Hai": [["b"]]}
    reading = read_whole(xlsx(tmp_path / "a.xlsx", sheets, hidden=["Ẩn"]))
    assert [page.text for page in reading.pages] == ["a\t2.5", "b"]
    assert reading.pages[1].notes == ["trang tính “Hai”"]


def test_a_table_without_a_letterhead_is_a_spreadsheet(tmp_path: Path) -> None:
    xlsx(tmp_path / "a.xlsx", {"1": [["TT", "Sản phẩm"], [1, "Mật ong rừng"]]})
    assert read_record(str(tmp_path / "a.xlsx"))["kind"] == "spreadsheet"


def test_legacy_encodings_in_cells_are_converted(tmp_path: Path) -> None:
    rows = [["Tæng diÖn tÝch ®Êt cña tØnh"], ["Sè", "HuyÖn Thñy Nguyªn"]]
    assert read_whole(xlsx(tmp_path / "a.xlsx", {"A": rows})).text == (
        "Tổng diện tích đất của tỉnh\nSố\tHuyện Thủy Nguyên"
    )


def test_a_spreadsheet_without_text_is_refused(tmp_path: Path) -> None:
    assert verdict_of(xlsx(tmp_path / "a.xlsx", {"A": []})) == "trong"


def test_values_are_written_as_printed() -> None:
    assert cell_text(12.0) == "12"
    assert cell_text(0.1 + 0.2) == "0.3"
    assert cell_text(dt.date(2024, 1, 5)) == "05/01/2024"
    assert cell_text(dt.datetime(2024, 1, 5, 7, 30)) == "05/01/2024 07:30"
    assert cell_text(True) == "TRUE"


def test_slides_of_a_presentation_are_pages(tmp_path: Path) -> None:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/main"
    main = "http://schemas.openxmlformats.org/presentationml/2006/main"

    def slide(*lines: str, show: str = "1") -> str:
        paragraphs = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines)
        return f'<p:sld xmlns:p="{main}" xmlns:a="{drawing}" show="{show}"><p:sp>{paragraphs}</p:sp></p:sld>'

    with zipfile.ZipFile(tmp_path / "a.pptx", "w") as archive:
        archive.writestr(
            "ppt/presentation.xml",
            f'<p:presentation xmlns:p="{main}" xmlns:r="{_RELATIONS}"><p:sldIdLst><p:sldId id="1" r:id="b"/>'
            '<p:sldId id="2" r:id="a"/><p:sldId id="3" r:id="c"/></p:sldIdLst></p:presentation>',
        )
        archive.writestr(
            "ppt/_rels/presentation.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}">'
            + "".join(
                f'<Relationship Id="{name}" Type="{_RELATIONS}/slide" Target="slides/{name}.xml"/>' for name in "abc"
            )
            + "</Relationships>",
        )
        archive.writestr("ppt/slides/a.xml", slide("Hai"))
        archive.writestr("ppt/slides/b.xml", slide("Một", "Mục tiêu"))
        archive.writestr("ppt/slides/c.xml", slide("Ẩn", show="0"))
    assert [page.text for page in read_whole(tmp_path / "a.pptx").pages] == ["Một\nMục tiêu", "Hai"]
