"""A cache of what pages of results need of documents, valid until a document changes."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence

from cachetools import LRUCache

from corpus.graph.graph import Graph
from corpus.law import effect
from corpus.library import LibraryView
from corpus.library.index_rows import Standing
from corpus.library.indexed import Indexed
from corpus.library.values import Change

#: Bytes of documents kept: some thousand of usual length.
MAX_BYTES = 24 << 20
#: Approximate bytes of a document besides its text.
_OVERHEAD = 3_000


def _weight(found: Indexed) -> int:
    return _OVERHEAD + sys.getsizeof(found.text) + 60 * len(found.page_starts)


class CachedSource:
    """A library view as :class:`search.searcher.Search` reads it, with a cache.

    A citation that changes marks both of its documents as changed, so a cached value holds until its id is among the
    changes. What cites a document is asked of *graph*, the citations that the view shows, once they are in memory.
    """

    def __init__(self, source: LibraryView, graph: Graph) -> None:
        self._source = source
        self._graph = graph
        self._kept: LRUCache[int, Indexed] = LRUCache(MAX_BYTES, _weight)
        self._sequence = 0
        self._day = ""
        self._lock = threading.Lock()

    def sequence(self) -> int:
        """See :meth:`corpus.library.view.LibraryView.sequence`."""
        return self._source.sequence()

    def forgotten(self) -> int:
        """See :meth:`corpus.library.view.LibraryView.forgotten`."""
        return self._source.forgotten()

    def changes(self, since: int = 0) -> Sequence[Change]:
        """See :meth:`corpus.library.view.LibraryView.changes`."""
        return self._source.changes(since)

    def indexed(self, id: int) -> Indexed:
        """See :meth:`corpus.library.view.LibraryView.indexed`. Never of the cache: the index asks once."""
        return self._source.indexed(id)

    def indexed_some(self, ids: Sequence[int]) -> dict[int, Indexed]:
        """See :meth:`corpus.library.view.LibraryView.indexed_some`; as :meth:`indexed`."""
        return self._source.indexed_some(ids)

    def shown(self, id: int) -> Indexed:
        """See :meth:`corpus.library.view.LibraryView.shown`. The value is shared and must not be changed."""
        now = self._follow()
        with self._lock:
            if id in self._kept:
                return self._kept[id]
        found = self._source.shown_some([id], self._standings([id], now)).get(id)
        if found is None:  # merged, which the view follows, or not there
            return self._source.shown(id)
        self._keep({id: found}, now)
        return found

    def shown_some(self, ids: Sequence[int]) -> dict[int, Indexed]:
        """See :meth:`corpus.library.view.LibraryView.shown_some`; what is not cached is read at once."""
        now = self._follow()
        with self._lock:
            found = {id: self._kept[id] for id in ids if id in self._kept}
        missing = [id for id in ids if id not in found]
        if missing:
            fresh = self._source.shown_some(missing, self._standings(missing, now))
            self._keep(fresh, now)
            found |= fresh
        return found

    def _standings(self, ids: Sequence[int], now: int) -> dict[int, Standing]:
        """What other documents say of each of *ids* at *now*, as far as the graph knows; nothing until it is loaded."""
        loaded = self._graph.sequence
        if loaded < 0:
            return {}
        return (self._graph if loaded >= now else self._graph.refresh()).standings(ids)

    def _follow(self) -> int:
        """Drop what changed; the sequence for which the cache is valid then. A new day may change what is in force."""
        now, today = self._source.sequence(), effect.today()
        with self._lock:
            if today != self._day:
                self._kept.clear()
                self._day = today
            if now != self._sequence:
                if self._kept:
                    for change in self._source.changes(self._sequence):
                        self._kept.pop(change.id, None)
                self._sequence = now
        return now

    def _keep(self, found: dict[int, Indexed], now: int) -> None:
        with self._lock:
            if self._sequence == now:
                for id, value in found.items():
                    if _weight(value) <= MAX_BYTES // 16:  # a book would displace all others
                        self._kept[id] = value
