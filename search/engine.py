"""What every engine can do, and nothing of how: documents in, plans in, ids out.

An engine gets a folder (or an address) once, when it is made; after that only values cross this line, so that an engine
on another machine could stand behind it as well. Engines hold nothing that the store could not give again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from search.document import EngineDocument
from search.plan import Plan

Order = Literal["relevance", "date", "cited"]


@dataclass(frozen=True, slots=True)
class EngineHit:
    """A document found: in which tier (0 the best), and how well (0 where the order is not by relevance)."""

    id: int
    tier: int
    score: float


@dataclass(slots=True)
class EngineResult:
    """The hits asked for, and figures of all that match.

    tier_totals: documents of each tier, each counted once, in the first tier that has it. facets: field → value → count.
    """

    hits: list[EngineHit]
    total: int
    tier_totals: list[int]
    facets: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tier:
    """A plan and the order of its documents: by score, or newest first."""

    plan: Plan
    order: Order = "relevance"


class Engine(Protocol):
    """An open index. Readers see the last commit; one writer at a time, who holds the service's lock."""

    name: str

    def update(self, documents: Iterable[EngineDocument], gone: Sequence[int], *, fresh: bool = False) -> None:
        """Put documents in place of those of the same id, take *gone* out, and commit it all at once.

        fresh: none of the documents is in the index yet, so that nothing need be looked for.
        """

    def search(
        self,
        tiers: Sequence[Tier],
        *,
        condition: Plan | None = None,
        offset: int = 0,
        limit: int = 10,
        order: Order | None = None,
        facets: Sequence[str] = (),
    ) -> EngineResult:
        """Documents of the first tier, then those of the second that are not in the first, and so on.

        condition: holds for all, without scoring. order: one order for all tiers taken together, instead of their own.
        """

    def ids(self, plan: Plan, limit: int = 100_000) -> list[int]:
        """The ids of the documents of a plan, smallest first."""

    def terms(self, field: str, prefix: str, limit: int = 1_000) -> list[tuple[str, int]]:
        """Terms of a field that start with *prefix*, in order, and how many documents have each (about)."""

    def count(self) -> int:
        """Documents in the index."""

    def reload(self) -> bool:
        """See the last commit; whether there was a new one."""

    def size(self) -> int:
        """Bytes on disk."""

    def optimize(self) -> None:
        """Join the parts of the index into one, where the engine keeps parts."""

    def close(self) -> None:
        """Let go of files."""


def fieldnorm(length: int) -> int:
    """A field's length as BM25 sees it: exact to 40, then with three bits kept, so that one byte can hold it.

    Source: the ``SmallFloat.intToByte4`` coding of Lucene, which Tantivy uses too; one rounding makes engines agree.
    """
    if length < 40:
        return length
    value = length - 24
    shift = max(value.bit_length() - 4, 0)
    return ((value >> shift) << shift) + 24
