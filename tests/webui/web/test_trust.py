"""The web side of trust: what is limited, timed, refused and told, and what never leaves."""

from __future__ import annotations

import ast
import asyncio
import io
import json
import logging
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from anyio import to_thread
from argon2 import PasswordHasher
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message

from corpus.errors import UsageError
from corpus.library import Library
from tests import offline
from tests.paths import ROOT
from tests.support.web_library import build
from tests.webui.web.test_writing import PASSWORD, sign_in, token
from webui.app import users as users_module
from webui.app.settings import Settings, load
from webui.app.users import Users
from webui.web import logs
from webui.web.admission import AdmissionGate
from webui.web.application import create_app
from webui.web.middleware.headers import HEADERS, HSTS
from webui.web.middleware.rate_limits import kind_of
from webui.web.middleware.timeouts import Timeouts
from webui.web.pages import image_pages as images

Ids = dict[str, int]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ids]:
    folder = tmp_path_factory.mktemp("trust")
    ids = build(folder / "kho", folder / "tep")
    users = Users(folder / "kho")
    users.add("lan", PASSWORD, "kiem-tra")
    users.close()
    return folder / "kho", ids


def client_of(library: tuple[Path, Ids], client: tuple[str, int] = ("testclient", 1), **settings: Any) -> TestClient:
    app = create_app(Settings(library=library[0], **settings))
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False, client=client)


@pytest.fixture(scope="module")
def site(library: tuple[Path, Ids]) -> Iterator[TestClient]:
    with client_of(library, max_upload_mb=1) as client:
        yield client


# Offline


def test_nothing_reaches_beyond_this_machine() -> None:
    with socket.socket() as one, pytest.raises(AssertionError, match="reached for"):
        one.connect(("192.0.2.1", 9))
    with socket.socket(type=socket.SOCK_DGRAM) as one, pytest.raises(AssertionError, match="reached for"):
        one.sendto(b"x", ("192.0.2.1", 9))
    reach = "import socket; s = socket.socket(); s.settimeout(3); s.connect(('192.0.2.1', 9))"
    child = subprocess.run([sys.executable, "-c", reach], capture_output=True, text=True, check=False)
    assert "a test reached for" in child.stderr
    assert offline.allowed(("127.0.0.1", 80))
    assert offline.allowed("/run/socket")
    assert not offline.allowed(("example.org", 80))


def test_programs_of_other_languages_are_offline_too() -> None:
    if offline.interfaces() != {"lo"}:
        pytest.skip("the kernel gives no network namespace here")
    child = subprocess.run(["cat", "/proc/net/route"], capture_output=True, text=True, check=True)
    assert len(child.stdout.splitlines()) <= 1  # the heading alone: no way leads anywhere


# What a request may send


def test_a_claimed_length_is_refused_before_a_byte_is_read(site: TestClient) -> None:
    def never() -> Iterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    answer = site.post("/dang-nhap", content=never(), headers={"Content-Length": "3000000"})
    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"


def test_a_body_is_counted_as_it_comes(site: TestClient) -> None:
    sent = 0

    def drops() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(1_000):
            sent += 1
            yield b"x" * 10_000

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert site.post("/dang-nhap", content=drops(), headers=form).status_code in {400, 413}


def parts(*headers: str, body: str = "x") -> bytes:
    return ("--B\r\n" + "\r\n".join(headers) + f"\r\n\r\n{body}\r\n--B--\r\n").encode()


