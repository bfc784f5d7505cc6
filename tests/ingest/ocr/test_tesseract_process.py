"""A Tesseract that stays reads as a new one does, whatever it read before; its end costs no more than a start."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PIL import Image, ImageOps

from ingest.ocr import tesseract_process
from ingest.ocr.engine import Arrangement, PageImage
from ingest.ocr.tesseract import LANGUAGE, Tesseract
from ingest.ocr.tesseract_process import Ended, TesseractProcess, Way
from ingest.worker.pool import Pool
from tests.support.reading_files import BODY, picture

PROGRAM = shutil.which("tesseract")
pytestmark = pytest.mark.skipif(PROGRAM is None or not tesseract_process.can_stay(), reason="needs tesseract, stdbuf")
WAY = Way(PROGRAM or "", LANGUAGE, Arrangement.BLOCK, 150)
SECONDS = 120.0


@pytest.fixture(autouse=True)
def _no_process_from_elsewhere() -> Iterator[None]:
    tesseract_process.end_all()
    yield
    tesseract_process.end_all()


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Pictures of a few lines each."""
    made = []
    for number, lines in enumerate((BODY[:2], BODY[2:4], BODY[3:5])):
        made.append(tmp_path / f"{number}.png")
        picture(lines).convert("L").save(made[-1])
    return made


def children() -> set[int]:
    """The process ids of this process's children that run Tesseract."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return {int(pid) for pid in listed if "tesseract" in Path(f"/proc/{pid}/cmdline").read_bytes().decode()}


def is_gone(pid: int) -> bool:
    """Whether a process has ended, waited for as long as a machine may need."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


def images(files: list[Path]) -> list[PageImage]:
    return [PageImage(file, 150) for file in files]


def test_it_reads_what_a_new_one_reads_in_any_order(files: list[Path]) -> None:
    expected = Tesseract().read_images(images(files), arrangement=Arrangement.BLOCK)
    stays = Tesseract(stays=True)
    assert stays.read_images(images(files), arrangement=Arrangement.BLOCK) == expected
    backwards = [stays.read_images(images([file]), arrangement=Arrangement.BLOCK)[0] for file in reversed(files)]
    assert backwards == expected[::-1]
    assert len(children()) == 1
    assert all(page.words for page in expected)


def test_a_part_of_a_page_is_read_by_one_that_stays() -> None:
    engine = Tesseract()
    first = engine.read_region(picture(BODY[:2]), Arrangement.BLOCK, 150)
    kept = children()
    assert engine.read_region(picture(BODY[:2]), Arrangement.BLOCK, 150) == first
    assert first
    assert children() == kept


def with_dark_field() -> Image.Image:
    """White print on a field of ink."""
    page = Image.new("L", (1240, 1754), 255)
    page.paste(ImageOps.invert(picture(BODY[:2]).convert("L")).crop((90, 120, 1100, 280)), (90, 120))
    return page


