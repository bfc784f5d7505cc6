"""A worker controlled by the file it reads: it delays nobody, reaches no other file, and prints nothing."""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

import pytest

from corpus.model import Failure
from ingest.limits import MEGABYTE
from ingest.worker import progress, seccomp
from ingest.worker.memory_watch import MemoryWatch
from ingest.worker.pool import Pool
from tests.support.waiting import wait_for


def task_folder() -> Path:
    """Where progress and value of the current file lie; in a worker."""
    ocr = progress.ocr_folder()
    assert ocr is not None
    return ocr.parent


def _leave_pipe() -> None:
    (task_folder() / "reached").unlink()
    os.mkfifo(task_folder() / "reached")
    os.kill(os.getpid(), signal.SIGKILL)


def _replace_refusals() -> str:
    place = Path(tempfile.gettempdir()).parent / "refused.json"
    place.unlink(missing_ok=True)
    os.mkfifo(place)
    return "done"


def _become_link(target: str) -> None:
    task_folder().rename(task_folder().with_name("was"))
    task_folder().symlink_to(target)


def _return_many_parts() -> None:
    """Announces a value of two million parts, as a worker does, and never goes on."""
    (task_folder() / "value").write_bytes(b'["value",[' + b"[]," * 2_100_000 + b"[]]]")
    channel = next(o for o in gc.get_objects() if isinstance(o, Connection) and not o.closed)
    os.write(channel.fileno(), b".")
    time.sleep(1_000_000)


def _print_records() -> str:
    os.write(1, b'{"path": "another.pdf"}\n')
    os.write(2, b"a line of the log\n")
    return "done"


def _leave_session() -> bool:
    """Tries to start a session of its own; whether the worker leads the session it is in."""
    with suppress(OSError):
        os.setsid()
    return os.getsid(0) == os.getpid()


def _start_daemon() -> int:
    """Starts a child that leaves the session; the child's exit code."""
    code = "import os, time\nos.setsid()\ntime.sleep(60)"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode


def _limit_files(pid: int, limit: int) -> str:
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (limit, limit))
    return "done"


def _abort_with(blocks: int, measured: str) -> NoReturn:
    """Aborts while holding blocks of 64 MB, once the file *measured* exists."""
    kept = [bytearray(64 * MEGABYTE) for _ in range(blocks)]
    wait_for(Path(measured).exists)
    assert kept is not None
    os.abort()


def _overwrite_siblings() -> list[str]:
    """Tries to write a value into the folders of other workers until one is there; those where that succeeded."""
    while True:
        for other in task_folder().parent.parent.glob("*/file-*"):
            if other.parent != task_folder().parent:
                try:
                    (other / "value").write_text('["value", "lie"]')
                except PermissionError:
                    return []
                except OSError:  # its file is done
                    continue
                return [str(other)]


def _linger() -> str:
    """Reads long enough to be found by others."""
    time.sleep(0.3)
    return "honest"


#: What a worker does with a file, by the file's name.
_ATTACKS: dict[str, Callable[..., object]] = {
    "pipe": _leave_pipe,
    "pipe-refused": _replace_refusals,
    "become-link": _become_link,
    "deep": lambda: _nest_folders(task_folder()),
    "deep-beside": lambda: _nest_folders(task_folder().parent),
    "siblings": _overwrite_siblings,
    "honest": _linger,
    "parts": _return_many_parts,
    "print": _print_records,
    "leave": _leave_session,
    "daemon": _start_daemon,
    "limit": lambda pid: _limit_files(pid, 3),
    "limit-own": lambda: _limit_files(0, 100),
    "give-up": _abort_with,
}


def attack(path: str, *args: Any) -> object:
    """What the file's name asks for; runs in a worker."""
    return _ATTACKS[Path(path).name](*args)


def _nest_folders(place: Path) -> str:
    here = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    for _ in range(1500):
        os.mkdir("a", dir_fd=here)
        here, above = os.open("a", os.O_RDONLY | os.O_DIRECTORY, dir_fd=here), here
        os.close(above)
    return "done"


