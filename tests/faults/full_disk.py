"""A disk that is full: the work says so, nothing is lost, and it goes on when there is room again."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from corpus.errors import DiskFull, NotFound
from tests.faults.health import examined
from tests.faults.processes import call, start, value_in, wait
from tests.faults.victim import inputs, outcome, work

#: Kilobytes left on the disk when the work begins.
FREE = (0, 16, 64, 160, 320, 480, 640, 1024, 2048, 4096, 8192)
_DISK_MEGABYTES = 32
#: Characters of an error that are reported.
_SHOWN = 1_500


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[Path]:
    """A disk of that size, mounted in *place*. Raises PermissionError where none may be mounted."""
    disk = place / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(disk)]
    done = subprocess.run(mount, capture_output=True, check=False)
    if done.returncode:
        raise PermissionError(done.stderr.decode(errors="replace").strip())
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


class FullDisk:
    """Works on a library while the disk has only some kilobytes left."""

    def __init__(self, place: Path, texts: int = 24) -> None:
        #: Exit code of the work → times.
        self.codes: Counter[int] = Counter()
        self.wrong: list[str] = []
        self._place = place
        self._log = place / "log.txt"
        self._files = inputs(place / "tep", texts, samples=False)
        call(lambda: work(place / "whole", self._files, None), self._log)
        self._expected = call(lambda: outcome(place / "whole"), self._log)

    def fill(self, free: Iterable[int]) -> None:
        """Once for each number of kilobytes left. Raises PermissionError where no small disk may be mounted."""
        with small_disk(self._place, _DISK_MEGABYTES) as disk:
            for kilobytes in free:
                self._work_with(disk, kilobytes)
                for left in disk.iterdir():
                    shutil.rmtree(left) if left.is_dir() else left.unlink()

    def _work_with(self, disk: Path, kilobytes: int) -> None:
        library, ballast = disk / "kho", disk / "ballast"
        with ballast.open("wb") as out:
            os.posix_fallocate(out.fileno(), 0, max(1, shutil.disk_usage(disk).free - kilobytes * 1024))
        self._log.unlink(missing_ok=True)
        code = wait(start(lambda: work(library, self._files, None), self._log))
        self.codes[code] += 1
        why = self._log.read_text(encoding="utf-8") if self._log.exists() else ""
        if code not in (0, DiskFull.exit_code) or (code and "Đĩa đã đầy" not in why):
            self.wrong.append(f"{kilobytes} kB: {code} {why[-_SHOWN:]}")
        try:
            report = self._examined_on_full_disk(library)
            if report and (library / "originals").exists() and any((library / "originals").rglob("*")):
                self.wrong += [f"{kilobytes} kB: {f}" for f in report["findings"] if not f["derived"]]
            ballast.unlink()
            call(lambda: work(library, self._files, None), self._log)
            if not call(lambda: examined(library, deep=True, repair=True), self._log)["clean"]:
                self.wrong.append(f"{kilobytes} kB: not clean after there was room")
            if call(lambda: outcome(library), self._log) != self._expected:
                self.wrong.append(f"{kilobytes} kB: something was lost")
        except RuntimeError as error:
            self.wrong.append(f"{kilobytes} kB: {error}"[-_SHOWN:])

    def _examined_on_full_disk(self, library: Path) -> dict[str, Any] | None:
        """What the doctor says; None where it says that the disk is full, or that there is no library yet."""
        code = wait(start(lambda: examined(library, deep=False, repair=False), self._log))
        if code in (NotFound.exit_code, DiskFull.exit_code):
            return None
        if code:
            raise RuntimeError(f"{code}: {self._log.read_text(encoding='utf-8')}")
        report: dict[str, Any] = value_in(self._log)
        return report
