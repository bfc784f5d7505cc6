"""The files that wait to be read by workers, in the library's PostgreSQL: what became of each, how often it was tried.

A try is counted before the file is read. A file whose reading ends the worker itself is so given up after
:data:`MAX_TRIES`, however the worker ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Row, Table, Text, func, select, update

from corpus.library.schema import NUMBER
from corpus.library.store import Store
from corpus.worded import WordedEnum
from webui.app.page_database import PageDatabase

#: How often a file is read before it is given up.
MAX_TRIES = 3

#: The tables of this module.
TABLES = MetaData()
_jobs = Table(
    "reading_jobs",
    TABLES,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("sha256", Text, nullable=False, unique=True),
    Column("path", Text, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("reason", Text, nullable=False),
)


class JobState(WordedEnum):
    """What became of a file that is to be read."""

    WAITING = "cho", "đang chờ"
    READING = "dang_doc", "đang đọc"
    DONE = "xong", "đã vào kho"
    FAILED = "hong", "không đọc được"
    CANCELLED = "thoi", "đã thôi"


#: States that are left alone unless the file is asked for again.
ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class ReadingJob:
    """One file that is to be read, or was."""

    id: int
    #: Of its content.
    sha256: str
    #: Where it lay when it was handed in; what messages call it.
    path: str
    state: JobState
    #: How often its reading was begun.
    tries: int
    #: Why it was not read, in Vietnamese.
    reason: str


class ReadingJobs:
    """The list of one library. Close it, when it is no longer needed."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._database = PageDatabase(folder, "jobs.db", TABLES, store)

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def add(self, sha256: str, path: str) -> ReadingJob:
        """The job for a content: a new one, the one that waits or is being read, or an ended one begun anew."""
        with self._database.write() as connection:
            new = self._database.insert(_jobs).values(
                sha256=sha256, path=path, state=JobState.WAITING, tries=0, reason=""
            )
            connection.execute(new.on_conflict_do_nothing(index_elements=["sha256"]))
            again = update(_jobs).where(_jobs.c.sha256 == sha256, _jobs.c.state.in_(ENDED))
            connection.execute(again.values(path=path, state=JobState.WAITING, tries=0, reason=""))
            return _job(connection.execute(select(_jobs).where(_jobs.c.sha256 == sha256)).one())

    def begin(self, id: int) -> ReadingJob | None:
        """Count a try of a job and return it; None for no such job.

        One that has ended is returned as it is, one that was tried :data:`MAX_TRIES` times as failed.
        """
        with self._database.write() as connection:
            row = connection.execute(select(_jobs).where(_jobs.c.id == id)).first()
            if row is None:
                return None
            if row.state in ENDED:
                return _job(row)
            given_up = row.tries >= MAX_TRIES
            reason = f"Đã đọc {MAX_TRIES} lần, lần nào tiến trình đọc cũng chết giữa chừng." if given_up else ""
            state = JobState.FAILED if given_up else JobState.READING
            tries = row.tries + (not given_up)
            connection.execute(update(_jobs).where(_jobs.c.id == id).values(state=state, tries=tries, reason=reason))
            return ReadingJob(row.id, row.sha256, row.path, state, tries, reason)

    def end(self, id: int, state: JobState, reason: str = "") -> None:
        """Note what became of a job."""
        with self._database.write() as connection:
            connection.execute(update(_jobs).where(_jobs.c.id == id).values(state=state, reason=reason))

    def cancel(self) -> int:
        """Give up all jobs that wait; how many. Those being read are finished."""
        with self._database.write() as connection:
            waiting = update(_jobs).where(_jobs.c.state == JobState.WAITING)
            return connection.execute(waiting.values(state=JobState.CANCELLED)).rowcount

    def counts(self) -> dict[JobState, int]:
        """How many jobs are in each state."""
        with self._database.read() as connection:
            found = connection.execute(select(_jobs.c.state, func.count()).group_by(_jobs.c.state))
            counted = {JobState(state): int(count) for state, count in found}
        return {state: counted.get(state, 0) for state in JobState}

    def tries(self) -> tuple[int, int]:
        """How often the reading of any job was begun, and how many unfinished jobs were begun more than once."""
        again = select(func.count()).where(_jobs.c.state.not_in(ENDED), _jobs.c.tries > 1)
        with self._database.read() as connection:
            begun = connection.execute(select(func.coalesce(func.sum(_jobs.c.tries), 0))).scalar_one()
            return int(begun), int(connection.execute(again).scalar_one())

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction for queries of the queue itself. Raises LibraryBusy, LibraryUnreachable."""
        return self._database.read()

    def unfinished(self) -> int:
        """How many jobs wait or are being read."""
        counts = self.counts()
        return counts[JobState.WAITING] + counts[JobState.READING]

    def failed(self) -> Sequence[ReadingJob]:
        """The files that could not be read, by path."""
        with self._database.read() as connection:
            query = select(_jobs).where(_jobs.c.state == JobState.FAILED).order_by(_jobs.c.path)
            return [_job(row) for row in connection.execute(query)]


def _job(row: Row[Any]) -> ReadingJob:
    return ReadingJob(row.id, row.sha256, row.path, JobState(row.state), row.tries, row.reason)