def refusals(path: str) -> object:
    """What the kernel refused to enforce for this worker; runs in a worker."""
    with suppress(OSError, ValueError):
        return json.loads((Path(tempfile.gettempdir()).parent / "refused.json").read_text(encoding="utf-8"))
    return []


@pytest.mark.parametrize("what", ["pipe", "pipe-refused", "deep"])
def test_what_it_leaves_in_its_folder_delays_nobody(tmp_path: Path, what: str) -> None:
    with Pool(1, timeout=120) as pool:
        hostile, neighbour = pool.submit(attack, tmp_path / what), pool.submit(attack, tmp_path / "honest")
        first = hostile.result(timeout=180)
        assert isinstance(first, Failure) == (what == "pipe")
        assert neighbour.result(timeout=180) == "honest"
        folder = pool.folder
    assert folder is not None
    assert not folder.exists()


def test_it_cannot_write_into_another_workers_folder(tmp_path: Path) -> None:
    with Pool(2, timeout=120, writable=()) as pool:
        hostile = pool.submit(attack, tmp_path / "siblings")
        while not hostile.done():
            assert pool.call(attack, tmp_path / "honest") == "honest"
        if "writing" not in str(pool.call(refusals, tmp_path)):
            assert hostile.result() == []


def test_a_value_of_too_many_parts_is_not_parsed(tmp_path: Path) -> None:
    with Pool(1, timeout=120) as pool:
        value = pool.call(attack, tmp_path / "parts")
    assert isinstance(value, Failure)
    assert value.verdict == "loi"


def test_it_cannot_print_where_the_command_prints(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with Pool(1) as pool:
        assert pool.call(attack, tmp_path / "print") == "done"
    printed = capfd.readouterr()
    assert "another.pdf" not in printed.out
    assert "a line of the log" not in printed.err


@pytest.mark.skipif(not seccomp.is_supported(), reason="no filter for this machine")
def test_its_children_stay_in_its_session_and_it_limits_no_other_process(tmp_path: Path) -> None:
    victim = subprocess.Popen(["sleep", "infinity"])
    try:
        with Pool(1) as pool:
            assert pool.call(attack, tmp_path / "leave") is True  # as before: it leads the session it was given
            assert pool.call(attack, tmp_path / "daemon") == 1  # refused, so the program ends with a traceback
            assert isinstance(pool.call(attack, tmp_path / "limit", victim.pid), Failure)
            assert pool.call(attack, tmp_path / "limit-own") == "done"
        limits = Path(f"/proc/{victim.pid}/limits").read_text(encoding="utf-8")
        assert next(line for line in limits.splitlines() if "open files" in line).split()[3] != "3"
    finally:
        victim.kill()
        victim.wait()


@pytest.mark.parametrize(("blocks", "verdict"), [(18, "het_bo_nho"), (1, "hong")])
def test_a_reader_that_aborts_near_its_memory_limit_ran_out_of_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blocks: int, verdict: str
) -> None:
    """The reader goes on when its supervisor has measured the memory it holds."""
    measured, sample = tmp_path / "measured", MemoryWatch.sample

    def observed(watch: MemoryWatch) -> None:
        sample(watch)
        if watch.near_limit or blocks == 1:
            measured.touch()

    monkeypatch.setattr(MemoryWatch, "sample", observed)
    with Pool(1, memory=1536 * MEGABYTE, timeout=120) as pool:
        failure = pool.call(attack, tmp_path / "give-up", blocks, str(measured))
    assert isinstance(failure, Failure)
    assert failure.verdict == verdict


def test_a_link_in_place_of_its_folder_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.mkdir(mode=0o500)
    with Pool(1, timeout=120) as pool:
        assert isinstance(pool.call(attack, tmp_path / "become-link", str(victim)), Failure)
        assert pool.call(attack, tmp_path / "honest") == "honest"
    assert victim.stat().st_mode & 0o777 == 0o500


def test_deeply_nested_folders_beside_its_own_are_removed(tmp_path: Path) -> None:
    with Pool(1, timeout=120) as pool:
        assert pool.call(attack, tmp_path / "deep-beside") == "done"
        folder = pool.folder
    assert folder is not None
    assert not folder.exists()
    with Pool(1, timeout=120) as pool:
        assert pool.call(attack, tmp_path / "honest") == "honest"
