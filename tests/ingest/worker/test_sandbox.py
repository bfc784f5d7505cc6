"""What a worker may not do, and what becomes of the pages it had done when it did."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import socket
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from multiprocessing import util
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import ReadFailure, exit_code_of
from corpus.model import Failure
from corpus.vocabulary import Verdict
from ingest import progress
from ingest.limits import MEGABYTE, Limits, now
from ingest.progress import Reached, Rescue, rescue_after
from ingest.worker import sandbox, seccomp
from ingest.worker.supervisor import Pool
from tests.paths import ROOT

_PR_GET_NO_NEW_PRIVS = 39


def try_it(path: str, what: str, options: dict[str, Any]) -> object:
    """Runs in a worker."""
    match what:
        case "limits":
            names = ("AS", "CORE", "FSIZE", "NOFILE", "CPU")
            return {n: resource.getrlimit(getattr(resource, f"RLIMIT_{n}"))[0] for n in names} | {"pages": now().pages}
        case "spin":
            while True:
                pass
        case "write":
            Path(path).write_text("x")
        case "write-much":
            Path(path).write_bytes(bytes(3 * MEGABYTE))
        case "open":
            return len([open(path, "rb") for _ in range(400)])
        case "reach":
            with socket.socket() as there:
                there.settimeout(2)
                there.connect(("127.0.0.1", options["port"]))
        case "child-reaches":
            command = [
                sys.executable,
                "-c",
                f"import socket; socket.create_connection(('127.0.0.1', {options['port']}), 2)",
            ]
            return subprocess.run(command, capture_output=True, check=False).returncode
        case "reach-socket":
            with socket.socket(socket.AF_UNIX) as there:
                there.connect(options["address"])
        case "child-reaches-socket":
            code = f"import socket; socket.socket(socket.AF_UNIX).connect({options['address']!r})"
            return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode
        case "calls":
            libc = ctypes.CDLL(None, use_errno=True)
            column = ("x86_64", "aarch64").index(platform.machine())
            answers = {}
            for name, numbers in seccomp.CALLS.items():
                # Arguments that none of these takes, so that nothing happens where the call is let through.
                answers[name] = libc.syscall(numbers[column], -1, -1, -1, -1, -1, -1), ctypes.get_errno()
            return {name: code for name, (answer, code) in answers.items() if answer != -1 or code != errno.EPERM}
        case "namespaces":
            return ctypes.CDLL(None).syscall({"x86_64": 56, "aarch64": 220}[platform.machine()], 0x10000000 | 17, 0)
        case "work":
            child = subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True, check=True)
            with ThreadPoolExecutor(2) as threads, tempfile.TemporaryFile() as file:
                file.write(child.stdout)
                return sum(threads.map(int, [child.stdout, b"2"]))
        case "ways-out":
            leads = {int(name): _leads(name) for name in os.listdir("/proc/self/fd")}
            return [where for place, where in leads.items() if place > 2 and where.startswith(("pipe:", "socket:"))]
        case "signal":
            os.kill(options["pid"], 0)
        case "look":
            return {name: _opens(f"/proc/{options['pid']}/{name}") for name in ("environ", "mem", "maps")}
        case "rights":
            return ctypes.CDLL(None).prctl(_PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
        case "die-at-3":
            rescue = Rescue.from_json(options.get("rescue"))
            for page in range(1, (rescue.last if rescue else 5) + 1):
                progress.reached("page", page, 5)
                if page == 3:
                    os.abort()
            return rescue and rescue.as_json()
        case "never-enough":
            progress.reached("page", 2, 2)
            return len(bytearray(8 << 30))
    return None


def _leads(place: str) -> str:
    try:
        return os.readlink(f"/proc/self/fd/{place}")
    except OSError:
        return ""


def _opens(path: str) -> bool:
    try:
        os.close(os.open(path, os.O_RDONLY))
    except OSError:
        return False
    return True


def again(arguments: tuple[Any, ...], rescue: Rescue) -> tuple[Any, ...]:
    return (*arguments[:-1], {**arguments[-1], "rescue": rescue.as_json()})


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Any:
    allowed = tmp_path_factory.mktemp("allowed")
    limits = Limits(cpu_seconds=1, written_bytes=2 * MEGABYTE, open_files=200, memory=2048 * MEGABYTE, pages=7)
    with Pool(1, timeout=30, limits=limits, writable=[allowed]) as pool:
        yield pool, allowed


def test_a_worker_has_its_limits(pool: tuple[Pool, Path]) -> None:
    told = pool[0].call(try_it, "x", "limits", {})
    assert told["AS"] == 2048 * MEGABYTE
    assert told["CORE"] == 0
    assert told["FSIZE"] == 2 * MEGABYTE
    assert told["NOFILE"] == 200
    assert 0 < told["CPU"] < 100
    assert told["pages"] == 7
    assert pool[0].call(try_it, "x", "rights", {}) == 1


def test_cpu_time_is_a_limit_of_its_own(pool: tuple[Pool, Path]) -> None:
    failed = pool[0].call(try_it, "x", "spin", {})
    assert isinstance(failed, Failure)
    assert failed.verdict == "het_gio"
    assert "giây CPU" in failed.error


def test_files_written_and_files_open_are_limited(pool: tuple[Pool, Path], tmp_path: Path) -> None:
    assert isinstance(pool[0].call(try_it, pool[1] / "much", "write-much", {}), Failure)
    (tmp_path / "a").write_text("x")
    assert isinstance(pool[0].call(try_it, tmp_path / "a", "open", {}), Failure)


def test_a_worker_writes_only_where_it_may(pool: tuple[Pool, Path], tmp_path: Path) -> None:
    if sandbox.WRITING in sandbox.refused():
        pytest.skip("this kernel has no Landlock")
    assert pool[0].call(try_it, pool[1] / "mine", "write", {}) is None
    assert isinstance(pool[0].call(try_it, tmp_path / "not-mine", "write", {}), Failure)
    assert not (tmp_path / "not-mine").exists()


def test_a_worker_and_its_children_have_no_network(pool: tuple[Pool, Path]) -> None:
    if sandbox.NETWORK in sandbox.refused():
        pytest.skip("this kernel does not let a worker's network be cut")
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        told = {"port": server.getsockname()[1]}
        socket.create_connection(("127.0.0.1", told["port"]), 2).close()
        assert isinstance(pool[0].call(try_it, "x", "reach", told), Failure)
        assert pool[0].call(try_it, "x", "child-reaches", told) != 0


def test_a_worker_reaches_no_socket_of_this_machine(pool: tuple[Pool, Path], tmp_path: Path) -> None:
    if sandbox.CALLS in sandbox.refused():
        pytest.skip("this kernel or architecture has no such filter")
    assert pool[0].call(try_it, "x", "work", {}) == 3  # started, so the server that forks workers listens
    addresses = [str(path) for path in Path(util.get_temp_dir()).glob("listener-*")]
    assert addresses
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "other"))
        server.listen()
        for address in [*addresses, str(tmp_path / "other")]:
            failed = pool[0].call(try_it, "x", "reach-socket", {"address": address})
            assert isinstance(failed, Failure)
            assert "PermissionError" in failed.error
            assert pool[0].call(try_it, "x", "child-reaches-socket", {"address": address}) != 0


def test_what_leads_out_of_the_sandbox_is_refused_and_what_reading_needs_is_not(pool: tuple[Pool, Path]) -> None:
    if sandbox.CALLS in sandbox.refused():
        pytest.skip("this kernel or architecture has no such filter")
    assert pool[0].call(try_it, "x", "calls", {}) == {}
    assert pool[0].call(try_it, "x", "namespaces", {}) == -1
    assert pool[0].call(try_it, "x", "work", {}) == 3


def test_a_worker_holds_only_its_own_two_lines_to_the_supervisor(pool: tuple[Pool, Path]) -> None:
    assert len(pool[0].call(try_it, "x", "ways-out", {})) == 2


def test_the_supervisors_memory_and_environment_are_closed(pool: tuple[Pool, Path]) -> None:
    if sandbox.WRITING in sandbox.refused():
        pytest.skip("this kernel has no Landlock")
    assert pool[0].call(try_it, "x", "look", {"pid": os.getpid()}) == dict.fromkeys(("environ", "mem", "maps"), False)


def test_a_worker_signals_nobody_outside(pool: tuple[Pool, Path]) -> None:
    version = ctypes.CDLL(None).syscall(444, None, 0, 1)
    if version < 6:
        pytest.skip("this kernel's Landlock does not know signals")
    assert isinstance(pool[0].call(try_it, "x", "signal", {"pid": os.getpid()}), Failure)


def test_pages_before_a_crash_are_asked_for_once_more(pool: tuple[Pool, Path]) -> None:
    got = pool[0].call(try_it, "x", "die-at-3", {}, rescuer=again)
    assert got == {"verdict": "hong", "pages": 5, "last": 2, "remembered": False, "bare": False}
    failed = pool[0].call(try_it, "x", "die-at-3", {})
    assert failed.verdict == "hong"
    assert "trang 3/5" in failed.error


def test_memory_run_out_says_at_which_page(pool: tuple[Pool, Path]) -> None:
    failed = pool[0].call(try_it, "x", "never-enough", {}, rescuer=again)
    assert failed.verdict == "het_bo_nho"
    assert "trang 2/2" in failed.error
    assert "2048 MB" in failed.error


def test_each_attempt_leaves_out_more() -> None:
    at_page, at_ocr, at_record = Reached("page", 4, 9), Reached("ocr", 2, 9), Reached("record", 0, 9)
    first = rescue_after("het_gio", at_page, None, told=False)
    assert first == Rescue("het_gio", 9, 3)
    second = rescue_after("het_gio", at_ocr, first, told=False)
    assert second == Rescue("het_gio", 9, 3, remembered=True)
    assert rescue_after("het_gio", at_ocr, second, told=False) is None
    third = rescue_after("het_bo_nho", at_record, second, told=False)
    assert third == Rescue("het_gio", 9, 3, remembered=True, bare=True)
    assert rescue_after("het_gio", at_record, third, told=False) is None
    assert rescue_after("hong", Reached("page", 1, 9), None, told=False) is None
    assert rescue_after("hong", at_page, None, told=True) == Rescue("hong", 9, 9)
    assert rescue_after("hong", Reached("open", 0, 0), None, told=True) is None


def test_every_verdict_has_an_exit_code_and_words() -> None:
    own = [verdict.exit_code for verdict in Verdict if verdict.exit_code != ReadFailure.exit_code]
    assert len(set(own)) == len(own)
    for verdict in Verdict:
        assert verdict.words
        assert 0 < verdict.exit_code < 126
        assert exit_code_of([verdict, verdict]) == verdict.exit_code
        assert ReadFailure("x", verdict).exit_code == verdict.exit_code
    assert exit_code_of(["hong", "ma_hoa"]) == ReadFailure.exit_code
    assert exit_code_of([]) == 0


# The first release without the holes named (docs/limits.md says which).
FLOORS = {
    "pdfminer.six": (20251230,),
    "pillow": (12, 3),
    "pypdfium2": (5, 0),
    "python-multipart": (0, 0, 20),
    "jinja2": (3, 1, 6),
}


@pytest.mark.parametrize("package", FLOORS)
def test_what_opens_files_is_no_older_than_its_floor(package: str) -> None:
    def numbers(said: str) -> tuple[int, ...]:
        return tuple(int(part) for part in said.split(".") if part.isdigit())

    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    floor = next(line.partition(">=")[2] for line in declared if line.startswith(f"{package}>="))
    assert numbers(floor) >= FLOORS[package]
    assert numbers(version(package)) >= numbers(floor)
    assert package in (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")


def test_images_are_opened_by_an_allow_list_everywhere() -> None:
    for room in ("corpus", "ingest", "search", "webui"):
        for file in (ROOT / room).rglob("*.py"):
            for line in file.read_text(encoding="utf-8").splitlines():
                if "Image.open(" in line:
                    assert "formats=" in line, f"{file.name}: {line.strip()}"
                assert "imread(" not in line, f"{file.name}: {line.strip()}"
