"""The page of a document: the answer first, căn cứ complete and in printed order, evidence folded."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from corpus.library import Library
from corpus.record_json import parse_record
from ingest.extract import read_record
from ingest.reader_version import READER_VERSION
from tests.support.web_library import document_text
from webui.app.settings import Settings
from webui.app.users import Users
from webui.web.application import create_app

#: The second căn cứ fits two documents of the number; the third is settled.
PLAN = document_text(
    "KẾ HOẠCH", "46/KH-UBND", ("15", "6", "2024"), "Triển khai Chương trình mỗi xã một sản phẩm",
    "Căn cứ Quyết định số 919/QĐ-TTg ngày 01/8/2022 của Thủ tướng Chính phủ;\n"
    "Căn cứ Quyết định số 24/QĐ-UBND về tập huấn;\n"
    "Căn cứ Quyết định số 148/QĐ-TTg ngày 24/02/2023 của Thủ tướng Chính phủ.\n"
    "I. MỤC ĐÍCH\n1. Tổ chức tập huấn.",
)  # fmt: skip
CANDIDATES = [
    document_text(
        "QUYẾT ĐỊNH", "24/QĐ-UBND", ("02", "3", year), f"Về tập huấn năm {year}", "QUYẾT ĐỊNH:\nĐiều 1. Mở lớp."
    )
    for year in ("2022", "2023")
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, dict[str, int]]]:
    folder = tmp_path_factory.mktemp("document-page")
    ids = {}
    with Library.open(folder / "kho", create=True) as library:
        for name, text in (("ke-hoach", PLAN), ("2022", CANDIDATES[0]), ("2023", CANDIDATES[1])):
            path = folder / f"{name}.txt"
            path.write_text(text, encoding="utf-8")
            record = parse_record(read_record(str(path)))
            if name == "2023":
                record.fields["so_ky_hieu"].needs_review = True
                record.fields["so_ky_hieu"].confidence = 0.18
            ids[name] = library.intake.add(record, path, reader_version=READER_VERSION).id
    users = Users(folder / "kho")
    users.add("lan", "mật khẩu rất dài", "kiem-tra")
    cookie = users.sign_in("lan", "mật khẩu rất dài", "")
    users.close()
    with TestClient(create_app(Settings(library=folder / "kho"))) as client:
        client.headers["x-cookie"] = f"can_cu={cookie}"
        yield client, ids


def signed_in(client: TestClient) -> dict[str, str]:
    return {"cookie": client.headers["x-cookie"]}


def section(page: str, name: str) -> str:
    """The part of the page under the heading *name*."""
    return page[page.index(f'id="{name}"') :].split("</section>")[0]


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_parts_stand_in_the_order_of_their_worth(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    page = client.get(f"/van-ban/{ids['ke-hoach']}").text
    parts = ("<h1", "Hiệu lực", 'id="can-cu"', 'id="duoc-dan"', 'id="chi-tiet"', 'id="toan-van"')
    order = [page.index(words) for words in parts]
    assert order == sorted(order)


def test_the_evidence_is_folded_for_readers_and_open_for_reviewers(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    address = f"/van-ban/{ids['ke-hoach']}"
    assert '<details class="reading">' in client.get(address).text
    assert '<details class="reading" open>' in client.get(address, headers=signed_in(client)).text


def test_an_unsettled_basis_stands_in_its_place_with_its_candidates(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    listed = section(client.get(f"/van-ban/{ids['ke-hoach']}").text, "can-cu")
    order = [listed.index(words) for words in ("919/QĐ-TTg</a>", "“Quyết định số 24/QĐ-UBND", "148/QĐ-TTg</a>")]
    assert order == sorted(order)
    assert "Căn cứ 3" in text_of(listed)
    for year in ("2022", "2023"):
        assert f'href="/van-ban/{ids[year]}"' in listed


def test_a_candidate_says_what_may_cite_it(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    cited = text_of(section(client.get(f"/van-ban/{ids['2022']}").text, "duoc-dan"))
    assert "+1 văn bản có thể dẫn, chưa chắc" in cited
    assert "Kế hoạch 46/KH-UBND" in cited


def test_a_weak_number_is_no_headline(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    page = client.get(f"/van-ban/{ids['2023']}").text
    heading = text_of(page[page.index("<h1") : page.index("</h1>")])
    assert heading == "Quyết định – số chưa rõ (có thể 24/QĐ-UBND) số cần kiểm tra"
    listed = section(client.get(f"/van-ban/{ids['ke-hoach']}").text, "can-cu")
    assert "số cần kiểm tra" in listed[listed.index(f"/van-ban/{ids['2023']}") :]


def test_the_citation_in_full_names_its_doubts(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    page = text_of(client.get(f"/van-ban/{ids['ke-hoach']}").text)
    assert (
        "Kế hoạch số 46/KH-UBND ngày 15/6/2024 của Ủy ban nhân dân tỉnh Thanh Hóa"
        " triển khai Chương trình mỗi xã một sản phẩm"
    ) in page
    doubtful = text_of(client.get(f"/van-ban/{ids['2023']}").text)
    assert "Cần kiểm tra trước khi dùng: Số, ký hiệu." in doubtful


def test_a_reviewer_confirms_and_undoes_a_candidate(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    address = f"/van-ban/{ids['ke-hoach']}"
    assert "Đúng là văn bản này" not in client.get(address).text
    assert client.post(f"{address}/xac-nhan", data={"luot": "1", "van_ban": str(ids["2022"])}).status_code == 401
    page = client.get(address, headers=signed_in(client)).text
    listed = section(page, "can-cu")
    ordinal = re.search(r'name="luot" value="(\d+)"', listed)
    token = re.search(r'name="csrf" value="([^"]+)"', listed)
    assert ordinal
    assert token
    form = {"csrf": token[1], "luot": ordinal[1], "van_ban": str(ids["2022"])}
    answer = client.post(f"{address}/xac-nhan", data=form, headers=signed_in(client), follow_redirects=False)
    assert answer.headers["location"] == f"{address}#can-cu"
    listed = section(client.get(address, headers=signed_in(client)).text, "can-cu")
    assert "24/QĐ-UBND</a>" in listed
    assert "lan đã xác nhận" in listed
    assert "có thể là" not in listed
    assert "lan" in text_of(client.get("/nhat-ky", headers=signed_in(client)).text)
    undo = re.search(r'action="(/nhat-ky/\d+/hoan-tac)"', listed)
    assert undo
    back = {"csrf": token[1], "ve": str(ids["ke-hoach"])}
    answer = client.post(undo[1], data=back, headers=signed_in(client), follow_redirects=False)
    assert answer.headers["location"] == f"{address}#can-cu"
    assert "có thể là" in section(client.get(address).text, "can-cu")
