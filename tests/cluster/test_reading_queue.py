"""Readers that share a queue: killed workers lose nothing, and a file that kills its worker is given up."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from corpus.library.doctor import examine
from tests.cluster.office import Office, write_documents
from tests.support.postgres import Server
from tests.support.waiting import wait_for
from webui.app.reading_jobs import MAX_TRIES, JobState, ReadingJobs

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1200)]


@pytest.fixture
def office(tmp_path: Path, postgres: Server) -> Office:
    return Office(tmp_path / "kho", postgres.database())


@contextmanager
def jobs_of(office: Office) -> Iterator[ReadingJobs]:
    with closing(ReadingJobs(office.folder, office.store)) as jobs:
        yield jobs


def write_poison(folder: Path) -> list[Path]:
    """Files that cannot be read: a broken PDF, a broken Word file, an empty one."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [folder / name for name in ("hong.pdf", "hong.docx", "trong.txt")]
    for file, content in zip(made, (b"%PDF-1.7\nhong", b"PK\x03\x04hong", b""), strict=True):
        file.write_bytes(content)
    return made


def test_what_was_handed_in_is_read_once_and_failures_have_reasons(office: Office, tmp_path: Path) -> None:
    write_documents(tmp_path / "tep", 10)
    write_poison(tmp_path / "tep")
    assert "13 tệp" in office.run("ingest", "--queue", tmp_path / "tep")
    assert "0 tệp" in office.run("ingest", "--queue", tmp_path / "tep")  # they wait already
    office.run("work", "--until-done")
    with jobs_of(office) as jobs:
        counts, failed = jobs.counts(), jobs.failed()
    assert (counts[JobState.DONE], counts[JobState.FAILED]) == (10, 3)
    assert all(job.reason and job.tries == 1 for job in failed)
    assert "hong.pdf" in office.run("jobs")
    assert not [path for path in (office.folder / "queue").rglob("*") if path.is_file()]
    single = Office(tmp_path / "mot", None)
    single.run("ingest", tmp_path / "tep", code=10)
    assert office.dump() == single.dump()


def test_a_file_that_kills_its_worker_is_given_up(office: Office, tmp_path: Path) -> None:
    files = write_documents(tmp_path / "tep", 3)
    office.run("ingest", "--queue", tmp_path / "tep")
    with jobs_of(office) as jobs:
        first = jobs.begin(1)  # as workers do that died in the middle
        for _ in range(MAX_TRIES - 1):
            jobs.begin(1)
        assert first is not None
        office.run("work", "--until-done")
        (given_up,) = jobs.failed()
        assert (given_up.path, given_up.tries) == (first.path, MAX_TRIES)
        assert "chết" in given_up.reason
        assert jobs.counts()[JobState.DONE] == len(files) - 1
    assert given_up.path in office.run("status", "--failures")


def test_jobs_that_wait_are_cancelled(office: Office, tmp_path: Path) -> None:
    write_documents(tmp_path / "tep", 3)
    office.run("ingest", "--queue", tmp_path / "tep")
    assert "Đã bỏ 3" in office.run("jobs", "--cancel")
    office.run("work", "--until-done")
    assert office.dump() == []
    office.run("ingest", "--queue", tmp_path / "tep")  # asked for again
    office.run("work", "--until-done")
    with jobs_of(office) as jobs:
        assert jobs.counts()[JobState.DONE] == 3


def test_a_library_in_a_file_has_no_queue(tmp_path: Path) -> None:
    write_documents(tmp_path / "tep", 1)
    plain = Office(tmp_path / "kho", None)
    for command in (["ingest", "--queue", str(tmp_path / "tep")], ["work"], ["jobs"]):
        assert "OCOP_DATABASE" in plain.run(*command, code=2)


