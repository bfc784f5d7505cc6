"""The entrance to the search room: one :class:`Search` for a library keeps its index in step and answers requests.

The index is derived: everything in it comes from the library and can be made again from it.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Sequence

from corpus.fold import clean, nfc
from corpus.segment import words as segment_words
from search import facets, filters, hits, nearest
from search.compiler.compile import CompiledQuery, compile_query, listing
from search.engine import Engine, EngineHit, EngineQuery, EngineResult, TierPlan
from search.implication import relations
from search.index.engine_document import year_of
from search.index.index_fields import FACETS
from search.index.open_index import OpenBuild
from search.kept_index import KeptIndex
from search.likeness import Alike, alike
from search.membership import members
from search.plan import AnyOf, Order, Plan, any_of
from search.request import SearchRequest
from search.results import NumberChoice, Results, Suggestion
from search.tiers import Tier

#: Documents of one number that are listed.
MAX_CHOICES = 50
#: Signs of the query language: a query with any of them is not spelt anew.
_SIGNS = re.compile(r'["():*~]|(?:^|\s)-\S')
#: Tiers in which restored diacritics make a difference.
_MARKED_TIERS = frozenset({Tier.EXACT, Tier.SEPARATED, Tier.POSSIBLE_DATE})


class Search(KeptIndex):
    """The search of one library, for one kind of reader. May be used by many threads."""

    def search(self, request: SearchRequest) -> Results:
        """The documents that *request* asks for, best first; without a query, a list of documents.

        Raises QueryError and StaleIndex.
        """
        began = time.perf_counter()
        build = self.index.current()
        text = nfc(clean(nfc(request.text)))  # a look-alike made plain may meet a combining mark
        with self.index.reading():
            compiled = self._compile(build, text, request)
            ranges = filters.date_ranges(request.filters)
            compiled.date_ranges.extend(ranges)
            condition = filters.condition(request.filters, ranges, request.options)
            found = build.engine.search(
                EngineQuery(
                    tuple(compiled.plans),
                    condition,
                    request.offset,
                    request.page_size,
                    order=None if request.sort is Order.RELEVANCE else request.sort,
                    facets=FACETS if request.facets else (),
                )
            )
            if nearest.wanted(compiled, found.total, request):
                _add_nearest(build.engine, compiled, condition, request, found)
        most = request.facet_values
        results = Results(
            text,
            hits.hits_of(found.hits, compiled, request, self.source),
            found.total,
            request.page,
            request.page_size,
            tiers=_counts(compiled.tiers, found.tier_totals),
            facets={name: facets.listed(name, counts, most) for name, counts in found.facets.items()},
            number=compiled.number,
            understood=compiled.understood,
            notes=compiled.notes,
        )
        if results.tiers.keys() & _MARKED_TIERS:
            results.restored = compiled.restored
        if compiled.number is None and not _SIGNS.search(text):
            with self.index.reading():
                results.did_you_mean = build.lexicon.corrected(text)
        if compiled.number:
            results.same_number = self._choices(build.engine, compiled, condition)
        results.took = time.perf_counter() - began
        return results

    def total(self, request: SearchRequest) -> int:
        """How many documents *request* asks for: :attr:`Results.total` without the nearest ones, and nothing besides.

        Raises QueryError and StaleIndex.
        """
        build = self.index.current()
        with self.index.reading():
            compiled = self._compile(build, nfc(clean(nfc(request.text))), request)
            ranges = filters.date_ranges(request.filters)
            condition = filters.condition(request.filters, ranges, request.options)
            plans = [members(tier.plan) for tier in compiled.plans]
            every = TierPlan(any_of([plans[at] for at in relations(plans).widest]))
            return build.engine.search(EngineQuery((every,), condition, limit=0)).total

    def suggest(self, typed: str, limit: int = 8) -> list[Suggestion]:
        """What may be meant by the beginning of a query: numbers, titles, agencies. Raises StaleIndex."""
        build = self.index.current()
        with self.index.reading():
            found = build.lexicon.complete(typed, limit)
        return [Suggestion(text, kind, note, id_) for text, kind, note, id_ in found]

    def alike(self, id: int, limit: int = 30) -> list[Alike]:
        """The held documents whose text is nearest to that of a document. Raises NotFound, StaleIndex."""
        document = self.source.shown(id)
        build = self.index.current()
        with self.index.reading():
            return alike(build.engine, build.lexicon, document, limit)

    @staticmethod
    def _compile(build: OpenBuild, text: str, request: SearchRequest) -> CompiledQuery:
        if not text.strip() and request.filters:
            return listing()
        return compile_query(text, build.engine, request.options, restore=build.lexicon.restore, segment=segment_words)

    def _choices(self, engine: Engine, compiled: CompiledQuery, condition: Plan | None) -> list[NumberChoice]:
        """The documents that the number may mean, where there are several; none is preferred."""
        chosen = [(tier, plan) for tier, plan in zip(compiled.tiers, compiled.plans, strict=True) if tier.of_number]
        if not chosen:
            return []
        with self.index.reading():
            found = engine.search(EngineQuery(tuple(plan for _, plan in chosen), condition, limit=MAX_CHOICES))
        documents = hits.documents_of(self.source, [hit.id for hit in found.hits])
        choices = []
        for hit in found.hits:
            document = documents.get(hit.id)
            if document is not None:
                number = document.so_ky_hieu or document.number
                tier = chosen[hit.tier][0]
                choices.append(NumberChoice(hit.id, number, document.issuer, year_of(document), tier))
        return choices if len(choices) > 1 else []


def _counts(tiers: Sequence[Tier], totals: Sequence[int]) -> dict[Tier, int]:
    """Documents of each tier that has any."""
    counts: Counter[Tier] = Counter()
    for tier, total in zip(tiers, totals, strict=True):
        counts[tier] += total
    return {tier: count for tier, count in counts.items() if count}


def _add_nearest(
    engine: Engine, compiled: CompiledQuery, condition: Plan | None, request: SearchRequest, found: EngineResult
) -> None:
    """Adds the documents that come nearest to *found*: tiers, hits of the page, counts."""
    near = nearest.ordered(engine, nearest.nearest(engine, compiled, condition, found), request.sort)
    if not near:
        return
    if not found.total:
        compiled.notes.extend(nearest.notes(compiled))
    for tier in dict.fromkeys(one.tier for one in near):
        compiled.tiers.append(tier)
        of_tier = AnyOf("id", tuple(str(one.id) for one in near if one.tier is tier))
        compiled.plans.append(TierPlan(of_tier))
        found.tier_totals.append(sum(one.tier is tier for one in near))
    first = max(request.offset - found.total, 0)
    wanted = near[first : first + request.page_size - len(found.hits)]
    last = {tier: at for at, tier in enumerate(compiled.tiers)}
    found.hits.extend(EngineHit(one.id, last[one.tier], one.score) for one in wanted)
    found.total += len(near)
    if request.facets:
        every = TierPlan(any_of([tier.plan for tier in compiled.plans]))
        found.facets = engine.search(EngineQuery((every,), condition, limit=1, facets=FACETS)).facets
