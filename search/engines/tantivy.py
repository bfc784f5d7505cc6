"""The engine for large libraries: Tantivy, over tokens that are ready and plans that are exact.

Tokens are joined by spaces and split at white space again, so nothing of Tantivy's own analysis or query parser is
used. A loose phrase is written out as all its spreads, since Tantivy's own slop counts otherwise and misses some.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import tantivy
from cachetools import LRUCache
from tantivy import FieldType, Occur, Query

from corpus.errors import LibraryBusy
from search.engine import EngineHit, EngineQuery, EngineResult, TierPlan
from search.engines import tier_counts
from search.implication import Relations, relations, unrelated
from search.index.engine_document import EngineDocument
from search.index.index_fields import FACETS, FOLDED_PAIR, KEYS, NUMBERS, POSITIONS, SCORED, TEXT
from search.membership import members
from search.plan import And, AnyOf, Everything, Fuzzy, Nothing, Or, Order, Phrase, Plan, Prefix, Range, Term, any_of

#: Bytes that a writer gathers before it writes a segment.
_HEAP = 128_000_000
#: Values of a facet that are counted.
_FACET_VALUES = 10_000
#: Size of the cache of answers, in hits and facet values (some 300 bytes each, with the questions).
_CACHE = 40_000
#: Answers with more hits are not cached.
_MOST_HITS = 100
#: The name under which all documents are counted beside the facets.
_ALL = "all"
#: Characters with a meaning in Tantivy's regular expressions.
_REGEX_SIGNS = r"""(){}[]\.+*?^$|#&~<>@"-"""


def tantivy_schema() -> Any:
    """The fields of :mod:`search.index.index_fields` in Tantivy's terms."""
    builder = tantivy.SchemaBuilder()
    for name in TEXT:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option=_index_option(name))
    for name in KEYS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=name in FACETS)
    for name in NUMBERS:
        builder.add_integer_field(name, indexed=name not in ("by_date", "by_cited"), fast=True)
    return builder.build()


def _index_option(field: str) -> str:
    """What Tantivy keeps of a text or key field's terms."""
    if field in POSITIONS:
        return "position"
    return "freq" if field in TEXT and field != FOLDED_PAIR else "basic"


def tantivy_document(document: EngineDocument) -> Any:
    """A document in Tantivy's terms."""
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