FIELD = 'Content-Disposition: form-data; name="van_ban"'
FILE = 'Content-Disposition: form-data; name="tep"; filename="a.txt"'


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("many headers in a part", parts(FIELD, *(f"X-{n}: 1" for n in range(100)))),
        ("a long header in a part", parts(FIELD, "X-Long: " + "a" * 100_000)),
        ("a part without a name", parts("Content-Disposition: form-data")),
        ("no head at all", b"--B\r\n\r\nx\r\n--B--\r\n"),
        ("never ended", b"--B\r\n" + FIELD.encode()),
        ("two files", parts(FILE).replace(b"--B--\r\n", b"") + parts(FILE)),
        ("many fields", b"".join(parts(FIELD).replace(b"--B--\r\n", b"") for _ in range(500)) + b"--B--\r\n"),
        ("no multipart", b"\x00\xff" * 500),
        ("nothing", b""),
    ],
)
def test_bombs_in_parts_are_refused_in_words(site: TestClient, name: str, body: bytes) -> None:
    began = time.perf_counter()
    answer = site.post("/kiem-tra", content=body, headers={"Content-Type": "multipart/form-data; boundary=B"})
    assert answer.status_code == 400, name
    assert "Về trang tìm kiếm" in answer.text or 'role="alert"' in answer.text  # a page of its own, or on the form
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"&" * 1_500_000, "application/x-www-form-urlencoded"),
        (b"a=1&" * 400_000, "application/x-www-form-urlencoded"),
        (b"ten=" + b"%41" * 600_000, "application/x-www-form-urlencoded"),
        (b"=" * 1_500_000, "application/x-www-form-urlencoded"),
        (b"x", "multipart/form-data"),
        (b"x", "multipart/form-data; boundary=" + "b" * 5_000),
        (b"x", "multipart/form-data; boundary=B; charset=no-such"),
        (b"{" * 100_000, "application/json"),
    ],
)
def test_bombs_in_forms_are_refused(site: TestClient, body: bytes, kind: str) -> None:
    began = time.perf_counter()
    answer = site.post("/dang-nhap", content=body, headers={"Content-Type": kind})
    assert answer.status_code in {400, 403}
    assert time.perf_counter() - began < 2


# How long a request may take


def talk(
    app: ASGIApp, path: str, messages: Sequence[tuple[float, dict[str, Any]]], method: str = "POST"
) -> tuple[int, bytes]:
    """One request to *app*, its body in *messages*, each after its seconds; (status, body)."""
    told: list[Message] = []

    async def run() -> None:
        left = iter(messages)

        async def receive() -> Message:
            wait, message = next(left, (60.0, {"type": "http.disconnect"}))
            await asyncio.sleep(wait)
            return message

        async def send(message: Message) -> None:
            told.append(message)

        scope = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [(b"host", b"testserver"), (b"content-type", b"application/x-www-form-urlencoded")],
            "client": ("testclient", 1), "server": ("testserver", 80), "scheme": "http", "root_path": "",
            "http_version": "1.1", "asgi": {"version": "3.0"}, "state": {},
        }  # fmt: skip
        await app(scope, receive, send)

    asyncio.run(run())
    return told[0]["status"], b"".join(m.get("body", b"") for m in told)


def test_a_body_that_dawdles_is_let_go(site: TestClient) -> None:
    app = Timeouts(site.app, seconds=20, at_once=5, grace=0.2, waiting=5)
    drops = [(0.05, {"type": "http.request", "body": b"a", "more_body": True})] * 100
    began = time.perf_counter()
    with pytest.raises(Exception, match="408"):
        # Outside the application its own handler of errors is missing: the reason is what counts here.
        talk(Timeouts(_reads, seconds=20, at_once=5, grace=0.2, waiting=5), "/", drops)
    assert time.perf_counter() - began < 2
    status, body = talk(app, "/dang-nhap", drops)
    assert status == 408
    assert "chậm quá" in body.decode()
    whole = [(0.0, {"type": "http.request", "body": b"ten=a", "more_body": False})]
    assert talk(app, "/dang-nhap", whole)[0] == 403


