"""`ocop ingest`: what goes in, what is refused, and stopping it."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from corpus.errors import OcopError
from corpus.library import Library
from corpus.vocabulary import Verdict
from tests.paths import ROOT
from tests.support.sample_texts import SECRET
from tests.support.shell import Shell
from tests.support.waiting import wait_for
from tests.support.web_library import PLAN, document_text


def test_a_second_ingest_changes_nothing(ocop: Shell, files: Path) -> None:
    before = ocop("dump")
    result = ocop.json("ingest", files, code=Verdict.DAMAGED.exit_code)
    assert result["counts"] == {"unchanged": 4, "failed": 1}
    assert "hong.pdf" in result["problems"][0]["path"]
    assert result["problems"][0]["message"]
    assert ocop("dump") == before


def test_the_same_content_in_another_place_is_a_duplicate(ocop: Shell, files: Path) -> None:
    (files / "ban-sao.txt").write_text(PLAN, encoding="utf-8")
    assert ocop.json("ingest", files / "ban-sao.txt")["counts"] == {"duplicate": 1}
    assert ocop.json("ingest", files / "ban-sao.txt")["counts"] == {"unchanged": 1}
    assert ocop.json("status")["duplicates"] == 1
    paths = ocop.json("show", files / "ke-hoach.txt")["files"]
    assert [Path(p).name for p in paths] == ["ban-sao.txt", "ke-hoach.txt"]


def test_the_same_content_twice_in_one_run_is_one_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "hai"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(PLAN, encoding="utf-8")
    shell = Shell(tmp_path / "kho", capsys)
    assert shell.json("ingest", folder)["counts"] == {"new": 1, "duplicate": 1}
    assert shell.json("status")["duplicates"] == 1


def test_a_secret_document_is_refused_and_nothing_of_it_is_kept(ocop: Shell, files: Path) -> None:
    (files / "mat.txt").write_text(SECRET, encoding="utf-8")
    result = ocop.json("ingest", files / "mat.txt", code=Verdict.SECRET.exit_code)
    assert result["counts"] == {"refused": 1}
    assert ocop.json("ingest", files / "mat.txt", code=Verdict.SECRET.exit_code)["counts"] == {"refused": 1}
    assert ocop.json("status")["refused"] == 1
    for path in ocop.library.rglob("*"):
        if path.is_file():
            assert "vài người biết".encode() not in path.read_bytes(), path
    assert "7/BC-UBND" not in ocop("dump")


def test_a_restricted_document_is_kept_and_not_shown(ocop: Shell) -> None:
    assert ocop.json("status")["held"] == 3
    assert ocop.json("search", "--literal", "bí ẩn")["total"] == 0
    assert "12/TB-UBND" not in ocop("search", "bí ẩn")
    ocop("show", "12/TB-UBND", code=3)
    assert "12/TB-UBND" not in ocop("dump")


def test_links_in_a_folder_are_skipped_and_counted(ocop: Shell, files: Path) -> None:
    (files / "lien-ket.txt").symlink_to(files / "ke-hoach.txt")
    (files / "hong.txt").symlink_to(files / "da-xoa.txt")
    result = ocop.json("ingest", files / "con", files, code=Verdict.DAMAGED.exit_code)
    assert (result["links_left_aside"], [Path(p).name for p in result["broken_links"]]) == (2, ["hong.txt"])
    assert "Bỏ qua 2 liên kết trong thư mục, trong đó 1 liên kết hỏng" in ocop.error
    ocop("ingest", files / "hong.txt", code=2)
    assert "không còn tệp nó trỏ tới" in ocop.error


def test_ctrl_c_keeps_what_is_stored_and_reports_it(tmp_path: Path) -> None:
    """The worker is held by the eleventh of twenty-one files, so that the signal always comes in the middle."""
    folder, programs, before = tmp_path / "nhieu", tmp_path / "bin", 10
    for place in (folder, programs):
        place.mkdir()
    for number in (*range(before), *range(20, 30)):
        text = PLAN.replace("45/KH-UBND", f"{number + 100}/KH-UBND")
        (folder / f"{number:02}.txt").write_text(text, encoding="utf-8")
    Image.new("L", (800, 600), 255).save(folder / "15.png")
    endless = programs / "tesseract"
    endless.write_text("#!/bin/sh\nexec sleep 1000\n", encoding="utf-8")
    endless.chmod(0o755)
    library = tmp_path / "kho"
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
    # Programs that a shell starts in the background ignore SIGINT, and so do the programs that they start.
    ignored = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        running = subprocess.Popen(
            [sys.executable, "-m", "webui", "ingest", str(folder), "--jobs", "1", "--library", str(library)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )
    finally:
        signal.signal(signal.SIGINT, ignored)

    def held_up() -> bool:
        assert running.poll() is None, running.communicate()
        return stored_files(library) == before

    wait_for(held_up, seconds=200)
    os.killpg(running.pid, signal.SIGINT)
    out, error = running.communicate(timeout=200)
    assert (running.returncode, error) == (130, "Đã dừng.\n")
    # The signal may come between storing the last of the files together and counting them.
    counted = re.match(r"Đã làm: (?:(\d+) mới|không có tệp nào)", out)
    assert counted, out
    assert int(counted[1] or 0) <= before
    state = subprocess.run(
        [sys.executable, "-m", "webui", "status", "--json", "--library", str(library)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    status = json.loads(state.stdout)
    assert (status["held"], status["index"]["behind"]) == (before, 0)


def stored_files(library: Path) -> int:
    """How many files are stored so far, 0 while there is no library yet."""
    try:
        with Library.open(library, read_only=True) as opened:
            return len(opened.view().documents())
    except OcopError:
        return 0


def wait_for_stored(library: Path, count: int) -> None:
    """Waits until so many files are stored."""
    wait_for(lambda: stored_files(library) >= count)


@pytest.mark.long
@pytest.mark.timeout(4 * 3600)
def test_an_ingest_killed_at_random_and_repeated_equals_an_uninterrupted_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "nhieu"
    folder.mkdir()
    for number in range(1, 25):
        body = (
            f"Căn cứ Kế hoạch số {number - 1}/KH-UBND ngày 12/3/2024 của UBND tỉnh Thanh Hóa;\n" if number > 1 else ""
        )
        text = document_text(
            "KẾ HOẠCH", f"{number}/KH-UBND", ("12", "3", "2024"), f"Việc thứ {number}", body + "I. MỤC ĐÍCH\nLàm."
        )
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    whole, broken = Shell(tmp_path / "mot", capsys), Shell(tmp_path / "hai", capsys)
    whole("ingest", folder, "--jobs", "1")
    chance = random.Random(7)
    command = [sys.executable, "-m", "webui", "ingest", str(folder), "--jobs", "1", "--library", str(broken.library)]
    for stored in sorted(chance.sample(range(24), 5)):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            wait_for_stored(broken.library, stored)
            running.kill()
    broken("ingest", folder, "--jobs", "1")
    assert broken("dump") == whole("dump")
    found = [s.json("search", "việc", "--sort", "date")["total"] for s in (whole, broken)]
    assert found[0] == found[1] == 24
