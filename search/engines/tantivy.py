"""The fast engine: Tantivy, given the same ready tokens and asked the same plans.

Tokens go in joined by spaces and are cut at white space again: nothing of Tantivy's own analysis or query parser is used.
A loose phrase is spelt out as all its spreads, since Tantivy's own slop counts otherwise and misses some.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import tantivy
from cachetools import LRUCache
from tantivy import FieldType, Occur, Query

from corpus.errors import LibraryBusy
from search.document import FACETS, KEYS, NUMBERS, POSITIONS, TEXT, EngineDocument
from search.engine import EngineHit, EngineResult, Order, Tier
from search.plan import SCORED, And, AnyOf, Everything, Fuzzy, Nothing, Or, Phrase, Plan, Prefix, Range, Term

#: Bytes a writer gathers before it writes a segment.
_HEAP = 128_000_000
#: Values of a facet that are counted.
_FACET_VALUES = 10_000
#: Hits and values of facets in the answers remembered until the next commit, some 300 bytes each with the questions
#: they answer; and hits of one answer.
_ANSWERS, _MOST_HITS = 40_000, 100
_META = r"""(){}[]\.+*?^$|#&~<>@"-"""


def tantivy_schema() -> Any:
    """The fields of search.document as Tantivy has them."""
    builder = tantivy.SchemaBuilder()
    for name in TEXT:
        builder.add_text_field(
            name, tokenizer_name="whitespace", index_option="position" if name in POSITIONS else "freq"
        )
    for name in KEYS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=name in FACETS)
    for name in NUMBERS:
        builder.add_integer_field(name, indexed=name not in ("by_date", "by_cited"), fast=True)
    return builder.build()


