"""The default engine: Whoosh, in pure Python, keeps the postings; :mod:`search.engines.whoosh_plans` evaluates plans.

Tokens come ready from :mod:`search.index.engine_document`: none of Whoosh's analysers, stop words, query parsers or
scorers is used.
"""

from __future__ import annotations

import heapq
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import EmptyIndexError, LockError

from corpus.errors import LibraryBusy
from search.engine import EngineHit, EngineQuery, EngineResult, TierPlan
from search.engines import whoosh_format
from search.engines.whoosh_plans import Evaluator
from search.engines.whoosh_postings import DocumentWriter
from search.engines.whoosh_snapshot import Snapshot
from search.index.engine_document import EngineDocument
from search.plan import Order, Plan

#: Bytes of postings gathered in memory before they go to disk.
_POOL_BYTES = 192 << 20
#: A commit may remove files while they are being opened: attempts to open them.
_ATTEMPTS = 10


class WhooshEngine:
    """An index in *folder*, which is made when it is empty. See :class:`search.engine.Engine`."""

    name = "whoosh"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._storage = FileStorage(str(folder))
        try:
            self._index = self._storage.open_index()
        except EmptyIndexError:
            self._index = self._storage.create_index(whoosh_format.schema())
        self._lock = threading.Lock()
        self._current = self._open()

    def _open(self) -> Snapshot:
        """The last commit."""
        for attempt in range(_ATTEMPTS):
            try:
                self._index = self._storage.open_index()
                return Snapshot(self._index)
            except FileNotFoundError:
                if attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")

    @contextmanager
    def _snapshot(self) -> Iterator[Snapshot]:
        """The current snapshot; it stays open while it is used."""
        with self._lock:
            snapshot = self._current
            snapshot.users += 1
        try:
            yield snapshot
        finally:
            with self._lock:
                snapshot.users -= 1
                if snapshot.outdated and not snapshot.users:
                    snapshot.close()

    def _retire(self, snapshot: Snapshot) -> None:
        """Closes a snapshot as soon as nobody uses it. The lock is held."""
        snapshot.outdated = True
        if not snapshot.users:
            snapshot.close()

    def drop(self) -> None:
        """Nothing: all is in the folder."""

    def reload(self) -> bool:
        """See :meth:`search.engine.Engine.reload`."""
        if self._index.latest_generation() == self._current.generation:
            return False
        fresh = self._open()
        with self._lock:
            old, self._current = self._current, fresh
            self._retire(old)
        return True

    def close(self) -> None:
        """See :meth:`search.engine.Engine.close`."""
        with self._lock:
            self._retire(self._current)

    def update(
        self, documents: Iterable[EngineDocument], gone: Sequence[int], *, fresh: bool = False, version: int = 0
    ) -> None:
        """See :meth:`search.engine.Engine.update`. The one writer knows all versions."""
        try:
            writer = DocumentWriter(self._index, codec=whoosh_format.codec(), limit=_POOL_BYTES)
        except LockError as error:
            raise LibraryBusy("Chỉ mục đang được ghi.", "Hãy đợi việc kia xong rồi thử lại.") from error
        try:
            self.reload()
            with self._snapshot() as snapshot:
                for id_ in gone:
                    _remove(writer, snapshot, id_)
                for document in documents:
                    if not fresh:
                        _remove(writer, snapshot, document.id)
                    writer.add_document(**whoosh_format.values(document))
        except BaseException:
            writer.cancel()
            raise
        writer.commit()
        self.reload()

    def search(self, query: EngineQuery) -> EngineResult:
        """See :meth:`search.engine.Engine.search`."""
        with self._snapshot() as snapshot:
            evaluator = Evaluator(snapshot)
            within = None if query.condition is None else evaluator.matching(query.condition) - snapshot.deleted
            found, everything = [], set[int]()
            for tier in query.tiers:
                numbers = evaluator.matching(tier.plan, within, everything)
                numbers = numbers - everything if within is not None else numbers - everything - snapshot.deleted
                found.append(numbers)
                everything |= numbers
            page = _Page(snapshot, query.offset, query.limit)
            if query.order is not None and query.order is not Order.RELEVANCE:
                hits = page.of_all(query.order, everything, found)
            else:
                hits = page.of_tiers(evaluator, list(zip(query.tiers, found, strict=True)))
            counted = {field: _counts(snapshot, field, everything) for field in query.facets}
            return EngineResult(hits, len(everything), [len(numbers) for numbers in found], counted)

    def ids(self, plan: Plan, limit: int = 100_000) -> list[int]:
        """See :meth:`search.engine.Engine.ids`."""
        with self._snapshot() as snapshot:
            id_of = snapshot.column("doc_id")
            numbers = Evaluator(snapshot).matching(plan) - snapshot.deleted
            return sorted(id_of[number] for number in numbers)[:limit]

    def terms(self, field: str, prefix: str, limit: int = 1_000) -> list[tuple[str, int]]:
        """See :meth:`search.engine.Engine.terms`."""
        with self._snapshot() as snapshot:
            terms = snapshot.expand(field, prefix)[:limit]
            return [(term, len(snapshot.postings(field, term).times)) for term in terms]

    def frequency(self, field: str, value: str) -> int:
        """See :meth:`search.engine.Engine.frequency`."""
        with self._snapshot() as snapshot:
            return len(snapshot.postings(field, value).times)

    def count(self) -> int:
        """See :meth:`search.engine.Engine.count`."""
        with self._snapshot() as snapshot:
            return snapshot.documents - len(snapshot.deleted)

    def size(self) -> int:
        """See :meth:`search.engine.Engine.size`."""
        return sum(int(file.stat().st_size) for file in self._folder.iterdir() if file.is_file())