class TantivyEngine:
    """An index in *folder*, which is made when it is empty. See :class:`search.engine.Engine`."""

    name = "tantivy"
    #: Documents from which the tiers of a question are compared before they are counted.
    related_from = 5_000

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._schema = tantivy_schema()
        self._index = tantivy.Index(self._schema, path=str(folder), reuse=True)
        self._index.config_reader(reload_policy="manual")
        self._lock = threading.Lock()
        self._index.reload()
        self._searcher = self._index.searcher()
        #: Answers of one searcher, that is of one commit.
        self._answers: LRUCache[EngineQuery, EngineResult] = LRUCache(_CACHE, _weight)
        self._answers_of: Any = None

    def close(self) -> None:
        """Nothing: Tantivy releases its files with the object."""

    def drop(self) -> None:
        """Nothing: all is in the folder."""

    def reload(self) -> bool:
        """See :meth:`search.engine.Engine.reload`."""
        self._index.reload()
        with self._lock:
            self._searcher = self._index.searcher()
        return True

    def update(
        self, documents: Iterable[EngineDocument], gone: Sequence[int], *, fresh: bool = False, version: int = 0
    ) -> None:
        """See :meth:`search.engine.Engine.update`. The one writer knows all versions."""
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
            for id_ in gone:  # some were added while the documents were being read
                writer.delete_documents_by_term("id", str(id_))
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        writer.wait_merging_threads()
        self.reload()

    def search(self, query: EngineQuery) -> EngineResult:
        """See :meth:`search.engine.Engine.search`."""
        searcher = self._searcher
        if not query.counted:
            return self._answer(searcher, query)
        with self._lock:
            if self._answers_of is searcher and query in self._answers:
                return _copy(self._answers[query])
        result = self._answer(searcher, query)
        with self._lock:
            if self._searcher is searcher:
                if self._answers_of is not searcher:
                    self._answers.clear()
                    self._answers_of = searcher
                if len(result.hits) <= _MOST_HITS and _weight(result) <= _CACHE // 4:
                    self._answers[query] = _copy(result)
        return result

    def _answer(self, searcher: Any, asked: EngineQuery) -> EngineResult:
        bare = _without_scores(asked)
        related = self._related(searcher, bare)
        in_one_order = asked.order is not None and asked.order is not Order.RELEVANCE
        hits: list[EngineHit] = []
        totals: list[int | None] = [None for _ in asked.tiers]
        if not in_one_order:
            hits, totals = _tiered(searcher, self._tier_queries(asked, bare, related), asked)
        if not asked.counted:
            found = [total or 0 for total in totals]
            return EngineResult(self._ordered(searcher, related, bare) if in_one_order else hits, sum(found), found)
        facets: dict[str, dict[str, int]] = {}
        total: int | None = None
        if asked.facets and (hits or None in totals or any(totals)):
            facets, total = self._facets(searcher, bare, related)
        counted = self._counted(searcher, related, bare, totals, facets, total)
        if asked.facets and not sum(counted):
            facets = {name: {} for name in asked.facets}
        if in_one_order:
            hits = self._ordered(searcher, related, bare, counted)
        return EngineResult(hits, sum(counted), counted, facets)

    def _related(self, searcher: Any, asked: EngineQuery) -> Relations:
        """What the tiers say of each other, where what that spares is more than what it takes to find out."""
        if not asked.counted or searcher.num_docs < self.related_from:
            return unrelated(len(asked.tiers))
        return relations([tier.plan for tier in asked.tiers])

    def tier_queries(self, tiers: Sequence[TierPlan], condition: Plan | None = None) -> list[Any]:
        """Tantivy's query for each tier, without the documents of earlier tiers."""
        asked = EngineQuery(tuple(tiers), condition)
        return self._tier_queries(asked, _without_scores(asked), relations([tier.plan for tier in tiers]))

    def _tier_queries(self, asked: EngineQuery, bare: EngineQuery, related: Relations) -> list[Any]:
        """See :meth:`tier_queries`. bare: the same question without scores."""
        limits = [] if asked.condition is None else [(Occur.Must, _unscored(self._query(asked.condition)))]
        found = []
        for rank, (tier, without_scores) in enumerate(zip(asked.tiers, bare.tiers, strict=True)):
            if rank in related.empty or isinstance(without_scores.plan, Nothing):
                found.append(Query.empty_query())
                continue
            before = [(Occur.MustNot, self._bare(bare.tiers[earlier].plan)) for earlier in related.left_out[rank]]
            conditions = [*limits, *before]
            if conditions:
                query = self._phrases_last(tier.plan, conditions) or _all([self._query(tier.plan)], conditions)
            else:
                query = self._query(tier.plan)
            found.append(query)
        return found

    def _counted(
        self,
        searcher: Any,
        related: Relations,
        asked: EngineQuery,
        totals: list[int | None],
        facets: dict[str, dict[str, int]],
        total: int | None,
    ) -> list[int]:
        """The documents of each tier. totals: those that are known; total: of all together, where that is known."""
        if None not in totals:
            return [known or 0 for known in totals]
        queries = self._tier_queries(asked, asked, related)
        plans = [tier.plan for tier in asked.tiers]
        return tier_counts.completed(
            totals,
            tier_counts.groups(plans, facets.get("trangthai"), total),
            lambda rank: _cost(asked, related, rank),
            lambda rank, found: self._count_of(searcher, queries[rank], related, asked, found, rank),
        )

    def _count_of(
        self, searcher: Any, query: Any, related: Relations, asked: EngineQuery, found: list[int | None], rank: int
    ) -> int:
        """The documents of one tier; a whole tier less those of it that the earlier tiers have, where all are."""
        plan, has = asked.tiers[rank].plan, related.has[rank]
        if rank in related.empty or isinstance(plan, Nothing):
            return 0
        told = has | related.without[rank] | related.empty
        known = told.issuperset(range(rank)) and all(found[earlier] is not None for earlier in has)
        if not has or not known or _has_phrase(plan):
            return _count(searcher, query)
        whole = _count(searcher, self._under(self._bare(plan), asked.condition))
        return whole - sum(found[earlier] or 0 for earlier in has)

    def _under(self, query: Any, condition: Plan | None) -> Any:
        return query if condition is None else _all([query, _unscored(self._query(condition))], [])

    def _phrases_last(self, plan: Plan, conditions: list[Any]) -> Any | None:
        """An AND with phrases under further conditions: positions are read only in documents that meet all else.

        None where *plan* is no such AND. Tantivy would look for phrases first and exclude documents last.
        """
        phrases = _phrases_of(plan)
        if not phrases or not isinstance(plan, And):
            return None
        others = [self._query(item) for item in _flat(plan) if item not in phrases]
        if not others:
            return None
        excluded = [(Occur.MustNot, self._query(item)) for item in plan.must_not]
        inner = _all(others, [*conditions, *excluded])
        preferred = [(Occur.Should, self._query(item)) for item in plan.should]
        return _all([inner, *(self._query(phrase) for phrase in phrases)], preferred)

    def _any_tier(self, asked: EngineQuery, related: Relations) -> Any:
        """The documents of all tiers together, unscored. Phrases are looked for in documents of no other tier."""
        every = self._bare(any_of([asked.tiers[rank].plan for rank in related.widest]))
        return _unscored(self._under(every, asked.condition))

    def _bare(self, plan: Plan) -> Any:
        """Tantivy's query for a plan whose scores nobody asks for.

        Phrases of an OR are looked for only in documents that have none of its other parts.
        """
        if isinstance(plan, And) and plan.must:
            parts = [(Occur.Must, self._bare(item)) for item in plan.must]
            parts += [(Occur.MustNot, self._bare(item)) for item in plan.must_not]
            return Query.boolean_query(parts)
        if not isinstance(plan, Or):
            return self._query(plan)
        without = [self._bare(item) for item in plan.items if not _has_phrase(item)]
        found = list(without)
        for item in (item for item in plan.items if _has_phrase(item)):
            others = [(Occur.MustNot, query) for query in without]
            found.append((self._phrases_last(_with_terms(item), others) if others else None) or self._bare(item))
        return Query.boolean_query([(Occur.Should, query) for query in found])

    def _facets(self, searcher: Any, asked: EngineQuery, related: Relations) -> tuple[dict[str, dict[str, int]], int]:
        """The values of the facets, and how many documents there are."""
        wanted: dict[str, Any] = {name: {"terms": {"field": name, "size": _FACET_VALUES}} for name in asked.facets}
        wanted[_ALL] = {"value_count": {"field": "doc_id"}}
        counted = searcher.aggregate(self._any_tier(asked, related), wanted)
        values = {
            name: {bucket["key"]: bucket["doc_count"] for bucket in counted[name]["buckets"]} for name in asked.facets
        }
        return values, int(counted[_ALL]["value"])

    def _ordered(
        self, searcher: Any, related: Relations, asked: EngineQuery, counts: Sequence[int] = ()
    ) -> list[EngineHit]:
        """The page of all tiers in one order. counts: the documents of each tier, where they are known."""
        assert asked.order is not None
        if not asked.limit or (counts and not any(counts)):
            return []
        page = searcher.search(
            self._any_tier(asked, related),
            limit=asked.limit,
            offset=asked.offset,
            count=False,
            order_by_field=_sort_field(asked.order),
        )
        ids = _ids(searcher, page)
        ranks = [rank for rank in range(len(asked.tiers)) if not counts or counts[rank]]
        # Whoever is in no other tier is in this one, which has the most to go through.
        rest = max(ranks, key=lambda rank: counts[rank] if counts else 0)
        ranks.remove(rest)
        tier_of: dict[int, int] = {}
        if ranks and ids:
            queries = self._tier_queries(asked, asked, related)
            shown = Query.term_set_query(self._schema, "id", [str(id_) for id_ in ids])
            for rank in ranks:
                own = _unscored(Query.boolean_query([(Occur.Must, queries[rank]), (Occur.Must, shown)]))
                for id_ in _ids(searcher, searcher.search(own, limit=len(ids), count=False)):
                    tier_of[id_] = rank
        return [EngineHit(id_, tier_of.get(id_, rest), 0.0) for id_ in ids]

    def ids(self, plan: Plan, limit: int = 100_000) -> list[int]:
        """See :meth:`search.engine.Engine.ids`."""
        searcher = self._searcher
        found = searcher.search(_unscored(self._bare(members(plan))), limit=max(searcher.num_docs, 1), count=False)
        return sorted(_ids(searcher, found))[:limit]

    def terms(self, field: str, prefix: str, limit: int = 1_000) -> list[tuple[str, int]]:
        """See :meth:`search.engine.Engine.terms`."""
        found: list[tuple[str, int]] = self._searcher.terms_with_prefix(field, prefix)
        return sorted(found)[:limit]

    def frequency(self, field: str, value: str) -> int:
        """See :meth:`search.engine.Engine.frequency`."""
        return int(self._searcher.doc_freq(field, value))

    def count(self) -> int:
        """See :meth:`search.engine.Engine.count`."""
        return int(self._searcher.num_docs)

    def size(self) -> int:
        """See :meth:`search.engine.Engine.size`."""
        return sum(int(file.stat().st_size) for file in self._folder.iterdir() if file.is_file())

    # Plans

    def _query(self, plan: Plan) -> Any:
        """Tantivy's query for a plan."""
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
            return Query.term_query(self._schema, plan.field, plan.value, _index_option(plan.field))
        if isinstance(plan, Phrase):
            spreads = [Query.phrase_query(self._schema, plan.field, words) for words in _spreads(plan)]
            return spreads[0] if len(spreads) == 1 else Query.boolean_query([(Occur.Should, s) for s in spreads])
        if isinstance(plan, AnyOf):
            return Query.term_set_query(self._schema, plan.field, list(plan.values))
        if isinstance(plan, Prefix):
            escaped = "".join(f"\\{char}" if char in _REGEX_SIGNS else char for char in plan.value)
            return Query.regex_query(self._schema, plan.field, escaped + ".*")
        if isinstance(plan, Fuzzy):
            return Query.fuzzy_term_query(self._schema, plan.field, plan.value, plan.distance)
        return Query.range_query(self._schema, plan.field, FieldType.Integer, plan.low, plan.high)


