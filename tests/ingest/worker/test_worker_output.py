"""A worker that a file has taken over: what it leaves in its folder holds nobody up, and it reaches no other's file."""

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
from ingest import progress
from ingest.limits import MEGABYTE
from ingest.worker import seccomp, worker_output
from ingest.worker.supervisor import Pool


def own_folder() -> Path:
    """Where this file's progress and value lie; in a worker."""
    memory = progress.memory()
    assert memory is not None
    return memory.parent


def evil(path: str, *args: Any) -> object:
    """What the file's name says; runs in a worker."""
    what = Path(path).name
    match what:
        case "pipe":
            (own_folder() / "reached").unlink()
            os.mkfifo(own_folder() / "reached")
            os.kill(os.getpid(), signal.SIGKILL)
        case "pipe-refused":
            place = Path(tempfile.gettempdir()).parent / "refused.json"
            place.unlink(missing_ok=True)
            os.mkfifo(place)
        case "become-link":
            own_folder().rename(own_folder().with_name("was"))
            own_folder().symlink_to(args[0])
        case "deep" | "deep-beside":
            place = own_folder() if what == "deep" else own_folder().parent
            here = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
            for _ in range(1500):
                os.mkdir("a", dir_fd=here)
                here, above = os.open("a", os.O_RDONLY | os.O_DIRECTORY, dir_fd=here), here
                os.close(above)
        case "siblings":
            found = []
            for _ in range(20):
                for value in own_folder().parent.parent.glob("*/file-*"):
                    if value.parent != own_folder().parent:
                        with suppress(OSError):
                            (value / "value").write_text('["value", "lie"]')
                            found.append(str(value))
                time.sleep(0.05)
            return found
        case "honest":
            time.sleep(0.3)
            return "honest"
        case "parts":
            (own_folder() / "value").write_bytes(b'["value",[' + b"[]," * 2_100_000 + b"[]]]")
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


@pytest.mark.parametrize("what", ["pipe", "pipe-refused", "deep"])
def test_what_it_leaves_in_its_folder_holds_nobody_up(tmp_path: Path, what: str) -> None:
    with Pool(1, timeout=10) as pool:
        hostile, neighbour = pool.submit(evil, tmp_path / what), pool.submit(evil, tmp_path / "honest")
        first = hostile.result(timeout=60)
        assert isinstance(first, Failure) == (what == "pipe")
        assert neighbour.result(timeout=60) == "honest"
        folder = pool._running
    assert folder is not None
    assert not folder.exists()


def test_it_writes_into_no_other_workers_folder(tmp_path: Path) -> None:
    with Pool(2, timeout=30, writable=()) as pool:
        hostile = pool.submit(evil, tmp_path / "siblings")
        assert [pool.call(evil, tmp_path / "honest") for _ in range(3)] == ["honest"] * 3
        if "Landlock" not in str(pool.call(refusals, tmp_path)):
            assert hostile.result() == []


def refusals(path: str) -> object:
    with suppress(OSError, ValueError):
        return json.loads((Path(tempfile.gettempdir()).parent / "refused.json").read_text(encoding="utf-8"))
    return []


def test_a_value_of_countless_parts_is_not_taken_apart(tmp_path: Path) -> None:
    with Pool(1, timeout=30) as pool:
        value = pool.call(evil, tmp_path / "parts")
    assert isinstance(value, Failure)
    assert value.verdict == "loi"


def test_it_prints_nothing_where_the_command_prints(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with Pool(1) as pool:
        assert pool.call(evil, tmp_path / "print") == "done"
    told = capfd.readouterr()
    assert "another.pdf" not in told.out
    assert "a line of the log" not in told.err


@pytest.mark.skipif(seccomp._ARCHITECTURES.get(os.uname().machine) is None, reason="no filter for this machine")
def test_no_child_leaves_the_session_that_is_killed_and_no_other_is_limited(tmp_path: Path) -> None:
    victim = subprocess.Popen(["sleep", "60"])
    try:
        with Pool(1) as pool:
            assert pool.call(evil, tmp_path / "leave") is True  # as before: it leads the session it was given
            assert pool.call(evil, tmp_path / "daemon") == 1  # refused, so the program ends with its traceback
            assert isinstance(pool.call(evil, tmp_path / "limit", victim.pid), Failure)
            assert pool.call(evil, tmp_path / "limit-own") == "done"
        limits = Path(f"/proc/{victim.pid}/limits").read_text(encoding="utf-8")
        assert next(line for line in limits.splitlines() if "open files" in line).split()[3] != "3"
    finally:
        victim.kill()
        victim.wait()


@pytest.mark.parametrize(("blocks", "verdict"), [(18, "het_bo_nho"), (1, "hong")])
def test_a_reader_that_gives_up_near_its_limit_ran_out_of_memory(tmp_path: Path, blocks: int, verdict: str) -> None:
    with Pool(1, memory=1536 * MEGABYTE, timeout=30) as pool:
        failure = pool.call(evil, tmp_path / "give-up", blocks)
    assert isinstance(failure, Failure)
    assert failure.verdict == verdict


def test_a_file_left_is_read_only_if_it_is_one(tmp_path: Path) -> None:
    (tmp_path / "good").write_bytes(b"12345")
    (tmp_path / "link").symlink_to(tmp_path / "good")
    (tmp_path / "zero").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe")
    assert worker_output.read(tmp_path, "good", 5) == b"12345"
    for name, most in (("good", 4), ("link", 9), ("zero", 9), ("pipe", 9), (".", 9), ("none", 9)):
        with pytest.raises((OSError, ValueError)):
            worker_output.read(tmp_path, name, most)


def test_a_folder_that_became_a_link_leads_nowhere(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.mkdir(mode=0o500)
    with Pool(1, timeout=30) as pool:
        assert isinstance(pool.call(evil, tmp_path / "become-link", str(victim)), Failure)
        assert pool.call(evil, tmp_path / "honest") == "honest"
    assert victim.stat().st_mode & 0o777 == 0o500
    (tmp_path / "v2").mkdir()
    (tmp_path / "v2" / "value").write_text("theirs", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "v2")
    worker_output.forget(tmp_path / "link", "value")
    with pytest.raises(NotADirectoryError):
        worker_output.read(tmp_path / "link", "value", 99)
    assert worker_output.remove(tmp_path / "link")
    assert (tmp_path / "v2" / "value").read_text(encoding="utf-8") == "theirs"


def test_folders_nobody_may_enter_go_once_the_worker_has_ended(tmp_path: Path) -> None:
    closed = tmp_path / "own" / "a" / "b"
    closed.mkdir(parents=True)
    (closed / "c").write_text("x", encoding="utf-8")
    closed.chmod(0)
    closed.parent.chmod(0)
    worker_output.uproot(tmp_path / "own")
    assert not (tmp_path / "own").exists()


def test_a_bottomless_folder_beside_its_file_stops_no_later_run(tmp_path: Path) -> None:
    with Pool(1, timeout=30) as pool:
        assert pool.call(evil, tmp_path / "deep-beside") == "done"
        folder = pool._running
    assert folder is not None
    assert not folder.exists()
    with Pool(1, timeout=30) as pool:
        assert pool.call(evil, tmp_path / "honest") == "honest"
