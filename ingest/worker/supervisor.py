"""Supervises one worker process: starts it, gives it tasks, watches it, and kills it with all its children.

All that ever comes from a worker is a byte that says it is done, and a file of JSON. A worker that a hostile file
controls can give a wrong record of that file; it cannot run anything here.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import threading
import time
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from corpus.model import Failure
from corpus.vocabulary import Verdict
from ingest.limits import Limits
from ingest.worker import failures, progress, worker_output
from ingest.worker.child import worker_main
from ingest.worker.folders import SCRATCH_PREFIX
from ingest.worker.memory_watch import MemoryWatch
from ingest.worker.outcome import VALUE_FILE, next_attempt, value_of
from ingest.worker.task import Task

#: A worker is replaced after this many files, so that memory leaked by libraries never adds up.
_FILES_PER_WORKER = 200
#: How often starting a worker is tried, and the seconds each start may take.
_MAX_STARTS, _START_SECONDS = 3, 60.0
#: Seconds between two samples of a worker's memory.
_SAMPLE_SECONDS = 0.1
#: multiprocessing's fork server starts one process at a time.
_starting = threading.Lock()


class Supervisor:
    """Runs one worker after another, in a thread of its own that takes tasks from a queue."""

    def __init__(
        self,
        tasks: queue.SimpleQueue[Task | None],
        context: Any,
        folder: Path,
        limits: Limits,
        writable: list[str] | None,
    ) -> None:
        self._tasks = tasks
        self._context = context
        self._limits = limits
        self._writable = writable
        self.folder = folder  # for the workers of this supervisor alone
        folder.mkdir()
        self._process: Any = None
        self._channel: Connection | None = None
        self._files = 0
        self._under_way: Future[Any] | None = None
        self._task: Task | None = None  # the file being read, whatever the attempt
        self._stopped = False
        self._lock = threading.Lock()
        self.thread = threading.Thread(target=self._work, name="worker", daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """End the worker now; the thread ends once it takes None from the queue."""
        self._stopped = True
        with self._lock:
            self._kill()

    def drop(self, outer: Future[Any]) -> None:
        """End the worker if it is working for *outer*, which nobody waits for any more."""
        with self._lock:
            if self._under_way is outer:
                self._kill()

    def reached(self, path: str) -> progress.Reached | None:
        """How far the reading of the file at *path* has come; None where it is not being read."""
        task = self._task
        return progress.last_reached(task.folder) if task is not None and task.path == path else None

    def _work(self) -> None:
        while (given := self._tasks.get()) is not None:
            self._task = task = replace(given, folder=self.folder / given.folder)
            result = self._result(task)
            if self._stopped:
                task.outer.cancel()
            with suppress(InvalidStateError):  # the caller cancelled it meanwhile
                task.outer.set_result(result)
            self._task = None
            if not worker_output.remove(task.folder):
                self._end()  # a live worker could replace the folder while it is being removed
                worker_output.remove_forcibly(task.folder)
        with self._lock:
            self._kill()

    def _result(self, task: Task) -> Any:
        """The outcome of all attempts at *task*."""
        further: Task | None = task
        result: Any = None
        while further is not None and not task.outer.done() and not self._stopped:
            attempt = further
            try:
                result, further = next_attempt(self._attempt(attempt), attempt)
            except Exception as error:  # arguments that cannot be pickled, or no process can be started
                failure = Failure(
                    task.path, f"Lỗi khi đọc tệp ({type(error).__name__}: {error}).", Verdict.PROGRAM_ERROR
                )
                result, further = attempt.first_failure or failure, None
        return result

    def _attempt(self, task: Task) -> Any:
        """The task's value or Failure."""
        cpu = min(task.limits.cpu_seconds, task.allowed) if task.rescue else task.limits.cpu_seconds
        order = pickle.dumps((str(task.folder), cpu, task.function, task.path, task.arguments))
        for _ in range(_MAX_STARTS):
            progress.clear(task.folder)
            worker_output.delete(task.folder, VALUE_FILE)
            process, channel = self._worker(task.outer)
            if task.outer.done() or self._stopped:
                return None
            with suppress(OSError):  # the worker died while idle
                channel.send_bytes(order)
                ended = self._watch(task, process, channel)
                if ended is not None:
                    return ended[0]
            self._end()
        return failures.not_started(task)

    def _watch(self, task: Task, process: Any, channel: Connection) -> tuple[Any] | None:
        """The task's value or Failure in a tuple; None when the worker ended before it began."""
        until = time.monotonic() + task.allowed
        memory = MemoryWatch(process.pid, task.limits.memory)
        while not (ready := wait([channel, process.sentinel], timeout=_next_sample(until))):
            if time.monotonic() >= until - 0.01:
                break
            memory.sample()
        if not ready:
            self._end()
            return (failures.timed_out(task),)
        if channel in ready and _is_signalled(channel):
            self._under_way = None
            value = value_of(task)
            self._files += 1
            if self._files >= _FILES_PER_WORKER:
                self._end()
            return (value,)
        process.join(5)
        code = process.exitcode or 0
        self._end()
        if progress.last_reached(task.folder) is None:
            return None
        return (failures.crashed(task, code, near_memory_limit=memory.near_limit),)

    def _worker(self, outer: Future[Any]) -> tuple[Any, Connection]:
        """The live worker, started if there is none. What it does from now on is for *outer*."""
        with self._lock:
            self._under_way = outer
            if self._process is not None and self._process.is_alive() and self._channel is not None:
                return self._process, self._channel
            self._kill()
            ours, theirs = self._context.Pipe()
            process = self._context.Process(
                target=worker_main, args=(theirs, str(self.folder), self._limits, self._writable), daemon=True
            )
            with _starting:
                process.start()
            theirs.close()
            self._process, self._channel, self._files = process, ours, 0
            if self._stopped:
                self._kill()
        # The time a start takes, mostly imports, does not count as the file's.
        if ours in wait([ours, process.sentinel], timeout=_START_SECONDS):
            _is_signalled(ours)
        return process, ours

    def _end(self) -> None:
        with self._lock:
            self._kill()

    def _kill(self) -> None:
        """Kill the worker with every child (Tesseract) of its session, and remove its temporary files."""
        process, self._process = self._process, None
        channel, self._channel = self._channel, None
        self._under_way = None
        if channel is not None and threading.current_thread() is self.thread:
            channel.close()
        if process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()  # it may have had no session of its own yet
        process.join(5)
        with suppress(ProcessLookupError, PermissionError):  # a child started meanwhile
            os.killpg(process.pid, signal.SIGKILL)
        worker_output.remove_forcibly(self.folder / f"{SCRATCH_PREFIX}{process.pid}")


def _next_sample(until: float) -> float:
    """Seconds to wait before memory is sampled again or the time is up."""
    return min(_SAMPLE_SECONDS, max(0.0, until - time.monotonic()))


def _is_signalled(channel: Connection) -> bool:
    """Whether the worker sent its byte; a closed channel is no signal."""
    try:
        return os.read(channel.fileno(), 1) != b""
    except OSError:
        return False
