"""The server over real sockets: slow, malformed and flooding clients, and trusted proxies."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from tests.paths import ROOT
from tests.support.web_library import build
from webui.app.settings import Settings
from webui.web import protocol
from webui.web.application import create_app
from webui.web.middleware.headers import HEADERS
from webui.web.server import uvicorn_config


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("server")
    build(made / "kho", made / "tep")
    return made / "kho"


@contextmanager
def running(app: ASGIApp, settings: Settings, **limits: float) -> Iterator[int]:
    """The port of a server in a thread."""
    config = uvicorn_config(app, settings)
    config.http = protocol.bounded_protocol(settings.connections, **limits)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    settings = Settings(library=folder, connections=20)
    with running(create_app(settings), settings, head_seconds=2.0, unread_seconds=2.0) as found:
        yield found


def exchange(port: int, *sent: bytes, wait: float = 0.0) -> bytes:
    """What the server says to *sent*, until it closes the connection."""
    got = b""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        with suppress(OSError):
            for part in sent:
                connection.sendall(part)
                time.sleep(wait)
        with suppress(OSError):
            while part := connection.recv(65_536):
                got += part
    return got


def test_an_incomplete_request_head_gets_408(port: int) -> None:
    for sent in ([], [b"GET / HTTP/1.1\r\nHost: x\r\n"], [b"GET / HTTP/1.1\r\n"] + [b"X: y\r\n"] * 8):
        answer = exchange(port, *sent, wait=0.1)
        assert answer.startswith(b"HTTP/1.1 408"), sent
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        for _ in range(2):  # the limit begins again with each request of a connection
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = b""
            while not answer.endswith(b"}"):
                answer += connection.recv(65_536)
            assert answer.startswith(b"HTTP/1.1 200")
        connection.sendall(b"GET / HT")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",  # no Host
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX : y\r\n\r\n",
        b"GET /\r\nX-Bad: 1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /kiem-tra HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"POST /kiem-tra HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /kiem-tra HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n",
        b"POST /kiem-tra HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
    ],
)
def test_malformed_http_is_refused_with_the_security_headers(port: int, sent: bytes) -> None:
    answer = exchange(port, sent)
    # Past the first refusal the rest of what was sent may cut the line off: then there is nothing to see.
    if answer:
        assert re.match(rb"HTTP/1.1 (400|501)", answer), answer[:80]
        head = answer.partition(b"\r\n\r\n")[0].decode().lower()
        for name, value in HEADERS.items():
            assert f"{name}: {value}".lower() in head
        assert "x-bad" not in head
    assert exchange(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 200")


def test_a_request_with_both_lengths_is_refused(port: int) -> None:
    inner = b"GET /khong-co HTTP/1.1\r\nHost: x\r\n\r\n"
    sent = b"POST /kiem-tra HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    answers = exchange(port, sent + inner)
    assert answers.startswith(b"HTTP/1.1 400")


def test_absolute_request_targets_are_refused(port: int) -> None:
    for target in (b"http://xau.example/", b"//xau.example/", b"/..%2f..%2fetc/passwd", b"/static/../../etc/passwd"):
        answer = exchange(port, b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert re.match(rb"HTTP/1.1 (400|404)", answer), target
        assert b"root:" not in answer


def test_connections_are_limited_and_released(port: int) -> None:
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(25)]
    answers = []
    for one in held:
        one.settimeout(60)
        answers.append(one.recv(4_000))
    # Five are one too many each; the heads of the others do not come.
    assert sorted(answer[:12] for answer in answers) == [b"HTTP/1.1 408"] * 20 + [b"HTTP/1.1 503"] * 5
    assert comes_to(lambda: httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).status_code == 200)
    for one in held:
        one.close()


def files() -> int:
    """How many files this process has open."""
    return len(os.listdir("/proc/self/fd"))


def comes_to(state: Callable[[], bool]) -> bool:
    """Whether *state* becomes true; waits long enough for a busy machine."""
    until = time.monotonic() + 200
    while not state() and time.monotonic() < until:
        time.sleep(0.02)
    return state()


def test_a_response_that_is_not_read_is_dropped() -> None:
    async def endless(scope: object, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
        for _ in range(2_000):
            await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})  # type: ignore[operator]

    settings = Settings(library=Path("library"))
    with running(endless, settings, unread_seconds=0.5) as port:
        before = files()
        clients = [socket.socket() for _ in range(5)]
        for one in clients:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            one.connect(("127.0.0.1", port))
            one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert comes_to(lambda: files() >= before + 10)
        assert comes_to(lambda: files() <= before + 5)  # ours alone
        for one in clients:
            one.close()


def statuses(port: int, addresses: list[str]) -> list[int]:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        return [client.get("/con-thieu.csv", headers={"X-Forwarded-For": a}).status_code for a in addresses]


def test_only_a_trusted_proxy_sets_the_client_address(folder: Path) -> None:
    result = ["10.0.0.1", "10.0.0.2", "10.0.0.1", "6.6.6.6, 10.0.0.2"]  # the last: what the client made up comes first
    for trusted, expected in (([], [200, 429, 429, 429]), (["127.0.0.1"], [200, 200, 429, 429])):
        settings = Settings(library=folder, trusted_proxies=trusted, rate_table="1/hour")
        with running(create_app(settings), settings) as port:
            assert statuses(port, result) == expected


def test_serve_logs_json_and_answers_to_its_own_host_names(folder: Path) -> None:
    environment = {**os.environ, "OCOP_LOG_FORMAT": "json"}
    command = [sys.executable, "-m", "webui", "serve", "--port", "0", "--library", str(folder)]
    server = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        cwd=ROOT,
    )  # fmt: skip
    assert server.stdout is not None
    try:
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address
        with httpx.Client(base_url=address[0], trust_env=False) as client:
            assert client.get("/?q=bimat").status_code == 200
            assert client.get("/", headers={"Host": "xau.example"}).status_code == 421
            assert client.get("/metrics").status_code == 200
    finally:
        server.terminate()
        _, errors = server.communicate(timeout=200)
    lines = [json.loads(line) for line in errors.splitlines()]
    assert [(t["route"], t["status"]) for t in lines if t["event"] == "request"] == [("/", 200), ("?", 421)]
    assert "bimat" not in errors
