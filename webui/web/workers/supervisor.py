"""Starts several processes that serve pages at one socket, starts again those that end, and ends them together.

It serves nothing itself and opens no library, so there is little in it that could fail. The sockets are its own: while
a process starts again, requests wait in them.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import inf
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import FrameType
from typing import Any

from corpus.errors import OcopError
from ingest.worker.interrupts import kept_from_started
from webui.app.settings import Settings
from webui.web.workers.roles import Role, address_in, counts_in, draining_in

log = logging.getLogger("webui")

#: Seconds after which a process that ended soon after its start is started again: at first, and at most.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
#: Seconds of a process that did not end soon.
_STEADY = 10.0
#: Seconds that the processes have to end beside those for requests under way: for the file that an upload is at.
_GRACE = 15.0
#: Names the folder of the counts to the client library of Prometheus; see :mod:`webui.web.metrics`.
_COUNTS = "PROMETHEUS_MULTIPROC_DIR"


@dataclass(slots=True)
class _Worker:
    """One of the processes, through all its starts."""

    role: Role
    process: Any = None
    #: What it says of its start.
    words: Connection | None = None
    began: float = 0.0
    pause: float = _FIRST_PAUSE
    #: When it is started again.
    due: float = 0.0


class Supervisor:
    """*count* processes that serve the pages of *settings* at *listening*."""

    def __init__(self, settings: Settings, listening: socket.socket, count: int) -> None:
        self._settings = settings
        self._listening = listening
        self._count = count
        self._signals: list[int] = []
        self._waker, self._wakened = os.pipe()

    def run(self, opened: Callable[[], None]) -> None:
        """Serve until SIGTERM or Ctrl-C, then end as a process alone does.

        opened: called when the first of them has opened the library. Raises OcopError where it cannot.
        """
        with (
            tempfile.TemporaryDirectory(prefix="ocop-pages-") as folder,
            socket.socket(socket.AF_UNIX) as handed,
            self._signals_taken(),
        ):
            shared = Path(folder)
            handed.bind(str(address_in(shared)))
            handed.listen(128)
            counts_in(shared).mkdir()
            os.environ[_COUNTS] = str(counts_in(shared))
            workers = [_Worker(Role(True, 0, shared, handed))]
            workers += [_Worker(Role(False, number, shared)) for number in range(1, self._count)]
            try:
                self._start(workers[0])
                if self._is_open(workers[0]):
                    opened()
                    self._keep(workers)
                    draining_in(shared).touch()
                    self._keep(workers, signals=2, until=time.monotonic() + self._settings.drain_seconds)
            finally:
                self._end(workers)
                del os.environ[_COUNTS]
        for number in self._signals[:1]:
            signal.raise_signal(number)

    def _start(self, worker: _Worker) -> None:
        # Not fork: locks of this process would come along. Each opens the library by itself.
        context = multiprocessing.get_context("spawn")
        worker.words, theirs = context.Pipe(duplex=False)
        worker.process = context.Process(target=_run, args=(self._settings, self._listening, worker.role, theirs))
        with kept_from_started():  # it takes Ctrl-C itself once it serves
            worker.process.start()
        theirs.close()
        worker.began = time.monotonic()

    def _is_open(self, worker: _Worker) -> bool:
        """Wait until *worker* has opened the library; False where a signal comes first. Raises what it could not."""
        assert worker.words is not None
        if worker.words not in wait([worker.words, self._waker]):
            return False
        try:
            error = worker.words.recv()
        except EOFError:
            worker.process.join()
            code = worker.process.exitcode
            raise OcopError(f"Tiến trình phục vụ trang đã dừng khi khởi động (mã {code}).") from None
        if error is not None:
            raise error
        return True

    def _keep(self, workers: list[_Worker], signals: int = 1, until: float = inf) -> None:
        """Start the others, and each that ends again, until as many signals have come, or it is time."""
        os.set_blocking(self._waker, False)
        while True:
            with suppress(BlockingIOError):
                os.read(self._waker, 16)
            now = time.monotonic()
            if len(self._signals) >= signals or now >= until:
                return
            for worker in workers:
                if worker.process is None and worker.due <= now:
                    self._start(worker)
                elif worker.process is not None and not worker.process.is_alive():
                    self._note_end(worker, now)
            running = [worker.process.sentinel for worker in workers if worker.process is not None]
            due = [worker.due - now for worker in workers if worker.process is None]
            left = min([*due, until - now])
            wait([self._waker, *running], max(0.0, left) if left < inf else None)

    def _note_end(self, worker: _Worker, now: float) -> None:
        """Plan the next start of a process that has ended."""
        error = None
        with suppress(EOFError, OSError):
            assert worker.words is not None
            while error is None and worker.words.poll():
                error = worker.words.recv()
        log.error("a process that serves pages ended (%s) and is started again", error or worker.process.exitcode)
        if now - worker.began >= _STEADY:
            worker.pause = _FIRST_PAUSE
        worker.due, worker.pause = now + worker.pause, min(2 * worker.pause, _LONGEST_PAUSE)
        _forget(worker)

    def _end(self, workers: list[_Worker]) -> None:
        """End all; those that do not end in time are killed, at a second signal at once.

        The main process ends last: the others may still hand requests over to it.
        """
        self._listening.close()  # or connections that nobody takes any more would wait in it
        until, signals = time.monotonic() + _GRACE + 2 * self._settings.end_seconds, len(self._signals)
        for group in (workers[1:], workers[:1]):
            running = [worker for worker in group if worker.process is not None]
            for worker in running:
                worker.process.terminate()
            while any(worker.process.is_alive() for worker in running):
                left = until - time.monotonic()
                if left <= 0 or len(self._signals) > max(signals, 1):
                    for worker in running:
                        worker.process.kill()
                alive = [worker.process.sentinel for worker in running if worker.process.is_alive()]
                wait(alive, timeout=0.2)
            for worker in running:
                _forget(worker)

    @contextmanager
    def _signals_taken(self) -> Iterator[None]:
        """Inside, SIGTERM and Ctrl-C are noted, and wake what waits."""

        def note(number: int, _: FrameType | None) -> None:
            self._signals.append(number)
            os.write(self._wakened, b"s")

        before = {number: signal.signal(number, note) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(self._waker)
            os.close(self._wakened)


def _forget(worker: _Worker) -> None:
    """Release what is left of a process that has ended."""
    worker.process.join()
    worker.process.close()
    if worker.words is not None:
        worker.words.close()
    worker.process, worker.words = None, None


def _run(settings: Settings, listening: socket.socket, role: Role, words: Connection) -> None:
    """Runs in the new process: it imports what serves pages, which this one does without."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    from webui.web.workers.process import run_worker

    run_worker(settings, listening, role, words)
