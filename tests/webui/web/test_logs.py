"""What the server logs, and what it never logs."""

from __future__ import annotations

import io
import json
import logging
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from corpus.library import Library
from tests.support.asgi import talk
from tests.support.web_client import PASSWORD, Ids, client_of, sign_in, token
from tests.support.web_library import build
from webui.app.users import Users
from webui.web import logs


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ids]:
    folder = tmp_path_factory.mktemp("trust")
    ids = build(folder / "kho", folder / "tep")
    users = Users(folder / "kho")
    users.add("lan", PASSWORD, "kiem-tra")
    users.close()
    return folder / "kho", ids


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the server would log, as JSON lines."""
    root, names = logging.getLogger(), ("webui", "uvicorn.error")
    before = (list(root.handlers), root.level, [logging.getLogger(n).level for n in names])
    stream = io.StringIO()
    mine = logs.configure("json", stream)
    yield stream
    logging.captureWarnings(False)
    root.removeHandler(mine)
    for handler in before[0]:
        root.addHandler(handler)
    root.setLevel(before[1])
    for name, level in zip(names, before[2], strict=True):
        logging.getLogger(name).setLevel(level)
    structlog.contextvars.clear_contextvars()


def test_a_warning_is_a_log_line(lines: io.StringIO) -> None:
    with warnings.catch_warnings():
        logging.captureWarnings(False)
        warnings.simplefilter("always")
        logs.configure("json", lines)
        warnings.warn("một gói cũ", DeprecationWarning, stacklevel=1)
        logging.captureWarnings(False)
    (line,) = (json.loads(line) for line in lines.getvalue().splitlines())
    assert line["level"] == "warning"
    assert "một gói cũ" in line["event"]


def test_a_request_is_one_log_line_without_its_query(library: tuple[Path, Ids], lines: io.StringIO) -> None:
    with client_of(library) as client:
        answer = client.get(f"/van-ban/{library[1]['ke-hoach']}?to=1-2&q=bimat1", headers={"Cookie": "can_cu=bimat2"})
        client.get("/khong-co/bimat3")
        client.get("/static/page.css")
    result = [json.loads(line) for line in lines.getvalue().splitlines()]
    first = next(t for t in result if t["event"] == "request")
    assert first["route"] == "/van-ban/{id}"
    assert (first["method"], first["status"], first["level"]) == ("GET", 200, "info")
    assert first["request_id"] == answer.headers["x-request-id"]
    assert first["ms"] > 0
    assert first["timestamp"]
    assert [t["route"] for t in result if t["event"] == "request"] == [
        "/van-ban/{id}",
        "?",
    ]  # requests for static files are not logged
    assert "bimat" not in lines.getvalue()


def test_an_aborted_upload_is_logged_as_499_and_not_as_an_error(library: tuple[Path, Ids], lines: io.StringIO) -> None:
    broken: list[tuple[float, dict[str, Any]]] = [
        (0.0, {"type": "http.request", "body": b"van_ban=a", "more_body": True}),
        (0.0, {"type": "http.disconnect"}),
    ]
    with client_of(library, client=("127.0.0.1", 1)) as client:
        assert talk(client.app, "/kiem-tra", broken)[0] == 499
        words = client.get("/metrics").text
    assert 'ocop_requests_total{method="POST",route="/kiem-tra",status="499"} 1.0' in words
    result = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [(t["event"], t["level"], t["status"]) for t in result if t.get("route") == "/kiem-tra"] == [
        ("request", "info", 499)
    ]
    assert not [t for t in result if t["level"] in {"error", "warning"}]


def test_passwords_tokens_and_cookies_are_not_logged(library: tuple[Path, Ids], lines: io.StringIO) -> None:
    secret = "mật khẩu gõ nhầm"
    with client_of(library) as client:

        @client.app.post("/hong")  # type: ignore[attr-defined, untyped-decorator]
        def broken() -> None:
            password = secret  # noqa: F841
            raise RuntimeError("vỡ")

        csrf = token(client.get("/dang-nhap").text)
        form = {"ten": secret, "mat_khau": secret, "csrf": csrf}
        assert client.post("/dang-nhap", data=form).status_code == 401
        assert sign_in(client) == 303
        cookie = client.cookies["can_cu"]
        signed = token(client.get("/nap").text)
        assert client.post("/duyet", data={"csrf": signed, "van_ban": "x"}).status_code == 400
        assert client.post("/hong", data=form).status_code == 500
    logging.getLogger("webui").warning("x", extra={"password": secret, "csrf_token": secret, "Cookie": secret})
    result = lines.getvalue()
    assert "RuntimeError: vỡ" in result
    for hidden in (secret, PASSWORD, cookie, csrf, signed, "argon2"):
        assert hidden not in result
    broken_line = next(json.loads(t) for t in result.splitlines() if "RuntimeError" in t)
    assert re.fullmatch("[0-9a-f]{16}", broken_line["request_id"])


def test_text_log_lines_cannot_be_forged() -> None:
    record = logging.LogRecord("webui", logging.WARNING, "", 1, "tên\n2026-01-01 [info] giả\x1b[31m \u202e", None, None)
    words = logs.formatter("text").format(record)
    assert "\n" not in words
    assert "\x1b[31m" not in words
    assert "tên\\n2026" in words


def test_database_errors_contain_no_values(tmp_path: Path) -> None:
    kept = Library.open(tmp_path / "kho", create=True)
    with kept, pytest.raises(SQLAlchemyError) as result, kept.database.write() as connection:
        connection.execute(text("INSERT INTO none_such VALUES (:what)"), {"what": "chuyện kín"})
    assert "chuyện kín" not in str(result.value)
