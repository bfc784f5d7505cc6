"""The server over real sockets: slow, malformed and flooding clients, and trusted proxies."""

from __future__ import annotations

import json
import os
import re
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.paths import ROOT
from tests.support.waiting import wait_for
from tests.support.web_client import http_client
from tests.support.web_library import build
from webui.app.settings import Settings
from webui.web import protocol
from webui.web.application import create_app
from webui.web.middleware.headers import HEADERS
from webui.web.workers.process import uvicorn_config


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
    """A server that waits for the slowest client."""
    settings = Settings(library=folder, connections=20)
    with running(create_app(settings), settings, head_seconds=600, unread_seconds=600) as found:
        yield found


@pytest.fixture
def hasty_port(folder: Path) -> Iterator[int]:
    """A server that waits a second for the head of a request."""
    settings = Settings(library=folder, connections=20)
    with running(create_app(settings), settings, head_seconds=1) as found:
        yield found


def connected(port: int) -> socket.socket:
    """A connection to the server; reading from it is given up only after a hang."""
    return socket.create_connection(("127.0.0.1", port), timeout=120)


def exchange(port: int, sent: bytes) -> bytes:
    """What the server answers to *sent*, until it closes the connection."""
    got = b""
    with connected(port) as connection:
        with suppress(OSError):
            connection.sendall(sent)
        with suppress(OSError):
            while part := connection.recv(65_536):
                got += part
    return got


def is_readable(connection: socket.socket, seconds: float = 0.0) -> bool:
    """Whether an answer is there; waits for it so long."""
    return bool(select.select([connection], [], [], seconds)[0])


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_an_incomplete_request_head_gets_408(hasty_port: int, sent: bytes) -> None:
    assert exchange(hasty_port, sent).startswith(b"HTTP/1.1 408")


def test_a_head_that_arrives_line_by_line_gets_408(hasty_port: int) -> None:
    with connected(hasty_port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        while not is_readable(connection, 0.1):
            connection.sendall(b"X: y\r\n")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 408")


def test_each_request_of_a_connection_has_the_time_limit(hasty_port: int) -> None:
    def after_two_requests() -> socket.socket | None:
        """A connection on which two requests were served; None where this client was too slow for the limit."""
        connection = connected(hasty_port)
        for _ in range(2):
            with suppress(OSError):
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = b""
            while not answer.endswith(b"}"):
                part = b""
                with suppress(ConnectionError):
                    part = connection.recv(65_536)
                if not part:
                    assert answer.startswith(b"HTTP/1.1 408")
                    connection.close()
                    return None
                answer += part
            assert answer.startswith(b"HTTP/1.1 200")
        return connection

    with wait_for(after_two_requests) as connection:
        with suppress(OSError):
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


def is_served(client: httpx.Client) -> bool:
    """Whether the server has a connection free for one more client."""
    with suppress(httpx.TransportError):
        return client.get("/healthz").status_code == 200
    return False


def test_connections_are_limited_and_released(folder: Path) -> None:
    settings = Settings(library=folder, connections=20)
    with running(create_app(settings), settings, head_seconds=600) as port:
        held = [connected(port) for _ in range(25)]
        wait_for(lambda: sum(map(is_readable, held)) == 5)
        refused = [one for one in held if is_readable(one)]
        assert [one.recv(4_000)[:12] for one in refused] == [b"HTTP/1.1 503"] * 5
        for one in held:
            one.close()
        with http_client(f"http://127.0.0.1:{port}") as client:
            wait_for(lambda: is_served(client))


def files() -> int:
    """How many files this process has open."""
    return len(os.listdir("/proc/self/fd"))


def test_a_response_that_is_not_read_is_dropped() -> None:
    started = 0

    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal started
        started += scope["type"] == "http"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(2_000):
            await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})

    settings = Settings(library=Path("library"))
    with running(endless, settings, unread_seconds=0.5) as port:
        before = files()
        clients = [socket.socket() for _ in range(5)]
        for one in clients:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            one.connect(("127.0.0.1", port))
            one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        wait_for(lambda: started == 5)
        wait_for(lambda: files() <= before + 5)  # the clients' ends alone
        for one in clients:
            one.close()


def statuses(port: int, addresses: list[str]) -> list[int]:
    with http_client(f"http://127.0.0.1:{port}") as client:
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
        with http_client(address[0]) as client:
            assert client.get("/?q=bimat").status_code == 200
            assert client.get("/", headers={"Host": "xau.example"}).status_code == 421
            assert client.get("/metrics").status_code == 200
    finally:
        server.terminate()
        _, errors = server.communicate(timeout=200)
    lines = [json.loads(line) for line in errors.splitlines()]
    assert [(t["route"], t["status"]) for t in lines if t["event"] == "request"] == [("/", 200), ("?", 421)]
    assert "bimat" not in errors
