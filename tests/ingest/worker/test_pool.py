"""The pool: whatever a worker does costs its own file only, and no process or folder stays behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NoReturn

from corpus.errors import MissingTool, ReadFailure
from corpus.model import Failure
from corpus.vocabulary import Verdict
from ingest.worker import progress
from ingest.worker.child import NICER
from ingest.worker.pool import Batching, Pool
from tests.ingest.worker.processes import is_sleeping, marker
from tests.paths import ROOT
from tests.support.waiting import wait_for


def _raise(error: Exception) -> NoReturn:
    raise error


def _kill_worker() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("SIGKILL came too late")


def _leave_child(seconds: str) -> NoReturn:
    subprocess.Popen(["sleep", seconds])
    _kill_worker()


def _make_scratch(report: str = "") -> str:
    """Makes a temporary folder; with *report*, a file that gets its path, the worker is killed afterwards."""
    made = tempfile.mkdtemp()
    if report:
        Path(report).write_text(made)
        _kill_worker()
    return made


#: What a worker does with a file, by the file's name.
_ACTIONS: dict[str, Callable[..., object]] = {
    "segfault": lambda *_: ctypes.string_at(0),
    "sigkill": lambda *_: _kill_worker(),
    "exit": lambda *_: os._exit(3),
    "hang": lambda *_: time.sleep(1_000_000),
    "child": lambda seconds: subprocess.run(["sleep", seconds], check=False).returncode,
    "child-and-die": _leave_child,
    "memory": lambda: len(bytearray(3 * 1024**3)),
    "broken": lambda *_: _raise(ReadFailure("Tệp hỏng.", Verdict.DAMAGED, "Lấy lại tệp.")),
    "tool": lambda *_: _raise(MissingTool("Thiếu Tesseract.", "Hãy cài.")),
    "bug": lambda *_: _raise(ValueError("a slip")),
    "gone": lambda *_: Path("/nowhere/at/all").read_bytes(),
    "no-json": lambda *_: lambda: None,
    "scratch": _make_scratch,
    "pid": os.getpid,
    "priority": lambda: [os.getpriority(os.PRIO_PROCESS, 0), os.environ["OPENBLAS_NUM_THREADS"]],
}


def read_slowly(path: str, *args: str) -> str:
    """Notes its second page of three and reads until the file is gone; runs in a worker."""
    progress.report(progress.Stage.OCR, 2, 3)
    while Path(path).exists():
        time.sleep(0.02)
    return "read"


def act(path: str, *args: str) -> object:
    """What the file's name asks for; runs in a worker."""
    action = _ACTIONS.get(Path(path).name)
    return action(*args) if action else {"path": path, "args": list(args)}


def test_results_come_in_order_and_failures_in_their_place() -> None:
    names = ["a", "segfault", "b", "sigkill", "broken", "exit", "tool", "bug", "gone", "no-json", "c"]
    expected = ["a", "hong", "b", "het_bo_nho", "hong", "hong", "thieu_cong_cu", "loi", "mat_tep", "loi", "c"]
    with Pool(2, timeout=120) as pool:
        results = list(pool.map_files(names, act, "x"))
    assert [r["path"] if isinstance(r, dict) else r.verdict for r in results] == expected
    assert [r.path for r in results if isinstance(r, Failure)] == [n for n in names if n not in "abc"]
    assert "Lấy lại tệp." in results[4].error
    assert results[0]["args"] == ["x"]


def test_a_pool_that_was_prepared_reads_as_any_other() -> None:
    with Pool(1, timeout=120).prepare() as pool:
        assert pool.folder is None
        assert pool.call(act, "a")["path"] == "a"


def test_of_the_last_values_half_at_most_are_taken_together() -> None:
    calls = ((str(number), "x") for number in range(9))
    with Pool(2, timeout=120) as pool, closing(pool.map_batches(calls, act, Batching(3, 300.0))) as batches:
        found = list(batches)
    assert [value["path"] for batch in found for value in batch] == [str(number) for number in range(9)]
    assert [len(batch) for batch in found] == [3, 3, 1, 1, 1]


def test_a_file_over_its_time_is_stopped_with_its_children() -> None:
    seconds = marker("25")
    with Pool(1, timeout=1.5) as pool:
        results = [pool.call(act, name, seconds) for name in ("hang", "child")]
        assert [r.verdict for r in results] == ["het_gio", "het_gio"]
        wait_for(lambda: not is_sleeping(seconds))
        assert pool.call(act, "after", timeout=120)["path"] == "after"


def test_children_of_a_killed_worker_are_killed() -> None:
    seconds = marker("5")
    with Pool(1, timeout=120) as pool:
        assert pool.call(act, "child-and-die", seconds).verdict == "het_bo_nho"
        wait_for(lambda: not is_sleeping(seconds))
        assert pool.call(act, "after", seconds)["path"] == "after"


def test_closing_the_pool_ends_what_still_runs() -> None:
    seconds = marker("75")
    with Pool(1, timeout=600) as pool:
        pool.submit(act, "child", seconds)
        wait_for(lambda: is_sleeping(seconds))
    wait_for(lambda: not is_sleeping(seconds))