async def _reads(scope: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass


def test_slow_lines_of_one_address_keep_nobody_else_out() -> None:
    app = Timeouts(_answers, seconds=20, at_once=2, waiting=5)

    async def ask(address: str, receive: Any, send: Any) -> int:
        told: list[Message] = []

        async def sending(message: Message) -> None:
            told.append(message)
            await send(message)

        scope = {"type": "http", "method": "POST", "path": "/api/x", "query_string": b"", "headers": [],
                 "client": (address, 1), "server": ("testserver", 80), "scheme": "http", "root_path": ""}  # fmt: skip
        await app(scope, receive, sending)
        return int(told[0]["status"])

    async def at_once(*_: Any) -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def run(slow: str) -> tuple[list[int], list[int]]:
        go_on = asyncio.Event()

        async def held(*_: Any) -> Message:
            await go_on.wait()
            return await at_once()

        ways = {"receive": at_once, "send": at_once} | {slow: held}
        dawdling = []
        for _ in range(5):
            dawdling.append(asyncio.create_task(ask("2001:db8::1", **ways)))
            await asyncio.sleep(0.02)
        codes = [await ask(address, at_once, at_once) for address in ("10.0.0.2", "2001:db8::2")]
        go_on.set()
        return codes, await asyncio.gather(*dawdling)

    for slow in ("receive", "send"):
        assert asyncio.run(run(slow)) == ([200, 429], [200] * 5), slow


async def _answers(scope: Any, receive: Any, send: Any) -> None:
    await _reads(scope, receive, send)
    await send({"type": "http.response.start", "status": 200, "headers": []})


def test_a_slow_handler_is_answered_for_and_cannot_pile_up(library: tuple[Path, Ids]) -> None:
    go_on = threading.Event()
    with client_of(library, answer_seconds=0.3, at_once=2) as client:

        @client.app.get("/cham")  # type: ignore[attr-defined, untyped-decorator]
        def slow() -> str:
            go_on.wait(60)
            return "muộn"

        answers = [client.get("/cham"), client.get("/cham")]
        answers.append(client.get("/huong-dan"))  # both are still under way
        go_on.set()
        for answer in answers:
            assert answer.status_code == 503
            assert answer.headers["retry-after"]
            assert "đang bận" in answer.text
            for name, value in HEADERS.items():
                assert answer.headers[name] == value
        until = time.monotonic() + 30
        while client.get("/huong-dan").status_code != 200:  # until the late ones have ended
            assert time.monotonic() < until
            time.sleep(0.05)


# How often


def test_what_costs_much_is_limited_by_kind() -> None:
    assert [kind_of("GET", p) for p in ("/", "/ket-qua.csv", "/van-ban/1/luoc-do", "/van-ban/1/anh/1.png")] == [
        "page", "table", "picture", "picture",
    ]  # fmt: skip
    assert [kind_of("POST", p) for p in ("/dang-nhap", "/kiem-tra", "/nap", "/duyet")] == [
        "sign_in", "draft", "write", "write",
    ]  # fmt: skip


def test_too_often_is_told_when_to_come_again(library: tuple[Path, Ids]) -> None:
    with client_of(library, rate_table="2/minute", rate_page="6/minute", rate_sign_in="2/minute") as client:
        codes = [client.get("/con-thieu.csv").status_code for _ in range(3)]
        assert codes == [200, 200, 429]
        refused = client.get("/con-thieu.csv")
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert "Hãy chờ" in refused.text
        assert client.get("/").status_code == 200  # another kind
        told = [client.get("/api/status") for _ in range(6)][-1]
        assert told.status_code == 429
        assert told.json()["error"]["code"] == "qua_nhieu"
        for _ in range(20):
            assert client.get("/healthz").status_code == 200
            assert client.get("/static/page.css").status_code == 200
        form = {"ten": "lan", "mat_khau": "sai"}
        assert [client.post("/dang-nhap", data=form).status_code for _ in range(3)] == [403, 403, 429]


def test_the_signed_in_are_counted_by_name(library: tuple[Path, Ids]) -> None:
    with client_of(library, rate_table="1/minute") as client:
        assert [client.get("/con-thieu.csv").status_code for _ in range(2)] == [200, 429]
        assert sign_in(client) == 303
        assert [client.get("/con-thieu.csv").status_code for _ in range(2)] == [200, 429]


def test_addresses_of_one_household_count_as_one(library: tuple[Path, Ids]) -> None:
    app = create_app(Settings(library=library[0], rate_table="1/minute"))
    codes = []
    for address in ("2001:db8:1:2::1", "2001:db8:1:2::ffff", "2001:db8:1:3::1", "::ffff:10.0.0.1", "10.0.0.1"):
        client = TestClient(app, client=(address, 1))
        codes.append(client.get("/con-thieu.csv").status_code)
    assert codes == [200, 429, 200, 200, 429]
    with TestClient(app):
        pass  # closes what the application opened


def test_wrong_passwords_of_one_household_are_counted_together(
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


def test_a_limit_that_is_none_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCOP_RATE_PAGE", "nhiều")
    with pytest.raises(UsageError, match="OCOP_RATE_PAGE"):
        load()
    monkeypatch.setenv("OCOP_RATE_PAGE", "5/minute")
    monkeypatch.setenv("OCOP_METRICS_FOR", "mọi nơi")
    with pytest.raises(UsageError, match="OCOP_METRICS_FOR"):
        load()


def test_many_sign_ins_at_once_do_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    users = Users(tmp_path)
    users.add("lan", PASSWORD, "kiem-tra")
    at_once, most, lock, real = 0, 0, threading.Lock(), PasswordHasher.verify

    def counted(self: PasswordHasher, *given: Any) -> Any:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        try:
            return real(self, *given)
        finally:
            with lock:
                at_once -= 1

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: users.sign_in(f"ai{n}", "sai", f"10.0.0.{n}"), range(8)))
    assert 1 <= most <= 4
    assert users.sign_in("lan", PASSWORD, "10.0.1.1")
    users.close()


