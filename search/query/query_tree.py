"""The tree of a query: what :func:`search.query.parser.parse` gives and the compiler reads.

Positions are offsets into the query, for messages and for putting restored diacritics in place.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WordNode:
    """A word as typed; of several syllables where punctuation joins them (``và/hoặc``, ``NN&PTNT``)."""

    text: str
    position: int


@dataclass(frozen=True, slots=True)
class PhraseNode:
    """``"a b"~3``: syllables in order, with at most *slop* others between them."""

    text: str
    slop: int
    position: int


@dataclass(frozen=True, slots=True)
class PrefixNode:
    """``tập*``: the beginning of a syllable."""

    text: str
    position: int


@dataclass(frozen=True, slots=True)
class FuzzyNode:
    """``từ~``: a syllable within *distance* edits."""

    text: str
    distance: int
    position: int


#: The field whose value stands in a cell of a table.
CELL_FIELD = "bang"


@dataclass(frozen=True, slots=True)
class FieldNode:
    """``field:value``; *quoted* when the value was in quotation marks."""

    field: str
    text: str
    quoted: bool
    position: int


@dataclass(frozen=True, slots=True)
class AndNode:
    """All of *items*."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class OrNode:
    """Any of *items*."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class NotNode:
    """Not *item*."""

    item: Node


Leaf = WordNode | PhraseNode | PrefixNode | FuzzyNode | FieldNode
Node = Leaf | AndNode | OrNode | NotNode
#: Words typed one after the other, or one phrase.
Run = list[WordNode] | list[PhraseNode]


def leaves(node: Node) -> list[Leaf]:
    """The leaves in reading order, negated ones included."""
    if isinstance(node, AndNode | OrNode):
        return [leaf for item in node.items for leaf in leaves(item)]
    if isinstance(node, NotNode):
        return leaves(node.item)
    return [node]


def positive_leaves(node: Node) -> list[Leaf]:
    """The leaves that no negation covers."""
    if isinstance(node, AndNode | OrNode):
        return [leaf for item in node.items for leaf in positive_leaves(item)]
    return [] if isinstance(node, NotNode) else [node]


def runs(node: Node) -> list[Run]:
    """The runs of words and the phrases that no negation covers."""
    if isinstance(node, WordNode):
        return [[node]]
    if isinstance(node, PhraseNode):
        return [[node]]
    if isinstance(node, OrNode):
        return [run for item in node.items for run in runs(item)]
    if not isinstance(node, AndNode):
        return []
    found: list[Run] = []
    words: list[WordNode] = []
    for item in node.items:
        if isinstance(item, WordNode):
            words.append(item)
            continue
        if words:
            found.append(words)
            words = []
        found.extend(runs(item))
    if words:
        found.append(words)
    return found
