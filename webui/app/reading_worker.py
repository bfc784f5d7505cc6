"""A reading worker: takes jobs of the queue one after the other, reads each file and stores it.

Any number of them may work, on any machine that has the library's folder. A job whose worker has died is given to
another one when no sign of life came for a while.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from corpus.errors import LibraryUnreachable, OcopError
from corpus.library import Library
from corpus.model import Failure
from corpus.vocabulary import Verdict
from webui.app.document_reader import SourceFile, pool_of
from webui.app.ingestion import ingest
from webui.app.reading_jobs import JobState, ReadingJob, ReadingJobs
from webui.app.reading_queue import QUEUE, TASK, place_of, queue_app

if TYPE_CHECKING:
    from procrastinate import App

    from ingest.worker.pool import Pool
    from webui.app.settings import Settings

log = logging.getLogger("webui")

#: Seconds between a worker's signs of life, and after which one without is taken for dead.
SIGN_SECONDS, DEAD_SECONDS = 5.0, 20.0
#: Seconds between looks for jobs of dead workers, and between attempts to reach the server.
_LOOK_SECONDS, _PAUSE = 5.0, 2.0
#: How often a job is begun at most, whatever ended it.
_ATTEMPTS = 100


class ReadingWorker:
    """Reads one file at a time. told: called with each job when it has ended."""

    def __init__(self, settings: Settings, told: Callable[[ReadingJob], object] = lambda _: None) -> None:
        self._settings = settings
        self._told = told

    def work(self, *, until_done: bool = False) -> None:
        """Work until SIGTERM or Ctrl-C, which let the file at hand be finished; until_done: or until no job is left.

        Raises UsageError, MissingTool; a server that cannot be reached is waited for.
        """
        settings = self._settings
        with (
            Library.open(settings.library, create=True, store=settings.store) as library,
            pool_of(settings, jobs=1) as pool,
            closing(ReadingJobs(settings.library, settings.store)) as jobs,
        ):
            while True:
                stopped = self._attempt(library, pool, jobs, until_done=until_done)
                if stopped:
                    return
                time.sleep(_PAUSE)

    def _attempt(self, library: Library, pool: Pool, jobs: ReadingJobs, *, until_done: bool) -> bool:
        """Work while the server can be reached; whether the worker was asked to stop."""
        from procrastinate import RetryStrategy
        from procrastinate.exceptions import ConnectorException

        try:
            app = queue_app(self._settings.store)

            # How often a file is tried is decided by our own count; trouble of the library is no try too many.
            @app.task(name=TASK, queue=QUEUE, retry=RetryStrategy(max_attempts=_ATTEMPTS, wait=int(_PAUSE)))
            def read_file(job: int) -> None:
                self._read(library, pool, jobs, job)

            return asyncio.run(_run(app, (lambda: jobs.unfinished() == 0) if until_done else None))
        except (ConnectorException, LibraryUnreachable, ConnectionError) as error:
            log.warning("the queue cannot be reached: %s", type(error).__name__)
            return False

    def _read(self, library: Library, pool: Pool, jobs: ReadingJobs, id: int) -> None:
        database = library.database
        job = database.carried_out(lambda: jobs.begin(id))
        if job is None:
            return
        waiting = place_of(library.folder, job.sha256)
        state, reason = job.state, job.reason
        if state is JobState.READING:
            state, reason = self._ingest(library, pool, SourceFile(waiting, job.path, job.sha256))
            database.carried_out(lambda: jobs.end(id, state, reason))
        elif state is JobState.FAILED:
            library.intake.fail(job.path, job.sha256, Failure(job.path, reason, Verdict.PROGRAM_ERROR))
        waiting.unlink(missing_ok=True)
        self._told(ReadingJob(id, job.sha256, job.path, state, job.tries, reason))

    def _ingest(self, library: Library, pool: Pool, file: SourceFile) -> tuple[JobState, str]:
        """Read and store one file: what became of it, and why it was not stored. Raises LibraryBusy, DiskFull."""
        for report in ingest(library, [file], self._settings, pool):
            if report.path == file.name and report.outcome in {"failed", "refused", "removed"}:
                return JobState.FAILED, report.message
        return JobState.DONE, ""


async def _run(app: App, is_done: Callable[[], bool] | None) -> bool:
    """Run a worker of *app*; whether it ended by a signal or because all is done."""
    async with app.open_async():
        options: dict[str, Any] = {
            "queues": [QUEUE],
            "concurrency": 1,
            "delete_jobs": "always",  # what became of a file is in our own table
            "update_heartbeat_interval": SIGN_SECONDS,
            "stalled_worker_timeout": DEAD_SECONDS,
            "fetch_job_polling_interval": 2.0,
        }
        worker = asyncio.create_task(app.run_worker_async(**options))
        beside = asyncio.create_task(_look_after(app, worker, is_done))
        try:
            await worker
        except asyncio.CancelledError:  # by ourselves, as all is done
            if is_done is None or not beside.done():
                raise
        finally:
            beside.cancel()
            with suppress(asyncio.CancelledError):
                await beside
    return True


async def _look_after(app: App, worker: asyncio.Task[None], is_done: Callable[[], bool] | None) -> None:
    """Give jobs of dead workers to others; end *worker* when all is done."""
    from procrastinate.exceptions import ProcrastinateException

    while True:
        with suppress(OcopError, OSError):
            if is_done is not None and await asyncio.to_thread(is_done):
                worker.cancel()
                return
        with suppress(ProcrastinateException):  # the server is away, or another worker was quicker
            for job in await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=DEAD_SECONDS):
                await app.job_manager.retry_job(job)
                log.warning("job %s of a dead worker is given to another", job.id)
        await asyncio.sleep(_LOOK_SECONDS if is_done is None else 1.0)
