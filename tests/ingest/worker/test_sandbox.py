"""What a worker and its children cannot do: limits, writing, network, sockets, other processes."""

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
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import util
from pathlib import Path
from typing import Any

import pytest

from corpus.model import Failure
from ingest.limits import MEGABYTE, Limits
from ingest.worker import sandbox, seccomp
from ingest.worker.pool import Pool
from ingest.worker.sandbox import Measure

_PR_GET_NO_NEW_PRIVS = 39
_CLONE, _CLONE_NEWUSER, _SIGCHLD = {"x86_64": 56, "aarch64": 220}, 0x10000000, 17


# --- run in a worker


def limits_of_worker(path: str) -> dict[str, int]:
    """The worker's limits, by name."""
    names = ("AS", "CORE", "FSIZE", "NOFILE", "CPU")
    return {n: resource.getrlimit(getattr(resource, f"RLIMIT_{n}"))[0] for n in names}


def spin(path: str) -> None:
    """Use CPU time without end."""
    while True:
        pass


def write(path: str, size: int = 1) -> None:
    """Write so many bytes to the file."""
    Path(path).write_bytes(bytes(size))


def open_many(path: str) -> int:
    """Open the file four hundred times."""
    return len([open(path, "rb") for _ in range(400)])


def connect_to_port(path: str, port: int) -> None:
    """Connect to a server on this machine."""
    with socket.socket() as there:
        there.settimeout(2)
        there.connect(("127.0.0.1", port))


def connect_to_socket(path: str, address: str) -> None:
    """Connect to a UNIX socket."""
    with socket.socket(socket.AF_UNIX) as there:
        there.connect(address)


def run_python(path: str, code: str) -> int:
    """Run a program; its exit code."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode


def make_refused_calls(path: str) -> dict[str, int]:
    """The refused calls that were not answered with EPERM: name → errno."""
    libc = ctypes.CDLL(None, use_errno=True)
    answers = {}
    for name, number in seccomp.refused_calls(platform.machine()).items():
        # Arguments that are invalid for all of them, so that nothing happens where a call is let through.
        answers[name] = libc.syscall(number, -1, -1, -1, -1, -1, -1), ctypes.get_errno()
    return {name: code for name, (answer, code) in answers.items() if answer != -1 or code != errno.EPERM}


def make_namespace(path: str) -> int:
    """Clone into a new user namespace; what the kernel answers."""
    answer: int = ctypes.CDLL(None).syscall(_CLONE[platform.machine()], _CLONE_NEWUSER | _SIGCHLD, 0)
    return answer


def do_ordinary_work(path: str) -> int:
    """Run a child, threads and a temporary file, as reading does: 1 + 2."""
    child = subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True, check=True)
    with ThreadPoolExecutor(2) as threads, tempfile.TemporaryFile() as file:
        file.write(child.stdout)
        return sum(threads.map(int, [child.stdout, b"2"]))


def open_channels(path: str) -> list[str]:
    """Where the open pipes and sockets lead."""
    leads = {int(name): _target(name) for name in os.listdir("/proc/self/fd")}
    return [where for place, where in leads.items() if place > 2 and where.startswith(("pipe:", "socket:"))]


def _target(name: str) -> str:
    try:
        return os.readlink(f"/proc/self/fd/{name}")
    except OSError:
        return ""


def send_signal(path: str, pid: int) -> None:
    """Send a harmless signal."""
    os.kill(pid, 0)


def look_into(path: str, pid: int) -> dict[str, bool]:
    """Which of another process's files in /proc can be opened."""
    return {name: _opens(f"/proc/{pid}/{name}") for name in ("environ", "mem", "maps")}


def _opens(path: str) -> bool:
    try:
        os.close(os.open(path, os.O_RDONLY))
    except OSError:
        return False
    return True


def may_gain_rights(path: str) -> bool:
    """Whether programs started here could gain rights."""
    return bool(ctypes.CDLL(None).prctl(_PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)


# --- the tests


@pytest.fixture(scope="module")
def pool_and_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Pool, Path]]:
    allowed = tmp_path_factory.mktemp("allowed")
    limits = Limits(cpu_seconds=600, written_bytes=2 * MEGABYTE, open_files=200, memory=2048 * MEGABYTE)
    with Pool(1, timeout=120, limits=limits, writable=[allowed]) as pool:
        yield pool, allowed


