"""The default engine: Whoosh keeps the postings, this module evaluates plans over whole posting lists.

Whoosh's own matchers step through postings one Python call at a time; read a block at a time and joined as sets they
are some thirty times faster, and the scores are exactly those of the other engines (BM25, k1 = 1.2, b = 0.75, lengths
rounded by :func:`search.engine.fieldnorm`). Tokens come ready from :mod:`search.document`: none of Whoosh's analysers,
stop words or query parsers is used. The format is Python's pickle, so an index is opened only from a folder that
:mod:`search.folder` has found to be our own.
"""

from __future__ import annotations

import heapq
import math
import threading
from array import array
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from whoosh import columns, fields, formats
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage
from whoosh.index import EmptyIndexError, LockError
from whoosh.matching.wrappers import FilterMatcher
from whoosh.reading import TermNotFound

from corpus.errors import LibraryBusy
from search.document import KEYS, NUMBERS, POSITIONS, TEXT, EngineDocument
from search.engine import EngineHit, EngineResult, Order, Tier, fieldnorm
from search.plan import SCORED, And, AnyOf, Everything, Fuzzy, Nothing, Or, Phrase, Plan, Prefix, Range, Term

K1, B = 1.2, 0.75
#: Postings to a block: large, because lists are read whole.
_BLOCK = 1024
#: Postings kept in memory, of the terms used last.
_CACHED = 1_000_000
#: Megabytes of postings gathered before Whoosh sorts them out to disk.
_POOL_MB = 192


class _Existing(formats.Format):  # type: ignore[misc]
    """Postings without positions. One constant byte each: Whoosh loses empty values when it merges."""

    posting_size = 1


class _Positions(formats.Format):  # type: ignore[misc]
    """Postings whose value is the list of positions (see :func:`_pack`)."""

    posting_size = -1


