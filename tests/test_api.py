"""The API: one envelope, one error shape, the same data as the pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.web_library import build
from webui.app import create_app
from webui.settings import Settings

Site = tuple[TestClient, dict[str, int]]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("api")
    ids = build(folder / "kho", folder / "tep")
    with TestClient(create_app(Settings(library=folder / "kho")), raise_server_exceptions=False) as client:
        yield client, ids


def test_every_answer_has_the_envelope(site: Site) -> None:
    client, ids = site
    plan = ids["ke-hoach"]
    for path in ("/api/search?q=ocop", "/api/search", "/api/documents", "/api/find?so=qd+919", "/api/status",
                 f"/api/documents/{plan}", f"/api/documents/{plan}/cites", f"/api/documents/{plan}/cited-by",
                 f"/api/documents/{plan}/mentions", f"/api/documents/{plan}/tree?depth=3&reach=all"):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["content-type"] == "application/json"
        value = answer.json()
        assert value["ok"] is True
        assert set(value) == {"ok", "data", "next"}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/documents/999999", 404, "khong_thay"),
        ("/api/documents/abc", 400, "tham_so_sai"),
        ("/api/khong", 404, "khong_thay"),
        ('/api/search?q="x', 400, "cau_tim_sai"),
        ("/api/search?xep=la", 400, "tham_so_sai"),
        ("/api/documents?limit=0", 400, "tham_so_sai"),
    ],
)
def test_every_error_has_one_shape(site: Site, path: str, status: int, code: str) -> None:
    client, _ = site
    answer = client.get(path)
    assert answer.status_code == status
    value = answer.json()
    assert value["ok"] is False
    assert value["error"]["code"] == code
    assert value["error"]["message"]
    assert "next_step" in value["error"]
    assert client.post("/api/search").status_code == 405


def test_a_query_error_says_where(site: Site) -> None:
    client, _ = site
    assert client.get("/api/search", params={"q": 'ocop "x'}).json()["error"]["position"] == 5


def test_paging_by_cursor_meets_every_document_once(site: Site) -> None:
    client, _ = site
    met, address = [], "/api/documents?limit=2"
    while address:
        value = client.get(address).json()
        met += [d["id"] for d in value["data"]]
        address = value["next"]
    everything = [d["id"] for d in client.get("/api/documents?limit=500").json()["data"]]
    assert met == everything == sorted(set(met))


def test_a_document_is_the_record_with_its_evidence(site: Site) -> None:
    client, ids = site
    value = client.get(f"/api/documents/{ids['ke-hoach']}").json()["data"]
    assert value["so_ky_hieu"] == "45/KH-UBND"
    assert value["files"] == ["ke-hoach.txt"]
    assert value["record"]["fields"]["so_ky_hieu"]["confidence"] > 0.5
    assert "path" not in value["record"]
    text = value["record"]["text"]
    for mention in client.get(f"/api/documents/{ids['ke-hoach']}/mentions").json()["data"]:
        assert text[mention["start"] : mention["end"]] == mention["text"]


def test_trees_go_both_ways(site: Site) -> None:
    client, ids = site
    down = client.get(f"/api/documents/{ids['quyet-dinh']}/tree?depth=2").json()["data"]
    first = down["children"][0]
    assert first["document"]["so_ky_hieu"] == "45/KH-UBND"
    assert {c["document"]["so_ky_hieu"] for c in first["children"]} == {"919/QĐ-TTg", "148/QĐ-TTg"}
    up = client.get(f"/api/documents/{ids['919']}/tree?direction=in").json()["data"]
    assert {c["document"]["so_ky_hieu"] for c in up["children"]} == {"45/KH-UBND", "88/QĐ-UBND"}


def test_openapi_describes_every_path_in_vietnamese(site: Site) -> None:
    client, _ = site
    described = client.get("/api/openapi.json").json()
    assert set(described["paths"]) >= {"/api/search", "/api/documents", "/api/documents/{id}", "/api/find"}
    assert all(path.startswith("/api/") for path in described["paths"])
    for methods in described["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert {"400", "404"} <= set(operation["responses"])


def test_find_takes_no_paths_of_this_machine(site: Site) -> None:
    client, _ = site
    assert client.get("/api/find", params={"so": "/etc/passwd"}).json()["data"] == []
