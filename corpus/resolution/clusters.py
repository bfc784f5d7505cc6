"""Items of a bucket (documents, claims, rows of tables) and the clusters they form: each is one document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from corpus.fold import letters
from corpus.identity import Facts
from corpus.vocabulary import MentionState

#: Ký hiệu whose fullness is remembered.
_SYMBOLS_KEPT = 10_000


@dataclass(slots=True)
class Item:
    """An item that means a document: a held one, a claim made by mentions, or a row of the known-documents tables."""

    kind: Literal["held", "mention", "known"]
    #: The id of its node or of its claim; 0 for a row of the tables.
    ref: int
    facts: Facts
    #: Gives items an order that does not depend on their arrival: hash of the file or of the claim, key of the row.
    source: str = ""
    #: How many documents make the claim.
    votes: int = 1
    #: How many restricted documents make the claim.
    hidden_votes: int = 0
    #: Date of the citing document, where the meaning may depend on it.
    citing: str | None = None
    #: It may be wrong about its own identity.
    unsure: bool = False
    #: It repeats a fuller mention of its document, and has no vote.
    antecedent: bool = False
    #: Its number comes from the table of laws.
    by_name: bool = False
    #: The words around a mention that has a number alone.
    context: str = ""
    #: A held document of restricted circulation.
    restricted: bool = False


@dataclass(slots=True, eq=False)
class Cluster:
    """All items that are one document."""

    key: str = ""
    items: list[Item] = field(default_factory=list)
    #: What is known of the document; see :func:`corpus.resolution.description.describe`.
    facts: Facts = field(default_factory=Facts)
    #: Field → value → how many documents say so, where they differ.
    conflicts: dict[str, dict[str, int]] = field(default_factory=dict)
    #: Only restricted documents cite it.
    restricted: bool = False
    #: Restricted documents say more of it than is shown.
    withheld: bool = False

    @property
    def held(self) -> list[Item]:
        """The held documents in it: copies of one document."""
        return [i for i in self.items if i.kind == "held"]

    def copies(self) -> list[Item]:
        """The held documents in it, the one that stands for all first: it takes what cites the document.

        First come those that all may see and that were read for sure; of these the one whose day and title most citing
        documents give, so that an altered copy does not take the place of what was cited; then a full date.
        """

        def place(item: Item) -> tuple[bool, bool, int, bool, str]:
            return (item.restricted, item.unsure, -self._agreeing(item), len(item.facts.date or "") < 10, item.source)

        return sorted(self.held, key=place)

    def _agreeing(self, item: Item) -> int:
        """How many citing documents give the date of *item*, and how many its title or a part of it."""
        date, title = item.facts.date or "", letters(item.facts.title or "")
        found = 0
        for mention in self.mentions:
            written = letters(mention.facts.title or "")
            if mention.antecedent:
                continue
            found += mention.votes * (bool(date) and mention.facts.date == date)
            found += mention.votes * (bool(written and title) and (written in title or title in written))
        return found

    @property
    def mentions(self) -> list[Item]:
        """The claims in it."""
        return [i for i in self.items if i.kind == "mention"]

    @property
    def known(self) -> str | None:
        """The key of the known document that it is."""
        return min((i.source for i in self.items if i.kind == "known"), default=None)

    @property
    def anchored(self) -> bool:
        """Whether it is more than claims by mentions."""
        return any(i.kind != "mention" for i in self.items)

    @property
    def symbol(self) -> str:
        """The fullest spelling of its ký hiệu."""
        return fullest_symbol(self.items)

    def dates(self) -> set[str]:
        """The full dates that its items have."""
        return {i.facts.date for i in self.items if i.facts.date and len(i.facts.date) == 10}

    def earliest(self) -> str | None:
        """The earliest date it may have, of held and known items if these have one; else the earliest year."""
        anchors = [i.facts.date for i in self.items if i.kind != "mention" and i.facts.date]
        dates = anchors or [i.facts.date for i in self.items if i.facts.date]
        if dates:
            return min(dates)
        return min((i.facts.year for i in self.items if i.facts.year), default=None)

    def issued_by(self, issuer_key: str | None) -> bool:
        """Whether one of its items has that issuer."""
        return any(i.facts.issuer_key == issuer_key for i in self.items)


@dataclass(slots=True)
class Resolution:
    """What a mention was found to mean."""

    #: The document; None where it is none, or not one alone.
    cluster: Cluster | None
    state: MentionState
    #: How it was found, in Vietnamese, for a reader.
    method: str
    #: 0 to 1.
    confidence: float
    #: "date: 2018-07-05 / 2018-05-07": what the mention says and what was taken.
    conflicts: list[str] = field(default_factory=list)
    #: Documents that it may mean.
    candidates: list[Cluster] = field(default_factory=list)


def order(item: Item) -> tuple[str, str]:
    """Sorts items so that the result does not depend on their arrival."""
    return (item.kind, item.source)


def fullest_symbol(items: Iterable[Item]) -> str:
    """The fullest spelling of the ký hiệu: with most segments, then the longest."""
    return max((i.facts.symbol or "" for i in items), key=_fullness)


@lru_cache(_SYMBOLS_KEPT)
def _fullness(symbol: str) -> tuple[int, int, str]:
    return len(re.split(r"[-/]", symbol)), len(symbol), symbol
