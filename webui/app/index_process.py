"""Brings the index up to date in a process of its own while files are read and stored.

The index is derived: whatever happens to that process, the next :meth:`search.kept_index.KeptIndex.catch_up` does what
is left. It ends with the process that started it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import OcopError
from search.engine import EngineAddress

if TYPE_CHECKING:
    from corpus.library.store import Store
    from webui.app.settings import Settings

#: Documents stored before the index is brought up to date. A document is indexed anew for each change of its links, so
#: that indexing often is more work; what is not indexed when the reading ends is waited for.
INDEX_EVERY = 200
#: Seconds after which it is brought up to date though fewer were stored; never before so many were.
INDEX_SECONDS, _LEAST = 60.0, 8

#: Shares of the files that are left when all that was stored until then is indexed, not before the least are done: what
#: is then left for the end, when nothing is read beside it, are the last documents and what they change.
_LEFT = (0.5, 0.18, 0.05)
#: The process may be still at work when so many files are left. When this share of them is, that time is left out: what
#: it would index then, it indexes at the end with the rest.
_TOO_LATE = 0.5

#: What the process is told to index: what changed before it was told the last time, what is new, or all; its answer.
_SETTLED, _NEW, _ALL, _DONE = b"s", b"n", b"a", b"d"


class IndexProcess:
    """Indexes for one run. The process starts when there is something to do; :meth:`close` waits for it.

    expected: files that will be reported to :meth:`note`, 0 where that is not known. at_end: called then; does what the
    process could not do. meanwhile: called while the process indexes the last documents; raises nothing but OcopError.
    """

    def __init__(
        self,
        settings: Settings,
        expected: int = 0,
        at_end: Callable[[], object] | None = None,
        meanwhile: Callable[[], object] | None = None,
    ) -> None:
        self._at_end = at_end
        self._meanwhile = meanwhile
        self._arguments = (str(settings.library), settings.engine, settings.engine_address, settings.store)
        self._left = expected
        #: Numbers of files left at which all that is new is to be indexed, the next one last.
        self._marks = sorted({most for share in _LEFT if 1 <= (most := int(expected * share)) <= expected - _LEAST})
        self._process: Any = None
        self._channel: Connection | None = None
        self._stored = 0
        self._at_work = False
        self._began = time.monotonic()

    @property
    def pid(self) -> int | None:
        """The number of the process; None while there is none."""
        return None if self._process is None else self._process.pid

    def note(self, *, stored: bool = True) -> None:
        """A file is done, its document stored or not; the index follows when that is worth while. Returns at once."""
        self._stored += stored
        self._left -= 1
        while self._marks and self._left <= self._marks[-1] * _TOO_LATE:
            self._marks.pop()
        if self._marks and self._left <= self._marks[-1] and self._stored:
            if self._begin(_NEW):
                while self._marks and self._left <= self._marks[-1]:
                    self._marks.pop()
            return
        waited = time.monotonic() - self._began >= INDEX_SECONDS
        if self._stored >= INDEX_EVERY or (waited and self._stored >= _LEAST):
            self._begin(_SETTLED)

    def _begin(self, what: bytes) -> bool:
        """Tell the process *what* to index, unless it is still at work; whether it was told."""
        with suppress(OSError, EOFError):  # it has died: what it leaves is done at the end
            if self._channel is None:
                self._start()
            assert self._channel is not None
            if self._at_work and not self._channel.poll():
                return False
            if self._at_work:
                self._channel.recv_bytes()
            self._channel.send_bytes(what)
            self._at_work, self._stored, self._began = True, 0, time.monotonic()
            return True
        return False

    def _start(self) -> None:
        context = multiprocessing.get_context("forkserver")
        ours, theirs = context.Pipe()
        process = context.Process(target=_keep_up, args=(theirs, *self._arguments), daemon=True)
        with _uninterrupted():  # a process whose orders are cut off tells of it on the terminal
            process.start()
            self._channel, self._process = ours, process
        theirs.close()

    def close(self) -> None:
        """Wait until everything stored is indexed, where it was at work at all, and end it."""
        if self._channel is not None:
            with suppress(OSError, EOFError):
                self._channel.send_bytes(_ALL)
                if self._meanwhile is not None:
                    with suppress(OcopError):
                        self._meanwhile()
                for _ in range(1 + self._at_work):
                    self._channel.recv_bytes()
                self._at_work = False
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            self._process.join()
        self._process, self._channel = None, None
        if self._at_end is not None:
            self._at_end()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C takes effect at the end. Nothing changes outside the main thread, which is never interrupted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    # No mask of this thread would do: another thread would take the signal, and Python interrupt this one.
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)


def _keep_up(channel: Connection, folder: str, engine: str | None, address: EngineAddress | None, store: Store) -> None:
    """Runs in the process: index for each word on *channel* what it says, until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the supervisor, which waits for this process
    from corpus.library import Library
    from ingest.worker.garbage import collect_seldom
    from search.engines import ENGINES
    from search.kept_index import KeptIndex
    from webui.app.settled_changes import Settled

    collect_seldom()
    threading.Thread(target=_end_when_orphaned, daemon=True).start()
    with Library.open(Path(folder), store=store) as library:
        source = Settled(library.view())
        index = KeptIndex(library.folder, source, engine, address)
        with suppress(EOFError, OSError):
            while wanted := channel.recv_bytes():
                try:
                    new = wanted == _NEW and not ENGINES[index.index.engine_name()].remote  # its versions are changes
                    source.move_on(everything=wanted != _SETTLED, only_new=new)
                    index.catch_up()
                except OcopError:  # reported by the catching up at the end of the run
                    source.forget()
                channel.send_bytes(_DONE)
        index.close()


def _end_when_orphaned() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGKILL)
