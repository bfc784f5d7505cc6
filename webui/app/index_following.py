"""The index of a server keeps up with what other machines store, and how far behind it is.

What a server stores itself it indexes at once. What `ocop work`, `ocop ingest` and other servers store in a shared
library it learns of by the number of the library's last change.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from corpus.errors import OcopError
from search.kept_index import KeptIndex

log = logging.getLogger("webui")

#: Seconds that the thread has to end; it may be at work on a large batch, which the next start does.
_PATIENCE = 10.0
#: Moments that are remembered; the oldest ones matter.
_MOMENTS = 1_000


class IndexFollower:
    """Brings *index* up to date every *seconds* where its library has changed, until it is closed.

    What goes wrong is logged, and tried again the next time.
    """

    def __init__(self, index: KeptIndex, seconds: float) -> None:
        self._index = index
        self._seconds = seconds
        self._followed = -1
        self._failing = False
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, name="index", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._ends.set()
        self._thread.join(_PATIENCE)

    def _run(self) -> None:
        while not self._ends.wait(self._seconds):
            try:
                self._follow()
                self._failing = False
            except (OcopError, SQLAlchemyError, OSError) as error:
                if not self._failing:  # it may last for hours; the metrics say for how long
                    log.warning("the index does not follow: %s: %s", type(error).__name__, error)
                self._failing = True

    def _follow(self) -> None:
        sequence = self._index.source.sequence()
        if sequence != self._followed:
            self._index.catch_up()
            self._followed = sequence


@dataclass(frozen=True, slots=True)
class Lag:
    """How far an index is behind its library."""

    #: Documents that changed since, as numbers of changes.
    changes: int
    #: Seconds since the first of them was noticed, which is when somebody last asked before it; 0 for none.
    seconds: float
    #: Documents in the index.
    documents: int


class IndexLag:
    """Measures :class:`Lag`. Changes carry no times, so it remembers when it first saw their numbers. One asks it."""

    def __init__(self, index: KeptIndex, clock: Callable[[], float] = time.monotonic) -> None:
        self._index = index
        self._clock = clock
        #: When a number of the library's last change was first seen, and the number.
        self._seen: deque[tuple[float, int]] = deque()

    def now(self) -> Lag:
        """The present lag. Raises StaleIndex, SearchUnreachable, LibraryUnreachable: there is no index to ask."""
        state = self._index.state()
        indexed, behind = int(state["sequence"]), int(state["behind"])
        now, last = self._clock(), indexed + behind
        while self._seen and not indexed < self._seen[0][1] <= last:  # taken in, or of another library
            self._seen.popleft()
        if behind > 0 and len(self._seen) < _MOMENTS and (not self._seen or last > self._seen[-1][1]):
            self._seen.append((now, last))
        seconds = now - self._seen[0][0] if self._seen else 0.0
        return Lag(max(0, behind), seconds, int(state["documents"]))