def test_memory_is_limited() -> None:
    with Pool(1, timeout=120, memory=1024**3) as pool:
        assert pool.call(act, "memory").verdict == "het_bo_nho"
        assert pool.call(act, "a")["path"] == "a"


def test_a_worker_steps_back_behind_its_supervisor_and_keeps_to_one_core() -> None:
    with Pool(1, timeout=120) as pool:
        nice, threads = pool.call(act, "priority")
        assert nice == min(19, os.nice(0) + NICER)
        assert threads == "1"


def test_a_worker_killed_while_idle_is_replaced() -> None:
    with Pool(1, timeout=120) as pool:
        worker = pool.call(act, "pid")
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: not Path(f"/proc/{worker}/stat").exists() or _is_zombie(worker))
        assert pool.call(act, "a")["path"] == "a"


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_the_page_that_a_reading_has_reached_is_known_while_it_runs(tmp_path: Path) -> None:
    file = tmp_path / "quet.pdf"
    file.touch()
    with Pool(2, timeout=120) as pool:
        assert pool.reached(file) is None
        reading = pool.submit(read_slowly, file)
        wait_for(lambda: (at := pool.reached(file)) is not None and at.stage is progress.Stage.OCR)
        assert pool.reached(file) == progress.Reached(progress.Stage.OCR, 2, 3)
        assert pool.reached(tmp_path / "khac.pdf") is None
        file.unlink()
        assert reading.result() == "read"
        wait_for(lambda: pool.reached(file) is None)


def test_an_abandoned_map_stops_its_tasks() -> None:
    with Pool(1, timeout=600) as pool:
        results = pool.map_files(["a", "hang", "hang", "hang", "hang", "b"], act)
        assert next(results)["path"] == "a"
        results.close()
        assert pool.submit(act, "b").result(timeout=300)["path"] == "b"


def test_no_files_start_no_worker() -> None:
    with Pool(1) as pool:
        assert list(pool.map_files([], act)) == []
        assert pool.folder is None


def test_a_workers_temporary_files_go_with_the_worker_and_with_the_pool(tmp_path: Path) -> None:
    with Pool(1, timeout=120) as pool:
        kept = Path(pool.call(act, "scratch"))
        assert kept.is_dir()
        pool.call(act, "scratch", str(tmp_path / "where"))
        lost = Path((tmp_path / "where").read_text())
        wait_for(lambda: not lost.exists())
    assert not kept.exists()


def write_script(file: Path, body: str) -> None:
    """A program that runs *body* with a pool of one worker."""
    file.write_text(
        "import os, signal, sys\nfrom tests.ingest.worker.test_pool import act\nfrom ingest.worker.pool import Pool\n"
        f"if __name__ == '__main__':\n    with Pool(1) as pool:\n{body}"
    )


def test_workers_of_a_killed_supervisor_end(tmp_path: Path) -> None:
    seconds = marker("125")
    script = tmp_path / "supervisor.py"
    write_script(script, f"        pool.call(act, 'child', '{seconds}')\n")
    process = subprocess.Popen([sys.executable, str(script)], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        wait_for(lambda: is_sleeping(seconds))
    finally:
        process.kill()
        process.wait()
    wait_for(lambda: not is_sleeping(seconds))


def test_folders_of_a_killed_supervisor_are_removed_by_the_next_run() -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    abandoned = Path(tempfile.mkdtemp(prefix=f"ocop-workers-{dead.pid}-"))
    in_use = Path(tempfile.mkdtemp(prefix=f"ocop-workers-{os.getpid()}-"))
    with Pool(1, timeout=120) as pool:
        pool.call(act, "a")
    assert not abandoned.exists()
    assert in_use.exists()
    in_use.rmdir()


def test_sockets_of_a_killed_supervisor_are_removed_by_the_next_run(tmp_path: Path) -> None:
    script, temporary = tmp_path / "supervisor.py", tmp_path / "t"
    write_script(
        script,
        "        pool.call(act, 'a')\n        if sys.argv[1:]:\n            os.kill(os.getpid(), signal.SIGKILL)\n",
    )
    temporary.mkdir()
    others = temporary / "pymp-others"
    others.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)}
    killed = subprocess.run([sys.executable, str(script), "killed"], cwd=ROOT, env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert [path for path in temporary.iterdir() if path != others]
    subprocess.run([sys.executable, str(script)], cwd=ROOT, env=environment, check=True)
    assert list(temporary.iterdir()) == [others]


def test_a_temporary_folder_with_a_long_name_can_be_used(tmp_path: Path) -> None:
    """The name of a socket has at most 107 bytes."""
    deep = tmp_path / ("thư-mục-" * 6) / ("sâu-" * 10)
    deep.mkdir(parents=True)
    (tmp_path / "a.txt").write_text("một", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "webui", "read", "--jsonl", str(tmp_path / "a.txt")],
        check=False,
        capture_output=True,
        text=True,
        timeout=240,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(deep)},
    )
    assert '"sha256"' in done.stdout, done.stdout + done.stderr
