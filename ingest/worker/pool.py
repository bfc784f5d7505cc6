"""A pool of worker processes that read files, each file in isolation.

A worker leads its own session and is confined by the kernel (:mod:`ingest.worker.sandbox`). Whatever happens in it (a
crash of pdfium, a hang, memory used up) costs its file and nothing else: its supervisor kills the session, reports the
reason and starts another worker. The result is one JSON value or a :class:`corpus.model.Failure`. Pages finished before
a failure are read once more without the rest (:mod:`ingest.worker.rescue`).
"""

from __future__ import annotations

import json
import logging
import os
import queue
import tempfile
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from ingest.limits import DEFAULT_LIMITS, FILE_SECONDS, Limits
from ingest.worker import folders, fork_server, worker_output
from ingest.worker.child import REFUSED_FILE
from ingest.worker.progress import Reached
from ingest.worker.sandbox import Measure
from ingest.worker.supervisor import Supervisor
from ingest.worker.task import Function, Rescuer, Task

log = logging.getLogger("ingest")


@dataclass(frozen=True, slots=True)
class Batching:
    """How values are gathered to lists: so many at most, and none waits longer for the next than so many seconds.

    Of the last ones half at most are taken together, so that little is left to be done once the last value is there.
    """

    most: int
    seconds: float = 0.0


