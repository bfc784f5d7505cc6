"""Plans for a số hiệu: the documents that have it, may be meant by it, cite it or mention it."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.spoken_number import SpokenNumber
from search.compiler.issuer_plans import issuer_plan
from search.engine import Engine
from search.highlights import Needle
from search.index import number_terms
from search.language.tokens import folded_keys
from search.plan import And, AnyOf, Everything, Nothing, Plan, Term, any_of, narrowed
from search.tiers import Tier

#: Documents that a number or a name may stand for.
MAX_NAMED = 2_000


class NumberPlans:
    """Looks up numbers in the terms of one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._stored_of: dict[SpokenNumber, tuple[list[str], list[str]]] = {}

    def tiers(self, query: SpokenNumber) -> Iterator[tuple[Tier, Plan]]:
        """The tiers of a number, best first."""
        exact, near = self._stored(query)
        having = self._having(query, exact)
        conditions = self._narrowing(query)
        wanted = narrowed(having, *conditions) if conditions else having
        yield Tier.NUMBER, wanted
        if conditions:
            yield Tier.OTHER_ISSUER, having
        nearby = _any_stored(near)
        yield Tier.NEAR_NUMBER, nearby
        ids = self._cited_ids(having, wanted, nearby) if not conditions or self._engine.ids(wanted, 1) else []
        yield Tier.CITES_NUMBER, AnyOf("cites", tuple(map(str, ids))) if ids else Nothing()
        mentions = self._mentions(query, exact, near)
        yield Tier.MENTIONS_NUMBER, AnyOf("mention", mentions) if mentions and not query.rest else Nothing()

    def needles(self, query: SpokenNumber) -> list[Needle]:
        """What is highlighted for a number: its ways of being written in a text."""
        needles = [Needle(number_terms.syllables_of(term)) for term in self._mentions(query, *self._stored(query))]
        if query.doc_type:
            needles += [Needle((*folded_keys(query.doc_type), *between, query.number_key)) for between in ((), ("so",))]
        return needles

    def plan(self, query: SpokenNumber) -> Plan:
        """The documents that have the number or one near it (the field ``so:``)."""
        exact, near = self._stored(query)
        conditions = self._narrowing(query)
        having = self._having(query, [*exact, *near])
        return narrowed(having, *conditions) if conditions else having

    def ids(self, query: SpokenNumber) -> list[int]:
        """The ids of the documents that have the number; of those near it where none has."""
        exact, near = self._stored(query)
        conditions = self._narrowing(query)
        for having in (self._having(query, exact), _any_stored(near)):
            ids = self._engine.ids(narrowed(having, *conditions), MAX_NAMED)
            if ids:
                return ids
        return []

    def is_held(self, query: SpokenNumber) -> bool:
        """Whether a document has the number and the words behind it."""
        exact, _ = self._stored(query)
        return bool(exact and self._engine.ids(narrowed(self._having(query, exact), *self._narrowing(query)), 1))

    def _stored(self, query: SpokenNumber) -> tuple[list[str], list[str]]:
        """The stored terms that are the number typed, and those that may be meant; looked up once."""
        if query not in self._stored_of:
            found = [term for term, _ in self._engine.terms("so", query.number_key + "|", MAX_NAMED)]
            exact = [t for t in found if number_terms.is_exact(query, t) or number_terms.is_of_type(query, t)]
            if _is_bare(query):
                exact = found
            near = [t for t in found if t not in exact and number_terms.is_near(query, t)]
            self._stored_of[query] = exact, near
        return self._stored_of[query]

    def _having(self, query: SpokenNumber, stored: list[str]) -> Plan:
        """Documents with one of the stored terms; with the number and the loại, where no ký hiệu was typed."""
        plans = [_any_stored(stored)]
        if _is_bare(query):
            plans.append(Term("number", query.number_key))
        elif query.symbol is None and query.doc_type:
            plans.append(And((Term("number", query.number_key), Term("loai", query.doc_type))))
        return any_of(plans)

    def _narrowing(self, query: SpokenNumber) -> list[Plan]:
        """The conditions that the year and the words after a number put on it."""
        plans: list[Plan] = []
        if query.year:
            others = tuple(year for year, _ in self._engine.terms("nam", "") if year != str(query.year))
            if others:
                plans.append(And((Everything(),), must_not=(AnyOf("nam", others),)))
        if query.rest:
            plans.append(issuer_plan(query.rest, or_title=True))
        return plans

    def _cited_ids(self, having: Plan, wanted: Plan, nearby: Plan) -> list[int]:
        """The ids whose citations count as citations of the number."""
        ids = self._engine.ids(wanted, MAX_NAMED) or self._engine.ids(any_of([having, nearby]), MAX_NAMED)
        return sorted({*ids, *self._engine.ids(nearby, MAX_NAMED)})

    def _mentions(self, query: SpokenNumber, exact: list[str], near: list[str]) -> tuple[str, ...]:
        """The terms under which a text may mention the number."""
        terms = [*exact, *near]
        if query.symbol and query.segments:
            terms.append(number_terms.term(query.number_key, query.segments))
        short = number_terms.short_term(query)
        if short:
            terms.append(short)
        if query.symbol is None and query.doc_type:
            prefix = f"{query.number_key}|{number_terms.type_letters(query.doc_type)}-"
            terms += [term for term, _ in self._engine.terms("mention", prefix, MAX_NAMED)]
        return tuple(dict.fromkeys(terms))


def _is_bare(query: SpokenNumber) -> bool:
    """Whether neither a ký hiệu nor a loại was typed."""
    return query.symbol is None and query.doc_type is None


def _any_stored(terms: list[str]) -> Plan:
    return AnyOf("so", tuple(terms)) if terms else Nothing()
