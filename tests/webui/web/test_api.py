"""The API: one envelope, one error shape, the same data as the pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from tests.support.web_library import build
from webui.app.settings import Settings
from webui.app.users import Users
from webui.web.api import (
    document_routes,
    editing_routes,
    examples,
    list_routes,
    relation_routes,
    search_routes,
)
from webui.web.application import create_app

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
def test_every_error_has_the_same_shape(site: Site, path: str, status: int, code: str) -> None:
    client, _ = site
    answer = client.get(path)
    assert answer.status_code == status
    value = answer.json()
    assert value["ok"] is False
    assert value["error"]["code"] == code
    assert value["error"]["message"]
    assert "next_step" in value["error"]
    assert client.post("/api/search").status_code == 405


def test_a_query_error_has_its_position(site: Site) -> None:
    client, _ = site
    assert client.get("/api/search", params={"q": 'ocop "x'}).json()["error"]["position"] == 5


def test_paging_by_cursor_gives_every_document_once(site: Site) -> None:
    client, _ = site
    met, address = [], "/api/documents?limit=2"
    while address:
        value = client.get(address).json()
        met += [d["id"] for d in value["data"]]
        address = value["next"]
    everything = [d["id"] for d in client.get("/api/documents?limit=500").json()["data"]]
    assert met == everything == sorted(set(met))


def test_a_document_is_its_record_with_evidence(site: Site) -> None:
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


def test_find_does_not_take_file_paths(site: Site) -> None:
    client, _ = site
    assert client.get("/api/find", params={"so": "/etc/passwd"}).json()["data"] == []


def all_of(client: TestClient, address: str) -> list[object]:
    """The entries of a list, gone through one by one by its cursor."""
    met: list[object] = []
    following: str | None = f"{address}{'&' if '?' in address else '?'}limit=1"
    while following:
        value = client.get(following).json()
        assert value["ok"], value
        data = value["data"]["rows"] if isinstance(value["data"], dict) else value["data"]
        assert len(data) == 1, following
        met += data
        following = value["next"]
    return met


LISTS = (
    "/api/documents", "/api/find?so=45/KH-UBND", "/api/documents/{plan}/cites", "/api/documents/{plan}/cited-by",
    "/api/documents/{plan}/mentions", "/api/documents/{stub}/impact?wide=true", "/api/wanted?sort=ngay",
    "/api/disagreements",
)  # fmt: skip


@pytest.mark.parametrize("address", LISTS)
def test_every_list_can_be_paged_by_its_cursor(site: Site, address: str) -> None:
    client, ids = site
    address = address.format(plan=ids["ke-hoach"], stub=ids["919"])
    whole = client.get(f"{address}{'&' if '?' in address else '?'}limit=500").json()
    assert whole["next"] is None
    data = whole["data"]["rows"] if isinstance(whole["data"], dict) else whole["data"]
    if not data:
        assert "disagreements" in address
        return
    assert all_of(client, address) == data
    beyond = client.get(f"{address}{'&' if '?' in address else '?'}after=1000000").json()
    assert beyond["ok"]
    assert beyond["next"] is None


def test_search_pages_follow_next(tmp_path: Path) -> None:
    build(tmp_path / "kho", tmp_path / "tep")
    met = []
    with TestClient(create_app(Settings(library=tmp_path / "kho", page_size=1))) as client:
        address: str | None = "/api/search?q=ocop"
        while address:
            value = client.get(address).json()
            met += [h["id"] for h in value["data"]["hits"]]
            address = value["next"]
        assert len(met) == len(set(met)) == value["data"]["total"] > 1


SIGNED_IN = ("/api/review", "/api/audit", "/api/uploads", "/api/uploads/x")


@pytest.mark.parametrize("address", SIGNED_IN)
def test_calls_for_signed_in_users_get_401(site: Site, address: str) -> None:
    client, _ = site
    answer = client.get(address)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "can_dang_nhap"


def shape(value: object) -> object:
    """The keys of an answer, down to values; the kind of list by its first entry."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value and isinstance(value[0], dict) else []
    return None


def differing(example: object, real: object, at: str = "") -> list[str]:
    """Where an example has other keys than a real answer; what is null or empty on one side says nothing."""
    if isinstance(example, dict) and isinstance(real, dict):
        free = at.endswith((".record", ".facets", ".tiers", ".conflicts", ".index", ".fields"))
        found = [] if free else [f"{at}: {sorted(set(example) ^ set(real))}"] if set(example) != set(real) else []
        return found + [
            d for key in set(example) & set(real) for d in differing(example[key], real[key], f"{at}.{key}")
        ]
    if isinstance(example, list) and isinstance(real, list) and example and real:
        return differing(example[0], real[0], f"{at}[]")
    return []


def test_every_route_has_an_example_with_the_keys_of_its_answers(tmp_path: Path) -> None:
    ids = build(tmp_path / "kho", tmp_path / "tep")
    users = Users(tmp_path / "kho")
    users.add("lan", "mật khẩu rất dài", "kiem-tra")
    cookie = users.sign_in("lan", "mật khẩu rất dài", "127.0.0.1")
    users.close()
    with TestClient(create_app(Settings(library=tmp_path / "kho")), cookies={"can_cu": cookie or ""}) as client:
        library = client.app.state.library  # type: ignore[attr-defined]
        library.edits.correct(ids["ke-hoach"], "title", "Việc khác", who="lan")
        described = client.get("/api/openapi.json").json()["paths"]
        modules = (search_routes, document_routes, relation_routes, list_routes, editing_routes)
        routes = [route for module in modules for route in module.router.routes]
        names = {route.path: route.name for route in routes if isinstance(route, APIRoute)}
        asked = {
            "/api/search": {"q": "tập huấn"}, "/api/find": {"so": "919/QĐ-TTg"}, "/api/suggest": {"q": "919"},
            "/api/revise": {"agency": "UBND tỉnh Thanh Hóa"}, "/api/path": {"a": "88/QĐ-UBND", "b": "148/QĐ-TTg"},
            "/api/radar": {"agency": "UBND tỉnh Thanh Hóa"}, "/api/documents/{id}/provision": {"name": "Mục I"},
            "/api/documents/{id}/compare": {"with": str(ids["quyet-dinh"])},
        }  # fmt: skip
        wrong: list[str] = []
        for path, methods in described.items():
            operation = methods["get"]
            example = operation["responses"]["200"]["content"]["application/json"]["example"]
            assert set(example) >= {"ok", "data"}, path  # a null is left out of a description
            if path == "/api/uploads/{batch}":
                continue
            id = ids["919"] if "impact" in path or "cited-by" in path else ids["ke-hoach"]
            answer = client.get(path.format(id=id, number=1), params=asked.get(path))
            assert answer.status_code == 200, (path, answer.text)
            written = examples.data()[names[path]]
            wrong += differing(shape(written), shape(answer.json()["data"]), path)
        assert not wrong, wrong


def test_a_page_of_a_document_by_api(site: Site) -> None:
    client, ids = site
    value = client.get(f"/api/documents/{ids['ke-hoach']}/pages/1").json()["data"]
    whole = client.get(f"/api/documents/{ids['ke-hoach']}").json()["data"]["record"]["text"]
    assert whole[value["start"] : value["start"] + len(value["text"])] == value["text"]
    assert value["picture"] is None
    assert client.get(f"/api/documents/{ids['ke-hoach']}/pages/9").status_code == 404
    assert client.get(f"/api/documents/{ids['919']}/pages/1").status_code == 404
