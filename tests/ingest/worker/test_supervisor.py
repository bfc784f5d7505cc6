"""The supervisor: whatever one worker does, it costs its own file only, and no process stays behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from corpus.errors import MissingTool, NotFound, ReadFailure
from corpus.model import Failure
from corpus.vocabulary import Verdict
from ingest.pictures import Pictures
from ingest.worker.supervisor import Pool, map_files
from tests.paths import ROOT
from tests.support.reading_files import picture, scan_pdf, text_pdf


def behave(path: str, *args: str) -> object:
    """What the file's name says; runs in a worker."""
    what = Path(path).name
    match what:
        case "segfault":
            ctypes.string_at(0)
        case "sigkill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            os._exit(3)
        case "hang":
            time.sleep(60)
        case "child":
            subprocess.run(["sleep", args[0]], check=False)
        case "child-and-die":
            subprocess.Popen(["sleep", args[0]])
            os.kill(os.getpid(), signal.SIGKILL)
        case "memory":
            return len(bytearray(3 * 1024**3))
        case "broken":
            raise ReadFailure("Tệp hỏng.", Verdict.DAMAGED, "Lấy lại tệp.")
        case "tool":
            raise MissingTool("Thiếu Tesseract.", "Hãy cài.")
        case "bug":
            raise ValueError("a slip")
        case "gone":
            return Path("/nowhere/at/all").read_bytes()
        case "unpicklable":
            return lambda: None
        case "scratch":
            made = tempfile.mkdtemp()
            if args:
                Path(args[0]).write_text(made)
                os.kill(os.getpid(), signal.SIGKILL)
            return made
        case "pid":
            return os.getpid()
    return {"path": path, "args": list(args)}


def running(marker: str) -> bool:
    """Whether a `sleep marker` runs anywhere."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if (folder / "cmdline").read_bytes() == f"sleep\0{marker}\0".encode():
                    return (folder / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
            except OSError:
                continue
    return False


def soon(condition: object) -> bool:
    for _ in range(60):
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.1)
    return False


def test_results_in_the_order_given_and_failures_in_their_place() -> None:
    names = ["a", "segfault", "b", "sigkill", "broken", "exit", "tool", "bug", "gone", "unpicklable", "c"]
    with Pool(2, timeout=30) as pool:
        results = list(pool.map_files(names, behave, "x"))
    assert [r["path"] if isinstance(r, dict) else r.verdict for r in results] == [
        "a", "hong", "b", "het_bo_nho", "hong", "hong", "thieu_cong_cu", "loi", "mat_tep", "loi", "c",
    ]  # fmt: skip
    assert [r.path for r in results if isinstance(r, Failure)] == [n for n in names if n not in "abc"]
    assert "Lấy lại tệp." in results[4].error
    assert results[0]["args"] == ["x"]


def test_a_hanging_file_is_stopped_with_its_children() -> None:
    marker = f"{300 + os.getpid() % 1000}.25"
    with Pool(1, timeout=1.5) as pool:
        started = time.monotonic()
        results = list(pool.map_files(["hang", "child", "after"], behave, marker))
        assert time.monotonic() - started < 15
        assert [getattr(r, "verdict", "read") for r in results] == ["het_gio", "het_gio", "read"]
        assert soon(lambda: not running(marker))


def test_children_of_a_killed_worker_do_not_live_on() -> None:
    marker = f"{300 + os.getpid() % 1000}.5"
    with Pool(1, timeout=30) as pool:
        assert pool.call(behave, "child-and-die", marker).verdict == "het_bo_nho"
        assert soon(lambda: not running(marker))
        assert pool.call(behave, "after", marker)["path"] == "after"


def test_closing_ends_what_still_runs() -> None:
    marker = f"{300 + os.getpid() % 1000}.75"
    with Pool(1, timeout=60) as pool:
        pool.submit(behave, "child", marker)
        assert soon(lambda: running(marker))
    assert soon(lambda: not running(marker))


def test_memory_limit() -> None:
    with Pool(1, timeout=30, memory=1024**3) as pool:
        assert pool.call(behave, "memory").verdict == "het_bo_nho"
        assert pool.call(behave, "a")["path"] == "a"


def test_an_idle_worker_killed_from_outside_is_replaced() -> None:
    with Pool(1, timeout=30) as pool:
        os.kill(pool.call(behave, "pid"), signal.SIGKILL)
        time.sleep(0.5)
        assert pool.call(behave, "a")["path"] == "a"


def test_an_abandoned_map_stops_its_tasks() -> None:
    with Pool(1, timeout=60) as pool:
        results = pool.map_files(["a", "hang", "hang", "hang", "hang", "b"], behave)
        assert next(results)["path"] == "a"
        results.close()
        started = time.monotonic()
        assert pool.call(behave, "b")["path"] == "b"
        assert time.monotonic() - started < 20


def test_nothing_to_do_starts_nothing() -> None:
    assert list(map_files([], behave)) == []


def test_workers_of_a_killed_supervisor_end(tmp_path: Path) -> None:
    marker = f"{300 + os.getpid() % 1000}.125"
    script = (
        "from tests.ingest.worker.test_supervisor import behave\nfrom ingest.worker.supervisor import Pool\n"
        f"if __name__ == '__main__':\n    with Pool(1) as pool:\n        pool.call(behave, 'child', '{marker}')\n"
    )
    file = tmp_path / "supervisor.py"
    file.write_text(script)
    process = subprocess.Popen([sys.executable, str(file)], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        assert soon(lambda: running(marker))
    finally:
        process.kill()
        process.wait()
    assert soon(lambda: not running(marker))


def test_scratch_files_go_with_the_worker_and_with_the_pool(tmp_path: Path) -> None:
    with Pool(1, timeout=30) as pool:
        kept = Path(pool.call(behave, "scratch"))
        assert kept.is_dir()
        pool.call(behave, "scratch", str(tmp_path / "where"))
        lost = Path((tmp_path / "where").read_text())
        assert soon(lambda: not lost.exists())
    assert not kept.exists()


def test_what_a_killed_supervisor_left_is_swept() -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    left = Path(tempfile.mkdtemp(prefix=f"ocop-workers-{dead.pid}-"))
    mine = Path(tempfile.mkdtemp(prefix=f"ocop-workers-{os.getpid()}-"))
    with Pool(1, timeout=30) as pool:
        pool.call(behave, "a")
    assert not left.exists()
    assert mine.exists()
    mine.rmdir()


def test_a_killed_supervisors_sockets_are_swept_with_the_rest(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys\nfrom tests.ingest.worker.test_supervisor import behave\nfrom ingest.worker.supervisor import Pool\n"
        "if __name__ == '__main__':\n    with Pool(1) as pool:\n        pool.call(behave, 'a')\n"
        "        if sys.argv[1:]:\n            os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    file, temporary = tmp_path / "supervisor.py", tmp_path / "t"
    file.write_text(script)
    temporary.mkdir()
    others = temporary / "pymp-others"
    others.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)}
    killed = subprocess.run([sys.executable, str(file), "killed"], cwd=ROOT, env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    left = [path for path in temporary.iterdir() if path != others]
    assert left
    subprocess.run([sys.executable, str(file)], cwd=ROOT, env=environment, check=True)
    assert list(temporary.iterdir()) == [others]


# --- page pictures ---


def test_a_temporary_folder_of_a_long_name_is_no_hindrance(tmp_path: Path) -> None:
    """A socket's whole name has 107 bytes."""
    deep = tmp_path / ("thư-mục-" * 6) / ("sâu-" * 10)
    deep.mkdir(parents=True)
    (tmp_path / "a.txt").write_text("một", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "webui", "read", "--jsonl", str(tmp_path / "a.txt")],
        check=False, capture_output=True, text=True, timeout=120, cwd=ROOT,
        env={**os.environ, "TMPDIR": str(deep)},
    )  # fmt: skip
    assert '"sha256"' in done.stdout, done.stdout + done.stderr