def _without_scores(asked: EngineQuery) -> EngineQuery:
    """The same question for those who only count: each tier's documents, whatever their scores."""
    return replace(asked, tiers=tuple(TierPlan(members(tier.plan), tier.order) for tier in asked.tiers))


def _all(queries: list[Any], conditions: list[Any]) -> Any:
    """All of *queries*, under conditions of their own kind."""
    return Query.boolean_query([*((Occur.Must, query) for query in queries), *conditions])


def _with_terms(plan: Plan) -> Plan:
    """A phrase as an AND that names its terms too."""
    return And((*(Term(plan.field, value) for value in plan.values), plan)) if isinstance(plan, Phrase) else plan


def _flat(plan: And) -> list[Plan]:
    """What must hold, the parts of inner ANDs that are nothing but such parts among them."""
    found: list[Plan] = []
    for item in plan.must:
        simple = isinstance(item, And) and not item.should and not item.must_not
        found.extend(_flat(item) if isinstance(item, And) and simple else (item,))
    return found


def _phrases_of(plan: Plan) -> list[Plan]:
    """The phrases among what must hold."""
    return [item for item in _flat(plan) if isinstance(item, Phrase)] if isinstance(plan, And) else []


def _has_phrase(plan: Plan) -> bool:
    """Whether positions must be read to know the documents of *plan*."""
    if isinstance(plan, And):
        return any(_has_phrase(item) for item in (*plan.must, *plan.must_not))
    if isinstance(plan, Or):
        return any(_has_phrase(item) for item in plan.items)
    return isinstance(plan, Phrase)


