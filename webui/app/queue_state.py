"""The reading queue as an operator watches it: how much waits, for how long, how often files were tried, who reads."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from corpus.library.store import Store
from webui.app.reading_jobs import JobState, ReadingJobs
from webui.app.reading_queue import QUEUE
from webui.app.reading_worker import DEAD_SECONDS

#: The tables of procrastinate are made by whoever first hands in a file or works.
_MADE = text("SELECT to_regclass('procrastinate_jobs')")
#: Seconds since the oldest job that still waits was handed in. A job that was given up may still lie in the queue.
_OLDEST = text(
    "SELECT extract(epoch FROM now() - min(event.at)) FROM procrastinate_events event"
    " JOIN procrastinate_jobs job ON job.id = event.job_id"
    " JOIN reading_jobs reading ON reading.id = CAST(job.args->>'job' AS bigint)"
    " WHERE job.queue_name = :queue AND event.type = 'deferred' AND reading.state = :waiting"
)
_READERS = text(
    "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => :seconds)"
)


@dataclass(frozen=True, slots=True)
class QueueState:
    """The queue at one moment."""

    #: Jobs in each state.
    jobs: dict[JobState, int] = field(default_factory=lambda: dict.fromkeys(JobState, 0))
    #: How often the reading of any job listed was begun.
    tries: int = 0
    #: Jobs that wait or are being read, whose reading was begun more than once: it ended a reader before.
    tried_again: int = 0
    #: Seconds since the oldest job that still waits was handed in; 0 where none waits.
    oldest_seconds: float = 0.0
    #: Readers (`ocop work`) that gave a sign of life lately.
    readers: int = 0


class QueueWatch:
    """Looks at the queue of one library; its database is opened at the first look. Threads may share it."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder, self._store = folder, store
        self._jobs: ReadingJobs | None = None
        self._lock = threading.Lock()

    def state(self) -> QueueState:
        """The queue now; a library in a file has none, so nothing waits there. Raises LibraryUnreachable."""
        if self._store.url is None:
            return QueueState()
        with self._lock:
            if self._jobs is None:
                self._jobs = ReadingJobs(self._folder, self._store)
            jobs = self._jobs
        tries, tried_again = jobs.tries()
        with jobs.reading() as connection:
            oldest, readers = _of_the_queue(connection)
        return QueueState(jobs.counts(), tries, tried_again, oldest, readers)

    def close(self) -> None:
        """Close its connections."""
        if self._jobs is not None:
            self._jobs.close()


def _of_the_queue(connection: Connection) -> tuple[float, int]:
    """Seconds that the oldest job has waited, and the readers that live."""
    if connection.execute(_MADE).scalar() is None:
        return 0.0, 0
    waiting: Any = connection.execute(_OLDEST, {"queue": QUEUE, "waiting": str(JobState.WAITING)}).scalar()
    readers = connection.execute(_READERS, {"seconds": DEAD_SECONDS}).scalar_one()
    return max(0.0, float(waiting or 0.0)), int(readers)
