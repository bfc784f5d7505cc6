"""Kills at chosen steps of a job. A step is a statement that writes, a commit, or a change to the library's files."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.event import listen

from corpus.library import Library
from corpus.library.restore import restore
from search.searcher import Search
from tests.faults.health import examined
from tests.faults.processes import call, start, wait
from tests.faults.victim import inputs, outcome, work
from tests.paths import ROOT

#: Audit events of Python for what is done to files.
_EVENTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "fcntl.flock", "sqlite3.connect"}
#: A finding that a migration of a library without originals cannot avoid.
_MISSING_ORIGINAL = "mat_goc"
#: Characters of an error that are reported.
_SHOWN = 1_500


def armed(job: Callable[[], Any], place: Path, at: int) -> Callable[[], int]:
    """*job*, killed at its step number *at* (0: never); the number of its steps where it is not killed.

    place: the library; only what is done to its files counts.
    """

    def run() -> int:
        steps = 0

        def step() -> None:
            nonlocal steps
            steps += 1
            if steps == at:
                os.killpg(0, signal.SIGKILL)

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            if event in _EVENTS and (event == "fcntl.flock" or place.name in str(arguments[:2])):
                step()

        def statement(_: Any, __: Any, sql: str, *___: Any) -> None:
            if not sql.lstrip().upper().startswith(("SELECT", "PRAGMA")):
                step()

        sys.addaudithook(hook)
        listen(Engine, "before_cursor_execute", statement)
        listen(Engine, "commit", lambda _: step())
        job()
        return steps

    return run


@dataclass(frozen=True, slots=True)
class Job:
    """Something that may be killed. prepare: makes the library on which it works, if it works on one."""

    name: str
    prepare: Callable[[Path], object]
    run: Callable[[Path], object]


class ChosenSteps:
    """Kills at chosen steps of four jobs: ordinary work, a migration, making the index again, restoring a backup."""

    def __init__(self, place: Path, texts: int = 12) -> None:
        self.wrong: list[str] = []
        #: Job → kills, and job → steps of it.
        self.kills: Counter[str] = Counter()
        self.steps: dict[str, int] = {}
        self._place = place
        self._log = place / "log.txt"
        whole, backup = place / "whole", place / "whole.zip"
        files = inputs(place / "tep", texts, samples=False)
        call(lambda: work(whole, files, backup), self._log)
        first_schema = ROOT / "tests" / "fixtures" / "libraries" / "v1"
        self.jobs = {
            job.name: job
            for job in (
                Job("work", lambda library: None, lambda library: work(library, files, library.with_suffix(".zip"))),
                Job("migration", lambda library: shutil.copytree(first_schema, library), _migrate),
                Job("reindex", lambda library: shutil.copytree(whole, library), _reindex),
                Job("restore", lambda library: None, lambda library: restore(backup, library)),
            )
        }

    def kill_all(self, most: int) -> None:
        """At most so many kills of each job, at steps spread evenly."""
        for name in self.jobs:
            self.kill(name, most)

    def kill(self, name: str, most: int) -> None:
        """At most so many kills of one job."""
        job = self.jobs[name]
        first = self._place / f"{name}-whole"
        job.prepare(first)
        steps = self.steps[name] = call(armed(lambda: job.run(first), first, 0), self._log)
        expected = call(lambda: outcome(first), self._log)
        for at in sorted({1 + round(i * (steps - 1) / max(1, most - 1)) for i in range(most)}):
            library = self._place / f"{name}-{at}"
            job.prepare(library)
            code = wait(start(armed(lambda library=library: job.run(library), library, at), self._log))  # type: ignore[misc]
            if code not in (0, -signal.SIGKILL):
                self.wrong.append(f"{name} {at}: {code} {self._log.read_text(encoding='utf-8')[-_SHOWN:]}")
                continue
            self.kills[name] += code != 0
            try:
                self._complete(job, library, expected)
            except RuntimeError as error:
                self.wrong.append(f"{name} {at}: {error}"[-_SHOWN:])
            shutil.rmtree(library, ignore_errors=True)

    def _complete(self, job: Job, library: Path, expected: object) -> None:
        """Examines what the kill left, runs the job again, and compares the library with *expected*."""
        if (library / "library.db").exists():
            report = call(lambda: examined(library, deep=True, repair=False), self._log)
            self._note(job, report, lambda finding: finding["derived"])
        if job.name != "restore" or not library.exists():
            call(lambda: job.run(library), self._log)
        report = call(lambda: examined(library, deep=True, repair=True), self._log)
        self._note(job, report, lambda finding: finding["repaired"])
        if call(lambda: outcome(library), self._log) != expected:
            self.wrong.append(f"{job.name}: {library.name} is not what an uninterrupted run leaves")

    def _note(self, job: Job, report: dict[str, Any], allowed: Callable[[dict[str, Any]], bool]) -> None:
        self.wrong += [
            f"{job.name}: {finding}"
            for finding in report["findings"]
            if not allowed(finding) and finding["code"] != _MISSING_ORIGINAL
        ]


def _migrate(library: Path) -> None:
    """From the first schema to today's, then everything resolved again."""
    with Library.open(library) as opened:
        opened.resolve_again()


def _reindex(library: Path) -> None:
    with Library.open(library) as opened, closing(Search(library, opened.view())) as search:
        search.rebuild("tantivy")