class TantivyEngine:
    """An index in *folder*, which is made when it is empty. See :class:`search.engine.Engine`."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._schema = tantivy_schema()
        self._index = tantivy.Index(self._schema, path=str(folder), reuse=True)
        self._index.config_reader(reload_policy="manual")
        self._lock = threading.Lock()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._answers: LRUCache[object, EngineResult] = LRUCache(_ANSWERS, _weight)  # of one searcher: one commit
        self._answers_of: Any = None

    def close(self) -> None:
        """Nothing is held that Python does not let go by itself."""

    def reload(self) -> bool:
        self._index.reload()
        with self._lock:
            self._searcher = self._index.searcher()
        return True

    def update(self, documents: Iterable[EngineDocument], gone: Sequence[int], *, fresh: bool = False) -> None:
        try:
            writer = self._index.writer(_HEAP, 1)
        except ValueError as error:
            raise LibraryBusy("Chỉ mục đang được ghi.", "Hãy đợi việc kia xong rồi thử lại.") from error
        try:
            for id_ in gone:
                writer.delete_documents_by_term("id", str(id_))
            for document in documents:
                if not fresh:
                    writer.delete_documents_by_term("id", str(document.id))
                writer.add_document(tantivy_document(document))
            for id_ in gone:  # found gone while the documents were being fetched
                writer.delete_documents_by_term("id", str(id_))
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        writer.wait_merging_threads()
        self.reload()

    def optimize(self) -> None:
        """Tantivy joins its segments by itself."""

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
        searcher = self._searcher
        asked = (tuple(tiers), condition, offset, limit, order, tuple(facets))
        with self._lock:
            if self._answers_of is searcher and asked in self._answers:
                return deepcopy(self._answers[asked])
        result = self._answer(searcher, tiers, condition, offset, limit, order, facets)
        with self._lock:
            if self._searcher is searcher:
                if self._answers_of is not searcher:
                    self._answers.clear()
                    self._answers_of = searcher
                if len(result.hits) <= _MOST_HITS and _weight(result) <= _ANSWERS // 4:
                    self._answers[asked] = deepcopy(result)
        return result

    def _answer(
        self,
        searcher: Any,
        tiers: Sequence[Tier],
        condition: Plan | None,
        offset: int,
        limit: int,
        order: Order | None,
        facets: Sequence[str],
    ) -> EngineResult:
        found = self.compiled(tiers, condition)
        if order is not None and order != "relevance":
            everything = self._any(tiers, condition)
            result = self._ordered(searcher, found, everything, order, offset, limit)
        else:
            result = self._tiered(searcher, tiers, found, offset, limit)
        if facets and result.total:
            everything = self._any(tiers, condition)
            wanted = {name: {"terms": {"field": name, "size": _FACET_VALUES}} for name in facets}
            counted = searcher.aggregate(everything, wanted)
            result.facets = {
                name: {bucket["key"]: bucket["doc_count"] for bucket in counted[name]["buckets"]} for name in facets
            }
        elif facets:
            result.facets = {name: {} for name in facets}
        return result

    def compiled(self, tiers: Sequence[Tier], condition: Plan | None = None) -> list[Any]:
        """Tantivy's query for each tier, without what earlier tiers have."""
        plans = [self._query(tier.plan) for tier in tiers]
        limits = [] if condition is None else [(Occur.Must, _unscored(self._query(condition)))]
        found = []
        for rank, query in enumerate(plans):
            before = [(Occur.MustNot, earlier) for earlier in plans[:rank]]
            found.append(Query.boolean_query([(Occur.Must, query), *limits, *before]) if limits or before else query)
        return found

    def _any(self, tiers: Sequence[Tier], condition: Plan | None) -> Any:
        """The documents of all tiers together, unscored."""
        plans = Query.boolean_query([(Occur.Should, self._query(tier.plan)) for tier in tiers])
        if condition is None:
            return _unscored(plans)
        return _unscored(Query.boolean_query([(Occur.Must, plans), (Occur.Must, self._query(condition))]))

    def _tiered(self, searcher: Any, tiers: Sequence[Tier], found: list[Any], offset: int, limit: int) -> EngineResult:
        hits: list[EngineHit] = []
        totals = []
        for rank, (tier, query) in enumerate(zip(tiers, found, strict=True)):
            wanted = limit - len(hits)
            if wanted <= 0:
                totals.append(_count(searcher, query))
                continue
            if tier.order == "relevance":
                page = searcher.search(query, limit=wanted, offset=offset, count=True)
                scores = [float(score) for score, _ in page.hits]
            else:
                page = searcher.search(
                    query, limit=wanted, offset=offset, count=True, order_by_field=_column(tier.order)
                )
                scores = [0.0] * len(page.hits)
            totals.append(page.count)
            ids = searcher.fast_field_values("doc_id", [address for _, address in page.hits]) if page.hits else []
            # Equals stand in Tantivy's own order, which is the same from page to page of one commit.
            hits.extend(EngineHit(int(id_ or 0), rank, score) for id_, score in zip(ids, scores, strict=True))
            offset = max(0, offset - page.count)
        return EngineResult(hits, sum(totals), totals)

    def _ordered(
        self, searcher: Any, found: list[Any], everything: Any, order: Order, offset: int, limit: int
    ) -> EngineResult:
        totals = [_count(searcher, query) for query in found]
        page = searcher.search(everything, limit=limit, offset=offset, count=False, order_by_field=_column(order))
        ids = searcher.fast_field_values("doc_id", [address for _, address in page.hits]) if page.hits else []
        tier_of: dict[int, int] = {}
        if len(found) > 1 and ids:
            shown = Query.term_set_query(self._schema, "id", [str(int(id_)) for id_ in ids])
            for rank, query in enumerate(found):
                own = _unscored(Query.boolean_query([(Occur.Must, query), (Occur.Must, shown)]))
                some = searcher.search(own, limit=len(ids), count=False).hits
                for id_ in searcher.fast_field_values("doc_id", [address for _, address in some]) if some else []:
                    tier_of[int(id_)] = rank
        hits = [EngineHit(int(id_), tier_of.get(int(id_), 0), 0.0) for id_ in ids]
        return EngineResult(hits, sum(totals), totals)

    def ids(self, plan: Plan, limit: int = 100_000) -> list[int]:
        searcher = self._searcher
        found = searcher.search(_unscored(self._query(plan)), limit=max(searcher.num_docs, 1), count=False)
        if not found.hits:
            return []
        values = searcher.fast_field_values("doc_id", [address for _, address in found.hits])
        return sorted(int(value or 0) for value in values)[:limit]

    def terms(self, field: str, prefix: str, limit: int = 1_000) -> list[tuple[str, int]]:
        found: list[tuple[str, int]] = self._searcher.terms_with_prefix(field, prefix)
        return sorted(found)[:limit]

    def count(self) -> int:
        return int(self._searcher.num_docs)

    def size(self) -> int:
        return sum(int(file.stat().st_size) for file in self._folder.iterdir() if file.is_file())

    # Plans

    def _query(self, plan: Plan) -> Any:
        if isinstance(plan, Nothing):
            return Query.empty_query()
        if isinstance(plan, Everything):
            return _unscored(Query.all_query())
        if isinstance(plan, And):
            parts = [(Occur.Must, self._query(item)) for item in plan.must]
            parts += [(Occur.Should, self._query(item)) for item in plan.should]
            parts += [(Occur.MustNot, self._query(item)) for item in plan.must_not]
            return Query.boolean_query(parts)
        if isinstance(plan, Or):
            return Query.boolean_query([(Occur.Should, self._query(item)) for item in plan.items])
        query = self._leaf(plan)
        if isinstance(plan, Term | Phrase) and plan.field in SCORED:
            return Query.boost_query(query, plan.boost) if plan.boost != 1.0 else query
        return _unscored(query)

    def _leaf(self, plan: Term | Phrase | Prefix | Fuzzy | AnyOf | Range) -> Any:
        if isinstance(plan, Term):
            option = "position" if plan.field in POSITIONS else "freq" if plan.field in TEXT else "basic"
            return Query.term_query(self._schema, plan.field, plan.value, option)
        if isinstance(plan, Phrase):
            spreads = [Query.phrase_query(self._schema, plan.field, words) for words in _spreads(plan)]
            return spreads[0] if len(spreads) == 1 else Query.boolean_query([(Occur.Should, s) for s in spreads])
        if isinstance(plan, AnyOf):
            return Query.term_set_query(self._schema, plan.field, list(plan.values))
        if isinstance(plan, Prefix):
            escaped = "".join(f"\\{char}" if char in _META else char for char in plan.value)
            return Query.regex_query(self._schema, plan.field, escaped + ".*")
        if isinstance(plan, Fuzzy):
            return Query.fuzzy_term_query(self._schema, plan.field, plan.value, plan.distance)
        return Query.range_query(self._schema, plan.field, FieldType.Integer, plan.low, plan.high)