def _next_batch(waiting: deque[Future[Any]], batching: Batching, *, last: bool) -> list[Any]:
    """The first value, and those that follow it in time; they are taken from *waiting*. last: no others will come."""
    most = min(batching.most, max(len(waiting) // 2, 1)) if last else batching.most
    batch = [waiting.popleft().result()]
    until = time.monotonic() + batching.seconds
    while waiting and len(batch) < most:
        try:
            batch.append(waiting[0].result(timeout=max(0.0, until - time.monotonic())))
        except TimeoutError:
            break
        waiting.popleft()
    return batch


class Pool:
    """Workers for reading files. Use as a context manager: leaving it ends every worker and its children."""

    def __init__(
        self,
        jobs: int | None = None,
        *,
        timeout: float = FILE_SECONDS,
        limits: Limits = DEFAULT_LIMITS,
        memory: int | None = None,
        preload: Iterable[str] = (),
        writable: Iterable[Path] | None = None,
    ) -> None:
        """A pool that starts its workers with its first task.

        jobs: worker processes; one per core by default. timeout: seconds for one file. limits: what the kernel holds
        each worker to. memory: bytes of address space, in place of that of *limits*. preload: modules imported before
        the workers fork off, so that a new worker starts at once. writable: the only folders workers may write in
        besides their own; None for anywhere.
        """
        self.jobs = jobs or os.cpu_count() or 1
        self.timeout = timeout
        self._limits = limits if memory is None else replace(limits, memory=memory)
        self._preload = list(preload)
        self._writable = None if writable is None else [str(folder) for folder in writable]
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._supervisors: list[Supervisor] = []
        self._submitted = 0
        self._refusals_logged = False
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def folder(self) -> Path | None:
        """The temporary folder of this run; None before the first task and after :meth:`close`."""
        return None if self._folder is None else Path(self._folder.name)

    @property
    def submitted(self) -> int:
        """Tasks submitted so far."""
        return self._submitted

    def prepare(self) -> Self:
        """Begin to import what workers need, in the process that they fork off from; the first task does it otherwise.

        Worth while where something else is to be done before the first task. Returns the pool.
        """
        fork_server.start(self._preload)
        return self

    def _start(self) -> None:
        """Start the supervisors, once."""
        with self._lock:
            if self._folder is not None:
                return
            folders.remove_abandoned()
            self._folder = folders.new_run_folder()
            for kept in self._writable or ():
                folders.make_if_parent_exists(Path(kept))
            context = fork_server.context_with(self._preload)
            places = [Path(self._folder.name) / f"slot-{number}" for number in range(self.jobs)]
            self._supervisors = [
                Supervisor(self._tasks, context, place, self._limits, self._writable) for place in places
            ]

    def submit(
        self,
        function: Function,
        path: str | Path,
        *args: Any,
        timeout: float | None = None,
        rescuer: Rescuer | None = None,
    ) -> Future[Any]:
        """Run ``function(str(path), *args)`` in a worker; the future's result is its value or a Failure.

        The future raises nothing but CancelledError. *function* must be importable by name and return JSON data.
        rescuer: gives the arguments of further attempts after a timeout, a crash or a shortage of memory.
        """
        self._start()
        with self._lock:
            self._submitted += 1
            folder = Path(f"file-{self._submitted}")
        outer: Future[Any] = Future()
        allowed = self.timeout if timeout is None else timeout
        task = Task(outer, function, str(path), args, allowed, self._limits, folder, rescuer)
        outer.add_done_callback(lambda _: self._log_refusals())
        outer.add_done_callback(self._drop_cancelled)
        self._tasks.put(task)
        return outer

    def _drop_cancelled(self, done: Future[Any]) -> None:
        if done.cancelled():
            for supervisor in self._supervisors:
                supervisor.drop(done)

    def _log_refusals(self) -> None:
        """Log once per run what the kernel refused to enforce."""
        if self._refusals_logged:
            return
        self._refusals_logged = True
        for supervisor in self._supervisors:
            with suppress(OSError, ValueError, RecursionError, TypeError):
                for name in json.loads(worker_output.read(supervisor.folder, REFUSED_FILE, 4096)):
                    log.info("Hạt nhân của máy không cho: %s. Tệp vẫn được đọc.", Measure(name).words)
                return

    def call(
        self,
        function: Function,
        path: str | Path,
        *args: Any,
        timeout: float | None = None,
        rescuer: Rescuer | None = None,
    ) -> Any:
        """Like :meth:`submit`, and wait: the value or a Failure."""
        return self.submit(function, path, *args, timeout=timeout, rescuer=rescuer).result()

    def reached(self, path: str | Path) -> Reached | None:
        """How far the reading of the file at *path* has come, as its worker notes it; None where it is not read now."""
        found = (supervisor.reached(str(path)) for supervisor in list(self._supervisors))
        return next((one for one in found if one is not None), None)

    def map_files(
        self,
        paths: Iterable[str | Path],
        function: Function,
        *args: Any,
        timeout: float | None = None,
        rescuer: Rescuer | None = None,
    ) -> Generator[Any, None, None]:
        """Run ``function(str(path), *args)`` over *paths*: a value or a Failure for each, in the order given."""
        return self.map_calls(((path, *args) for path in paths), function, timeout=timeout, rescuer=rescuer)

    def map_calls(
        self,
        calls: Iterable[tuple[Any, ...]],
        function: Function,
        *,
        timeout: float | None = None,
        rescuer: Rescuer | None = None,
    ) -> Generator[Any, None, None]:
        """Like :meth:`map_files`, with arguments of its own for each file: *calls* are ``(path, *args)``.

        Only a few files are submitted ahead, so a million paths need no more memory than ten.
        """
        with closing(self.map_batches(calls, function, Batching(1), timeout=timeout, rescuer=rescuer)) as batches:
            for batch in batches:
                yield from batch

    def map_batches(
        self,
        calls: Iterable[tuple[Any, ...]],
        function: Function,
        batching: Batching,
        *,
        timeout: float | None = None,
        rescuer: Rescuer | None = None,
    ) -> Generator[list[Any], None, None]:
        """Like :meth:`map_calls`, in lists of values that come shortly after each other; none is empty."""
        ahead = 4 * self.jobs + batching.most - 1
        waiting: deque[Future[Any]] = deque()
        remaining = iter(calls)
        more = True
        try:
            while more or waiting:
                while more and len(waiting) < ahead:
                    call = next(remaining, None)
                    if call is None:
                        more = False
                    else:
                        path, *args = call
                        waiting.append(self.submit(function, path, *args, timeout=timeout, rescuer=rescuer))
                if waiting:
                    yield _next_batch(waiting, batching, last=not more)
        finally:
            for future in waiting:
                future.cancel()

    def close(self) -> None:
        """End all workers and their children now."""
        supervisors, self._supervisors = self._supervisors, []
        for supervisor in supervisors:
            supervisor.stop()
        while True:
            try:
                task = self._tasks.get_nowait()
            except queue.Empty:
                break
            if task is not None:
                task.outer.cancel()
        for _ in supervisors:
            self._tasks.put(None)
        for supervisor in supervisors:
            supervisor.thread.join()
            worker_output.remove_forcibly(supervisor.folder)
        if self._folder is not None:
            self._folder.cleanup()
        self._tasks = queue.SimpleQueue()
        self._folder = None
