"""Plans as queries of OpenSearch (its query DSL)."""

from __future__ import annotations

from typing import Any

from search.index.index_fields import SCORED, TEXT
from search.plan import And, AnyOf, Everything, Fuzzy, Nothing, Or, Phrase, Plan, Prefix, Range, Term

#: Values of one ``terms`` query: a limit of OpenSearch (``index.max_terms_count``).
MOST_VALUES = 65_536
#: Terms that a fuzzy term may become.
_EXPANSIONS = 10_000
#: Tokens are ready: they are split at white space and left as they are.
_ANALYZER = "whitespace"

#: A query as OpenSearch's JSON.
Json = dict[str, Any]


def query_of(plan: Plan) -> Json:
    """The query that finds what *plan* finds. Only terms and phrases of scored fields give a score."""
    if isinstance(plan, Nothing):
        return {"match_none": {}}
    if isinstance(plan, Everything):
        return unscored({"match_all": {}})
    if isinstance(plan, And):
        parts: Json = {"must": [query_of(item) for item in plan.must]}
        if plan.should:
            parts["should"] = [query_of(item) for item in plan.should]
        if plan.must_not:
            parts["must_not"] = [query_of(item) for item in plan.must_not]
        return {"bool": parts}
    if isinstance(plan, Or):
        return {"bool": {"should": [query_of(item) for item in plan.items], "minimum_should_match": 1}}
    if isinstance(plan, Term | Phrase) and plan.field in SCORED:
        return _leaf(plan, plan.boost)
    return unscored(_leaf(plan, 1.0))


def unscored(query: Json) -> Json:
    """The documents of *query*, with score 0."""
    return {"constant_score": {"filter": query, "boost": 0.0}}


def tier_query(plans: list[Plan], rank: int, condition: Plan | None) -> Json:
    """The documents of the plan at *rank* that are in none before it and meet *condition*."""
    parts: Json = {"must": [query_of(plans[rank])]}
    if condition is not None:
        parts["filter"] = [query_of(condition)]
    if rank:
        parts["must_not"] = [query_of(plan) for plan in plans[:rank]]
    return {"bool": parts}


def any_tier_query(plans: list[Plan], condition: Plan | None) -> Json:
    """The documents of all plans together, unscored; each plan is named by its rank, so that a hit tells its tier."""
    named = [{"bool": {"filter": [query_of(plan)], "_name": str(rank)}} for rank, plan in enumerate(plans)]
    parts: Json = {"should": named, "minimum_should_match": 1}
    if condition is not None:
        parts["filter"] = [query_of(condition)]
    return {"bool": parts}


def _leaf(plan: Term | Phrase | Prefix | Fuzzy | AnyOf | Range, boost: float) -> Json:
    if isinstance(plan, Term):
        return {"term": {plan.field: {"value": plan.value, "boost": boost}}}
    if isinstance(plan, Phrase):
        return _loose(plan, boost) if plan.slop else _phrase(plan, boost)
    if isinstance(plan, AnyOf):
        parts = [list(plan.values[at : at + MOST_VALUES]) for at in range(0, len(plan.values), MOST_VALUES)]
        queries: list[Json] = [{"terms": {plan.field: values}} for values in parts or [[]]]
        return queries[0] if len(queries) == 1 else {"bool": {"should": queries, "minimum_should_match": 1}}
    if isinstance(plan, Prefix):
        return {"prefix": {plan.field: {"value": plan.value}}}
    if isinstance(plan, Fuzzy):
        wanted = {"value": plan.value, "fuzziness": plan.distance, "max_expansions": _EXPANSIONS}
        return {"fuzzy": {plan.field: {**wanted, "rewrite": "constant_score"}}}
    return {"range": {plan.field: {"gte": plan.low, "lte": plan.high}}}


def _phrase(plan: Phrase, boost: float) -> Json:
    asked = {"query": " ".join(plan.values), "analyzer": _ANALYZER, "boost": boost}
    return {"match_phrase": {plan.field: asked}}


def _loose(plan: Phrase, boost: float) -> Json:
    """A loose phrase: its tokens in order, with at most *slop* others between them."""
    tokens = [{"match": {"query": value, "analyzer": _ANALYZER}} for value in plan.values]
    ordered = {"ordered": True, "max_gaps": plan.slop, "intervals": tokens}
    return {"intervals": {plan.field: {"all_of": ordered, "boost": boost}}}


def terms_pattern(prefix: str) -> str:
    """The regular expression (Lucene's) of the terms that begin with *prefix*."""
    return "".join(f"\\{char}" if char in _REGEX_SIGNS else char for char in prefix) + ".*"


#: Characters with a meaning in Lucene's regular expressions.
_REGEX_SIGNS = r""".?+*|(){}[]\"#@&<>~^$-"""


def check_key_field(field: str) -> None:
    """Raises ValueError for a text field, whose terms OpenSearch does not list."""
    if field in TEXT:
        raise ValueError(f"terms of the text field {field} cannot be listed")
