"""The manual of the API has every call and every parameter, and loads nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from corpus.library import Library
from tests.support.web_client import client_of


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("api") / "kho"
    Library.open(folder, create=True).close()
    with client_of((folder, {})) as made:
        yield made


def test_every_call_has_its_page_with_parameters_and_example(client: TestClient) -> None:
    described = client.get("/api/openapi.json").json()["paths"]
    listed = unescape(client.get("/tai-lieu-api").text)
    assert "GET /api/search" in listed
    for path, methods in described.items():
        for call in methods.values():
            assert path in listed
            page = client.get("/tai-lieu-api", params={"goi": call["operationId"]})
            assert page.status_code == 200
            text = unescape(page.text)
            assert call["summary"] in text
            for parameter in call.get("parameters", []):
                assert f"<code>{parameter['name']}</code>" in text
            assert '"ok": true' in text
            assert len(page.content) < 45_000


def test_nothing_is_loaded_from_elsewhere(client: TestClient) -> None:
    for path in ("/tai-lieu-api", "/tai-lieu-api?goi=search_api_search_get"):
        loaded = re.findall(r'(?:src|<link[^>]* href)="([^"]+)"', client.get(path).text)
        assert loaded
        assert all(address.startswith("/") for address in loaded)
    assert client.get("/tai-lieu-api?goi=khong-co").status_code == 404


def test_the_foot_of_every_page_leads_there(client: TestClient) -> None:
    assert '<a href="/tai-lieu-api">' in client.get("/").text