class _Tokens(fields.FieldType):  # type: ignore[misc]
    """A field whose value is a list of ready tokens."""

    def __init__(self, positions: bool) -> None:
        self.positions = positions
        super().__init__(_Positions() if positions else _Existing(), None)

    def index(self, value: list[str], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        if not self.positions:
            for token, count in Counter(value).items():
                yield token.encode(), count, float(count), b"\0"
            return
        places: dict[str, list[int]] = {}
        for position, token in enumerate(value):
            places.setdefault(token, []).append(position)
        for token, found in places.items():
            yield token.encode(), len(found), float(len(found)), _pack(found)


def _pack(positions: list[int]) -> bytes:
    """Rising positions as a type letter and gaps in the least width that holds them."""
    gaps = [positions[0], *(b - a for a, b in pairwise(positions))]
    largest = max(gaps)
    code = "B" if largest < 1 << 8 else "H" if largest < 1 << 16 else "I"
    return code.encode() + array(code, gaps).tobytes()


def _unpack(value: bytes) -> list[int]:
    code = chr(value[0])
    if code == "B":
        return list(accumulate(value[1:]))
    gaps = array(code)
    gaps.frombytes(value[1:])
    return list(accumulate(gaps))


def _codec() -> W3Codec:
    """Whoosh's codec without its own lengths: ours are columns, and it would look for its file at every posting."""
    codec = W3Codec(blocklimit=_BLOCK)
    codec.length_stats = False
    return codec


def _schema() -> fields.Schema:
    schema = fields.Schema()
    for name in TEXT:
        schema.add(name, _Tokens(name in POSITIONS))
    for name in KEYS:
        schema.add(name, _Tokens(False))
    for name in NUMBERS:
        schema.add(name, fields.COLUMN(columns.NumericColumn("q")))
    for name in SCORED:
        schema.add(f"len_{name}", fields.COLUMN(columns.NumericColumn("q")))
    return schema


class _Postings:
    """One term's postings over all segments: document → times, and document → packed positions."""

    __slots__ = ("times", "values")

    def __init__(self) -> None:
        self.times: dict[int, int] = {}
        self.values: dict[int, bytes] = {}


class _Snapshot:
    """One generation of the index, read lazily. Document numbers here are Whoosh's, segment after segment."""

    def __init__(self, index: Any) -> None:
        self.generation = int(index.latest_generation())
        self._reader = index.reader()
        self._leaves = [(leaf, base) for leaf, base in self._reader.leaf_readers() if leaf.doc_count_all()]
        self.documents: int = sum(leaf.doc_count_all() for leaf, _ in self._leaves)
        self.deleted = {base + number for leaf, base in self._leaves for number in leaf.deleted_docs_set}
        # Whoosh's files have one position each: reading is one thread's at a time.
        self._lock = threading.RLock()
        self._columns: dict[str, list[int]] = {}
        self._norms: dict[str, list[float]] = {}
        self._postings: OrderedDict[tuple[str, str], _Postings] = OrderedDict()
        self._cached = 0
        self._facets: dict[str, dict[int, list[str]]] = {}
        self.users = 0
        self.outdated = False

    def close(self) -> None:
        self._reader.close()

    def column(self, name: str) -> list[int]:
        """The numbers of all documents (0 where there is none)."""
        with self._lock:
            found = self._columns.get(name)
            if found is None:
                found = []
                for leaf, _ in self._leaves:
                    size = leaf.doc_count_all()
                    found.extend(list(leaf.column_reader(name)) if leaf.has_column(name) else [0] * size)
                self._columns[name] = found
            return found

    def norms(self, field: str) -> list[float]:
        """BM25's length part of each document."""
        found = self._norms.get(field)
        if found is None:
            lengths = self.column(f"len_{field}")
            average = sum(lengths) / max(len(lengths), 1) or 1.0
            found = [K1 * (1 - B + B * fieldnorm(length) / average) for length in lengths]
            self._norms[field] = found
        return found

    def postings(self, field: str, value: str) -> _Postings:
        key = (field, value)
        with self._lock:
            found = self._postings.get(key)
            if found is not None:
                self._postings.move_to_end(key)
                return found
            found = self._read(field, value)
            self._postings[key] = found
            self._cached += len(found.times)
            while self._cached > _CACHED and len(self._postings) > 1:
                _, dropped = self._postings.popitem(last=False)
                self._cached -= len(dropped.times)
            return found

    def _read(self, field: str, value: str) -> _Postings:
        found = _Postings()
        positions = field in POSITIONS
        for leaf, base in self._leaves:
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
                numbers = [base + number for number in matcher._ids]
                found.times.update(zip(numbers, map(int, matcher._weights), strict=True))
                if positions:
                    matcher._read_values()
                    found.values.update(zip(numbers, matcher._values, strict=True))
                matcher._next_block()
        return found

    def expand(self, field: str, prefix: str) -> list[str]:
        """Terms of a field that start with *prefix*, in order."""
        with self._lock:
            terms: set[bytes] = set()
            for leaf, _ in self._leaves:
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

    # Evaluating plans

    def documents_of(self, plan: Plan, within: set[int] | None = None) -> set[int]:
        """Documents of a plan, of those in *within* where it is given."""
        if isinstance(plan, Nothing) or not self.documents:
            return set()
        if isinstance(plan, Everything):
            return set(range(self.documents)) if within is None else within
        if isinstance(plan, Term):
            times = self.postings(plan.field, plan.value).times
            return set(times) if within is None else within & times.keys()
        if isinstance(plan, AnyOf):
            found: set[int] = set()
            for value in plan.values:
                found.update(self.postings(plan.field, value).times)
            return found if within is None else found & within
        if isinstance(plan, Prefix | Fuzzy):
            return self.documents_of(AnyOf(plan.field, tuple(self._variants(plan))), within)
        if isinstance(plan, Range):
            column = self.column(plan.field)
            numbers: Iterable[int] = range(self.documents) if within is None else within
            return {n for n in numbers if column[n] and plan.low <= column[n] <= plan.high}
        if isinstance(plan, Or):
            return set().union(*(self.documents_of(item, within) for item in plan.items))
        if isinstance(plan, Phrase):
            return {number for number, times in self._phrase(plan, within).items() if times}
        found_all = within
        for item in sorted(plan.must, key=self._cost):
            found_all = self.documents_of(item, found_all)
            if not found_all:
                return set()
        kept = found_all if found_all is not None else set(range(self.documents))
        for item in plan.must_not:
            kept = kept - self.documents_of(item, kept)
        return kept

    def _cost(self, plan: Plan) -> int:
        """How many documents a plan may have, about: the rarest are asked for first."""
        if isinstance(plan, Term):
            return len(self.postings(plan.field, plan.value).times)
        if isinstance(plan, Phrase):  # dearer than a term: its positions are read
            return 2 * min((len(self.postings(plan.field, v).times) for v in plan.values), default=0)
        if isinstance(plan, Or):
            return sum(self._cost(item) for item in plan.items)
        if isinstance(plan, And) and plan.must:
            return min(self._cost(item) for item in plan.must)
        return 0 if isinstance(plan, Nothing) else self.documents

    def _variants(self, plan: Prefix | Fuzzy) -> list[str]:
        if isinstance(plan, Prefix):
            return self.expand(plan.field, plan.value)
        length = len(plan.value)
        return [
            term
            for term in self.expand(plan.field, "")
            if abs(len(term) - length) <= plan.distance and edits(plan.value, term, plan.distance) <= plan.distance
        ]

    def _phrase(self, plan: Phrase, within: set[int] | None) -> dict[int, int]:
        """Document → times the phrase stands in it."""
        lists = [self.postings(plan.field, value) for value in plan.values]
        numbers = within
        for postings in sorted(lists, key=lambda p: len(p.times)):
            numbers = set(postings.times) if numbers is None else numbers & postings.times.keys()
        found = {}
        order = sorted(range(len(lists)), key=lambda i: len(lists[i].times))
        for number in numbers or ():
            if plan.slop:
                places = [_unpack(postings.values[number]) for postings in lists]
                times = _near(places, plan.slop)
            else:
                starts: set[int] | None = None
                for i in order:
                    shifted = {place - i for place in _unpack(lists[i].values[number])}
                    starts = shifted if starts is None else starts & shifted
                    if not starts:
                        break
                times = len(starts or ())
            if times:
                found[number] = times
        return found

    def add_scores(self, plan: Plan, scores: dict[int, float]) -> None:
        """Adds what *plan* gives to the documents in *scores*."""
        if isinstance(plan, Term) and plan.field in SCORED:
            times = self.postings(plan.field, plan.value).times
            self._bm25(plan.field, self._idf(plan.field, plan.value), plan.boost, times, scores)
        elif isinstance(plan, Phrase) and plan.field in SCORED:
            idf = sum(self._idf(plan.field, value) for value in plan.values)
            self._bm25(plan.field, idf, plan.boost, self._phrase(plan, set(scores)), scores)
        elif isinstance(plan, Or):
            for item in plan.items:
                self.add_scores(item, scores)
        elif isinstance(plan, And):
            # Inside an or, an and gives nothing to documents that have but some of its parts.
            inside = self.documents_of(plan, set(scores))
            part = scores if len(inside) == len(scores) else dict.fromkeys(inside, 0.0)
            for item in (*plan.must, *plan.should):
                self.add_scores(item, part)
            if part is not scores:
                for number, score in part.items():
                    scores[number] += score

    def _idf(self, field: str, value: str) -> float:
        having = len(self.postings(field, value).times)
        return math.log(1 + (self.documents - having + 0.5) / (having + 0.5))

    def _bm25(self, field: str, idf: float, boost: float, times: dict[int, int], scores: dict[int, float]) -> None:
        norms, weight = self.norms(field), idf * (1 + K1) * boost
        if len(times) < len(scores):
            for number, count in times.items():
                if number in scores:
                    scores[number] += weight * count / (count + norms[number])
        else:
            for number in scores:
                count = times.get(number, 0)
                if count:
                    scores[number] += weight * count / (count + norms[number])


def _near(places: list[list[int]], slop: int) -> int:
    """Starts of the phrase from which its words follow in order with at most *slop* others among them."""
    count = 0
    for start in places[0]:
        at = start
        for later in places[1:]:
            following = next((place for place in later if place > at), None)
            if following is None:
                return count
            at = following
        if at - start - (len(places) - 1) <= slop:
            count += 1
    return count


def edits(a: str, b: str, most: int) -> int:
    """Edits (insert, delete, change, swap neighbours) from *a* to *b*; more than *most* is only told as such."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        last, row = row, [i]
        for j, right in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most and (not last or min(last) > most):
            return most + 1
        before = last
    return row[-1]


class WhooshEngine:
    """An index in *folder*, which is made when it is empty. See :class:`search.engine.Engine`."""

    name = "whoosh"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._storage = FileStorage(str(folder))
        try:
            self._index = self._storage.open_index()
        except EmptyIndexError:
            self._index = self._storage.create_index(_schema())
        self._lock = threading.Lock()
        self._current = self._open()

    def _open(self) -> _Snapshot:
        """The last commit. A commit may take files away while they are being opened: then it is tried again."""
        for attempt in range(10):
            try:
                self._index = self._storage.open_index()
                return _Snapshot(self._index)
            except FileNotFoundError:
                if attempt == 9:
                    raise
        raise AssertionError("unreachable")

    @contextmanager
    def _snapshot(self) -> Iterator[_Snapshot]:
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

    def reload(self) -> bool:
        if self._index.latest_generation() == self._current.generation:
            return False
        fresh = self._open()
        with self._lock:
            old, self._current = self._current, fresh
            old.outdated = True
            if not old.users:
                old.close()
        return True

    def close(self) -> None:
        with self._lock:
            self._current.outdated = True
            if not self._current.users:
                self._current.close()

    def update(self, documents: Iterable[EngineDocument], gone: Sequence[int], *, fresh: bool = False) -> None:
        try:
            writer = self._index.writer(codec=_codec(), limitmb=_POOL_MB)
        except LockError as error:
            raise LibraryBusy("Chỉ mục đang được ghi.", "Hãy đợi việc kia xong rồi thử lại.") from error
        try:
            self.reload()
            with self._snapshot() as snapshot:
                for id_ in gone:
                    self._remove(writer, snapshot, id_)
                for document in documents:
                    if not fresh:
                        self._remove(writer, snapshot, document.id)
                    writer.add_document(**_values(document))
        except BaseException:
            writer.cancel()
            raise
        writer.commit()
        self.reload()

    @staticmethod
    def _remove(writer: Any, snapshot: _Snapshot, id_: int) -> None:
        for number in snapshot.postings("id", str(id_)).times:
            if number not in snapshot.deleted:
                writer.delete_document(number)

    def optimize(self) -> None:
        self._index.writer(codec=_codec(), limitmb=_POOL_MB).commit(optimize=True)
        self.reload()

    def search(
        self,
        tiers: Sequence[Tier],
        *,
        condition: Plan | None = None,
        offset: int = 0,
        limit: int = 10,
        order: Order | None = None,
        facets: Sequence[str] = (),
    ) -> EngineResult:
        with self._snapshot() as snapshot:
            within = None if condition is None else snapshot.documents_of(condition) - snapshot.deleted
            found, everything = [], set[int]()
            for tier in tiers:
                numbers = snapshot.documents_of(tier.plan, within)
                numbers = numbers - everything if within is not None else numbers - everything - snapshot.deleted
                found.append(numbers)
                everything |= numbers
            totals = [len(numbers) for numbers in found]
            if order is not None and order != "relevance":
                hits = _by_column(snapshot, order, everything, offset, limit, found)
            else:
                hits = _by_tier(snapshot, tiers, found, offset, limit)
            result = EngineResult(hits, len(everything), totals)
            for field in facets:
                values = snapshot.facet(field)
                counts: Counter[str] = Counter()
                for number in everything:
                    counts.update(values.get(number, ()))
                result.facets[field] = dict(counts)
            return result

    def ids(self, plan: Plan, limit: int = 100_000) -> list[int]:
        with self._snapshot() as snapshot:
            known = snapshot.column("doc_id")
            numbers = snapshot.documents_of(plan) - snapshot.deleted
            return sorted(known[number] for number in numbers)[:limit]

    def terms(self, field: str, prefix: str, limit: int = 1_000) -> list[tuple[str, int]]:
        with self._snapshot() as snapshot:
            return [
                (term, len(snapshot.postings(field, term).times)) for term in snapshot.expand(field, prefix)[:limit]
            ]

    def count(self) -> int:
        with self._snapshot() as snapshot:
            return snapshot.documents - len(snapshot.deleted)

    def size(self) -> int:
        return sum(int(file.stat().st_size) for file in self._folder.iterdir() if file.is_file())


def _values(document: EngineDocument) -> dict[str, Any]:
    values: dict[str, Any] = {name: tokens for name, tokens in (document.text | document.keys).items() if tokens}
    values.update({name: number for name, number in document.numbers.items() if number})
    for name in SCORED:
        if document.text.get(name):
            values[f"len_{name}"] = len(document.text[name])
    return values


def _by_column(
    snapshot: _Snapshot, order: Order, numbers: set[int], offset: int, limit: int, found: list[set[int]]
) -> list[EngineHit]:
    column, known = snapshot.column("by_date" if order == "date" else "by_cited"), snapshot.column("doc_id")
    best = heapq.nlargest(offset + limit, numbers, key=column.__getitem__)[offset:]
    return [EngineHit(known[n], next(i for i, tier in enumerate(found) if n in tier), 0.0) for n in best]


def _by_tier(
    snapshot: _Snapshot, tiers: Sequence[Tier], found: list[set[int]], offset: int, limit: int
) -> list[EngineHit]:
    hits: list[EngineHit] = []
    for rank, (tier, numbers) in enumerate(zip(tiers, found, strict=True)):
        if len(hits) >= limit:
            break
        if offset >= len(numbers):
            offset -= len(numbers)
            continue
        wanted = limit - len(hits)
        if tier.order == "relevance":
            known = snapshot.column("doc_id")
            scores = dict.fromkeys(numbers, 0.0)
            snapshot.add_scores(tier.plan, scores)
            best = heapq.nsmallest(offset + wanted, scores.items(), key=lambda item: (-item[1], known[item[0]]))
            hits.extend(EngineHit(known[number], rank, score) for number, score in best[offset:])
        else:
            hits.extend(
                EngineHit(hit.id, rank, 0.0)
                for hit in _by_column(snapshot, tier.order, numbers, offset, wanted, [numbers])
            )
        offset = 0
    return hits