def _weight(answer: EngineResult) -> int:
    """What it takes to remember an answer, with the question it answers."""
    return 20 + len(answer.hits) + sum(map(len, answer.facets.values()))


def _spreads(plan: Phrase) -> Iterator[list[str | tuple[int, str]]]:
    """Every way to put up to *slop* other words among those of a phrase."""
    gaps = len(plan.values) - 1
    for chosen in combinations_with_replacement(range(gaps + 1), plan.slop):
        # A choice of *gaps* is a word not put in at all.
        at = 0
        words: list[str | tuple[int, str]] = [(0, plan.values[0])]
        for gap, value in enumerate(plan.values[1:]):
            at += 1 + chosen.count(gap)
            words.append((at, value))
        yield words


def _unscored(query: Any) -> Any:
    return Query.const_score_query(query, 0.0)


def _count(searcher: Any, query: Any) -> int:
    return int(searcher.search(_unscored(query), limit=1, count=True).count)


def _column(order: Order) -> str:
    return "by_date" if order == "date" else "by_cited"


def tantivy_document(document: EngineDocument) -> Any:
    """A document as Tantivy takes it."""
    made = tantivy.Document()
    for name, tokens in document.text.items():
        if tokens:
            made.add_text(name, " ".join(tokens))
    for name, values in document.keys.items():
        for value in values:
            made.add_text(name, value)
    for name, number in document.numbers.items():
        made.add_integer(name, number)
    return made
