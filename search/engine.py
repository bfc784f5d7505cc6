"""The interface of a search engine: documents go in, plans go in, ids come out.

An engine is given a folder (or an address) once, when it is opened; after that only values cross this interface, so
an engine on another machine fits as well. Engines hold nothing that the library could not supply again. The engines
there are, and where to add one, are in :mod:`search.engines`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from search.index.engine_document import EngineDocument
from search.plan import Order, Plan


@dataclass(frozen=True, slots=True)
class EngineAddress:
    """Where an engine on other machines is."""

    #: Any of its nodes (``https://name:password@host:9200``); never shown.
    urls: tuple[str, ...] = field(repr=False)
    #: File of the certificates (PEM) that its own must be signed by; None for those the system trusts.
    certificates: Path | None = None
    #: Parts of a new index, and further copies of each part on other nodes.
    shards: int = 1
    replicas: int = 0


@dataclass(frozen=True, slots=True)
class TierPlan:
    """The plan of one tier, and the order of its documents."""

    plan: Plan
    order: Order = Order.RELEVANCE


@dataclass(frozen=True, slots=True)
class EngineQuery:
    """One question: the documents of the first tier, then those of the second that are not in the first, and so on."""

    tiers: tuple[TierPlan, ...]
    #: Must hold for all documents; gives no score.
    condition: Plan | None = None
    #: Documents left out at the beginning.
    offset: int = 0
    #: Documents wanted.
    limit: int = 10
    #: One order for all tiers together, instead of their own.
    order: Order | None = None
    #: Whether all documents that match are counted; otherwise the totals are those of the hits.
    counted: bool = True
    #: Key fields whose values are counted.
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineHit:
    """A document found."""

    id: int
    #: Index of its tier in the tiers asked for; 0 is the best.
    tier: int
    #: 0 where the order is not by relevance.
    score: float


@dataclass(slots=True)
class EngineResult:
    """The hits asked for, and counts over all documents that match."""

    hits: list[EngineHit]
    total: int
    #: Documents of each tier; a document counts in the first tier that has it.
    tier_totals: list[int]
    #: Field → value → documents that have it.
    facets: dict[str, dict[str, int]] = field(default_factory=dict)


class Engine(Protocol):
    """An open index. Readers see the last commit; there is one writer at a time, who holds the index's lock."""

    #: Its name in the registry.
    name: str

    def update(
        self, documents: Iterable[EngineDocument], gone: Sequence[int], *, fresh: bool = False, version: int = 0
    ) -> None:
        """Puts *documents* in place of those with the same ids, removes the ids in *gone*, and commits, all at once.

        An id that joins *gone* while *documents* is being read may be removed by the next update only. fresh: none of
        the documents is in the index yet, so none needs to be looked for. version: the change sequence that the
        documents have; where several machines write to one index, an earlier version never replaces a later one.
        Raises LibraryBusy while another process writes; after any error the last commit remains.
        """

    def search(self, query: EngineQuery) -> EngineResult:
        """The documents that *query* asks for, with counts over all that match."""

    def ids(self, plan: Plan, limit: int = 100_000) -> list[int]:
        """The ids of the documents that match *plan*, in ascending order."""

    def terms(self, field: str, prefix: str, limit: int = 1_000) -> list[tuple[str, int]]:
        """The terms of a key field that start with *prefix*, in order, and about how many documents have each."""

    def frequency(self, field: str, value: str) -> int:
        """About how many documents have exactly *value* in a text or key field."""

    def count(self) -> int:
        """Documents in the index."""

    def reload(self) -> bool:
        """Moves to the last commit; whether there was a new one."""

    def size(self) -> int:
        """Bytes on disk."""

    def close(self) -> None:
        """Releases the files."""

    def drop(self) -> None:
        """Removes what the engine keeps outside its folder; the folder itself is removed by who made it."""


def fieldnorm(length: int) -> int:
    """A field's length in tokens as BM25 uses it: exact below 40, above that the four leading bits of length - 24.

    Source: ``SmallFloat.intToByte4`` of Lucene, which Tantivy uses too. With one rounding for all engines their scores
    are equal.
    """
    if length < 40:
        return length
    value = length - 24
    shift = max(value.bit_length() - 4, 0)
    return ((value >> shift) << shift) + 24
