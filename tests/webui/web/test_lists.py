"""Lists: filters, orders and tables agree; impossible values are refused; no page shows ISO dates."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from corpus.library import Library
from corpus.model import Evidence
from search.searcher import Search
from tests.support.libraries import cite, record
from tests.support.web_library import build
from webui.app.settings import Settings
from webui.web.application import create_app

TTG, TINH = "Thủ tướng Chính phủ", "UBND tỉnh Thanh Hóa"
Site = tuple[TestClient, int]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Sixty plans and ten decisions based on one decision that is not held; each cites another document too."""
    folder = tmp_path_factory.mktemp("lists") / "kho"
    with Library.open(folder, create=True) as library:
        for n in range(1, 71):
            kind, symbol = ("Kế hoạch", "KH-UBND") if n <= 60 else ("Quyết định", "QĐ-UBND")
            message = "2022-08-01" if n % 10 else "2022-01-08"
            cites = [cite("919/QĐ-TTg", message, TTG), cite(f"{n + 1000}/QĐ-TTg", "2021-05-04", TTG)]
            if n == 60:
                cites.append(cite("1/KH-UBND", "2024-01-01", TINH))
            made = record(
                f"{n}/{symbol}", f"2024-{n % 12 + 1:02d}-01", TINH, cites, title=f"Việc số {n}", doc_type=kind
            )
            made.fields["date"] = Evidence(0.5, needs_review=True, reasons=["hai lần đọc khác nhau (OCR: 2023-03)"])
            made.period = "2023/2025"
            made = replace(made, text=f"{made.text} ocop")
            library.intake.add(made)
        Search(folder, library.view()).catch_up()
        base = library.view().one("919/QĐ-TTg").id
    with TestClient(create_app(Settings(library=folder)), raise_server_exceptions=False) as client:
        yield client, base


def table(client: TestClient, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(address).content.decode("utf-8-sig"))))


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_affected_documents_are_filtered_and_sorted_alike_on_page_table_and_api(site: Site) -> None:
    client, base = site
    here = f"/van-ban/{base}/anh-huong"
    assert len(table(client, f"{here}.csv")) == 70
    decisions = table(client, f"{here}.csv?loai=Quyết định&xep=ngay")
    assert {row["Loại"] for row in decisions} == {"Quyết định"}
    dates = [row["Ngày"] for row in decisions]
    assert dates == sorted(dates, reverse=True)
    page = client.get(here, params={"loai": "Quyết định", "xep": "ngay"}).text
    assert "10 văn bản" in words(page)
    assert page.index(decisions[0]["Số, ký hiệu"]) < page.index(decisions[-1]["Số, ký hiệu"])
    data = client.get(f"/api/documents/{base}/impact", params={"kind": "Quyết định", "sort": "ngay"}).json()["data"]
    assert [row["document"]["so_ky_hieu"] for row in data["rows"]] == [row["Số, ký hiệu"] for row in decisions]
    assert "Không có văn bản nào hợp với bộ lọc" in words(client.get(here, params={"loai": "Luật"}).text)
    assert client.get(here, params={"xep": "la"}).status_code == 400


def test_lists_have_pages_and_explain_a_page_past_the_last(site: Site) -> None:
    client, base = site
    for path, pages in ((f"/van-ban/{base}/anh-huong", 2), ("/con-thieu", 2)):
        first, second = (client.get(path, params={"trang": n}).text for n in (1, 2))
        assert f"1 trên {pages}" in words(first)
        links = [set(re.findall(r'class="doc[^"]*" href="(/van-ban/\d+)"', page)) for page in (first, second)]
        assert len(links[0]) == 50
        assert links[1]
        assert not links[0] & links[1]
        beyond = words(client.get(path, params={"trang": 9}).text)
        assert f"chỉ có {pages} trang, không có trang 9" in beyond
        for page in (first, second):
            assert len(page.encode()) < 40_000
    for path, total in (("/con-thieu", 71), (f"/van-ban/{base}/anh-huong", 70)):
        assert f"{total} văn bản" in words(client.get(path).text)


def test_a_results_page_past_the_last_is_explained(site: Site) -> None:
    client, _ = site
    page = words(client.get("/", params={"q": "ocop", "trang": 99}).text)
    assert "71 văn bản" in page
    assert "Kết quả chỉ có 4 trang, không có trang 99" in page
    assert "Thử cách khác" not in page


def test_disagreements_are_filtered_and_sorted(site: Site) -> None:
    client, _ = site
    page = words(client.get("/ghi-khac-nhau").text)
    assert "01/8/2022" in page
    assert "08/01/2022" in page
    assert "1 chỗ" in page
    assert "0 chỗ" in words(client.get("/ghi-khac-nhau?muc=issuer").text)
    assert "không có chỗ nào hợp" in words(client.get("/ghi-khac-nhau?loai=Luật").text).lower()
    assert len(table(client, "/ghi-khac-nhau.csv?muc=date")) == 2
    assert table(client, "/ghi-khac-nhau.csv?muc=issuer") == []
    assert client.get("/ghi-khac-nhau?muc=title").status_code == 400


