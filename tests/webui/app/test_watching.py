"""`ocop watch` in a process: arriving files are read once; nothing in the folder is followed, moved or written."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.library import Library
from tests.paths import ROOT
from tests.support.sample_texts import NAMESAKE, SECRET
from tests.support.waiting import wait_for
from tests.support.web_library import ORDER, PLAN
from webui.cli.command import main

QUIET, INTERVAL = 0.3, 0.1


class Watcher:
    """`ocop watch` in a process of its own."""

    def __init__(self, library: Path, *folders: Path) -> None:
        self.reports: list[dict[str, Any]] = []
        self.words = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "webui", "watch", *map(str, folders), "--library", str(library), "--json",
             "--quiet", str(QUIET), "--interval", str(INTERVAL), "--jobs", "1"],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        self._threads = [threading.Thread(target=one, daemon=True) for one in (self._out, self._error)]
        for thread in self._threads:
            thread.start()

    def _out(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.reports.append(json.loads(line))

    def _error(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.words += line

    def outcomes(self) -> dict[str, str]:
        return {Path(r["path"]).name: r["outcome"] for r in self.reports}

    def until(self, condition: Callable[[], bool]) -> None:
        def holds() -> bool:
            if condition():
                return True
            assert self.process.poll() is None, self.words
            return False

        wait_for(holds, seconds=200)

    def started(self) -> Watcher:
        self.until(lambda: "Đang theo dõi" in self.words)
        return self

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        code = self.process.wait(200)
        for thread in self._threads:
            thread.join()
        self.close()
        return code

    def close(self) -> None:
        for stream in (self.process.stdout, self.process.stderr):
            assert stream
            stream.close()


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Callable[..., Watcher]]:
    made: list[Watcher] = []

    def start(*folders: Path) -> Watcher:
        made.append(Watcher(tmp_path / "kho", *(folders or (tmp_path / "den",))))
        return made[-1]

    (tmp_path / "den").mkdir()
    yield start
    for one in made:
        if one.process.poll() is None:
            one.stop(signal.SIGKILL)
        one.close()


def everything(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Each name below *folder* with its mode, size and time."""
    found = {str(p.relative_to(folder)): p.lstat() for p in folder.rglob("*")}
    return {name: (about.st_mode, about.st_size, about.st_mtime_ns) for name, about in found.items()}


def test_arriving_files_are_read_once_and_left_unchanged(tmp_path: Path, watch: Callable[..., Watcher]) -> None:
    folder = tmp_path / "den"
    outside = tmp_path / "ngoai"
    (outside / "con").mkdir(parents=True)
    (outside / "con" / "lien-ket.txt").write_text(ORDER, encoding="utf-8")
    (folder / "tep-lien-ket.txt").symlink_to(outside / "con" / "lien-ket.txt")
    (folder / "thu-muc-lien-ket").symlink_to(outside / "con")
    os.mkfifo(folder / "ong.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "o-cam.txt"))
    (folder / "~$ke-hoach.docx").write_text(ORDER, encoding="utf-8")
    (folder / ".an.txt").write_text(ORDER, encoding="utf-8")
    (folder / "rong.txt").touch()
    (folder / "sau" / "hon").mkdir(parents=True)
    (folder / "sau" / "hon" / "cung-so.txt").write_text(NAMESAKE, encoding="utf-8")
    os.close(os.open(os.fsencode(folder) + b"/\xff\x1b.txt", os.O_CREAT | os.O_WRONLY))
    (folder / os.fsdecode(b"\xff\x1b.txt")).write_text(SECRET, encoding="utf-8")
    before = everything(folder)

    one = watch().started()
    (folder / "moi.txt").write_text(PLAN, encoding="utf-8")
    # A browser that downloads under another name.
    (folder / "tai.txt.part").write_text(ORDER, encoding="utf-8")
    one.until(lambda: "moi.txt" in one.outcomes())
    assert "tai.txt" not in one.outcomes()
    (folder / "tai.txt.part").rename(folder / "tai.txt")
    one.until(lambda: "tai.txt" in one.outcomes())
    assert one.outcomes() == {
        "moi.txt": "new", "tai.txt": "new", "cung-so.txt": "new", "\\udcff\x1b.txt": "refused"
    }  # fmt: skip
    assert len(one.reports) == 4
    assert one.stop() == 0
    assert {name: about for name, about in everything(folder).items() if name in before} == before
    assert sorted(p.name for p in (tmp_path / "kho" / "watching").iterdir()) == ["lock"]
    with Library.open(tmp_path / "kho") as library:
        texts = [library.view().document(d.id).record for d in library.view().documents()]
        assert {record.text for record in texts if record} == {PLAN, ORDER, NAMESAKE}


def test_a_restarted_watch_reads_only_changed_files(
    tmp_path: Path, watch: Callable[..., Watcher], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "den"
    (folder / "a.txt").write_text(PLAN, encoding="utf-8")
    one = watch().started()
    one.until(lambda: one.outcomes() == {"a.txt": "new"})
    one.process.kill()
    one.stop(signal.SIGKILL)

    two = watch().started()
    two.until(lambda: "1 tệp đã có trong kho" in two.words)
    assert two.reports == []
    (folder / "a.txt").write_text(ORDER, encoding="utf-8")
    (folder / "b.txt").write_text(PLAN, encoding="utf-8")
    two.until(lambda: two.outcomes() == {"a.txt": "new", "b.txt": "unchanged"})
    assert two.stop(signal.SIGINT) == 0
    # The index is up to date at the end.
    assert main(["search", "88/QĐ-UBND", "--library", str(tmp_path / "kho"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["total"] >= 1


def test_a_folder_that_disappears_is_waited_for(tmp_path: Path, watch: Callable[..., Watcher]) -> None:
    folder, away = tmp_path / "den", tmp_path / "mat-mang"
    (folder / "a.txt").write_text(PLAN, encoding="utf-8")
    one = watch().started()
    one.until(lambda: one.outcomes() == {"a.txt": "new"})
    folder.rename(away)
    one.until(lambda: "đang chờ nó trở lại" in one.words)
    folder.symlink_to(away)  # a link in its place is not it
    time.sleep(3 * INTERVAL)
    assert one.words.count("đang chờ nó trở lại") == 1
    folder.unlink()
    (away / "b.txt").write_text(ORDER, encoding="utf-8")
    away.rename(folder)
    one.until(lambda: one.outcomes() == {"a.txt": "new", "b.txt": "new"})
    assert len(one.reports) == 2

    other = watch()
    assert other.process.wait(200) == 20  # one watch a library
    assert "lệnh `ocop watch` khác" in other.words
    assert one.stop() == 0
