"""From what an engine found to hits: the stored document, its passages and highlights, and how well its date fits."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from corpus.errors import NotFound
from corpus.library.indexed import Indexed
from corpus.spoken_number import has_other_day
from search.compiler.compile import CompiledQuery
from search.engine import EngineHit
from search.filters import DayRange, date_fields
from search.highlights import Needle, ScannedText, find
from search.index.engine_document import numbers_of
from search.request import QueryOptions, SearchRequest
from search.results import Hit
from search.row_snippets import row_snippets
from search.snippets import passages
from search.source import Source
from search.tiers import Tier

#: Tiers whose documents have, cite or mention the number typed.
_ABOUT_NUMBER = frozenset({Tier.NUMBER, Tier.OTHER_ISSUER, Tier.NEAR_NUMBER, Tier.CITES_NUMBER, Tier.MENTIONS_NUMBER})


def documents_of(source: Source, ids: Sequence[int]) -> dict[int, Indexed]:
    """The documents of *ids* as the library has them now; those gone since are left out."""
    documents = source.shown_some(ids)
    for id_ in ids:
        if id_ not in documents:  # merged since: shown as the document it is part of now
            with suppress(NotFound):
                documents[id_] = source.shown(id_)
    return documents


def hits_of(found: Sequence[EngineHit], compiled: CompiledQuery, request: SearchRequest, source: Source) -> list[Hit]:
    """The hits of one page, in the engine's order."""
    documents = documents_of(source, [hit.id for hit in found])
    return [_hit(one, documents[one.id], compiled, request) for one in found if one.id in documents]


def _hit(found: EngineHit, document: Indexed, compiled: CompiledQuery, request: SearchRequest) -> Hit:
    hit = Hit(found.id, compiled.tiers[found.tier], found.score, document)
    text = ScannedText(document.text)
    needles = _needles(hit.tier, text, compiled)
    if request.snippets and document.text:
        rows = row_snippets(document.tables, compiled.cell_needles, request.snippets) if compiled.cell_needles else []
        rest = request.snippets - len(rows) if needles else 0
        hit.snippets = rows + (passages(text, document.page_starts, needles, rest) if rest or not rows else [])
    if document.title:
        hit.title_highlights = tuple((span.start, span.end) for span in find(document.title, needles))
    if compiled.number and hit.tier.of_number:
        hit.other_day = has_other_day(compiled.number, document.date)
    if compiled.date_ranges:
        hit.possible_date = not _date_is_within(document, compiled.date_ranges, request.options)
    return hit


def _needles(tier: Tier, text: ScannedText, compiled: CompiledQuery) -> list[Needle]:
    """The needles of the number where the document was found by it and mentions it, else those of the text."""
    if tier in _ABOUT_NUMBER and any(find(text, [needle]) for needle in compiled.number_needles):
        return compiled.number_needles
    if tier in _ABOUT_NUMBER and compiled.number is not None and compiled.number.symbol is None:
        return []  # the same digits elsewhere in the text (96,4 tỷ đồng) are no answer
    return compiled.needles


def _date_is_within(document: Indexed, ranges: Sequence[DayRange], options: QueryOptions) -> bool:
    """Whether the date is certainly in one of *ranges*."""
    numbers = numbers_of(document)
    return any(
        first in numbers and low <= numbers[first] and numbers[last] <= high
        for low, high in ranges
        for first, last in date_fields(options)
    )
