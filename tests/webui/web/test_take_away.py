"""What goes into a case file: căn cứ as Word and Excel, results as Excel, the sheet of one page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import docx
import pytest
from python_calamine import CalamineWorkbook
from starlette.testclient import TestClient

from tests.support.web_library import build
from webui.app.settings import Settings
from webui.web.application import create_app

BASES = (
    "Quyết định số 919/QĐ-TTg ngày 01/8/2022 của Thủ tướng Chính phủ",
    "Quyết định số 148/QĐ-TTg ngày 24/02/2023 của Thủ tướng Chính phủ",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, dict[str, int]]]:
    folder = tmp_path_factory.mktemp("take-away")
    ids = build(folder / "kho", folder / "tep")
    with TestClient(create_app(Settings(library=folder / "kho"))) as client:
        yield client, ids


def test_the_word_file_holds_the_bases_in_order(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    made = docx.Document(io.BytesIO(client.get(f"/van-ban/{ids['ke-hoach']}/can-cu.docx").content))
    written = [paragraph.text for paragraph in made.paragraphs if paragraph.text.startswith("Căn cứ Quyết")]
    assert [text.startswith(f"Căn cứ {base}") for text, base in zip(written, BASES, strict=True)] == [True, True]
    assert (written[0][-1], written[1][-1]) == (";", ".")
    rows = [[cell.text for cell in row.cells] for row in made.tables[0].rows]
    assert rows[1][1].startswith(BASES[0])
    assert "Hết thời kỳ thực hiện (2021–2025) theo" in rows[1][2]


def test_the_excel_files_hold_what_the_pages_show(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    bases = table(client.get(f"/van-ban/{ids['ke-hoach']}/can-cu.xlsx").content)
    assert [row[1].startswith(base) for row, base in zip(bases[-2:], BASES, strict=True)] == [True, True]
    shown = client.get("/ket-qua.xlsx", params={"q": "tập huấn"}).content
    assert {row[2] for row in table(shown)[3:]} >= {"45/KH-UBND", "88/QĐ-UBND"}


def table(data: bytes) -> list[list[str]]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [[str(value) for value in row] for row in rows]


def test_the_sheet_has_bases_effect_dependents_doubts_and_day(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    page = " ".join(re.sub(r"<[^>]+>", " ", client.get(f"/van-ban/{ids['ke-hoach']}/phieu").text).split())
    for words in (
        *BASES,
        "Hiệu lực: Chưa thấy văn bản nào",
        "Văn bản dựa vào (1)",
        "Quyết định 88/QĐ-UBND",
        "Tra ngày",
    ):
        assert words in page
    assert "Ngày ban hành" in client.get(f"/van-ban/{ids['quyet-dinh']}/phieu").text