# What every answer carries


def test_the_safe_headers_stand_on_every_kind_of_answer(library: tuple[Path, Ids]) -> None:
    with client_of(library, secure_cookies=True, rate_draft="1/minute") as client:

        @client.app.get("/hong")  # type: ignore[attr-defined, untyped-decorator]
        def broken() -> None:
            raise RuntimeError("x")

        got = {
            "page": client.get("/"), "missing": client.get("/khong-co"), "api": client.get("/api/status"),
            "api missing": client.get("/api/khong"), "method": client.delete("/"), "static": client.get("/static/page.css"),
            "static missing": client.get("/static/khong"), "redirect": client.get("/duyet"),
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
def test_only_names_of_this_server_are_answered(library: tuple[Path, Ids], host: str, status: int) -> None:
    with client_of(library, hosts=["localhost", "can-cu.lan"]) as client:
        answer = client.get("/huong-dan", headers={"Host": host})
        assert answer.status_code == status
        if status == 421:
            assert "xau.example" not in answer.text
            assert answer.headers["x-frame-options"] == "DENY"


# Paths and headers


@pytest.mark.parametrize(
    "path",
    [
        "/static/..%2f..%2fsettings.py", "/static/../app.py", "/static/%2e%2e/app.py", "/static/..%5capp.py",
        "/static//etc/passwd", "/static/%00", "/static/page.css%00.png", "/..%2f..%2fetc/passwd", "//etc/passwd",
        "/van-ban/..%2f1/tep-goc", "/van-ban/1%2f..%2f2/tep-goc", "/van-ban/1/anh/..%2f1.png", "/van-ban/1/cat/..%2fx.png",
        "/van-ban/%0d%0aX-Bad:1", "/nap/..%2f..", "/van-ban/1/cat/%0d%0aSet-Cookie:a=b.png", "/van-ban/-1/tep-goc",
        "/van-ban/99999999999999999999999/tep-goc", "/api/documents/..%2fstatus", "/api/documents/%00",
    ],
)  # fmt: skip
def test_paths_lead_nowhere_else(site: TestClient, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code in {303, 400, 404}, path
    assert "root:" not in answer.text
    assert "class Settings" not in answer.text
    assert "x-bad" not in answer.headers
    assert "set-cookie" not in answer.headers


def test_names_and_addresses_cannot_break_a_header(tmp_path: Path) -> None:
    from corpus.library import Library
    from corpus.record_json import parse_record
    from ingest.extract import READER_VERSION, read_record
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
        said = answer.headers["content-disposition"]
        assert re.fullmatch(r"attachment; filename=\"van-ban-\d+(\.txt)?\"; filename\*=UTF-8''[\w.%~-]+", said), said
        for path in ("/duyet?a=%0d%0aX-Bad:1", "/dang-nhap?toi=/%0d%0aX-Bad:1", "/?q=%0d%0aX-Bad:1&trang=2",
                     "/ket-qua.csv?q=%0d%0aX-Bad:1", "/van-ban/1/luoc-do?x=%0d%0a"):  # fmt: skip
            answer = client.get(path)
            assert answer.status_code < 500
            assert "x-bad" not in answer.headers


# What is told and what is not


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the server would log, as JSON lines."""
    root, names = logging.getLogger(), ("webui", "uvicorn.error")
    before = (list(root.handlers), root.level, [logging.getLogger(n).level for n in names])
    stream = io.StringIO()
    mine = logs.configure("json", stream)
    yield stream
    root.removeHandler(mine)
    for handler in before[0]:
        root.addHandler(handler)
    root.setLevel(before[1])
    for name, level in zip(names, before[2], strict=True):
        logging.getLogger(name).setLevel(level)
    structlog.contextvars.clear_contextvars()


def test_a_request_is_one_line_without_what_was_asked(library: tuple[Path, Ids], lines: io.StringIO) -> None:
    with client_of(library) as client:
        answer = client.get(f"/van-ban/{library[1]['ke-hoach']}?to=1-2&q=bimat1", headers={"Cookie": "can_cu=bimat2"})
        client.get("/khong-co/bimat3")
        client.get("/static/page.css")
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    first = next(t for t in told if t["event"] == "request")
    assert first["route"] == "/van-ban/{id}"
    assert (first["method"], first["status"], first["level"]) == ("GET", 200, "info")
    assert first["request_id"] == answer.headers["x-request-id"]
    assert first["ms"] > 0
    assert first["timestamp"]
    assert [t["route"] for t in told if t["event"] == "request"] == ["/van-ban/{id}", "?"]  # static files are not told
    assert "bimat" not in lines.getvalue()


def test_an_upload_broken_off_is_no_fault_of_ours(library: tuple[Path, Ids], lines: io.StringIO) -> None:
    broken: list[tuple[float, dict[str, Any]]] = [
        (0.0, {"type": "http.request", "body": b"van_ban=a", "more_body": True}),
        (0.0, {"type": "http.disconnect"}),
    ]
    with client_of(library, client=("127.0.0.1", 1)) as client:
        assert talk(client.app, "/kiem-tra", broken)[0] == 499
        said = client.get("/metrics").text
    assert 'ocop_requests_total{method="POST",route="/kiem-tra",status="499"} 1.0' in said
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [(t["event"], t["level"], t["status"]) for t in told if t.get("route") == "/kiem-tra"] == [
        ("request", "info", 499)
    ]
    assert not [t for t in told if t["level"] in {"error", "warning"}]


def test_secrets_never_reach_the_log(library: tuple[Path, Ids], lines: io.StringIO) -> None:
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
    told = lines.getvalue()
    assert "RuntimeError: vỡ" in told
    for hidden in (secret, PASSWORD, cookie, csrf, signed, "argon2"):
        assert hidden not in told
    broken_line = next(json.loads(t) for t in told.splitlines() if "RuntimeError" in t)
    assert re.fullmatch("[0-9a-f]{16}", broken_line["request_id"])


def test_errors_of_the_users_database_carry_no_values(tmp_path: Path) -> None:
    users = Users(tmp_path)
    with users._engine.begin() as connection:
        connection.execute(text("DROP TABLE users"))
    with pytest.raises(SQLAlchemyError) as caught:
        users.add("lan", PASSWORD, "kiem-tra")
    assert "lan" not in str(caught.value).replace("plan", "")
    assert "argon2" not in str(caught.value)
    users.close()


def test_lines_for_people_cannot_be_forged() -> None:
    record = logging.LogRecord("webui", logging.WARNING, "", 1, "tên\n2026-01-01 [info] giả\x1b[31m \u202e", None, None)
    said = logs.formatter("text").format(record)
    assert "\n" not in said
    assert "\x1b[31m" not in said
    assert "tên\\n2026" in said


# For those who watch


def test_health_is_cheap_and_says_what_is_wrong(tmp_path: Path) -> None:
    build(tmp_path / "kho", tmp_path / "tep")
    with TestClient(create_app(Settings(library=tmp_path / "kho", closed=True))) as client:
        answer = client.get("/healthz")
        assert answer.status_code == 200
        assert answer.json() == {"ok": True, "library": "ok", "index": "ok", "behind": 0}
        began = time.perf_counter()
        for _ in range(20):
            client.get("/healthz")
        assert (time.perf_counter() - began) / 20 < 0.25
        database = next((tmp_path / "kho").glob("*.db"))
        for file in (tmp_path / "kho").glob("*.db*"):
            if not file.name.startswith("users"):
                file.write_bytes(b"hong" * 5_000)
        assert database.exists()
        answer = client.get("/healthz")
        assert answer.status_code == 503
        assert answer.json()["library"] == "khong_mo_duoc"
        assert str(tmp_path) not in answer.text


def test_metrics_count_by_route_and_never_by_address(library: tuple[Path, Ids]) -> None:
    with client_of(library, client=("127.0.0.1", 1)) as client:
        for id in range(1, 6):
            client.get(f"/van-ban/{id}")
        for n in range(30):
            client.get(f"/khong/{n}")
        client.request("XBAD", "/")
        said = client.get("/metrics").text
        assert 'ocop_requests_total{method="GET",route="/van-ban/{id}",status="200"}' in said
        assert 'ocop_requests_total{method="GET",route="?",status="404"} 30.0' in said
        assert 'ocop_request_seconds_count{route="/van-ban/{id}"} 5.0' in said
        assert 'ocop_documents{kind="held"} 3.0' in said
        assert "ocop_library_up 1.0" in said
        assert "ocop_uploads_waiting 0.0" in said
        assert "ocop_process_resident_memory_bytes" in said
        assert "ocop_process_open_fds" in said
        assert "XBAD" not in said
        assert "khong/" not in said
        assert "bí ẩn" not in said


@pytest.mark.parametrize(
    ("client", "headers", "settings", "status"),
    [
        ("127.0.0.1", {}, {}, 200),
        ("::1", {}, {}, 200),
        ("10.0.0.5", {}, {}, 404),
        ("testclient", {}, {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.5"}, {}, 404),  # a proxy of this machine nobody told us of
        ("127.0.0.1", {"Forwarded": "for=10.0.0.5"}, {}, 404),
        ("10.0.0.5", {}, {"metrics_for": ["10.0.0.0/24"]}, 200),
        ("127.0.0.1", {}, {"metrics_for": []}, 404),
    ],
)
def test_metrics_are_for_the_machine_itself(
    library: tuple[Path, Ids], client: str, headers: dict[str, str], settings: dict[str, Any], status: int
) -> None:
    with client_of(library, client=(client, 1), **settings) as asked:
        assert asked.get("/metrics", headers=headers).status_code == status


# Our own code


def test_nothing_is_unpickled_run_or_handed_to_a_shell() -> None:
    calls = {"eval", "exec", "os.system", "pickle.load", "pickle.loads", "marshal.loads", "shelve.open", "yaml.load"}
    found = set()
    for room in ("corpus", "ingest", "search", "webui"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                shell = any(k.arg == "shell" and getattr(k.value, "value", None) is True for k in node.keywords)
                if ast.unparse(node.func) in calls or shell:
                    found.add((path.relative_to(ROOT).as_posix(), ast.unparse(node.func)))
    # A worker takes its orders from the process that started it, over a pipe of their own; what it says back is JSON.
    assert found <= {("ingest/worker/child.py", "pickle.loads")}


# ---------------------------------------------------------------- what is sent in an odd way


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "//", "null"])
def test_an_origin_that_is_no_address_is_refused(library: tuple[Path, Ids], origin: str) -> None:
    with client_of(library) as client:
        for path in ("/kiem-tra", "/dang-nhap"):
            assert client.post(path, data={"van_ban": "x"}, headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize(
    "charset", ["unicode_escape", "raw_unicode_escape", "utf-7", "punycode", "undefined", "idna", "hex", "none-such"]
)
def test_forms_are_sent_in_utf_8_alone(library: tuple[Path, Ids], charset: str) -> None:
    fields = {"van_ban": "\\ud800", "csrf": "\\ud800", "ten": "lan", "mat_khau": "x"}
    body = "".join(f'--B\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items())
    with client_of(library) as client:
        for path in ("/kiem-tra", "/dang-nhap"):
            for said in (charset, f'"{charset}"'):
                headers = {"Content-Type": f"multipart/form-data; boundary=B; charset={said}"}
                assert client.post(path, content=body + "--B--\r\n", headers=headers).status_code == 400
        headers = {"Content-Type": "multipart/form-data; boundary=B; Charset=UTF-8"}
        assert client.post("/kiem-tra", content=body + "--B--\r\n", headers=headers).status_code == 200


@pytest.mark.parametrize("said", ["²", "9" * 5000, "-1", "", "1 "])
def test_a_document_that_is_no_number_is_refused(library: tuple[Path, Ids], said: str) -> None:
    with client_of(library) as client:
        sign_in(client)
        sent = {
            "van_ban": said,
            "muc": "title",
            "gia_tri": "x",
            "viec": "sua",
            "csrf": token(client.get("/duyet").text),
        }
        assert client.post("/duyet", data=sent).status_code == 400


def test_database_errors_of_the_library_come_without_values(tmp_path: Path) -> None:
    kept = Library.open(tmp_path / "kho", create=True)
    with kept, pytest.raises(SQLAlchemyError) as told, kept.database.write() as connection:
        connection.execute(text("INSERT INTO none_such VALUES (:what)"), {"what": "chuyện kín"})
    assert "chuyện kín" not in str(told.value)


# ---------------------------------------------------------------- pictures


def test_pictures_that_wait_hold_no_thread_and_pages_go_on(library: tuple[Path, Ids]) -> None:
    app = create_app(Settings(library=library[0]))
    turns: AdmissionGate = app.state.picture_gate
    address = f"/van-ban/{library[1]['ke-hoach']}"

    async def run() -> None:
        talking = httpx.ASGITransport(app=app)
        async with (
            httpx.AsyncClient(transport=talking, base_url="http://testserver") as client,
            AsyncExitStack() as held,
        ):
            for _ in range(images.AT_ONCE):
                await held.enter_async_context(turns.admitted())
            ways = (f"{address}/anh/1.png", f"{address}/cat/date.png", f"{address}/anh/1.png?to=1-5")
            asked = [client.get(ways[n % 3]) for n in range(images.WAITING)]
            waiting = [asyncio.create_task(one) for one in asked]
            await asyncio.sleep(0.5)
            assert to_thread.current_default_thread_limiter().borrowed_tokens == 0
            for path in (address, "/?q=OCOP", f"{address}/trang/1?to=1-5", "/healthz"):
                assert (await client.get(path)).status_code == 200
            assert (await client.get(ways[0])).status_code == 429
            assert not any(one.done() for one in waiting)
            await held.aclose()
            assert {answer.status_code for answer in await asyncio.gather(*waiting)} == {404}  # a text has no pictures

    asyncio.run(run())
    with TestClient(app):
        pass  # closes what the application opened