def _cost(asked: EngineQuery, related: Relations, rank: int) -> tuple[int, int]:
    """How costly it is to count a tier, for comparing: the phrases read, in it and in what is left out of it."""
    read = [rank, *related.left_out[rank]]
    return sum(_has_phrase(asked.tiers[at].plan) for at in read), rank


def _tiered(searcher: Any, queries: list[Any], asked: EngineQuery) -> tuple[list[EngineHit], list[int | None]]:
    """One tier after the other, each in its own order: the hits, and the totals of the tiers that were looked at."""
    hits: list[EngineHit] = []
    totals: list[int | None] = []
    offset = asked.offset
    for rank, (tier, query) in enumerate(zip(asked.tiers, queries, strict=True)):
        wanted = asked.limit - len(hits)
        if wanted <= 0:
            totals.append(None)
            continue
        by_score = tier.order is Order.RELEVANCE
        column = {} if by_score else {"order_by_field": _sort_field(tier.order)}
        page = searcher.search(query, limit=wanted, offset=offset, count=asked.counted, **column)
        scores = [float(score) for score, _ in page.hits] if by_score else [0.0] * len(page.hits)
        found = page.count if asked.counted else len(page.hits)
        totals.append(found)
        # Documents with equal scores are in Tantivy's own order, which is the same from page to page of one commit.
        hits.extend(EngineHit(id_, rank, score) for id_, score in zip(_ids(searcher, page), scores, strict=True))
        offset = max(0, offset - found)
    return hits, totals


