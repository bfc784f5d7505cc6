"""`ocop serve --workers`: real processes that serve one library, are killed, started again, and ended together."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from bench.server import descendants
from tests.paths import ROOT
from tests.support.waiting import wait_for
from tests.support.web_client import PASSWORD, http_client, token
from tests.support.web_library import PLAN, build
from webui.app.users import Users


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workers")
    build(folder / "kho", folder / "tep")
    users = Users(folder / "kho")
    users.add("lan", PASSWORD, "kiem-tra")
    users.close()
    return folder / "kho"


class Site:
    """A server of three processes."""

    def __init__(self, server: subprocess.Popen[str], address: str) -> None:
        self.server = server
        self.address = address
        wait_for(lambda: len(self.workers()) == 3)

    def workers(self) -> list[int]:
        """The processes that serve pages, the main one first."""
        return sorted(filter(_serves, descendants(self.server.pid)), key=_began)

    def get(self, path: str, cookies: dict[str, str] | None = None) -> httpx.Response:
        """An answer over a connection of its own, so of any process."""
        with http_client(self.address, cookies) as client:
            return client.get(path)

    def signed_in(self) -> dict[str, str]:
        """The cookies of a session."""
        with http_client(self.address) as client:
            csrf = token(client.get("/dang-nhap").text)
            form = {"ten": "lan", "mat_khau": PASSWORD, "csrf": csrf, "toi": "/duyet"}
            assert client.post("/dang-nhap", data=form).status_code == 303
            return dict(client.cookies)

    def upload(self, cookies: dict[str, str], number: str) -> str:
        """Hands in a document; the page of its report, which every process must know."""
        csrf = token(self.get("/nap", cookies).text)
        with http_client(self.address, cookies) as client:
            file = PLAN.replace("45/KH-UBND", number).encode()
            sent = client.post("/nap", data={"csrf": csrf}, files=[("tep", ("a.txt", file))])
        assert sent.status_code == 303

        def finished() -> str | None:
            report = self.get(sent.headers["location"], cookies)
            assert report.status_code == 200
            return None if "Refresh" in report.headers else report.text

        return wait_for(finished)


def _command_line(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def _serves(pid: int) -> bool:
    return "spawn_main" in _command_line(pid)


def _began(pid: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    return 0


def _is_gone(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return True


def _has_open(pid: int, library: Path) -> bool:
    """Whether a process has come so far as to open the library."""
    with suppress(OSError):
        return any(os.readlink(file).startswith(str(library)) for file in Path(f"/proc/{pid}/fd").iterdir())
    return False


@contextmanager
def serving(library: Path, **settings: str) -> Iterator[Site]:
    command = [sys.executable, "-m", "webui", "serve", "--workers", "3", "--port", "0", "--library", str(library)]
    environment = {**os.environ, **{f"OCOP_{name}".upper(): value for name, value in settings.items()}}
    log = library.parent / f"log-{os.urandom(4).hex()}"
    with log.open("w") as errors:
        server = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment, cwd=ROOT, start_new_session=True
        )
    try:
        assert server.stdout is not None
        found = re.search(r"http://\S+", server.stdout.readline())
        assert found, log.read_text()
        yield Site(server, found[0])
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        if server.stdout is not None:
            server.stdout.close()
    assert "Traceback" not in log.read_text()


@pytest.fixture(scope="module")
def site(library: Path) -> Iterator[Site]:
    with serving(library) as made:
        yield made


def test_what_one_process_began_all_know(site: Site) -> None:
    cookies = site.signed_in()
    for _ in range(8):
        assert "Thoát" in site.get("/", cookies).text
    assert "72/KH-UBND" in site.upload(cookies, "72/KH-UBND")
    for _ in range(8):
        found = site.get("/api/search?q=72/KH-UBND").json()["data"]["hits"]
        assert found[0]["so_ky_hieu"] == "72/KH-UBND"
        assert len(site.get("/api/uploads", cookies).json()["data"]) >= 1


def test_a_checked_draft_can_be_taken_away_from_any_process(site: Site) -> None:
    with http_client(site.address) as client:
        sent = client.post("/kiem-tra", files={"tep": ("dự thảo.txt", PLAN.encode())})
    assert sent.status_code == 200
    report = re.search(r"/kiem-tra/bao-cao/[^\"]+", sent.text)
    assert report
    for _ in range(6):
        assert site.get(report[0]).status_code == 200


def test_metrics_count_the_requests_of_all_processes(site: Site) -> None:
    def answered() -> int:
        words = site.get("/metrics").text
        assert "ocop_library_up 1.0" in words
        assert re.search(r"^ocop_process_resident_memory_bytes \S+", words, re.MULTILINE)
        assert len(re.findall(r"^ocop_documents\{kind=\"held\"\}", words, re.MULTILINE)) == 1
        found = re.findall(r'^ocop_requests_total\{.*route="/huong-dan".*\} (\S+)', words, re.MULTILINE)
        return round(sum(map(float, found)))

    before = answered()
    for _ in range(12):
        assert site.get("/huong-dan").status_code == 200
    assert answered() == before + 12


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_process_that_is_killed_is_started_again(site: Site, which: int) -> None:
    cookies = site.signed_in()
    killed = site.workers()[which]
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: _is_gone(killed))
    for _ in range(10):  # the others answer, and what only the main one can do waits for it
        assert site.get("/?q=tap+huan").status_code == 200
        assert site.get("/nap", cookies).status_code == 200
    wait_for(lambda: len(site.workers()) == 3)
    wait_for(lambda: all(site.get("/healthz").status_code == 200 for _ in range(6)))
    number = f"{80 + which}/KH-UBND"
    assert number in site.upload(cookies, number)


def test_health_is_not_claimed_while_the_main_process_hangs(library: Path) -> None:
    with serving(library) as site:
        main = site.workers()[0]
        os.kill(main, signal.SIGSTOP)
        # A connection that the stopped process had taken would wait for it: only the answers count.
        answers: list[httpx.Response] = []
        while len(answers) < 2:
            with suppress(httpx.TimeoutException), httpx.Client(trust_env=False, timeout=15) as client:
                answers.append(client.get(f"{site.address}/healthz"))
        os.kill(main, signal.SIGCONT)
        assert {answer.status_code for answer in answers} == {503}
        assert {answer.json()["main"] for answer in answers} == {"khong_tra_loi"}
        wait_for(lambda: site.get("/healthz").status_code == 200)


def test_limits_hold_over_all_processes(library: Path) -> None:
    with serving(library, rate_page="20/hour") as site:
        assert [site.get("/huong-dan").status_code for _ in range(25)] == [200] * 20 + [429] * 5


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 130)])
def test_a_signal_ends_all_of_them(library: Path, number: signal.Signals, code: int) -> None:
    with serving(library) as site:
        workers = site.workers()
        site.server.send_signal(number)
        assert site.server.wait(120) == code
        assert all(_is_gone(worker) for worker in workers)
        with pytest.raises(httpx.ConnectError):
            site.get("/")


def test_ctrl_c_of_a_terminal_ends_all_of_them(library: Path) -> None:
    with serving(library) as site:
        workers = site.workers()
        os.killpg(site.server.pid, signal.SIGINT)  # a terminal sends it to each process
        assert site.server.wait(120) == 130
        assert all(_is_gone(worker) for worker in workers)


def test_processes_end_with_the_one_that_started_them(library: Path) -> None:
    with serving(library) as site:
        workers = site.workers()
        wait_for(lambda: all(_has_open(worker, library) for worker in workers))
        site.server.kill()
        site.server.wait()
        wait_for(lambda: all(_is_gone(worker) for worker in workers))


def test_what_prevents_the_start_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "kho").mkdir()
    (tmp_path / "kho" / "library.db").write_bytes(b"not a database" * 100)
    command = [sys.executable, "-m", "webui", "serve", "--workers", "2", "--port", "0", "--library"]
    done = subprocess.run([*command, str(tmp_path / "kho")], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 21
    assert done.stderr.count("Lỗi:") == 1
    assert "Traceback" not in done.stderr
