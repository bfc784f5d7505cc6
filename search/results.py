"""What a search answers with."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.library.indexed import Indexed
from corpus.spoken_number import SpokenNumber
from search.facets import FacetValue
from search.snippets import Snippet
from search.tiers import Tier


@dataclass(slots=True)
class Hit:
    """One document found."""

    id: int
    tier: Tier
    #: 0 where the tier is not ordered by relevance.
    score: float
    document: Indexed
    #: [start, end) offsets in the title.
    title_highlights: tuple[tuple[int, int], ...] = ()
    snippets: list[Snippet] = field(default_factory=list)
    #: Its date is partial and may be outside the dates asked for.
    possible_date: bool = False
    #: It has the number typed, but not the day typed after it.
    other_day: bool = False


@dataclass(frozen=True, slots=True)
class NumberChoice:
    """One of several documents that the number typed may mean."""

    id: int
    so_ky_hieu: str | None
    issuer: str | None
    year: int | None
    tier: Tier


@dataclass(slots=True)
class Results:
    """A page of results."""

    #: The query, normalised.
    query: str
    hits: list[Hit]
    #: All documents that match.
    total: int
    #: Counted from 1.
    page: int
    page_size: int
    #: Documents of each tier that has any.
    tiers: dict[Tier, int] = field(default_factory=dict)
    facets: dict[str, list[FacetValue]] = field(default_factory=dict)
    #: The query with restored diacritics, where they changed what was searched.
    restored: str | None = None
    #: The số hiệu that was recognised in the query.
    number: SpokenNumber | None = None
    #: How a number without ký hiệu was understood, in Vietnamese.
    understood: str | None = None
    #: The documents with that number and those near it, where there are several.
    same_number: list[NumberChoice] = field(default_factory=list)
    #: A better spelling of the query: of syllables that the library does not have, or never has side by side.
    did_you_mean: str | None = None
    #: Vietnamese sentences for the reader of the results.
    notes: list[str] = field(default_factory=list)
    #: Seconds.
    took: float = 0.0

    @property
    def pages(self) -> int:
        """Pages in all."""
        return -(-self.total // self.page_size)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may be meant by the beginning of a query."""

    text: str
    #: ``so_hieu``, ``trich_yeu`` or ``co_quan``.
    kind: str
    #: Issuer and year.
    note: str
    #: The id of a document that has it.
    id: int
