"""Rate limits by kind of request, by user and by address."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from corpus.errors import UsageError
from tests.support.web_client import PASSWORD, Ids, client_of, sign_in, token
from tests.support.web_library import build
from webui.app import users as users_module
from webui.app.settings import Settings, load
from webui.app.users import Users
from webui.web.application import create_app
from webui.web.middleware.rate_limits import kind_of


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ids]:
    folder = tmp_path_factory.mktemp("trust")
    ids = build(folder / "kho", folder / "tep")
    users = Users(folder / "kho")
    users.add("lan", PASSWORD, "kiem-tra")
    users.close()
    return folder / "kho", ids


def test_requests_are_limited_by_kind() -> None:
    assert [kind_of("GET", p) for p in ("/", "/ket-qua.csv", "/van-ban/1/luoc-do", "/van-ban/1/anh/1.png")] == [
        "page", "table", "picture", "picture",
    ]  # fmt: skip
    assert [kind_of("POST", p) for p in ("/dang-nhap", "/kiem-tra", "/nap", "/duyet")] == [
        "sign_in", "draft", "write", "write",
    ]  # fmt: skip


def test_too_many_requests_get_429_with_retry_after(library: tuple[Path, Ids]) -> None:
    with client_of(library, rate_table="2/hour", rate_page="6/hour", rate_sign_in="2/hour") as client:
        codes = [client.get("/con-thieu.csv").status_code for _ in range(3)]
        assert codes == [200, 200, 429]
        refused = client.get("/con-thieu.csv")
        assert 1 <= int(refused.headers["retry-after"]) <= 3600
        assert "Hãy chờ" in refused.text
        assert client.get("/").status_code == 200  # another kind
        result = [client.get("/api/status") for _ in range(6)][-1]
        assert result.status_code == 429
        assert result.json()["error"]["code"] == "qua_nhieu"
        for _ in range(20):
            assert client.get("/healthz").status_code == 200
            assert client.get("/static/page.css").status_code == 200
        form = {"ten": "lan", "mat_khau": "sai"}
        assert [client.post("/dang-nhap", data=form).status_code for _ in range(3)] == [403, 403, 429]


def test_signed_in_users_are_counted_by_name(library: tuple[Path, Ids]) -> None:
    with client_of(library, rate_table="1/hour") as client:
        assert [client.get("/con-thieu.csv").status_code for _ in range(2)] == [200, 429]
        assert sign_in(client) == 303
        assert [client.get("/con-thieu.csv").status_code for _ in range(2)] == [200, 429]


def test_ipv6_addresses_of_one_network_count_as_one(library: tuple[Path, Ids]) -> None:
    app = create_app(Settings(library=library[0], rate_table="1/hour"))
    codes = []
    for address in ("2001:db8:1:2::1", "2001:db8:1:2::ffff", "2001:db8:1:3::1", "::ffff:10.0.0.1", "10.0.0.1"):
        client = TestClient(app, client=(address, 1))
        codes.append(client.get("/con-thieu.csv").status_code)
    assert codes == [200, 429, 200, 200, 429]
    with TestClient(app):
        pass  # closes what the application opened


def test_wrong_passwords_of_one_ipv6_network_are_counted_together(
    library: tuple[Path, Ids], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(users_module, "WRONG_FOR_ADDRESS", 3)
    app = create_app(Settings(library=library[0]))
    codes = []
    for number, network in enumerate((1, 1, 1, 1, 2)):
        client = TestClient(app, client=(f"2001:db8:0:{network}::{number}", 1), follow_redirects=False)
        csrf = token(client.get("/dang-nhap").text)
        form = {"ten": f"ai{number}", "mat_khau": "sai", "csrf": csrf}
        codes.append(client.post("/dang-nhap", data=form).status_code)
    assert codes == [401, 401, 401, 429, 401]
    with TestClient(app):
        pass  # closes what the application opened


def test_an_invalid_limit_in_the_settings_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCOP_RATE_PAGE", "nhiều")
    with pytest.raises(UsageError, match="OCOP_RATE_PAGE"):
        load()
    monkeypatch.setenv("OCOP_RATE_PAGE", "5/minute")
    monkeypatch.setenv("OCOP_METRICS_FOR", "mọi nơi")
    with pytest.raises(UsageError, match="OCOP_METRICS_FOR"):
        load()
