"""What is highlighted of a query: the syllables to look for in the documents found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from search.compiler.analysis import Analysis
from search.highlights import Needle
from search.language import synonyms
from search.language.tokens import Token, folded_keys, tokens
from search.query.query_tree import (
    CELL_FIELD,
    FieldNode,
    FuzzyNode,
    Node,
    PhraseNode,
    PrefixNode,
    positive_leaves,
    runs,
)

#: Fields whose values are highlighted in the text.
_SHOWN_FIELDS = ("trichyeu", "nguoiky", "noinhan")


def needles_of(tree: Node, analysis: Analysis) -> list[Needle]:
    """The needles of a query, in its order; parts under a negation have none."""
    needles: list[Needle] = []
    for run in runs(tree):
        units = [analysis.syllables(leaf) for leaf in run]
        first = run[0]
        if isinstance(first, PhraseNode):
            needles.append(_needle(units[0], slop=first.slop))
        else:
            needles.extend(_of_words(units, analysis.words(first)))
            needles.extend(_of_synonyms(units))
    for leaf in positive_leaves(tree):
        if isinstance(leaf, PrefixNode):
            (token,) = tokens(leaf.text)
            needles.append(Needle((token.folded,), prefix=True))
        elif isinstance(leaf, FuzzyNode):
            (token,) = tokens(leaf.text)
            needles.append(Needle((token.folded,), distance=leaf.distance))
        elif isinstance(leaf, FieldNode) and leaf.field in _SHOWN_FIELDS:
            needles.append(Needle(tuple(folded_keys(leaf.text))))
    return needles


def cell_needles(tree: Node) -> list[Needle]:
    """The needles that are looked for in the cells of tables."""
    cells = (leaf for leaf in positive_leaves(tree) if isinstance(leaf, FieldNode) and leaf.field == CELL_FIELD)
    return [_needle(tokens(leaf.text)) for leaf in cells]


def _of_words(units: Sequence[list[Token]], words: Sequence[tuple[int, int]]) -> list[Needle]:
    """One needle for each word of several syllables, then one for each unit that is in none."""
    spans = words if all(len(unit) == 1 for unit in units) else []
    joined = [_needle([units[i][0] for i in range(a, b)], apart=True) for a, b in spans]
    inside = {i for a, b in spans for i in range(a, b)}
    return joined + [_needle(unit) for i, unit in enumerate(units) if i not in inside]


def _of_synonyms(units: Sequence[list[Token]]) -> Iterable[Needle]:
    for at in range(len(units)):
        for length in range(min(synonyms.max_length(), len(units) - at), 0, -1):
            syllables = tuple(token.folded for unit in units[at : at + length] for token in unit)
            for way in synonyms.synonyms_of(syllables):
                yield Needle(way)


def _needle(unit: Sequence[Token], *, slop: int = 0, apart: bool = False) -> Needle:
    return Needle(
        tuple(token.folded for token in unit),
        tuple(token.exact if token.marked else None for token in unit),
        slop=slop,
        apart=apart,
    )
