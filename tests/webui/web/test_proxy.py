"""Behind a proxy: forwarded headers count only from a proxy named in the settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.support.web_library import build
from webui.app.settings import Settings
from webui.web.application import create_app
from webui.web.workers.process import uvicorn_config

PROXY, OTHER_PEER = "10.1.1.1", "10.2.2.2"


@pytest.fixture(scope="module")
def kho(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    folder = tmp_path_factory.mktemp("proxy")
    return folder / "kho", build(folder / "kho", folder / "tep")["ke-hoach"]


@contextmanager
def behind(folder: Path, peer: str) -> Iterator[TestClient]:
    """The application as the server wraps it, asked by *peer*; :data:`PROXY` is named."""
    settings = Settings(library=folder, trusted_proxies=[PROXY], rate_table="1/hour")
    config = uvicorn_config(create_app(settings), settings)
    config.load()
    with TestClient(config.loaded_app, client=(peer, 40_000), raise_server_exceptions=False) as client:
        yield client


def forwarded(address: str, scheme: str = "https") -> dict[str, str]:
    return {"X-Forwarded-For": address, "X-Forwarded-Proto": scheme}


@pytest.mark.parametrize(("peer", "believed"), [(PROXY, True), (OTHER_PEER, False), ("127.0.0.1", False)])
def test_a_forwarded_header_counts_only_from_a_named_proxy(kho: tuple[Path, int], peer: str, believed: bool) -> None:
    folder, plan = kho
    with behind(folder, peer) as client:
        statuses = [client.get("/con-thieu.csv", headers=forwarded(f"192.0.2.{n}")).status_code for n in (1, 2, 3)]
        assert statuses == ([200, 200, 200] if believed else [200, 429, 429])
        page = client.get(f"/van-ban/{plan}", headers=forwarded("192.0.2.9")).text
        linked = re.search(r'"(https?)://[^"]+/van-ban/', page)
        assert linked
        assert (linked[1] == "https") is believed
        cookie = client.get("/dang-nhap", headers=forwarded("192.0.2.9")).headers["set-cookie"]
        assert ("secure" in cookie.lower()) is believed


def test_an_address_that_the_client_forged_is_ignored(kho: tuple[Path, int]) -> None:
    folder, _ = kho
    with behind(folder, PROXY) as client:
        made_up = [client.get("/con-thieu.csv", headers=forwarded(f"192.0.2.{n}, 198.51.100.7")) for n in (1, 2)]
        assert [answer.status_code for answer in made_up] == [200, 429]
