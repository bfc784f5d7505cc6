"""Metrics of what several machines share: the reading queue, the index behind the store, the store's door."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from corpus.errors import OcopError
from corpus.library import LibraryView
from webui.app.index_following import IndexLag
from webui.app.queue_state import QueueWatch
from webui.app.reading_jobs import JobState

#: What a part that is away raises. Its metrics are left out then, but for the one that says so.
_TROUBLE = (OcopError, SQLAlchemyError, OSError)
#: The states of a job as metrics name them.
_STATES = {
    JobState.WAITING: "waiting",
    JobState.READING: "reading",
    JobState.DONE: "done",
    JobState.FAILED: "failed",
    JobState.CANCELLED: "cancelled",
}
_M = TypeVar("_M", GaugeMetricFamily, CounterMetricFamily)


class SharedParts(Collector):
    """Counts at each look: what is asked is cheap, and must be true of that moment."""

    def __init__(self, library: LibraryView, lag: IndexLag, queue: QueueWatch) -> None:
        self._library, self._lag, self._queue = library, lag, queue
        self._lock = threading.Lock()

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering would ask every part."""
        return []

    def collect(self) -> Iterator[Metric]:
        """See :class:`prometheus_client.registry.Collector`."""
        with self._lock:
            found = [*self._store_door(), *self._index(), *self._reading_queue()]
        yield from found

    def _store_door(self) -> Iterator[Metric]:
        began = time.perf_counter()
        try:
            sequence = self._library.sequence()
        except _TROUBLE:
            yield _one(GaugeMetricFamily("ocop_store_up", "1 when the store answered"), 0)
            return
        took = time.perf_counter() - began
        yield _one(GaugeMetricFamily("ocop_store_up", "1 when the store answered"), 1)
        yield _one(GaugeMetricFamily("ocop_store_answer_seconds", "Time the store took to name its last change"), took)
        yield _one(CounterMetricFamily("ocop_store_changes", "Documents written or deleted in the store"), sequence)

    def _index(self) -> Iterator[Metric]:
        try:
            lag = self._lag.now()
        except _TROUBLE:
            yield _one(GaugeMetricFamily("ocop_index_up", "1 when the search index could be read"), 0)
            return
        yield _one(GaugeMetricFamily("ocop_index_up", "1 when the search index could be read"), 1)
        yield _one(GaugeMetricFamily("ocop_index_documents", "Documents in the search index"), lag.documents)
        yield _one(GaugeMetricFamily("ocop_index_lag_changes", "Changes not in the search index yet"), lag.changes)
        words = "Time since the oldest change that is not in the search index yet was noticed"
        yield _one(GaugeMetricFamily("ocop_index_lag_seconds", words), lag.seconds)

    def _reading_queue(self) -> Iterator[Metric]:
        try:
            state = self._queue.state()
        except _TROUBLE:
            yield _one(GaugeMetricFamily("ocop_queue_up", "1 when the reading queue could be read"), 0)
            return
        yield _one(GaugeMetricFamily("ocop_queue_up", "1 when the reading queue could be read"), 1)
        jobs = GaugeMetricFamily("ocop_queue_jobs", "Files handed in for reading, by state", labels=["state"])
        for name, count in state.jobs.items():
            jobs.add_metric([_STATES[name]], count)
        yield jobs
        words = "Time since the oldest file that still waits was handed in"
        yield _one(GaugeMetricFamily("ocop_queue_oldest_seconds", words), state.oldest_seconds)
        yield _one(GaugeMetricFamily("ocop_queue_tries", "Readings begun of the files listed"), state.tries)
        words = "Files that wait or are being read, whose reading ended a reader before"
        yield _one(GaugeMetricFamily("ocop_queue_tried_again", words), state.tried_again)
        yield _one(GaugeMetricFamily("ocop_queue_readers", "Readers that gave a sign of life lately"), state.readers)


def _one(family: _M, value: float) -> _M:
    family.add_metric([], value)
    return family