def _ids(searcher: Any, page: Any) -> list[int]:
    """The ids of the documents of a page, in its order."""
    if not page.hits:
        return []
    return [int(id_ or 0) for id_ in searcher.fast_field_values("doc_id", [address for _, address in page.hits])]


def _spreads(plan: Phrase) -> Iterator[list[str | tuple[int, str]]]:
    """Every way to put up to *slop* other words between those of a phrase."""
    gaps = len(plan.values) - 1
    for chosen in combinations_with_replacement(range(gaps + 1), plan.slop):
        # A choice of *gaps* stands for a word that is not put in.
        at = 0
        words: list[str | tuple[int, str]] = [(0, plan.values[0])]
        for gap, value in enumerate(plan.values[1:]):
            at += 1 + chosen.count(gap)
            words.append((at, value))
        yield words


def _copy(answer: EngineResult) -> EngineResult:
    """An answer that may be changed without changing the other; hits never change."""
    counts = {name: dict(own) for name, own in answer.facets.items()}
    return EngineResult(list(answer.hits), answer.total, list(answer.tier_totals), counts)


def _weight(answer: EngineResult) -> int:
    """What an answer costs in the cache, with its question."""
    return 20 + len(answer.hits) + sum(map(len, answer.facets.values()))


def _unscored(query: Any) -> Any:
    return Query.const_score_query(query, 0.0)


def _count(searcher: Any, query: Any) -> int:
    return int(searcher.search(_unscored(query), limit=1, count=True).count)


def _sort_field(order: Order) -> str:
    return "by_date" if order is Order.DATE else "by_cited"
