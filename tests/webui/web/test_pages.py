"""The pages of a library: what they show and hide, and that document text is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from corpus.library import Library
from tests.support.web_library import HOSTILE, build
from webui.app.settings import Settings
from webui.web.application import create_app
from webui.web.middleware.headers import HEADERS


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, dict[str, int]]]:
    folder = tmp_path_factory.mktemp("site")
    ids = build(folder / "kho", folder / "tep")
    with TestClient(create_app(Settings(library=folder / "kho")), raise_server_exceptions=False) as client:
        yield client, ids


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_start_page_shows_examples_and_the_newest_documents(site: tuple[TestClient, dict[str, int]]) -> None:
    client, _ = site
    answer = client.get("/")
    assert answer.status_code == 200
    assert "Ví dụ:" in answer.text
    assert text_of(answer.text).index("88/QĐ-UBND") < text_of(answer.text).index("45/KH-UBND")


def test_search_finds_words_with_and_without_diacritics(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    for question in ("tập huấn", "tap huan"):
        answer = client.get("/", params={"q": question})
        assert f'href="/van-ban/{ids["ke-hoach"]}"' in answer.text
        assert "<mark>" in answer.text


def test_a_number_finds_the_document_first_and_then_those_that_cite_it(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    page = client.get("/", params={"q": "quyet dinh 919"}).text
    assert page.index(f'"/van-ban/{ids["919"]}"') < page.index(f'"/van-ban/{ids["ke-hoach"]}"')
    assert "chưa có toàn văn" in page
    assert "Dẫn đến văn bản có số hiệu này" in page


def test_filters_narrow_results_and_are_shown(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    page = client.get("/", params={"q": "ocop", "loai": "Quyết định", "trangthai": "co_van_ban"}).text
    assert f'"/van-ban/{ids["quyet-dinh"]}"' in page
    assert f'"/van-ban/{ids["ke-hoach"]}"' not in page
    assert "Loại văn bản: Quyết định" in page
    page = client.get("/", params={"tu": "2024-05", "den": "2024-06"}).text
    assert f'"/van-ban/{ids["quyet-dinh"]}"' in page
    assert f'"/van-ban/{ids["ke-hoach"]}"' not in page


def test_a_faulty_query_is_explained(site: tuple[TestClient, dict[str, int]]) -> None:
    client, _ = site
    answer = client.get("/", params={"q": '"mỗi xã'})
    assert answer.status_code == 400
    assert "Thiếu dấu ngoặc kép đóng" in answer.text


def test_an_empty_result_suggests_other_queries(site: tuple[TestClient, dict[str, int]]) -> None:
    client, _ = site
    answer = client.get("/", params={"q": "hoàntoànkhôngcó"})
    assert answer.status_code == 200
    assert "Thử cách khác" in answer.text
    answer = client.get("/", params={"q": "tập huấn hoàntoànkhôngcó"})
    assert "Bỏ từ “hoàntoànkhôngcó”: tập huấn" in answer.text


def test_a_document_page_shows_values_bases_and_linked_text(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    page = client.get(f"/van-ban/{ids['ke-hoach']}").text
    words = text_of(page)
    for message in ("Kế hoạch 45/KH-UBND", "12/3/2024", "Ủy ban nhân dân tỉnh Thanh Hóa", "Nguyễn Văn An"):
        assert message in words
    bases = page[page.index('id="can-cu"') : page.index('id="duoc-dan"')]
    assert bases.index(f'"/van-ban/{ids["919"]}"') < bases.index(f'"/van-ban/{ids["148"]}"')
    assert "Dẫn chiếu khác" in bases
    assert f'"/van-ban/{ids["quyet-dinh"]}"' in page[page.index('id="duoc-dan"') :]
    text = page[page.index('id="toan-van"') :]
    assert re.search(rf'<a id="d0" class="can-cu" href="/van-ban/{ids["919"]}">Quyết định số 919/QĐ-TTg', text)


def test_unsure_values_are_marked_with_their_reason(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    page = client.get(f"/van-ban/{ids['quyet-dinh']}").text
    row = page[page.index("<dt>Ngày ban hành</dt>") :].split("</div>")[0]
    assert "cần kiểm tra" in row
    assert "con dấu che" in row


def test_a_cited_document_shows_who_cites_it(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    page = client.get(f"/van-ban/{ids['919']}").text
    assert "kho chưa có toàn văn" in page
    assert f'"/van-ban/{ids["ke-hoach"]}"' in page
    assert client.get(f"/van-ban/{ids['919']}/tep-goc").status_code == 404


def test_the_original_is_a_download(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    answer = client.get(f"/van-ban/{ids['ke-hoach']}/tep-goc")
    assert "45/KH-UBND" in answer.text
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    hostile = client.get(f"/van-ban/{ids['xau']}/tep-goc").headers["content-disposition"]
    assert "<" not in hostile
    assert "\u202e" not in hostile


def test_documents_of_restricted_circulation_are_not_found(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    hidden = ids["noi-bo"]
    for path in (f"/van-ban/{hidden}", f"/van-ban/{hidden}/tep-goc", f"/api/documents/{hidden}",
                 f"/api/documents/{hidden}/cites", f"/api/documents/{hidden}/mentions"):  # fmt: skip
        assert client.get(path).status_code == 404, path
    for path in ("/?q=bí+ẩn", "/?q=12/TB-UBND", "/?q=777/QĐ-UBND", "/", "/api/documents", "/api/search?q=bí+ẩn",
                 "/api/find?so=12/TB-UBND", "/api/find?so=777/QĐ-UBND"):  # fmt: skip
        answer = client.get(path)
        assert f"/van-ban/{hidden}" not in answer.text, path
        assert "nội bộ tuyệt đối" not in answer.text, path
    counts = client.get("/api/status").json()["data"]
    assert counts["held"] == 3
    assert "restricted" not in counts


@pytest.mark.parametrize("path", ["/", "/?q=ocop", "/khong-co", '/?q="x', "/tinh-trang", "/huong-dan", "/api/status",
                                  "/api/documents/99999", "/static/page.css"])  # fmt: skip
def test_pages_have_the_security_headers(site: tuple[TestClient, dict[str, int]], path: str) -> None:
    client, _ = site
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value


def test_hostile_text_is_escaped(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    for path in (f"/van-ban/{ids['xau']}", "/?q=sản+phẩm", "/", "/tinh-trang"):
        page = client.get(path).text
        assert "<img src=x" not in page, path
        assert "<b>đậm</b>" not in page, path
    for question in (HOSTILE, f'loai:"{HOSTILE}"', f"so:{HOSTILE}"):
        answer = client.get("/", params={"q": question, "loai": HOSTILE, "xep": "date", "tu": HOSTILE})
        assert "<img src=x" not in answer.text
        assert answer.status_code in {200, 400}
    assert client.get("/", params={"q": "a" * 10_000}).status_code == 400
    assert client.get("/", params={"q": "ă " * 5_000}).status_code == 400


def test_pages_load_nothing_from_elsewhere_and_run_no_inline_code(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    for path in ("/", "/?q=ocop", f"/van-ban/{ids['ke-hoach']}", "/huong-dan"):
        page = client.get(path).text
        for address in re.findall(r'(?:src|href|action)="([^"]*)"', page):
            assert address.startswith(("/", "#")), address
            assert not address.startswith("//")
        assert " style=" not in page
        assert not re.search(r"<[^>]*\son\w+=", page)


@pytest.mark.parametrize(
    "path", ["/?trang=0", "/?trang=x", "/?xep=la", "/?tu=nam", "/van-ban/abc", "/?trang=999999999"]
)
def test_invalid_addresses_get_an_error_page(site: tuple[TestClient, dict[str, int]], path: str) -> None:
    client, _ = site
    answer = client.get(path)
    assert answer.status_code == 400
    assert "Về trang tìm kiếm" in answer.text or "Cách viết câu tìm" in answer.text


def test_addresses_of_merged_documents_redirect(tmp_path: Path) -> None:
    ids = build(tmp_path / "kho", tmp_path / "tep")
    settings = Settings(library=tmp_path / "kho")
    with TestClient(create_app(settings)) as client:
        with Library.open(tmp_path / "kho") as library:
            library.edits.merge(ids["919"], ids["148"], "thử gộp")
        answer = client.get(f"/van-ban/{ids['148']}", follow_redirects=False)
        assert answer.status_code == 301
        assert answer.headers["location"] == f"/van-ban/{ids['919']}"
        assert client.get(f"/van-ban/{ids['148']}").status_code == 200


def test_an_empty_library_says_how_to_fill_it(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(library=tmp_path / "kho"))) as client:
        answer = client.get("/")
        assert answer.status_code == 200
        assert "Kho còn trống" in answer.text


def test_the_issuer_is_shown_as_signed_and_as_of_today(site: tuple[TestClient, dict[str, int]]) -> None:
    client, _ = site
    found = client.get("/api/find", params={"so": "4464/QĐ-BNN-VPĐP"}).json()["data"][0]["id"]
    page = text_of(client.get(f"/van-ban/{found}").text)
    assert "Bộ Nông nghiệp và Phát triển nông thôn" in page
    assert "Cơ quan hiện nay Bộ Nông nghiệp và Môi trường suy đoán, không in trên văn bản" in page
    assert "từ 01/3/2025, theo Nghị quyết 176/2025/QH15" in page
    data = client.get(f"/api/documents/{found}").json()["data"]["issuer_today"]
    assert data == {
        "name": "Bộ Nông nghiệp và Môi trường", "since": "2025-03-01", "sources": ["Nghị quyết 176/2025/QH15"],
    }  # fmt: skip
    _, ids = site
    assert "Cơ quan hiện nay" not in client.get(f"/van-ban/{ids['ke-hoach']}").text


def test_a_result_of_another_date_is_marked(site: tuple[TestClient, dict[str, int]]) -> None:
    client, _ = site
    wrong, right = (client.get("/", params={"q": f"88/QĐ-UBND ngày {day}/5/2024"}).text for day in (21, 20))
    assert "khác ngày đã ghi" in wrong
    assert "khác ngày đã ghi" not in right


def test_a_question_is_answered_above_the_results(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    page = client.get("/", params={"q": "ai dựa vào 919"}).text
    assert "2 văn bản căn cứ vào Quyết định 919/QĐ-TTg" in text_of(page)
    assert f'href="/van-ban/{ids["919"]}/anh-huong"' in page
    assert "Tìm đúng từng chữ đã gõ" in page
    literal = client.get("/", params={"q": "ai dựa vào 919", "dung_chu": "1"}).text
    assert "văn bản căn cứ vào" not in text_of(literal)


def test_where_no_document_has_all_words_the_nearest_are_shown(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    page = client.get("/", params={"q": "tập huấn OCOP khongcotu"}).text
    assert "Không tìm thấy văn bản nào" in text_of(page)
    assert "dưới đây là văn bản gần nhất" in text_of(page)
    assert f'"/van-ban/{ids["quyet-dinh"]}"' in page
