"""One commit of a Whoosh index, read lazily and whole: postings, columns and facets, kept in memory by use."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Any

from whoosh.matching.wrappers import FilterMatcher
from whoosh.reading import TermNotFound

from search.engine import fieldnorm
from search.engines.whoosh_format import length_column, pair_place, times_of_pair
from search.index.index_fields import FOLDED_PAIR, PAIR, POSITIONS

#: Parameters of BM25; Tantivy has the same.
K1, B = 1.2, 0.75
#: Postings kept in memory, of the terms used last.
_MOST_CACHED = 1_000_000


class Postings:
    """The postings of one term over all segments."""

    __slots__ = ("positions", "times")

    def __init__(self) -> None:
        #: Document → times the term is in it.
        self.times: dict[int, int] = {}
        #: Document → packed positions (:func:`search.engines.whoosh_format.unpack`).
        self.positions: dict[int, bytes] = {}


class Snapshot:
    """One commit of the index. Document numbers are Whoosh's, segment after segment."""

    def __init__(self, index: Any) -> None:
        self.generation = int(index.latest_generation())
        self._reader = index.reader()
        self._segments = [(leaf, base) for leaf, base in self._reader.leaf_readers() if leaf.doc_count_all()]
        #: Documents, deleted ones included.
        self.documents: int = sum(leaf.doc_count_all() for leaf, _ in self._segments)
        self.deleted = {base + number for leaf, base in self._segments for number in leaf.deleted_docs_set}
        # Whoosh's files have one position each, so one thread reads at a time.
        self._lock = threading.RLock()
        self._columns: dict[str, list[int]] = {}
        self._norms: dict[str, list[float]] = {}
        self._postings: OrderedDict[tuple[str, str], Postings] = OrderedDict()
        self._cached = 0
        self._facets: dict[str, dict[int, list[str]]] = {}
        #: Searches that are using it.
        self.users = 0
        #: A newer commit has taken its place; it is closed when its last user is done.
        self.outdated = False

    def close(self) -> None:
        """Releases the files."""
        self._reader.close()

    def column(self, name: str) -> list[int]:
        """The number field *name* of all documents, 0 where a document has none."""
        with self._lock:
            found = self._columns.get(name)
            if found is None:
                found = []
                for leaf, _ in self._segments:
                    size = leaf.doc_count_all()
                    found.extend(list(leaf.column_reader(name)) if leaf.has_column(name) else [0] * size)
                self._columns[name] = found
            return found

    def norms(self, field: str) -> list[float]:
        """The part of BM25 that depends on a field's length, for each document."""
        found = self._norms.get(field)
        if found is None:
            lengths = self.column(length_column(field))
            average = sum(lengths) / max(len(lengths), 1) or 1.0
            found = [K1 * (1 - B + B * fieldnorm(length) / average) for length in lengths]
            self._norms[field] = found
        return found

    def postings(self, field: str, value: str) -> Postings:
        """The postings of a term; empty for one that no document has."""
        key = (field, value)
        with self._lock:
            found = self._postings.get(key)
            if found is not None:
                self._postings.move_to_end(key)
                return found
            found = self._read(field, value)
            self._postings[key] = found
            self._cached += len(found.times)
            while self._cached > _MOST_CACHED and len(self._postings) > 1:
                _, dropped = self._postings.popitem(last=False)
                self._cached -= len(dropped.times)
            return found

    def _read(self, field: str, value: str) -> Postings:
        """The postings of a term as they are on disk."""
        found = Postings()
        if field in (PAIR, FOLDED_PAIR):
            bucket, digest = pair_place(value)
            for numbers, _, pairs in self._blocks(field, bucket, values=True):
                for number, own in zip(numbers, pairs, strict=True):
                    times = times_of_pair(own, digest)
                    if times:
                        found.times[number] = times
            return found
        positions = field in POSITIONS
        for numbers, weights, values in self._blocks(field, value, values=positions):
            found.times.update(zip(numbers, map(int, weights), strict=True))
            if positions:
                found.positions.update(zip(numbers, values, strict=True))
        return found

    def _blocks(
        self, field: str, value: str, *, values: bool
    ) -> Iterator[tuple[list[int], Sequence[float], Sequence[bytes]]]:
        """(documents, weights, posting values) of each block of a term, without the values unless they are wanted.

        Read by the matcher's internals: its public steps go one posting at a time.
        """
        for leaf, base in self._segments:
            try:
                matcher = leaf.postings(field, value.encode())
            except TermNotFound:
                continue
            if isinstance(matcher, FilterMatcher):  # deleted documents are left out at the end, all at once
                matcher = matcher.child
                matcher.reset()
            while matcher.is_active():
                matcher._read_ids()
                matcher._read_weights()
                if values:
                    matcher._read_values()
                yield [base + number for number in matcher._ids], matcher._weights, matcher._values if values else ()
                matcher._next_block()

    def expand(self, field: str, prefix: str) -> list[str]:
        """The terms of a field that start with *prefix*, in order."""
        with self._lock:
            terms: set[bytes] = set()
            for leaf, _ in self._segments:
                if field in leaf.indexed_field_names():
                    terms.update(leaf.expand_prefix(field, prefix.encode()))
        return sorted(term.decode() for term in terms)

    def facet(self, field: str) -> dict[int, list[str]]:
        """Document → its values of a key field."""
        with self._lock:
            found = self._facets.get(field)
            if found is None:
                found = {}
                for value in self.expand(field, ""):
                    for number in self._read(field, value).times:
                        found.setdefault(number, []).append(value)
                self._facets[field] = found
            return found
