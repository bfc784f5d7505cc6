"""Clients of the web application for tests: opening one, signing in, the token of a form."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
from starlette.testclient import TestClient

from webui.app.settings import Settings
from webui.web.application import create_app

PASSWORD = "mật khẩu rất dài"


Ids = dict[str, int]


def client_of(library: tuple[Path, Ids], client: tuple[str, int] = ("testclient", 1), **settings: Any) -> TestClient:
    app = create_app(Settings(library=library[0], **settings))
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False, client=client)


def http_client(address: str, cookies: dict[str, str] | None = None) -> httpx.Client:
    """A client over a real socket. It waits for an answer as long as the slowest machine may need."""
    return httpx.Client(base_url=address, cookies=cookies, timeout=200, trust_env=False)


def token(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


def sign_in(client: TestClient, name: str = "lan", password: str = PASSWORD, onward: str = "/duyet") -> int:
    csrf = token(client.get("/dang-nhap").text)
    answer = client.post("/dang-nhap", data={"ten": name, "mat_khau": password, "csrf": csrf, "toi": onward})
    if answer.status_code == 303:
        assert answer.headers["location"] == onward
    return answer.status_code


def csrf_of(client: TestClient) -> str:
    return token(client.get("/nap").text)
