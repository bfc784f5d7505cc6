"""Tables on the page of a document, and the register of products: pages, exports, API, command."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import python_calamine as calamine
from starlette.testclient import TestClient

from corpus.library import Library
from corpus.record_json import parse_record
from corpus.samples.source import RECOGNITIONS
from ingest.extract import read_record
from tests.support.recognising import FIRST, HEADINGS, SECOND, annex, decision
from webui.app.settings import Settings
from webui.cli.command import main
from webui.web.application import create_app

Site = tuple[TestClient, dict[str, int], Path]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two decisions with annexes, one of them long over; the second cell of a row holds a formula."""
    folder = tmp_path_factory.mktemp("products")
    rows = [*FIRST, ["5", "=1+1<b>", "HTX Nậm Hoa", "xã Nậm Hoa", "60", "3 sao", ""]]
    files = {
        "old": decision(folder / "a.docx", "1902", ("18", "12", "2019"), annex(rows, HEADINGS)),
        "new": decision(folder / "b.docx", "77", ("31", "01", "2090"), annex(SECOND, HEADINGS)),
    }
    with Library.open(folder / "kho", create=True) as library:
        ids = {name: library.intake.add(parse_record(read_record(str(file))), file).id for name, file in files.items()}
    with TestClient(create_app(Settings(library=folder / "kho")), raise_server_exceptions=False) as client:
        yield client, ids, folder / "kho"


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_table_stands_under_the_text_as_a_table(site: Site) -> None:
    client, ids, _ = site
    page = client.get(f"/van-ban/{ids['old']}").text
    figure = page[page.index('<figure class="data" id="bang-1">') :]
    assert '<th scope="col">Tên sản phẩm</th>' in figure
    assert '<td colspan="7">I. Nhóm thực phẩm</td>' in figure
    assert "=1+1&lt;b&gt;" in figure
    assert "Bảng 1, trang 1 · 8 dòng" in words(page)


def test_a_table_on_its_own_as_csv_and_as_a_workbook(site: Site) -> None:
    client, ids, _ = site
    address = f"/van-ban/{ids['old']}/bang"
    assert "Mật ong bạc hà" in client.get(f"{address}/1").text
    rows = list(csv.reader(io.StringIO(client.get(f"{address}/1.csv").content.decode("utf-8-sig"))))
    assert rows[0] == HEADINGS
    assert rows[1] == ["I. Nhóm thực phẩm", *[""] * 6]
    assert rows[-1][1] == "'=1+1<b>"
    for name in ("bang.xlsx", "bang/1.xlsx"):
        answer = client.get(f"/van-ban/{ids['old']}/{name}")
        sheet = calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
        assert sheet.to_python()[0] == HEADINGS
        assert sheet.to_python()[-1][1] == "=1+1<b>"
    for missing in ("bang/2", "bang/0.csv", "bang/9.xlsx"):
        assert client.get(f"/van-ban/{ids['old']}/{missing}").status_code == 404


def test_the_list_of_products_and_its_filters_agree_with_the_exports(site: Site) -> None:
    client, _, _ = site

    def names(address: str) -> list[str]:
        answer = client.get(address.replace("/san-pham", "/san-pham.csv", 1))
        table = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
        return [row["Sản phẩm"] for row in table]

    every = ["'=1+1<b>", "Chè Shan tuyết Nậm Hoa", "Mật ong bạc hà", "Rượu ngô men lá", "Trà hoa cúc túi lọc"]
    assert names("/san-pham") == every
    assert names("/san-pham?q=mat+ong") == ["Mật ong bạc hà"]
    assert names("/san-pham?sao=5") == ["Chè Shan tuyết Nậm Hoa"]
    assert names("/san-pham?han=con-han") == ["Chè Shan tuyết Nậm Hoa"]
    assert names("/san-pham?han=het-han&noi=tan+lap") == ["Trà hoa cúc túi lọc"]
    assert names("/san-pham?sap-het=6") == []
    page = words(client.get("/san-pham?q=ruou").text)
    assert "1 sản phẩm" in page
    assert "cần kiểm tra" in page
    assert "đã hết hạn" in page
    assert client.get("/san-pham?sao=x").status_code == 400
    assert client.get("/san-pham?han=x").status_code == 400
    sheet = calamine.CalamineWorkbook.from_filelike(io.BytesIO(client.get("/san-pham.xlsx").content))
    assert len(sheet.get_sheet_by_index(0).to_python()) == 6
    data = client.get("/api/products?stars=5").json()["data"]
    assert [(row["name"], row["recognitions"], row["expiry"]) for row in data] == [
        ("Chè Shan tuyết Nậm Hoa", 2, "2093-01-31")
    ]


