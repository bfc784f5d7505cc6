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
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from corpus.model import Failure
from ingest.limits import MEGABYTE
from ingest.worker import progress, seccomp
from ingest.worker.pool import Pool


def task_folder() -> Path:
    """Where progress and value of the current file lie; in a worker."""
    ocr = progress.ocr_folder()
    assert ocr is not None
    return ocr.parent


def attack(path: str, *args: Any) -> object:
    """What the file's name asks for; runs in a worker."""
    what = Path(path).name
    match what:
        case "pipe":
            (task_folder() / "reached").unlink()
            os.mkfifo(task_folder() / "reached")
            os.kill(os.getpid(), signal.SIGKILL)
        case "pipe-refused":
            place = Path(tempfile.gettempdir()).parent / "refused.json"
            place.unlink(missing_ok=True)
            os.mkfifo(place)
        case "become-link":
            task_folder().rename(task_folder().with_name("was"))
            task_folder().symlink_to(args[0])
        case "deep" | "deep-beside":
            _nest_folders(task_folder() if what == "deep" else task_folder().parent)
        case "siblings":
            return _overwrite_siblings()
        case "honest":
            time.sleep(0.3)
            return "honest"
        case "parts":
            (task_folder() / "value").write_bytes(b'["value",[' + b"[]," * 2_100_000 + b"[]]]")
            channel = next(o for o in gc.get_objects() if isinstance(o, Connection) and not o.closed)
            os.write(channel.fileno(), b".")
            time.sleep(60)
        case "print":
            os.write(1, b'{"path": "another.pdf"}\n')
            os.write(2, b"a line of the log\n")
        case "leave":
            with suppress(OSError):
                os.setsid()
            return os.getsid(0) == os.getpid()
        case "daemon":
            code = "import os, time\nos.setsid()\ntime.sleep(60)"
            return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode
        case "limit":
            resource.prlimit(args[0], resource.RLIMIT_NOFILE, (3, 3))
        case "limit-own":
            resource.prlimit(0, resource.RLIMIT_NOFILE, (100, 100))
        case "give-up":
            kept = [bytearray(64 * MEGABYTE) for _ in range(args[0])]
            time.sleep(0.4)
            assert kept is not None
            os.abort()
    return "done"


def _nest_folders(place: Path) -> None:
    here = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    for _ in range(1500):
        os.mkdir("a", dir_fd=here)
        here, above = os.open("a", os.O_RDONLY | os.O_DIRECTORY, dir_fd=here), here
        os.close(above)


def _overwrite_siblings() -> list[str]:
    """Write a value into the folders of other workers; those where that succeeded."""
    found = []
    for _ in range(20):
        for value in task_folder().parent.parent.glob("*/file-*"):
            if value.parent != task_folder().parent:
                with suppress(OSError):
                    (value / "value").write_text('["value", "lie"]')
                    found.append(str(value))
        time.sleep(0.05)
    return found


def refusals(path: str) -> object:
    """What the kernel refused to enforce for this worker; runs in a worker."""
    with suppress(OSError, ValueError):
        return json.loads((Path(tempfile.gettempdir()).parent / "refused.json").read_text(encoding="utf-8"))
    return []


@pytest.mark.parametrize("what", ["pipe", "pipe-refused", "deep"])
def test_what_it_leaves_in_its_folder_delays_nobody(tmp_path: Path, what: str) -> None:
    with Pool(1, timeout=30) as pool:
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
        assert [pool.call(attack, tmp_path / "honest") for _ in range(3)] == ["honest"] * 3
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
    victim = subprocess.Popen(["sleep", "60"])
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
    tmp_path: Path, blocks: int, verdict: str
) -> None:
    with Pool(1, memory=1536 * MEGABYTE, timeout=120) as pool:
        failure = pool.call(attack, tmp_path / "give-up", blocks)
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