class Readers:
    """Two workers. One that died is started again, as a service manager does; every so often one is killed (-9)."""

    def __init__(self, office: Office, every: float | None = None) -> None:
        self._office = office
        self._every = every
        self._children = [office.start("work"), office.start("work")]
        self._stop = threading.Event()
        self.killed = self.died = 0
        self._thread = threading.Thread(target=self._look_after)
        self._thread.start()

    def _look_after(self) -> None:
        until = time.monotonic() + (self._every or 0.0)
        while not self._stop.wait(0.5):
            for at, child in enumerate(self._children):
                if child.poll() is not None:
                    self.died += 1
                    self._begin_again(at)
            if self._every is not None and time.monotonic() >= until:
                at = self.killed % 2
                os.killpg(self._children[at].pid, signal.SIGKILL)
                self._begin_again(at)
                self.killed += 1
                until = time.monotonic() + self._every

    def _begin_again(self, at: int) -> None:
        self._children[at].communicate()
        self._children[at] = self._office.start("work")

    def close(self) -> None:
        """End the workers as an operator does."""
        self._stop.set()
        self._thread.join()
        for child in self._children:
            child.terminate()
        for child in self._children:
            child.communicate()


def read_all(office: Office, every: float | None = None) -> str:
    """Have two workers read what waits; what happened, in words. every: seconds after which one is killed."""
    readers = Readers(office, every)
    began = time.monotonic()
    with jobs_of(office) as jobs:
        try:
            wait_for(lambda: jobs.unfinished() == 0, seconds=1500)
        finally:
            readers.close()
        counts = {state.words: count for state, count in jobs.counts().items() if count}
    took = f"{time.monotonic() - began:.0f} s"
    return f"{counts} in {took}, {readers.killed} workers killed, {readers.died} died of a file"


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_files_that_kill_their_workers_are_given_up_after_three(office: Office, tmp_path: Path) -> None:
    """The system kills the worker (-9) whenever it begins to read one of three files, as for want of memory."""
    files = write_documents(tmp_path / "tep", 12)
    deadly = files[3:12:4]
    office.kill_readers_of(tmp_path / "giet", deadly)
    office.run("ingest", "--queue", tmp_path / "tep")
    print(read_all(office))
    _given_up(office, deadly, done=9)
    _as_read_at_once(office, [file for file in files if file not in deadly], tmp_path)


@pytest.mark.long
@pytest.mark.timeout(2400)
def test_five_hundred_jobs_with_a_worker_killed_every_twenty_seconds(office: Office, tmp_path: Path) -> None:
    """Three more of the files kill their worker each time they are read."""
    files = write_documents(tmp_path / "tep", 500)
    deadly = files[99:500:150]
    office.kill_readers_of(tmp_path / "giet", deadly)
    office.run("ingest", "--queue", tmp_path / "tep")
    print(read_all(office, 20.0))
    _given_up(office, deadly, done=497)
    assert examine(office.folder, deep=True, store=office.store).findings == []
    _as_read_at_once(office, [file for file in files if file not in deadly], tmp_path)


def _as_read_at_once(office: Office, files: list[Path], tmp_path: Path) -> None:
    """Check that the library is that of a single ingest of *files*, but for the failures that it notes."""
    single = Office(tmp_path / "mot", None)
    single.run("ingest", *files)
    assert [line for line in office.dump() if json.loads(line)["what"] != "failure"] == single.dump()


def _given_up(office: Office, deadly: list[Path], *, done: int) -> None:
    """Check that *deadly* failed after three tries, with the reason, and that *done* others were read."""
    with jobs_of(office) as jobs:
        counts, failed = jobs.counts(), jobs.failed()
    assert (counts[JobState.DONE], counts[JobState.FAILED]) == (done, len(deadly))
    assert [job.path for job in failed] == [str(file) for file in deadly]
    assert all("chết" in job.reason and job.tries == MAX_TRIES for job in failed)
    listed = office.run("status", "--failures")
    assert all(str(file) in listed for file in deadly)