@pytest.fixture
def pool(pool_and_folder: tuple[Pool, Path]) -> Pool:
    return pool_and_folder[0]


def skip_where_refused(measure: Measure) -> None:
    """Skip a test on a machine whose kernel refuses *measure*."""
    if measure in sandbox.refused():
        pytest.skip(f"this kernel refuses: {measure}")


def test_a_worker_has_its_limits(pool: Pool) -> None:
    found: dict[str, Any] = pool.call(limits_of_worker, "x")
    assert found["AS"] == 2048 * MEGABYTE
    assert found["CORE"] == 0
    assert found["FSIZE"] == 2 * MEGABYTE
    assert found["NOFILE"] == 200
    assert 600 <= found["CPU"] < 700
    assert pool.call(may_gain_rights, "x") is False


def test_cpu_time_is_limited_separately_from_wall_time() -> None:
    with Pool(1, timeout=120, limits=Limits(cpu_seconds=1), writable=()) as pool:
        failed = pool.call(spin, "x")
    assert isinstance(failed, Failure)
    assert failed.verdict == "het_gio"
    assert "giây CPU" in failed.error


def test_written_and_open_files_are_limited(pool_and_folder: tuple[Pool, Path], tmp_path: Path) -> None:
    pool, allowed = pool_and_folder
    assert isinstance(pool.call(write, allowed / "much", 3 * MEGABYTE), Failure)
    (tmp_path / "a").write_text("x")
    assert isinstance(pool.call(open_many, tmp_path / "a"), Failure)


def test_a_worker_writes_only_in_its_folders(pool_and_folder: tuple[Pool, Path], tmp_path: Path) -> None:
    skip_where_refused(Measure.WRITING)
    pool, allowed = pool_and_folder
    assert pool.call(write, allowed / "mine") is None
    assert isinstance(pool.call(write, tmp_path / "not-mine"), Failure)
    assert not (tmp_path / "not-mine").exists()


def test_a_worker_and_its_children_have_no_network(pool: Pool) -> None:
    skip_where_refused(Measure.NETWORK)
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        socket.create_connection(("127.0.0.1", port), 30).close()
        assert isinstance(pool.call(connect_to_port, "x", port), Failure)
        code = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"
        assert pool.call(run_python, "x", code) != 0


def test_a_worker_and_its_children_reach_no_unix_socket(pool: Pool, tmp_path: Path) -> None:
    skip_where_refused(Measure.CALLS)
    assert pool.call(do_ordinary_work, "x") == 3  # started, so the server that forks workers listens
    addresses = [str(path) for path in Path(util.get_temp_dir()).glob("listener-*")]
    assert addresses
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "other"))
        server.listen()
        for address in [*addresses, str(tmp_path / "other")]:
            failed = pool.call(connect_to_socket, "x", address)
            assert isinstance(failed, Failure)
            assert "PermissionError" in failed.error
            code = f"import socket; socket.socket(socket.AF_UNIX).connect({address!r})"
            assert pool.call(run_python, "x", code) != 0


def test_dangerous_system_calls_are_refused_and_ordinary_work_is_not(pool: Pool) -> None:
    skip_where_refused(Measure.CALLS)
    assert pool.call(make_refused_calls, "x") == {}
    assert pool.call(make_namespace, "x") == -1
    assert pool.call(do_ordinary_work, "x") == 3


def test_a_worker_has_only_its_two_channels_to_the_supervisor(pool: Pool) -> None:
    assert len(pool.call(open_channels, "x")) == 2


def test_memory_and_environment_of_other_processes_are_closed(pool: Pool) -> None:
    skip_where_refused(Measure.WRITING)
    assert pool.call(look_into, "x", os.getpid()) == dict.fromkeys(("environ", "mem", "maps"), False)


def test_a_worker_cannot_signal_processes_outside(pool: Pool) -> None:
    if ctypes.CDLL(None).syscall(444, None, 0, 1) < 6:
        pytest.skip("this kernel's Landlock does not restrict signals")
    assert isinstance(pool.call(send_signal, "x", os.getpid()), Failure)


def test_every_measure_has_words_for_the_user() -> None:
    assert all(measure.words for measure in Measure)
