"""Archivists on the page: merging, removing, reading again, and taking each back where it was done."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.support.web_library import build
from webui.app.settings import Settings
from webui.app.users import Users
from webui.web.application import create_app


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[TestClient, dict[str, int]]]:
    """A client, and ids of the library's documents."""
    ids = build(tmp_path / "kho", tmp_path / "tep")
    users = Users(tmp_path / "kho")
    users.add("lan", "mật khẩu rất dài", "quan-tri")
    users.add("mai", "mật khẩu rất dài", "kiem-tra")
    users.close()
    with TestClient(create_app(Settings(library=tmp_path / "kho", jobs=1))) as client:
        yield client, ids


def _sign_in(client: TestClient, name: str) -> str:
    """The token of the forms."""
    users: Users = client.app.state.users  # type: ignore[attr-defined]
    cookie = users.sign_in(name, "mật khẩu rất dài", "")
    assert cookie is not None
    client.cookies.set("can_cu", cookie)
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/duyet").text)
    assert found is not None
    return found[1]


def test_merge_and_undo_where_it_was_done(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    csrf = _sign_in(client, "lan")
    page = f"/van-ban/{ids['ke-hoach']}/luu-tru"
    merging = {"csrf": csrf, "van_ban": "88/QĐ-UBND", "ly_do": ""}
    assert client.post(page.replace("luu-tru", "gop"), data=merging).status_code == 400
    merging["ly_do"] = "hai bản của một văn bản"
    refused = client.post(page.replace("luu-tru", "gop"), data=merging)
    assert refused.status_code == 400
    assert "khác loại" in refused.text
    answer = client.post(page.replace("luu-tru", "gop"), data=merging | {"khac_loai": "1"})
    assert answer.status_code == 200
    assert "Đã gộp." in answer.text
    assert "lan: gộp" in answer.text
    assert client.get(f"/van-ban/{ids['quyet-dinh']}", follow_redirects=False).status_code == 301
    entry = re.search(r"/nhat-ky/(\d+)/hoan-tac", answer.text)
    assert entry is not None
    back = client.post(f"/nhat-ky/{entry[1]}/hoan-tac", data={"csrf": csrf, "ve": str(ids["ke-hoach"])})
    assert back.status_code == 200
    assert client.get(f"/van-ban/{ids['quyet-dinh']}", follow_redirects=False).status_code == 200
    assert "đã hoàn tác" in client.get(page).text


def test_remove_leaves_the_cited_document(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    csrf = _sign_in(client, "lan")
    id = ids["ke-hoach"]
    answer = client.post(f"/van-ban/{id}/go", data={"csrf": csrf, "ly_do": "tải nhầm"})
    assert "Đã gỡ tệp khỏi kho." in answer.text
    assert "tải nhầm" in answer.text
    assert "chưa có toàn văn" in client.get(f"/van-ban/{id}").text or "chưa có" in answer.text


def test_merging_and_removing_are_for_administrators(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    assert client.get(f"/van-ban/{ids['ke-hoach']}/luu-tru", follow_redirects=False).status_code in {303, 401}
    csrf = _sign_in(client, "mai")
    assert "Gộp và gỡ văn bản là việc của người quản trị" in client.get(f"/van-ban/{ids['ke-hoach']}/luu-tru").text
    for path in ("gop", "go"):
        data = {"csrf": csrf, "ly_do": "thử", "van_ban": "88/QĐ-UBND"}
        assert client.post(f"/van-ban/{ids['ke-hoach']}/{path}", data=data).status_code == 403
    assert client.post(f"/van-ban/{ids['ke-hoach']}/doc-lai", data={"cach": "auto"}).status_code == 403


def test_reading_again_in_the_background(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    csrf = _sign_in(client, "mai")
    page = f"/van-ban/{ids['ke-hoach']}/luu-tru"
    answer = client.post(page.replace("luu-tru", "doc-lai"), data={"csrf": csrf, "cach": "auto"})
    assert answer.status_code == 200
    end = time.monotonic() + 120
    while "Đang đọc lại" in client.get(page).text:
        assert time.monotonic() < end
        time.sleep(0.1)
    assert "Đã đọc lại; các giá trị chính không đổi." in client.get(page).text
