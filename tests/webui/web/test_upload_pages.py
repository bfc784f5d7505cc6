"""Uploads on the page: read, found, reported, refused when too large."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.support.waiting import wait_for
from tests.support.web_client import PASSWORD, csrf_of, sign_in
from tests.support.web_library import PLAN, build
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


def _finished_report(client: TestClient, address: str) -> str:
    """The page of an upload once all its files are read."""

    def finished() -> str | None:
        report = client.get(address)
        return None if "Refresh" in report.headers else report.text

    return wait_for(finished)


def test_an_upload_is_read_reported_and_searchable(site: Site) -> None:
    client, _ = site
    sign_in(client)
    text = PLAN.replace("45/KH-UBND", "71/KH-UBND").replace("tập huấn", "thi nấu ăn")
    files = [("tep", ("ke hoạch.txt", text.encode())), ("tep", ("../../hong.pdf", b"%PDF-1.4 hong"))]
    answer = client.post("/nap", data={"csrf": csrf_of(client)}, files=files)
    assert answer.status_code == 303
    report = _finished_report(client, answer.headers["location"])
    assert "Đã đọc xong" in report
    assert "ke hoạch.txt" in report
    assert "không đọc được" in report
    assert "Kế hoạch 71/KH-UBND" in report
    assert "Triển khai Chương trình" in report
    assert ".." not in report
    found = client.get("/api/search?q=nấu+ăn").json()["data"]["hits"]
    assert [h["so_ky_hieu"] for h in found] == ["71/KH-UBND"]
    assert not list((Path(client.app.state.library.folder) / "uploads").iterdir())  # type: ignore[attr-defined]


def test_an_uploaded_duplicate_links_to_its_document(site: Site) -> None:
    client, ids = site
    sign_in(client)
    path = client.get("/nap").url.path
    files = [("tep", ("lần hai.txt", PLAN.encode())), ("tep", ("lần ba.txt", PLAN.encode()))]
    answer = client.post(path, data={"csrf": csrf_of(client)}, files=files)
    report = _finished_report(client, answer.headers["location"])
    link = f'trùng nội dung với <a href="/van-ban/{ids["ke-hoach"]}">Kế hoạch 45/KH-UBND</a>'
    assert report.count(link) == 2


def test_uploads_are_synced_to_disk_outside_the_event_loop(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client, _ = site
    sign_in(client)
    real, on_loop = os.fsync, []

    def watched(handle: int) -> None:
        with suppress(RuntimeError):
            on_loop.append(asyncio.get_running_loop())
        real(handle)

    form = {"csrf": csrf_of(client)}
    monkeypatch.setattr(os, "fsync", watched)
    assert client.post("/nap", data=form, files=[("tep", ("a.txt", b"x"))]).status_code == 303
    assert not on_loop


def test_a_too_large_upload_is_refused(site: Site) -> None:
    client, _ = site
    sign_in(client)
    answer = client.post("/nap", data={"csrf": csrf_of(client)}, files=[("tep", ("to.txt", b"x" * 2_000_000))])
    assert answer.status_code == 413
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/dang-nhap", content=b"x" * 3_000_000, headers=form).status_code == 413