def test_pictures_are_drawn_by_workers_and_kept(tmp_path: Path) -> None:
    import io

    from PIL import Image

    pdf, scan = text_pdf(tmp_path / "a.pdf"), tmp_path / "a.tiff"
    picture().save(scan, "TIFF", save_all=True, append_images=[picture(("Trang hai",))])
    (tmp_path / "a.txt").write_text("Không có ảnh trang", encoding="utf-8")
    folder = tmp_path / "pictures"
    with Pool(1, timeout=30) as pool:
        pictures = Pictures(folder, pool)
        with Image.open(io.BytesIO(pictures.page_picture(pdf, 1, 600))) as image:
            assert image.format == "PNG"
            assert image.width == 600
            assert min(image.convert("L").tobytes()) < 100
        with Image.open(io.BytesIO(pictures.page_picture(scan, 2, 400, rotation=90))) as image:
            assert image.width == 400
            assert image.height == pytest.approx(400 * 8.27 / 11.69, abs=2)
        with Image.open(io.BytesIO(pictures.crop(pdf, 1, (0.1, 0.05, 0.6, 0.1), 144))) as image:
            assert image.width == pytest.approx(595, abs=3)
            assert image.height == pytest.approx(84, abs=3)
        for file, page in ((pdf, 2), (scan, 0), (tmp_path / "a.txt", 1)):
            with pytest.raises(NotFound):
                pictures.page_picture(file, page)
        with pytest.raises(NotFound):
            pictures.crop(pdf, 1, (0.5, 0.5, 0.5, 0.6))
        (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 rubbish")
        with pytest.raises(ReadFailure):
            pictures.page_picture(tmp_path / "broken.pdf", 1)
        before = pictures.page_picture(pdf, 1, 600)
    assert len(list(folder.glob("*.png"))) == 3
    # Kept pictures need no worker: this pool could not draw one.
    assert Pictures(folder, Pool(1, timeout=0.001)).page_picture(pdf, 1, 600) == before


def test_scanned_page_picture(tmp_path: Path) -> None:
    pictures = Pictures(None)
    try:
        assert pictures.page_picture(scan_pdf(tmp_path / "a.pdf", [picture(dpi=72)]), 1, 300).startswith(b"\x89PNG")
    finally:
        pictures.close()


def test_a_picture_that_cannot_be_drawn_is_not_tried_at_every_look(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path / "kept")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4\nbroken")
    try:
        for _ in range(2):
            with pytest.raises(ReadFailure) as told:
                pictures.page_picture(tmp_path / "broken.pdf", 1)
            assert told.value.verdict == "hong"
        assert pictures._pool._next == 1
    finally:
        pictures.close()
