"""Security headers, host names, hostile addresses and names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.support.web_client import PASSWORD, Ids, client_of
from tests.support.web_library import build
from webui.app.settings import Settings
from webui.app.users import Users
from webui.web.application import create_app
from webui.web.middleware.headers import HEADERS, HSTS


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ids]:
    folder = tmp_path_factory.mktemp("trust")
    ids = build(folder / "kho", folder / "tep")
    users = Users(folder / "kho")
    users.add("lan", PASSWORD, "kiem-tra")
    users.close()
    return folder / "kho", ids


@pytest.fixture(scope="module")
def site(library: tuple[Path, Ids]) -> Iterator[TestClient]:
    with client_of(library, max_upload_mb=1) as client:
        yield client


def test_every_kind_of_response_has_the_security_headers(library: tuple[Path, Ids]) -> None:
    with client_of(library, secure_cookies=True, rate_draft="1/hour") as client:

        @client.app.get("/hong")  # type: ignore[attr-defined, untyped-decorator]
        def broken() -> None:
            raise RuntimeError("x")

        got = {
            "page": client.get("/"), "missing": client.get("/khong-co"), "api": client.get("/api/status"),
            "api missing": client.get("/api/khong"), "method": client.delete("/"), "redirect": client.get("/duyet"),
            "static": client.get("/static/page.css"), "static missing": client.get("/static/khong"),
            "401": client.post("/nap"), "400": client.post("/kiem-tra"), "429": client.post("/kiem-tra"),
            "413": client.post("/dang-nhap", content=b"x" * 3_000_000), "500": client.get("/hong"),
            "healthz": client.get("/healthz"), "304": client.get("/static/page.css"),
        }  # fmt: skip
        for kind, answer in got.items():
            for name, value in {**HEADERS, **HSTS}.items():
                assert answer.headers[name] == value, kind
            assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-request-id"]), kind
        assert [got[k].status_code for k in ("429", "413", "500")] == [429, 413, 500]
        assert "RuntimeError" not in got["500"].text
    with client_of(library) as client:
        assert "strict-transport-security" not in client.get("/").headers


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200), ("LOCALHOST:8000", 200), ("can-cu.lan", 200), ("can-cu.lan.", 200), ("127.0.0.1:1", 200),
        ("192.168.1.20", 200), ("[::1]:8000", 200), ("xau.example", 421), ("can-cu.lan.xau.example", 421),
        ("localhost@xau.example", 421), ("", 421), ("can-cu.lan/..", 421), ("can-cu.lan:80:80", 421),
        ("127.0.0.1.xau.example", 421),
    ],
)  # fmt: skip
def test_other_host_names_get_421(library: tuple[Path, Ids], host: str, status: int) -> None:
    with client_of(library, hosts=["localhost", "can-cu.lan"]) as client:
        answer = client.get("/huong-dan", headers={"Host": host})
        assert answer.status_code == status
        if status == 421:
            assert "xau.example" not in answer.text
            assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    "path",
    [
        "/static/..%2f..%2fsettings.py", "/static/../app.py", "/static/%2e%2e/app.py", "/static/..%5capp.py",
        "/static//etc/passwd", "/static/%00", "/static/page.css%00.png", "/..%2f..%2fetc/passwd", "//etc/passwd",
        "/van-ban/..%2f1/tep-goc", "/van-ban/1%2f..%2f2/tep-goc", "/van-ban/1/anh/..%2f1.png",
        "/van-ban/1/cat/..%2fx.png", "/van-ban/%0d%0aX-Bad:1",
        "/nap/..%2f..", "/van-ban/1/cat/%0d%0aSet-Cookie:a=b.png", "/van-ban/-1/tep-goc",
        "/van-ban/99999999999999999999999/tep-goc", "/api/documents/..%2fstatus", "/api/documents/%00",
    ],
)  # fmt: skip
def test_path_traversal_is_refused(site: TestClient, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code in {303, 400, 404}, path
    assert "root:" not in answer.text
    assert "class Settings" not in answer.text
    assert "x-bad" not in answer.headers
    assert "set-cookie" not in answer.headers


def test_file_names_and_addresses_cannot_inject_headers(tmp_path: Path) -> None:
    from corpus.library import Library
    from corpus.record_json import parse_record
    from ingest.extract import read_record
    from ingest.reader_version import READER_VERSION
    from tests.support.web_library import PLAN

    file = tmp_path / "a\r\nSet-Cookie: can_cu=x\r\n\r\n<script>\u202e\"';%0d%0a.txt"
    file.write_text(PLAN, encoding="utf-8")
    with Library.open(tmp_path / "kho", create=True) as opened:
        id = opened.intake.add(parse_record(read_record(str(file))), file, reader_version=READER_VERSION).id
    with TestClient(create_app(Settings(library=tmp_path / "kho")), follow_redirects=False) as client:
        answer = client.get(f"/van-ban/{id}/tep-goc")
        assert answer.status_code == 200
        raw = [name + b": " + value for name, value in answer.headers.raw]
        assert not any(b"\r" in line or b"\n" in line for line in raw)
        assert "set-cookie" not in answer.headers
        words = answer.headers["content-disposition"]
        assert re.fullmatch(r"attachment; filename=\"van-ban-\d+(\.txt)?\"; filename\*=UTF-8''[\w.%~-]+", words), words
        for path in ("/duyet?a=%0d%0aX-Bad:1", "/dang-nhap?toi=/%0d%0aX-Bad:1", "/?q=%0d%0aX-Bad:1&trang=2",
                     "/ket-qua.csv?q=%0d%0aX-Bad:1", "/van-ban/1/luoc-do?x=%0d%0a"):  # fmt: skip
            answer = client.get(path)
            assert answer.status_code < 500
            assert "x-bad" not in answer.headers
