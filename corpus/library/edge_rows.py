"""From mentions to edges: all mentions of one document by another as one citation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from corpus.library.values import Edge, Mention
from corpus.vocabulary import MentionState, Relation

#: Which relation stands for all mentions of one document by another: the first of these, before any other.
_ORDER = (
    Relation.LEGAL_BASIS,
    Relation.PROPOSED_IN,
    Relation.IMPLEMENTS,
    Relation.DEPLOYS,
    Relation.REPLACES,
    Relation.REPEALS,
    Relation.AMENDS,
)
_RANKS: dict[str, int] = {relation: rank for rank, relation in enumerate(_ORDER)}


def relation_rank(relation: str) -> int:
    """The place of a relation in the order in which relations stand for an edge: 0 first."""
    return _RANKS.get(relation, len(_ORDER))


def edges(mentions: Iterable[Mention]) -> list[Edge]:
    """One edge for each pair of source and target, in order of first mention; mentions without a target give none."""
    grouped: dict[tuple[int, int], list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.target is not None:
            grouped[mention.source, mention.target].append(mention)
    return [_edge(source, target, group) for (source, target), group in grouped.items()]


def _edge(source: int, target: int, mentions: list[Mention]) -> Edge:
    first = min(mentions, key=_weight)
    return Edge(
        source=source,
        target=target,
        relation=first.citation.relation,
        is_legal_basis=any(mention.citation.is_legal_basis for mention in mentions),
        wide_basis=any(mention.wide_basis for mention in mentions),
        inferred=all(mention.state == MentionState.INFERRED for mention in mentions),
        confidence=max(mention.confidence for mention in mentions),
        mentions=mentions,
    )


def _weight(mention: Mention) -> tuple[bool, bool, int, int]:
    """Sorts mentions, the one to show first."""
    citation = mention.citation
    return not citation.is_legal_basis, not mention.wide_basis, relation_rank(citation.relation), mention.ordinal
