"""The documents that come nearest to a query, where none has all its words: found degree by degree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.compiler.compile import CompiledQuery
from search.engine import Engine, EngineHit, EngineQuery, EngineResult, TierPlan
from search.plan import And, AnyOf, Order, Plan, any_of
from search.request import SearchRequest
from search.tiers import Tier

#: Documents that are found by weight, at most.
MOST = 50
#: The least part of the best score that a document found by weight has.
_LEAST = 0.35
#: Long queries are seldom met in full: with at least this many words they are also read by weight ...
_LONG = 8
#: ... where not more than this many documents have all of them.
_FEW = 5
#: What a document of the loại that was typed counts more.
_OF_TYPE = 1.25


@dataclass(frozen=True, slots=True)
class Found:
    """A document that comes near: its id, how it was found, and its score."""

    id: int
    tier: Tier
    score: float


def wanted(compiled: CompiledQuery, strict: int, request: SearchRequest) -> bool:
    """Whether the nearest documents are looked for. strict: documents that the query matches."""
    if not request.degrees or compiled.degrees is None:
        return False
    return strict == 0 or (strict <= _FEW and compiled.words >= _LONG)


def nearest(engine: Engine, compiled: CompiledQuery, condition: Plan | None, strict: EngineResult) -> list[Found]:
    """The nearest documents without those that the query matches, best first. strict: what these are."""
    degrees = compiled.degrees() if compiled.degrees else None
    if degrees is None:
        return []
    seen = [hit.id for hit in strict.hits]
    if len(seen) < strict.total:  # another page than the first
        seen = engine.ids(any_of([tier.plan for tier in compiled.plans]), _FEW + 1)
    found: list[Found] = []
    if degrees.without_rare is not None:
        found += _first(engine, compiled, degrees.without_rare, condition, seen, Tier.FEWER_WORDS)
        seen = [*seen, *(one.id for one in found)]
    for plan in (degrees.weighed, degrees.unquoted):
        if plan is not None and len(found) < MOST:
            found += _first(engine, compiled, plan, condition, seen, Tier.NEAREST)
        if found:
            break
    return found[:MOST]


def notes(compiled: CompiledQuery) -> list[str]:
    """Vietnamese sentences for the reader: which words are missing."""
    degrees = compiled.degrees() if compiled.degrees else None
    if degrees is None or not degrees.rare:
        return []
    return ["Không thấy hoặc hiếm thấy trong kho: " + ", ".join(f"“{word}”" for word in degrees.rare) + "."]


def _first(
    engine: Engine, compiled: CompiledQuery, plan: Plan, condition: Plan | None, seen: Sequence[int], tier: Tier
) -> list[Found]:
    """The best documents of one degree, those of the loại that was typed lifted."""
    left_out: tuple[Plan, ...] = (AnyOf("id", tuple(map(str, seen))),) if seen else ()
    asked = And((plan,), must_not=left_out) if left_out else plan
    query = EngineQuery((TierPlan(asked),), condition, limit=MOST, counted=False)
    hits = engine.search(query).hits
    if tier is Tier.NEAREST and hits:
        least = _LEAST * hits[0].score
        hits = [hit for hit in hits if hit.score >= least]
    return sorted(_lifted(engine, compiled, hits, tier), key=lambda one: -one.score)


def _lifted(engine: Engine, compiled: CompiledQuery, hits: Sequence[EngineHit], tier: Tier) -> Iterator[Found]:
    of_type: set[int] = set()
    if compiled.doc_type and hits:
        ids = AnyOf("id", tuple(str(hit.id) for hit in hits))
        of_type = set(engine.ids(And((ids, AnyOf("loai", (compiled.doc_type,))))))
    for hit in hits:
        yield Found(hit.id, tier, hit.score * (_OF_TYPE if hit.id in of_type else 1.0))


def ordered(engine: Engine, found: Sequence[Found], order: Order) -> list[Found]:
    """*found* in another order than by score."""
    if order is Order.RELEVANCE or not found:
        return list(found)
    own = {one.id: one for one in found}
    plan = AnyOf("id", tuple(str(one.id) for one in found))
    hits = engine.search(EngineQuery((TierPlan(plan, order),), limit=len(found), order=order)).hits
    return [own[hit.id] for hit in hits if hit.id in own]