def test_a_path_follows_the_chosen_citations_and_has_a_table(site: Site) -> None:
    client, base = site
    asked = {"a": "60/KH-UBND", "b": f"#{base}"}
    page = client.get("/duong-di", params=asked).text
    assert "Tải CSV" in page
    rows = table(client, f"/duong-di.csv?a=60/KH-UBND&b=%23{base}")
    assert [row["Bước"] for row in rows] == ["0", "1"]
    assert rows[1]["Quan hệ"] == "căn cứ"
    assert client.get("/duong-di", params={**asked, "theo": "legal"}).status_code == 200
    assert client.get("/duong-di", params={**asked, "theo": "la"}).status_code == 400
    assert client.get("/duong-di.csv", params={"a": "60/KH-UBND"}).status_code == 400
    far = client.get("/duong-di", params={"a": "1001/QĐ-TTg", "b": "1002/QĐ-TTg", "theo": "wide"}).text
    assert "không kể chiều" in far


@pytest.mark.parametrize(
    ("query", "message"),
    [("nam=abc", "không phải một năm"), ("cap=la", "Cấp không có giá trị"), ("trangthai=x", "không có giá trị"),
     ("hieuluc=x", "không có giá trị"), ("kind=x", "không có giá trị"), ("nam=20244", "không phải một năm")],
)  # fmt: skip
def test_an_impossible_filter_value_is_refused(site: Site, query: str, message: str) -> None:
    client, _ = site
    answer = client.get(f"/?q=ocop&{query}")
    assert answer.status_code == 400
    assert message in answer.text
    assert client.get(f"/api/search?q=ocop&{query}").json()["error"]["code"] == "tham_so_sai"


def test_dates_may_be_given_as_officials_write_them(site: Site) -> None:
    client, _ = site
    page = client.get("/", params={"tu": "01/3/2024", "den": "4/2024"}).text
    assert "Ngày: 01/3/2024 – 4/2024" in words(page)
    same = client.get("/", params={"tu": "2024-03-01", "den": "2024-04"}).text
    found = [re.findall(r'href="(/van-ban/\d+)"', p) for p in (page, same)]
    assert found[0]
    assert found[0] == found[1]


def test_no_page_shows_iso_dates(site: Site, tmp_path: Path) -> None:
    client, base = site
    held = client.get("/api/find?so=60/KH-UBND").json()["data"][0]["id"]
    page = words(client.get(f"/van-ban/{held}").text)
    assert "(OCR: tháng 3/2023)" in page
    assert "2023 - 2025" in page
    ids = build(tmp_path / "kho", tmp_path / "tep")
    with TestClient(create_app(Settings(library=tmp_path / "kho"))) as other:
        pages = [
            other.get(p).text for p in ("/", "/?q=ocop", f"/van-ban/{ids['ke-hoach']}", "/con-thieu", "/tinh-trang")
        ]
    pages += [
        client.get(p).text
        for p in (f"/van-ban/{held}", f"/van-ban/{base}", f"/van-ban/{base}/luoc-do", f"/van-ban/{base}/anh-huong",
                  "/con-thieu", "/ghi-khac-nhau", "/?q=ocop&tu=2024-01&den=2024-06", "/huong-dan")
    ]  # fmt: skip
    for page in pages:
        # A document's own words stand as they are: its text, snippets and quotations.
        own = r'<script.*?</script>|<code>.*?</code>|<div class="text">.*?</div>|<p class="snippet">.*?</p>|<q>.*?</q>'
        shown = re.sub(own, "", page, flags=re.DOTALL)
        assert not re.findall(r"(?<![\d/-])(?:19|20)\d\d-[01]\d(?:-\d\d)?(?![\d-])", words(shown)), shown


def test_head_gives_the_headers_of_get(tmp_path: Path) -> None:
    ids = build(tmp_path / "kho", tmp_path / "tep")
    with TestClient(create_app(Settings(library=tmp_path / "kho"))) as client:
        for path in (
            f"/van-ban/{ids['ke-hoach']}/tep-goc",
            "/",
            f"/van-ban/{ids['ke-hoach']}",
            "/api/status",
            "/con-thieu.csv",
        ):
            got, asked = client.get(path), client.head(path)
            assert asked.status_code == 200, path
            assert asked.content == b""
            assert asked.headers["content-type"] == got.headers["content-type"]
            if path != "/api/status":
                assert asked.headers["content-length"] == got.headers["content-length"]
        assert client.head("/van-ban/99999/tep-goc").status_code == 404
