"""An upgrade: servers of one library are restarted one after the other while pages and forms come. None is lost."""

from __future__ import annotations

import re
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from bench.server import command
from corpus.library.store import Store
from tests.cluster.office import Office, write_documents
from tests.paths import ROOT
from tests.support import programs
from tests.support.postgres import Server
from tests.support.waiting import wait_for
from tests.support.web_client import PASSWORD, token
from webui.app.users import Users

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1200)]

#: How often each server is restarted, and how many ask meanwhile.
_ROUNDS, _ASKING = 2, 3
#: Seconds for what only a machine that hangs would need; what is held to is that answers come, not when.
_HANGS = 900
#: Seconds for which nginx leaves a server alone that refused; the next one is not stopped before they are over.
_LEFT_ALONE = int(re.findall(r"fail_timeout=(\d+)s", (ROOT / "deploy" / "nginx.cluster.conf").read_text("utf-8"))[0])
_PATIENT = {"OCOP_ANSWER_SECONDS": str(_HANGS), "OCOP_END_SECONDS": "600"}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as made:
        return int(made.getsockname()[1])


class PageServer:
    """A server at a port of its own, which may be restarted."""

    def __init__(self, office: Office, log: Path, workers: int) -> None:
        self.port = free_port()
        self._office, self._log, self._workers = office, log, workers
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; returns when it is ready."""
        with self._log.open("a") as out:
            self._child = subprocess.Popen(
                command("serve", "--port", str(self.port), "--workers", str(self._workers)),
                env={**self._office.environment, **_PATIENT, "OCOP_TRUSTED_PROXIES": "127.0.0.1", "OCOP_HOSTS": "*"},
                stdout=out,
                stderr=out,
            )
        wait_for(self._is_ready, _HANGS)

    def _is_ready(self) -> bool:
        assert self._child is not None
        assert self._child.poll() is None, self._log.read_text()
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz", trust_env=False, timeout=_HANGS).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        """Stop it as systemd does; returns when it has ended."""
        if self._child is not None:
            self._child.terminate()
            self._child.wait()
            self._child = None


def _is_open(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def proxy(folder: Path, servers: list[PageServer]) -> Iterator[str]:
    """nginx with the configuration for several servers, but for names, ports and certificates; its address."""
    port = free_port()
    text = (ROOT / "deploy" / "nginx.cluster.conf").read_text(encoding="utf-8")
    for address, server in zip(("10.89.7.11:8000", "10.89.7.12:8000"), servers, strict=True):
        text = text.replace(address, f"127.0.0.1:{server.port}")
    text = re.sub(r"^\s*(ssl_|listen \[).*\n", "", text, flags=re.MULTILINE)
    text = text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port} default_server;")
    text = re.sub(r"server \{\s*listen 80;.*?\n\}\n", "", text, flags=re.DOTALL).replace("/var/log/nginx", str(folder))
    # All who ask here come from one address: they must not all stay with one server.
    text = text.replace("hash $remote_addr$cookie_can_cu", "hash $remote_addr$remote_port")
    places = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    text = re.sub(r"(proxy_(?:connect|read)_timeout) \w+;", rf"\1 {_HANGS}s;", text)
    text = re.sub(r"(proxy_next_upstream_timeout) \w+;", r"\1 0;", text)
    head = f"error_log {folder}/errors;\npid {folder}/pid;\ndaemon off;\nworker_processes 1;\nevents {{}}\n"
    (folder / "nginx.conf").write_text(f"{head}http {{\n{places}{text}\n}}\n", encoding="utf-8")
    running = subprocess.Popen([str(programs.nginx()), "-c", str(folder / "nginx.conf"), "-e", str(folder / "errors")])
    try:
        wait_for(lambda: running.poll() is not None or _is_open(port))
        assert running.poll() is None, (folder / "errors").read_text()
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait()


class Readers:
    """People who read and send forms until they are told to stop; what they were answered."""

    def __init__(self, address: str, paths: list[str]) -> None:
        self.answers: Counter[tuple[str, int]] = Counter()
        self.wrong: list[str] = []
        self._address, self._paths = address, paths
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._read) for _ in range(_ASKING)]
        self._threads.append(threading.Thread(target=self._send))
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _note(self, method: str, answer: httpx.Response, path: str, expected: int) -> None:
        self.answers[method, answer.status_code] += 1
        if answer.status_code != expected:
            self.wrong.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")

    def _client(self) -> httpx.Client:
        return httpx.Client(base_url=self._address, timeout=_HANGS, trust_env=False)

    def _read(self) -> None:
        while not self._stop.is_set():
            for path in self._paths:
                with self._client() as client:
                    self._note("GET", client.get(path), path, 200)

    def _send(self) -> None:
        """Sign in again and again: a form that is handed over to the main process, and not sent twice by any proxy."""
        while not self._stop.is_set():
            with self._client() as client:
                csrf = token(client.get("/dang-nhap").text)
                form = {"ten": "lan", "mat_khau": PASSWORD, "csrf": csrf, "toi": "/"}
                self._note("POST", client.post("/dang-nhap", data=form), "/dang-nhap", 303)


@pytest.mark.skipif(programs.nginx() is None, reason="no nginx here (apt-get install nginx-light)")
@pytest.mark.parametrize("workers", [1, 2])
def test_servers_are_restarted_in_turn_and_no_request_is_lost(tmp_path: Path, postgres: Server, workers: int) -> None:
    office = Office(tmp_path / "kho", postgres.database())
    office.environment["OCOP_RATE_SIGN_IN"] = office.environment["OCOP_RATE_WRITE"] = "100000/minute"
    write_documents(tmp_path / "tep", 6)
    office.run("ingest", tmp_path / "tep")
    assert office.store.url
    users = Users(office.folder, Store(office.store.url))
    users.add("lan", PASSWORD, "kiem-tra")
    users.close()
    (tmp_path / "nginx").mkdir()
    servers = [PageServer(office, tmp_path / f"log-{number}", workers) for number in (1, 2)]
    with ExitStack() as stack:
        for server in servers:
            stack.callback(server.stop)
            server.start()
        address = stack.enter_context(proxy(tmp_path / "nginx", servers))
        readers = Readers(address, ["/?q=kế+hoạch", "/api/search?q=ocop", "/api/documents", "/huong-dan"])
        stack.callback(readers.close)
        for _ in range(_ROUNDS):
            for server in servers:
                seen = readers.answers.total()
                server.stop()
                wait_for(lambda seen=seen: readers.answers.total() > seen + 20, _HANGS)  # type: ignore[misc]
                server.start()
                time.sleep(_LEFT_ALONE + 1)
        readers.close()
    print(dict(readers.answers))
    assert readers.wrong == []
    assert readers.answers["GET", 200] > 50
    assert readers.answers["POST", 303] > 5
    for server_log in tmp_path.glob("log-*"):
        assert "Traceback" not in server_log.read_text()