@pytest.fixture(scope="module")
def annexes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The sample decisions whose files need no OCR, and a record of the one that was replaced."""
    folder = tmp_path_factory.mktemp("annexes")
    replaced = decision(folder / "2177.docx", "2177", ("15", "12", "2023"), annex(SECOND, HEADINGS))
    with Library.open(folder / "kho", create=True) as library:
        for file in (replaced, *sorted((RECOGNITIONS / "files").iterdir())):
            if not file.name.startswith("03-"):
                library.intake.add(parse_record(read_record(str(file))), file)
    with TestClient(create_app(Settings(library=folder / "kho")), raise_server_exceptions=False) as client:
        yield client


def test_filters_by_district_province_owner_and_state(annexes: TestClient) -> None:
    def names(**asked: str) -> list[str]:
        return [row["name"] for row in annexes.get("/api/products", params=asked).json()["data"]]

    assert names(district="thị xã Ngọc Trà", q="móc câu") == ["Chè móc câu Trà Nương"]
    assert len(names(district="huyện Phong Lĩnh")) == 13
    assert 0 < len(names(place="Phong Lĩnh")) <= len(names())
    assert names(place="không có nơi này") == []
    assert names(owner="nước mắm", stars="5") == ["Nước mắm Thạch Hải cốt nhĩ 40 độ đạm"]
    assert len(names(province="Vân Lĩnh")) == len(names()) >= 40
    assert names(province="Lai Châu") == []
    assert names(state="bi-thay") == ["Chè Shan tuyết Nậm Hoa"]
    assert "Chè Shan tuyết Nậm Hoa" not in names(state="con-han")
    page = words(annexes.get("/san-pham?han=bi-thay").text)
    assert "đã bị thay thế, bãi bỏ" in page
    assert "huyện Phong Lĩnh" in page


def test_a_product_recognised_by_three_decisions_has_its_history(annexes: TestClient) -> None:
    found = annexes.get("/api/products", params={"q": "miến dong đàm thượng"}).json()["data"]
    (row,) = [one for one in found if one["name"] == "Miến dong Đàm Thượng"]
    assert (row["recognitions"], row["decision"], row["stars"]) == (3, "1410/QĐ-UBND", 4)
    page = words(annexes.get(row["url"]).text)
    for number in ("1655/QĐ-UBND", "905/QĐ-UBND", "1410/QĐ-UBND"):
        assert number in page


def test_a_value_of_a_printed_decision_leads_to_its_cell_on_the_picture(annexes: TestClient) -> None:
    (row,) = annexes.get("/api/products", params={"q": "trứng vịt biển"}).json()["data"]
    page = annexes.get(row["url"]).text
    address = (
        f"/van-ban/{row['document']['id']}/trang/{row['cells']['owners']['page']}?to={row['cells']['owners']['to'][0]}"
    )
    assert address in page
    shown = annexes.get(address)
    assert shown.status_code == 200
    assert "<img" in shown.text


def test_a_product_with_its_decisions_leads_to_its_cells(site: Site) -> None:
    client, ids, _ = site
    (row,) = client.get("/api/products?stars=5").json()["data"]
    page = client.get(row["url"]).text
    assert "1902/QĐ-UBND" in page
    assert "77/QĐ-UBND" in page
    place = row["cells"]["score"]["to"][0]
    assert f"/van-ban/{ids['new']}?to={place}#trang-1" in page
    assert client.get("/san-pham/9-9-9").status_code == 404


def _listed(site: Site, words: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = site[0].get("/api/products", params={"q": words}).json()["data"]
    return rows


def test_the_command_prints_and_exports_the_register(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, folder = site
    assert main(["products", "chè", "shan", "--library", str(folder)]) == 0
    assert "5 sao, đến 31/01/2093" in capsys.readouterr().out
    assert main(["products", "--place", "tan lap", "--json", "--library", str(folder)]) == 0
    assert [row["name"] for row in json.loads(capsys.readouterr().out)] == ["Trà hoa cúc túi lọc"]
    (owner,) = {row["owners"][0] for row in _listed(site, "chè shan")}
    assert main(["products", "--owner", owner, "--json", "--library", str(folder)]) == 0
    assert {row["name"] for row in json.loads(capsys.readouterr().out)} >= {"Chè Shan tuyết Nậm Hoa"}
    for option in ("--district", "--province"):
        assert main(["products", option, "Không Có", "--json", "--library", str(folder)]) == 0
        assert json.loads(capsys.readouterr().out) == []
    for name in ("a.csv", "a.xlsx"):
        assert main(["products", "-o", str(tmp_path / name), "--library", str(folder)]) == 0
        assert (tmp_path / name).stat().st_size > 100
    assert main(["products", "-o", str(tmp_path / "a.pdf"), "--library", str(folder)]) == 2