def _remove(writer: Any, snapshot: Snapshot, id_: int) -> None:
    for number in snapshot.postings("id", str(id_)).times:
        if number not in snapshot.deleted:
            writer.delete_document(number)


class _Page:
    """One page of the documents found: *limit* of them after the first *offset*."""

    def __init__(self, snapshot: Snapshot, offset: int, limit: int) -> None:
        self._snapshot = snapshot
        self._id_of = snapshot.column("doc_id")
        self._offset = offset
        self._limit = limit

    def of_all(self, order: Order, numbers: set[int], tiers: list[set[int]]) -> list[EngineHit]:
        """The page of all documents in one order."""
        return [
            EngineHit(self._id_of[number], next(i for i, tier in enumerate(tiers) if number in tier), 0.0)
            for number in self._ordered(order, numbers, self._offset, self._limit)
        ]

    def of_tiers(self, evaluator: Evaluator, tiers: list[tuple[TierPlan, set[int]]]) -> list[EngineHit]:
        """The page of the tiers, one after the other, each in its own order."""
        hits: list[EngineHit] = []
        offset = self._offset
        for rank, (tier, numbers) in enumerate(tiers):
            if len(hits) >= self._limit:
                break
            if offset >= len(numbers):
                offset -= len(numbers)
                continue
            wanted = self._limit - len(hits)
            if tier.order is Order.RELEVANCE:
                scores = dict.fromkeys(numbers, 0.0)
                evaluator.add_scores(tier.plan, scores)
                best = heapq.nsmallest(
                    offset + wanted, scores.items(), key=lambda item: (-item[1], self._id_of[item[0]])
                )
                hits.extend(EngineHit(self._id_of[number], rank, score) for number, score in best[offset:])
            else:
                ordered = self._ordered(tier.order, numbers, offset, wanted)
                hits.extend(EngineHit(self._id_of[number], rank, 0.0) for number in ordered)
            offset = 0
        return hits

    def _ordered(self, order: Order, numbers: set[int], offset: int, limit: int) -> list[int]:
        """*limit* of *numbers* after the first *offset*, by date or by citations."""
        column = self._snapshot.column("by_date" if order is Order.DATE else "by_cited")
        return heapq.nlargest(offset + limit, numbers, key=column.__getitem__)[offset:]


def _counts(snapshot: Snapshot, field: str, numbers: set[int]) -> dict[str, int]:
    """How many of *numbers* have each value of a key field."""
    values = snapshot.facet(field)
    counts: Counter[str] = Counter()
    for number in numbers:
        counts.update(values.get(number, ()))
    return dict(counts)