@pytest.mark.parametrize("stays", [True, False])
def test_white_print_is_looked_for_where_there_is_a_dark_field(stays: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not stays:
        monkeypatch.setattr(tesseract_process, "can_stay", lambda: False)
    read = Tesseract(stays=True).read_images
    with TemporaryDirectory() as folder:
        shown = [with_dark_field(), picture(BODY[:2]).convert("L")]
        light, dark = (
            read([PageImage(Path(folder) / "alone.tif", 150, one)], arrangement=Arrangement.BLOCK)
            for one in shown[::-1]
        )
        files = [PageImage(Path(folder) / f"{n}.tif", 150, one) for n, one in enumerate((*shown, shown[0]))]
        together = read(files, arrangement=Arrangement.BLOCK)
    assert together == [*dark, *light, *dark]
    assert [word.text for word in dark[0].words][:2] == ["QUYẾT", "ĐỊNH"]


def test_what_can_hardly_be_made_out_is_read_once_more_only_where_it_may_be_white_print() -> None:
    assert WAY._replace(white_print=False).options()[-1] == "invert_threshold=0"
    assert "invert_threshold" not in " ".join(WAY.options())


def test_one_that_was_killed_meanwhile_is_replaced(files: list[Path]) -> None:
    before = tesseract_process.read(WAY, files, SECONDS)
    (killed,) = children()
    os.kill(killed, signal.SIGKILL)
    assert tesseract_process.read(WAY, files, SECONDS) == before
    assert killed not in children()


def test_a_picture_that_ends_it_costs_no_other(files: list[Path], tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    tesseract_process.read(WAY, files, SECONDS)
    assert tesseract_process.read(WAY, [broken], SECONDS) is None
    read = Tesseract(stays=True).read_images(images([files[0], broken, files[1]]), arrangement=Arrangement.BLOCK)
    assert [page.failure is None for page in read] == [True, False, True]
    assert read[2] == Tesseract().read_images(images(files[1:2]), arrangement=Arrangement.BLOCK)[0]


def test_one_that_does_not_answer_in_time_is_ended(files: list[Path]) -> None:
    process = TesseractProcess(WAY)
    process.read(files[:1], SECONDS)
    (pid,) = children()
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(Ended):
        process.read(files, 0.2)
    process.end()
    assert is_gone(pid)


def test_a_kept_one_that_does_not_answer_gives_nothing(files: list[Path]) -> None:
    tesseract_process.read(WAY, files, SECONDS)
    (pid,) = children()
    os.kill(pid, signal.SIGSTOP)
    assert tesseract_process.read(WAY, files, 0.2) is None
    assert is_gone(pid)


def test_it_is_replaced_after_many_pictures(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract_process, "_MOST_IMAGES", 4)
    first = tesseract_process.read(WAY, files, SECONDS)
    assert not children()
    assert tesseract_process.read(WAY, files, SECONDS) == first


def test_a_program_that_is_no_tesseract_is_told_from_it(files: list[Path], tmp_path: Path) -> None:
    tesseract_process.read(WAY, files, SECONDS)
    other = tmp_path / "tesseract"
    other.write_text("#!/bin/sh\nexit 1\n")
    other.chmod(0o755)
    assert tesseract_process.read(WAY._replace(program=str(other)), files, SECONDS) is None
    assert tesseract_process.read(WAY._replace(program=str(tmp_path / "none")), files, SECONDS) is None


def test_without_stdbuf_each_run_starts_one(files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = Tesseract(stays=True).read_images(images(files), arrangement=Arrangement.BLOCK)
    tesseract_process.end_all()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "tesseract").symlink_to(WAY.program)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert not tesseract_process.can_stay()
    assert Tesseract(stays=True).read_images(images(files), arrangement=Arrangement.BLOCK) == expected
    assert not children()


def _read_in_fork(files: list[Path], answer: multiprocessing.SimpleQueue[str | None]) -> None:
    answer.put(tesseract_process.read(WAY, files, SECONDS))
    tesseract_process.end_all()


def test_a_forked_process_starts_its_own(files: list[Path]) -> None:
    expected = tesseract_process.read(WAY, files, SECONDS)
    kept = children()
    context = multiprocessing.get_context("fork")
    answer: multiprocessing.SimpleQueue[str | None] = context.SimpleQueue()
    fork = context.Process(target=_read_in_fork, args=(files, answer))
    fork.start()
    assert answer.get() == expected
    fork.join()
    assert children() == kept
    assert tesseract_process.read(WAY, files, SECONDS) == expected
    assert children() == kept


@pytest.mark.parametrize("end", ["pass", "os.kill(os.getpid(), 9)"])
def test_it_ends_with_the_process_that_started_it(files: list[Path], end: str) -> None:
    script = f"""
import os, pathlib
from ingest.ocr import tesseract_process
way = tesseract_process.Way({WAY.program!r}, {LANGUAGE!r}, 6, 150)
assert tesseract_process.read(way, [pathlib.Path({str(files[0])!r})], 120)
print(pathlib.Path(f"/proc/self/task/{{os.getpid()}}/children").read_text(), flush=True)
{end}
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    pids = [int(pid) for pid in done.stdout.split()]
    assert pids, done.stderr
    assert not done.stderr
    assert all(is_gone(pid) for pid in pids)


def _read_twice(path: str) -> list[object]:
    """What a worker reads, and whether one process read both times."""
    first = tesseract_process.read(WAY, [Path(path)], SECONDS)
    before = children()
    second = tesseract_process.read(WAY, [Path(path)], SECONDS)
    return [first, second, before == children(), len(before)]


def test_it_stays_inside_the_sandbox_of_a_worker(files: list[Path], tmp_path: Path) -> None:
    with Pool(1, writable=[tmp_path]) as pool:
        first, second, same, count = pool.call(_read_twice, files[0])
    assert first == second == tesseract_process.read(WAY, files[:1], SECONDS)
    assert (same, count) == (True, 1)
