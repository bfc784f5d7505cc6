"""Ingests hostile files with good ones between them, and checks what `ocop ingest` promises.

Every input is accounted for with one of its right outcomes, within its limits of time and memory; the command never
dies; all good files are in the library; nothing is written outside the library; no process is left; nothing is
reached over the network.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx

from corpus.fold import nfc
from tests.hostile.files import HostileFile, Outcomes
from tests.hostile.listener import listening
from tests.hostile.process_watch import ProcessWatch
from tests.paths import ROOT
from tests.support.reading_files import BODY, picture, scan_pdf, text_pdf

#: Limits low enough for hundreds of bombs in minutes; each is a setting of the application. What counts is processor
#: time: how long a file takes by the clock depends on what else the machine does.
LIMITS = {
    "FILE_SECONDS": "90",
    "FILE_CPU_SECONDS": "6",
    "FILE_MEMORY_MB": "1536",
    "FILE_MB": "60",
    "FILE_PAGES": "300",
    "PAGE_MEGAPIXELS": "9",
    "TEXT_MB": "4",
    "UNPACKED_MB": "24",
}
#: The same with time enough for any file on any machine, for kinds whose files end by themselves.
UNHURRIED = LIMITS | {"FILE_SECONDS": "3600", "FILE_CPU_SECONDS": "3600"}
#: Resident bytes of the command itself, which never opens a file to read its content.
COMMAND_BYTES = 700 << 20
#: Seconds after which an ingest counts as endless; far above what any machine needs.
ENDLESS = 3 * 3600
#: The size of a file that is made sparse.
SPARSE_BYTES = 10 << 30


@dataclass(slots=True)
class Tally:
    """What became of the files of one kind."""

    kind: str
    inputs: int = 0
    good_files: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    #: Peak resident bytes of a worker, and of the command.
    worker_memory: int = 0
    command_memory: int = 0
    #: Promises that were not kept, in words.
    breaches: list[str] = field(default_factory=list)

    def line(self) -> str:
        """A line of the table, with a further line for each breach."""
        outcomes = ", ".join(f"{name} {count}" for name, count in self.outcomes.most_common())
        row = (
            f"{self.kind:32} {self.inputs:4} {self.good_files:4} {self.seconds:6.1f}s {self.worker_memory >> 20:5} MB"
            f" {self.command_memory >> 20:4} MB  {outcomes}"
        )
        return "\n".join([row, *(f"    BREACH: {breach}" for breach in self.breaches)])


@dataclass(slots=True)
class Planned:
    """An input on disk."""

    path: Path
    outcomes: Outcomes
    #: What the text of a good file must contain; empty for a hostile one.
    marker: str = ""


class Harness:
    """A folder with inputs, a library, a home and a temporary folder."""

    def __init__(self, folder: Path, jobs: int = 2, limits: Mapping[str, str] = LIMITS) -> None:
        self.folder = folder
        self._limits = limits
        self.library = folder / "library"
        #: Files that others change meanwhile.
        self.moving: frozenset[str] = frozenset()
        self._jobs = jobs
        self._mark = f"hostile-{os.getpid()}-{time.time_ns()}"
        self._good_files = 0
        for name in ("inputs", "home", "tmp", "cwd"):
            (folder / name).mkdir()

    # Inputs

    def plan(self, files: Iterable[HostileFile], name: str) -> list[Planned]:
        """Writes hostile files, with a good one after every fifth."""
        folder = self.folder / "inputs" / name
        folder.mkdir()
        planned: list[Planned] = []
        for number, one in enumerate(files):
            path = Path(os.fsdecode(os.fsencode(folder) + b"/" + one.name))
            path.write_bytes(one.data)
            if one.name.endswith(b"ten-gigabytes.pdf"):
                os.truncate(path, SPARSE_BYTES)
            planned.append(Planned(path, one.outcomes))
            if number % 5 == 2:
                planned.append(self.good_file(folder, f"{number:03d}-~"))
        return planned

    def good_file(self, folder: Path, prefix: str) -> Planned:
        """Writes a good file that no other is like; its type changes from one to the next."""
        self._good_files += 1
        number = self._good_files
        marker = f"Láng giềng tốt số {number}"
        lines = [*BODY, marker]
        path = folder / f"{prefix}good-{number}"
        form = number % 6
        if form in {1, 4}:
            path = text_pdf(path.with_suffix(".pdf"), [lines])
        elif form == 2:
            path = path.with_suffix(".docx")
            _save_word(path, lines)
        elif form == 3:
            path = path.with_suffix(".html")
            path.write_text("<html><body>" + "".join(f"<p>{line}</p>" for line in lines), encoding="utf-8")
        elif number % 12 == 5:
            path, marker = scan_pdf(path.with_suffix(".pdf"), [picture([*BODY[:3], marker], dpi=110)]), str(number)
        else:
            path = path.with_suffix(".txt")
            path.write_text("\n".join(lines), encoding="utf-8")
        return Planned(path, frozenset({"kept"}), marker)

    # The run

    def ingest(
        self,
        planned: list[Planned],
        tally: Tally,
        arguments: list[Path],
        *,
        meanwhile: Callable[[], None] | None = None,
    ) -> None:
        """Ingests *arguments*, which hold *planned*, and notes in *tally* what became of them."""
        before = self._outside()
        report = self.folder / "out.json"
        watch = ProcessWatch(self._mark)
        began = time.monotonic()
        with report.open("wb") as out, listening() as received:
            process = subprocess.Popen(
                [os.fsencode(part) for part in self._command(arguments)],
                cwd=self.folder / "cwd",
                env=self._environment(),
                stdout=out,
                stderr=subprocess.PIPE,
            )
            watch.begin(process.pid)
            if meanwhile:
                meanwhile()
            error = _wait(process, tally)
        tally.seconds += time.monotonic() - began
        watch.end()
        self._check_process(process.returncode, error, tally)
        self._check_watch(watch, tally)
        tally.breaches += [f"reached over the network: {what}" for what in received]
        self._check_outside(before, tally)
        self._account(planned, tally, report)

    def _command(self, arguments: list[Path]) -> list[str]:
        command = [sys.executable, "-m", "webui", "ingest", "--json", "--jobs", str(self._jobs)]
        return [*command, "--library", str(self.library), "--", *map(str, arguments)]

    def _environment(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("OCOP_")},
            **{f"OCOP_{name}": value for name, value in self._limits.items()},
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOSTILE_MARK": self._mark,
        }

    @staticmethod
    def _check_process(code: int, error: bytes, tally: Tally) -> None:
        if code < 0 or b"Traceback" in error:
            last = error.decode("utf-8", "replace").strip().splitlines()[-3:]
            tally.breaches.append(f"the command died: {code} {last}")

    def _check_watch(self, watch: ProcessWatch, tally: Tally) -> None:
        tally.worker_memory = max(tally.worker_memory, watch.worker_memory)
        tally.command_memory = max(tally.command_memory, watch.command_memory)
        if watch.networked:
            tally.breaches.append(f"{watch.networked} workers with a network")
        if watch.command_memory > COMMAND_BYTES:
            tally.breaches.append(f"the command grew to {watch.command_memory >> 20} MB")
        if watch.worker_memory > int(self._limits["FILE_MEMORY_MB"]) << 20:
            tally.breaches.append(f"a worker grew to {watch.worker_memory >> 20} MB")
        tally.breaches += [f"process left over: {name}" for name in watch.left_over()]

    def _check_outside(self, before: dict[str, tuple[int, int]], tally: Tally) -> None:
        after = self._outside()
        for place in sorted(set(before) | set(after)):
            if before.get(place) != after.get(place) and place not in self.moving:
                tally.breaches.append(f"written outside the library: {place}")

    def _outside(self) -> dict[str, tuple[int, int]]:
        """Everything outside the library: path → size and time of change."""
        seen = {}
        for folder, _, files in os.walk(os.fsencode(self.folder)):
            if folder.startswith(os.fsencode(self.library)):
                continue
            for name in files:
                if name == b"out.json":
                    continue
                about = os.lstat(folder + b"/" + name)
                seen[os.fsdecode(folder + b"/" + name)] = (about.st_size, about.st_mtime_ns)
        for place in ("/tmp/evil-absolute.txt", "/tmp/evil"):
            if os.path.lexists(place):
                seen[place] = (0, 0)
        return seen

    # What became of the inputs

    def _account(self, planned: list[Planned], tally: Tally, report: Path) -> None:
        try:
            problems = {one["path"]: one for one in json.loads(report.read_bytes() or b"{}").get("problems", [])}
        except ValueError:
            problems = {}
            tally.breaches.append("no report")
        held, opened = self._held(), self._opened()
        for one in planned:
            name = os.fsencode(one.path).decode("utf-8", "backslashreplace")
            problem = problems.get(nfc(name)) or problems.get(name)
            text, outcome = _outcome(one, held.get(nfc(name)), problem)
            if problem is None and nfc(name) in opened:
                outcome = "opened" if outcome == "LOST" else outcome
            message = (problem or {}).get("message", "")
            if message and not message.strip().endswith("."):
                tally.breaches.append(f"{one.path.name!r}: not a sentence: {message!r}")
            if one.marker:
                tally.good_files += 1
                if outcome != "kept" or one.marker not in text:
                    tally.breaches.append(f"good file {one.path.name!r}: {outcome} {message}")
                continue
            tally.inputs += 1
            tally.outcomes[outcome] += 1
            if outcome not in one.outcomes:
                expected = "/".join(sorted(one.outcomes))
                tally.breaches.append(f"{one.path.name!r}: {outcome}, not {expected} {message}")

    def _held(self) -> dict[str, tuple[str, bool]]:
        """What the library holds: path → its text, and whether it was not read to its end."""
        if not (self.library / "library.db").exists():
            return {}
        with closing(sqlite3.connect(f"file:{self.library / 'library.db'}?mode=ro", uri=True)) as connection:
            rows = connection.execute(
                "select files.path, records.text, records.incomplete from files "
                "join records on records.sha256 = files.sha256"
            ).fetchall()
        return {path: (text, bool(incomplete)) for path, text, incomplete in rows}

    def _opened(self) -> set[str]:
        """The paths of the containers that the library has opened."""
        if not (self.library / "library.db").exists():
            return set()
        with closing(sqlite3.connect(f"file:{self.library / 'library.db'}?mode=ro", uri=True)) as connection:
            rows = connection.execute(
                "select files.path from files join containers on containers.sha256 = files.sha256"
            )
            return {path for (path,) in rows}


def _save_word(path: Path, lines: list[str]) -> None:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(path))


def _wait(process: subprocess.Popen[bytes], tally: Tally) -> bytes:
    """Waits for the end of the command; what it wrote to its error output."""
    try:
        return process.communicate(timeout=ENDLESS)[1]
    except subprocess.TimeoutExpired:
        tally.breaches.append(f"not done after {ENDLESS} s")
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=10)
        process.kill()
        return process.communicate()[1]


def _outcome(one: Planned, held: tuple[str, bool] | None, problem: dict[str, Any] | None) -> tuple[str, str]:
    """The text that is kept of an input, and its outcome."""
    if held is not None:
        text, incomplete = held
        return text, "part" if incomplete else "kept"
    if problem is not None:
        return "", problem.get("verdict") or "?"
    return "", "LOST" if os.path.lexists(one.path) else "gone before it was read"
