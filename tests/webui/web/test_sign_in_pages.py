"""Signing in and out, and what only signed-in users may do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from corpus.library import Library
from corpus.model import Failure
from corpus.vocabulary import Verdict
from tests.support.web_client import PASSWORD, csrf_of, sign_in, token
from tests.support.web_library import build
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


def test_signing_in_needs_the_right_password_and_the_form_token(site: Site) -> None:
    client, _ = site
    assert sign_in(client, password="sai sai sai sai") == 401
    assert sign_in(client, name="khong-co") == 401
    assert client.post("/dang-nhap", data={"ten": "lan", "mat_khau": PASSWORD, "csrf": "x"}).status_code == 403
    assert sign_in(client) == 303
    cookie = next(c for c in client.cookies.jar if c.name == "can_cu")
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert "lan (kiểm tra)" in client.get("/").text
    assert client.get("/").headers["cache-control"] == "no-store"


def test_signing_in_does_not_redirect_to_other_sites(site: Site) -> None:
    client, _ = site
    for bad in ("https://xau.example", "//xau.example", "/\\xau.example"):
        client.cookies.clear()
        csrf = token(client.get("/dang-nhap").text)
        answer = client.post("/dang-nhap", data={"ten": "lan", "mat_khau": PASSWORD, "csrf": csrf, "toi": bad})
        assert answer.headers["location"] == "/"


def test_guessing_passwords_is_limited(site: Site) -> None:
    client, _ = site
    codes = [sign_in(client, password=f"sai sai sai {n}") for n in range(6)]
    assert codes == [401] * 5 + [429]
    assert sign_in(client) == 429  # the right one as well, until the window is over
    assert sign_in(client, name="minh") == 303


@pytest.mark.parametrize("path", ["/duyet", "/nap", "/nhat-ky", "/van-ban/1/sua"])
def test_visitors_without_session_are_sent_to_sign_in(site: Site, path: str) -> None:
    client, _ = site
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/dang-nhap?toi=")
    post = "/duyet" if path.startswith("/van-ban") else path
    if post in {"/duyet", "/nap"}:
        assert client.post(post, data={"csrf": "x"}).status_code in {401, 403}


def test_forms_of_other_sites_are_refused(site: Site) -> None:
    client, ids = site
    sign_in(client)
    form = {"van_ban": ids["ke-hoach"], "muc": "title", "gia_tri": "Xấu", "viec": "sua", "csrf": csrf_of(client)}
    assert client.post("/duyet", data=form, headers={"Origin": "https://xau.example"}).status_code == 403
    assert client.post("/duyet", data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/duyet", data={**form, "csrf": "đoán"}).status_code == 403
    assert "Xấu" not in client.get(f"/van-ban/{ids['ke-hoach']}").text


def test_signed_in_users_see_documents_of_restricted_circulation(site: Site) -> None:
    client, ids = site
    assert client.get(f"/van-ban/{ids['noi-bo']}").status_code == 404
    sign_in(client)
    assert "bí ẩn" in client.get(f"/van-ban/{ids['noi-bo']}").text
    assert client.get(f"/van-ban/{ids['noi-bo']}/luoc-do").status_code == 200
    assert f'"/van-ban/{ids["noi-bo"]}"' in client.get("/?q=bí+ẩn").text
    client.post("/dang-xuat", data={"csrf": csrf_of(client)})
    assert client.get(f"/van-ban/{ids['noi-bo']}").status_code == 404
    assert f'"/van-ban/{ids["noi-bo"]}"' not in client.get("/?q=bí+ẩn").text


def test_the_setting_closed_requires_a_session_for_reading(tmp_path: Path) -> None:
    ids = build(tmp_path / "kho", tmp_path / "tep")
    users = Users(tmp_path / "kho")
    users.add("lan", PASSWORD, "kiem-tra")
    users.close()
    settings = Settings(library=tmp_path / "kho", closed=True)
    with TestClient(create_app(settings), follow_redirects=False) as client:
        for path in ("/", f"/van-ban/{ids['ke-hoach']}", f"/van-ban/{ids['ke-hoach']}/tep-goc", "/con-thieu.csv"):
            assert client.get(path).status_code == 303, path
        assert client.get("/api/search?q=ocop").status_code == 401
        assert client.get("/api/openapi.json").status_code == 401
        assert client.get("/static/page.css").status_code == 200
        assert sign_in(client, onward="/") == 303
        assert client.get("/").status_code == 200


def test_names_of_unread_files_are_shown_to_signed_in_users_only(site: Site, tmp_path: Path) -> None:
    client, _ = site
    with Library.open(tmp_path / "kho") as library:
        library.intake.fail("/nguon/mật danh Bão Táp.pdf", "ab" * 32, Failure("", "Đọc quá lâu.", Verdict.TIMED_OUT))
        library.intake.fail("/nguon/Bão Táp 2.pdf", "cd" * 32, Failure("", "Đọc quá lâu.", Verdict.TIMED_OUT))
        library.intake.fail(
            "/nguon/x.pdf", "ef" * 32, Failure("", "Lỗi chương trình (KeyError: Bão Táp).", Verdict.PROGRAM_ERROR)
        )
        library.intake.fail(
            "/nguon/Bão Táp 3.pdf", "09" * 32, Failure("", "Không mở được Bão Táp 3.pdf.", Verdict.DAMAGED)
        )
    paths = ("/tinh-trang", "/api/failures")
    for path in paths:
        result = client.get(path).text
        assert "Bão Táp" not in result
        assert "x.pdf" not in result
        assert "Đọc quá lâu." in result
    assert "<td>2 tệp</td><td>Đọc quá lâu.</td>" in client.get("/tinh-trang").text
    assert [f["name"] for f in client.get("/api/failures").json()["data"]] == [None] * 4
    assert client.get("/api/status").json()["data"]["failed"] == 4
    assert sign_in(client) == 303
    for path in paths:
        assert "mật danh Bão Táp.pdf" in client.get(path).text


def test_no_address_parameter_is_shown_as_a_message(site: Site) -> None:
    client, ids = site
    words = "Hãy+gọi+số+0900+để+mở+khóa"
    names = ("loi", "xong", "thongbao", "thong_bao", "wrong", "message", "error", "status", "muc", "toi", "next")
    asked = "&".join(f"{name}={words}" for name in names)
    for path in ("/dang-nhap", "/kiem-tra", "/tinh-trang", "/huong-dan"):
        assert "0900" not in client.get(f"{path}?{asked}").text
    assert client.get("/dang-nhap?status=500").status_code == 200
    sign_in(client)
    for path in ("/duyet", "/nap", "/nhat-ky", f"/van-ban/{ids['ke-hoach']}/sua", f"/van-ban/{ids['ke-hoach']}"):
        assert "0900" not in client.get(f"{path}?{asked}").text
