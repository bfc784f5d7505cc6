"""The values that the graph of citations takes and gives, and how an edge is kept in arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.vocabulary import Relation

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Reach = Literal["legal", "wide", "all"]

#: A relation is kept as its place in this tuple.
RELATIONS: tuple[str, ...] = tuple(str(relation) for relation in Relation)
CODES = {name: code for code, name in enumerate(RELATIONS)}
#: Bits of an edge: a legal basis; a basis in the wide sense; concluded; of a table or a title; presumed.
LEGAL, WIDE, INFERRED, FACT, UNSURE = 1, 2, 4, 8, 16


@dataclass(frozen=True, slots=True)
class Filter:
    """Which edges and documents to follow."""

    #: Legal bases alone, bases in the wide sense, or every mention.
    reach: Reach = "all"
    #: Empty for all.
    relations: frozenset[str] = frozenset()
    #: EDTF: a document is kept where its date may be between the two.
    since: str | None = None
    until: str | None = None
    #: The key of an issuer, or its beginning up to a colon: "ubnd:tinh:thanh-hoa", "ttg".
    issuer: str | None = None
    #: The id of a province, as it was or as it is now.
    province: str | None = None
    #: Follow edges that only tables or titles state.
    facts: bool = True

    @property
    def by_document(self) -> bool:
        """Whether documents are chosen, and not edges alone."""
        return bool(self.since or self.until or self.issuer or self.province)


#: Every edge and document.
EVERYTHING = Filter()


def allowed(rel: Bytes, bits: Bytes, within: Filter) -> Bools:
    """Which edges of these relations and bits a filter lets through, whatever their documents."""
    wanted = {"legal": LEGAL, "wide": WIDE | LEGAL}.get(within.reach)
    keep: Bools = np.ones(len(bits), np.bool_) if wanted is None else (bits & wanted) != 0
    if not within.facts:
        keep &= (bits & FACT) == 0
    if within.relations:
        keep &= _codes_of(within.relations)[rel]
    return keep


@cache
def _codes_of(relations: frozenset[str]) -> Bools:
    """For the code of each relation whether it is one of *relations*."""
    return np.array([name in relations for name in RELATIONS], np.bool_)


@dataclass(frozen=True, slots=True)
class Link:
    """One edge: all mentions of one document by another with one relation."""

    #: It cites, amends or replaces the target.
    source: int
    target: int
    relation: str
    is_legal_basis: bool
    wide_basis: bool
    #: Every mention was resolved by a conclusion.
    inferred: bool
    #: Tables or a title state it; no document of the library does.
    fact: bool
    #: It is more than presumed.
    sure: bool


@dataclass(slots=True)
class Branch:
    """A document in a tree."""

    id: int
    #: The edge to its parent; None at the root.
    link: Link | None
    children: list[Branch] = field(default_factory=list)
    #: It is elsewhere in the tree with its children.
    again: bool = False
    #: Children left out, as the depth or the size was reached.
    more: int = 0

    def walk(self) -> Iterator[Branch]:
        """This branch and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Path:
    """A way from one document to another."""

    #: Every step goes from a citing to a cited document.
    directed: bool
    #: Each link, and whether it is walked from source to target.
    steps: tuple[tuple[Link, bool], ...]

    @property
    def inferred(self) -> bool:
        """Whether a step is a conclusion or comes from tables, not from a document."""
        return any(link.inferred or link.fact for link, _ in self.steps)


@dataclass(frozen=True, slots=True)
class Impact:
    """The documents that depend on one."""

    #: How many have it as their own basis.
    direct: int
    #: Ids and distances, nearest first.
    reached: list[tuple[int, int]]
    #: Whether all of them are listed.
    complete: bool


class Citing(NamedTuple):
    """One document that cites another."""

    source: int
    #: Of the mention that weighs most.
    relation: str
    is_legal_basis: bool
    wide_basis: bool

    @property
    def part(self) -> Literal["legal", "wide", "other"]:
        """How it cites: as a legal basis, as a basis in the wide sense, or otherwise."""
        return "legal" if self.is_legal_basis else "wide" if self.wide_basis else "other"
