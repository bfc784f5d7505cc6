"""Reviewing values: the queue, corrections, undoing, the audit list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from corpus.library import Library
from corpus.record_json import parse_record
from ingest.extract import read_record
from tests.support.web_client import PASSWORD, csrf_of, sign_in
from tests.support.web_library import build, document_text
from webui.app.settings import Settings
from webui.app.users import Users
from webui.web.application import create_app

Site = tuple[TestClient, dict[str, int]]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    ids = build(tmp_path / "kho", tmp_path / "tep")
    with TestClient(create_app(Settings(library=tmp_path / "kho", max_upload_mb=1)), follow_redirects=False) as client:
        users = Users(tmp_path / "kho")
        users.add("lan", PASSWORD, "kiem-tra")
        users.add("minh", PASSWORD, "quan-tri")
        users.close()
        yield client, ids


def test_accepting_a_doubtful_value_can_be_undone(site: Site) -> None:
    client, ids = site
    sign_in(client)
    queue = client.get("/duyet").text
    assert "con dấu che" in queue
    form = {"van_ban": ids["quyet-dinh"], "muc": "date", "viec": "chap-nhan", "csrf": csrf_of(client)}
    assert client.post("/duyet", data=form).headers["location"] == "/duyet?xong=1"
    assert "con dấu che" not in client.get("/duyet").text
    history = client.get("/nhat-ky").text
    assert "chấp nhận" in history
    entry = re.search(r"/nhat-ky/(\d+)/hoan-tac", history)
    assert entry
    assert client.post(entry[0], data={"csrf": csrf_of(client)}).status_code == 303
    assert "con dấu che" in client.get("/duyet").text


def test_a_corrected_value_is_found_at_once(site: Site) -> None:
    client, ids = site
    sign_in(client)
    form = {
        "van_ban": ids["ke-hoach"],
        "muc": "so_ky_hieu",
        "gia_tri": "54/KH-UBND",
        "viec": "sua",
        "csrf": csrf_of(client),
    }
    assert client.post("/duyet", data=form).status_code == 303
    assert client.get("/api/find?so=54/KH-UBND").json()["data"][0]["id"] == ids["ke-hoach"]
    assert f'"/van-ban/{ids["ke-hoach"]}"' in client.get("/?q=54/KH-UBND").text
    entered = {**form, "gia_tri": "55/KH-UBND", "cu": "54/KH-UBND", "viec": "chap-nhan"}  # Enter in the field
    assert client.post("/duyet", data=entered).status_code == 303
    assert client.get("/api/find?so=55/KH-UBND").json()["data"][0]["id"] == ids["ke-hoach"]
    refused = client.post("/duyet", data={**form, "gia_tri": "không phải số"}).headers["location"]
    assert refused == "/duyet?loi=so&muc=so_ky_hieu"


def test_only_administrators_undo_removals(site: Site, tmp_path: Path) -> None:
    client, ids = site
    with Library.open(tmp_path / "kho") as library:
        entry = library.edits.remove(ids["ke-hoach"], "thử")
    sign_in(client)
    assert client.post(f"/nhat-ky/{entry}/hoan-tac", data={"csrf": csrf_of(client)}).status_code == 403
    client.cookies.clear()
    sign_in(client, "minh")
    assert client.post(f"/nhat-ky/{entry}/hoan-tac", data={"csrf": csrf_of(client)}).status_code == 303
    assert "45/KH-UBND" in client.get(f"/van-ban/{ids['ke-hoach']}").text


def doubt_a_number(client: TestClient) -> tuple[int, int]:
    """The ids of a document whose number was misread and of one that cites the right number."""
    library = client.app.state.library  # type: ignore[attr-defined]
    made = []
    for number, citing in (("140/QĐ-UBND", "919/QĐ-TTg"), ("70/QĐ-UBND", "640/QĐ-UBND ngày 15/8/2024")):
        text = document_text(
            "QUYẾT ĐỊNH", number, ("15", "8", "2024"), f"Việc của {number}",
            f"Căn cứ Quyết định số {citing} của UBND tỉnh Thanh Hóa.\nQUYẾT ĐỊNH:\nĐiều 1. Làm.",
        )  # fmt: skip
        path = library.folder.parent / f"{number[:2]}.txt"
        path.write_text(text, encoding="utf-8")
        record = parse_record(read_record(str(path)))
        if number.startswith("140"):
            record.fields["so_ky_hieu"] = replace(
                record.fields["so_ky_hieu"], confidence=0.2, needs_review=True, reasons=["viết tay"]
            )
        made.append(library.intake.add(record, path, reader_version="1").id)
    return made[0], made[1]


def test_the_number_that_others_cite_is_offered_as_the_first_button(site: Site) -> None:
    client, _ = site
    misread, citing = doubt_a_number(client)
    page = client.get(f"/van-ban/{misread}").text
    assert "1 văn bản khác dẫn 640/QĐ-UBND cùng ngày, cùng cơ quan" in page
    assert 'name="chon"' not in page
    sign_in(client)
    assert 'name="chon" value="640/QĐ-UBND"' in client.get(f"/van-ban/{misread}").text
    queue = client.get("/duyet").text
    form = next(f for f in queue.split("<form")[1:] if 'name="chon"' in f)
    first = re.search(r"<button[^>]*>", form)
    assert first
    assert 'value="640/QĐ-UBND"' in first[0], "Enter presses the first button"
    data = client.get("/api/review").json()["data"]
    assert next(i for i in data if i["likely"])["likely"][0]["value"] == "640/QĐ-UBND"
    sent = {"csrf": csrf_of(client), "van_ban": str(misread), "muc": "so_ky_hieu", "cu": "140/QĐ-UBND"}
    answer = client.post("/duyet", data={**sent, "gia_tri": "140/QĐ-UBND", "chon": "640/QĐ-UBND"})
    assert answer.headers["location"] == "/duyet?xong=1"
    found = client.get(f"/api/documents/{misread}").json()["data"]
    assert found["so_ky_hieu"] == "640/QĐ-UBND"
    cites = client.get(f"/api/documents/{citing}/cites").json()["data"]
    assert misread in [edge["document"]["id"] for edge in cites]


def test_a_typed_value_takes_precedence_over_the_offered_one(site: Site) -> None:
    client, _ = site
    misread, _ = doubt_a_number(client)
    sign_in(client)
    sent = {"csrf": csrf_of(client), "van_ban": str(misread), "muc": "so_ky_hieu", "cu": "140/QĐ-UBND", "ve": "van-ban"}
    answer = client.post("/duyet", data={**sent, "gia_tri": "146/QĐ-UBND", "chon": "640/QĐ-UBND"})
    assert answer.headers["location"] == f"/van-ban/{misread}"
    assert client.get(f"/api/documents/{misread}").json()["data"]["so_ky_hieu"] == "146/QĐ-UBND"


def test_the_audit_list_shows_names_and_local_time(site: Site) -> None:
    client, ids = site
    library = client.app.state.library  # type: ignore[attr-defined]
    library.edits.correct(ids["ke-hoach"], "date", "2024-03-13", who="lan")
    library.edits.merge(ids["ke-hoach"], ids["quyet-dinh"], "thử gộp")
    library.edits.remove(ids["xau"], "thử gỡ")
    sign_in(client, name="minh")
    page = client.get("/nhat-ky").text
    assert "giờ Việt Nam (UTC+7)" in page
    assert "Kế hoạch 45/KH-UBND</a> và" in page
    assert "Quyết định 88/QĐ-UBND" in page
    assert "hai văn bản khác loại" in page
    assert "Báo cáo 99/BC-UBND" in page
    assert "13/3/2024" in page
    assert not re.search(r"[A-ZĐ]+\|\d+\||\bUTC\)|20\d\d-\d\d-\d\d", page)
    rows = client.get("/api/audit?limit=2").json()
    assert [row["action"] for row in rows["data"]] == ["remove", "merge"]
    last = client.get(rows["next"]).json()
    assert [row["action"] for row in last["data"]] == ["correct"]
    assert last["next"] is None
    assert "Không còn việc nào cũ hơn" in client.get("/nhat-ky?sau=500").text


def test_a_missing_value_is_recorded_as_absent(site: Site) -> None:
    client, ids = site
    sign_in(client)
    form = {"van_ban": ids["ke-hoach"], "muc": "so_ky_hieu", "gia_tri": "", "cu": "", "csrf": csrf_of(client)}
    empty = client.post("/duyet", data={**form, "viec": "sua"}).headers["location"]
    assert empty == "/duyet?loi=trong&muc=so_ky_hieu"
    assert "Số, ký hiệu: Ô còn trống." in client.get(empty).text
    assert client.post("/duyet", data={**form, "viec": "khong-co", "gia_tri": "gõ dở"}).status_code == 303
    rows = client.get("/nhat-ky").text
    assert "ghi là văn bản không có số, ký hiệu" in rows
    assert "(văn bản không có)" in rows
    assert "(trống)" not in rows
    assert "văn bản không có" in client.get(f"/van-ban/{ids['ke-hoach']}").text
    refused = client.post("/duyet", data={**form, "muc": "title", "viec": "khong-co", "ve": "sua"}).headers["location"]
    assert refused == f"/van-ban/{ids['ke-hoach']}/sua?loi=sai&muc=title"
    assert "Trích yếu: Không ghi được" in client.get(refused).text


def test_the_queue_is_filtered_and_shows_one_at_a_time(site: Site) -> None:
    client, _ = site
    sign_in(client)
    every = client.get("/duyet").text
    assert every.count('<form class="review') >= 2
    dates = client.get("/duyet", params={"loc": "date"}).text
    assert dates.count('<form class="review') == 1
    assert 'name="loc" value="date"' in dates
    assert client.get("/duyet", params={"coquan": "Ủy ban nhân dân tỉnh Thanh Hóa"}).text.count("con dấu che") == 1
    assert "theo cách lọc này" in client.get("/duyet", params={"coquan": "UBND không có"}).text
    one = client.get("/duyet", params={"mot": "1"}).text
    assert one.count('<form class="review') == 1
    following = re.search(r'href="(/duyet\?[^"]*sau=1[^"]*)"', one)
    assert following
    second = client.get(following[1].replace("&amp;", "&")).text
    assert second.count('<form class="review') == 1
    assert re.search(r"<h2>[^<]+", second) != re.search(r"<h2>[^<]+", one)
    assert client.get("/duyet", params={"loc": "khong-co"}).status_code == 400
    assert client.get("/duyet", params={"lo": "khong-co"}).status_code == 404


def test_a_decision_leads_back_to_the_same_queue_and_is_undone_there(site: Site) -> None:
    client, ids = site
    sign_in(client)
    form = {"van_ban": ids["quyet-dinh"], "muc": "date", "viec": "chap-nhan", "csrf": csrf_of(client), "loc": "date"}
    back = client.post("/duyet", data=form).headers["location"]
    assert back == "/duyet?xong=1&loc=date"
    shown = client.get(back).text
    entry = re.search(r"/nhat-ky/(\d+)/hoan-tac", shown)
    assert entry
    undone = client.post(entry[0], data={"csrf": csrf_of(client), "ve": "duyet", "loc": "date"})
    assert undone.headers["location"] == "/duyet?loc=date"
    assert "con dấu che" in client.get("/duyet?loc=date").text


def test_restricted_documents_have_a_badge(site: Site) -> None:
    client, ids = site
    assert "lưu hành hạn chế" not in client.get("/?q=nội+bộ").text
    sign_in(client)
    found = client.get("/", params={"q": "12/TB-UBND"}).text
    assert "lưu hành hạn chế" in found
    assert "lưu hành hạn chế" in client.get(f"/van-ban/{ids['noi-bo']}").text
    assert "lưu hành hạn chế" not in client.get(f"/van-ban/{ids['ke-hoach']}").text
