"""Metrics for a Prometheus server: requests, documents, waiting uploads, failures; each application has its own."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter as Count
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

from corpus.errors import OcopError
from corpus.library import LibraryView

#: Upper bounds of the duration buckets, in seconds.
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
#: Names the folder of the counts of several processes to the client library.
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
#: What of several processes is added up.
_SUMS = frozenset({"ocop_process_resident_memory_bytes", "ocop_process_open_fds", "ocop_process_cpu_seconds"})
#: Seconds for which the library's counts are kept: counting reads whole tables.
KEPT_SECONDS = 10.0


class Metrics:
    """The metrics of one application. waiting: how many uploads are not read yet.

    further: what else is told of the whole server. shared: of several processes, the folder in which each keeps its
    counts; then :meth:`text` has those of all, also of those that have ended. The environment must name it when this
    module is imported (:data:`FOLDER_VARIABLE`).
    """

    def __init__(
        self,
        library: LibraryView,
        waiting: Callable[[], int],
        shared: Path | None = None,
        further: Iterable[Collector] = (),
    ) -> None:
        self.registry = CollectorRegistry()
        self._shared = shared
        self._requests = Counter(
            "ocop_requests", "Requests answered", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "ocop_request_seconds", "Time to answer", ["route"], buckets=BUCKETS, registry=self.registry
        )
        #: What is not counted by each process.
        self._whole = self.registry if shared is None else CollectorRegistry()
        if shared is None:
            ProcessCollector(namespace="ocop", registry=self.registry)
        else:
            self._whole.register(_Processes(shared))
        self._whole.register(_Library(library, waiting))
        for collector in further:
            self._whole.register(collector)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request answered."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """All metrics in Prometheus' text format."""
        if self._shared is None:
            return generate_latest(self.registry)
        counted = CollectorRegistry()
        MultiProcessCollector(counted, str(self._shared))  # type: ignore[no-untyped-call]
        return generate_latest(counted) + generate_latest(self._whole)


class _Processes(Collector):
    """What the processes of a server use together, under the names that :class:`ProcessCollector` has for one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        found: dict[str, list[Metric]] = {}
        counting = {int(file.stem.rpartition("_")[2]) for file in self._folder.glob("counter_*.db")}
        for number in counting | {os.getpid()}:  # one that has answered nothing yet has no counts
            of_one = ProcessCollector(namespace="ocop", pid=partial(int, number), registry=None)
            for metric in of_one.collect():  # nothing of a process that has ended
                found.setdefault(metric.name, []).append(metric)
        for name in _SUMS & found.keys():
            metric = found[name][0]
            values = [
                sample.value for one in found[name] for sample in one.samples if sample.name == metric.samples[0].name
            ]
            metric.samples = [Sample(metric.samples[0].name, metric.samples[0].labels, sum(values))]
            yield metric


class _Library(Collector):
    def __init__(self, library: LibraryView, waiting: Callable[[], int]) -> None:
        self._library = library
        self._waiting = waiting
        self._kept: list[Metric] = []
        self._until = 0.0
        self._lock = threading.Lock()

    def describe(self) -> Iterable[Metric]:
        return []  # or registering would count the library

    def collect(self) -> Iterator[Metric]:
        with self._lock:
            if time.monotonic() >= self._until:
                self._kept = list(self._counted())
                self._until = time.monotonic() + KEPT_SECONDS
            yield from self._kept
        queue = GaugeMetricFamily("ocop_uploads_waiting", "Uploads not yet read")
        queue.add_metric([], self._waiting())
        yield queue

    def _counted(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("ocop_library_up", "1 when the library could be read")
        try:
            counts = asdict(self._library.status())
            verdicts = Count(f.verdict for f in self._library.failures())
        except (OcopError, OSError):
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        documents = GaugeMetricFamily("ocop_documents", "Documents of the library by kind", labels=["kind"])
        for kind in ("held", "stubs", "known", "unsure", "duplicates", "refused"):
            documents.add_metric([kind], counts[kind])
        yield documents
        citations = GaugeMetricFamily("ocop_citations", "Citations found by state", labels=["state"])
        resolved = counts["citations"] - counts["ambiguous"] - counts["unresolved"]
        for state, number in (("resolved", resolved), *((s, counts[s]) for s in ("ambiguous", "unresolved"))):
            citations.add_metric([state], number)
        yield citations
        failed = GaugeMetricFamily("ocop_files_failed", "Files that workers could not read", labels=["verdict"])
        for verdict, number in sorted(verdicts.items()):
            failed.add_metric([verdict], number)
        yield failed
