"""Documents related to one document: by citations, by text, by programme and period; versions of the same apart.

Three lists, each document in one of them:

* *duplicates*: held documents of the same date (or none) whose text is the same but for details;
* *series*: documents of the same agency on the same subject, of other years;
* *related*: the others, nearest first, each with the reasons. What the document cites and what cites it is left out: it
  stands on the document's page already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus import series
from corpus.dates import overlap
from corpus.errors import StaleIndex
from corpus.graph.kinship import Kin, kin
from search.likeness import SAME_TEXT, common_share, pairs_of
from webui.app import json_shapes

if TYPE_CHECKING:
    from corpus.graph.graph import Graph
    from corpus.library import LibraryView
    from corpus.library.values import Summary
    from search.searcher import Search

#: Related documents listed, and versions of the same.
MOST, MOST_VERSIONS = 8, 12
#: The least score of a related document.
_LEAST = 0.2
#: What counts beside the likeness of the texts (from 0 to 1) and the score by citations (from 0 to 2).
_OF_CITATIONS, _OF_PROGRAMME, _OF_PERIOD = 0.6, 0.1, 0.15
#: Documents looked at by each of text and citations.
_LOOKED_AT = 30
#: Documents whose text is near enough to be compared pair by pair.
_COMPARED, _NEAR_TEXT = 6, 0.6


@dataclass(slots=True)
class _Candidate:
    """A document that may be related."""

    document: Summary
    likeness: float
    kin: Kin | None
    #: The programme that its title and that of the document name.
    programme: str | None
    #: See :func:`_score`.
    score: float = 0.0


def related(library: LibraryView, graph: Graph, search: Search, id: int) -> dict[str, Any]:
    """``{"duplicates": […], "series": […], "related": […], "text_compared": bool}``.

    Each entry: ``{"document", "reasons", "likeness", "co_cited", "shared", "programme", "period", "score"}``.
    text_compared is false where the index could not be used. Raises NotFound.
    """
    own = library.summary(id)
    candidates, compared = _candidates(library, graph, search, own)
    duplicates, others = _without_duplicates(library, own, candidates)
    key = series.series_key(own.title, own.issuer_key)
    of_issuer = [c for c in others if key and c.document.issuer_key == own.issuer_key]
    of_series = [c for c in of_issuer if series.series_key(c.document.title, c.document.issuer_key) == key]
    of_series.sort(key=lambda c: (c.document.date or "", c.document.id), reverse=True)
    near = [c for c in others if c not in of_series and c.score >= _LEAST]
    linked = graph.linked(own.id, [c.document.id for c in near])
    rest = [c for c in near if c.document.id not in linked]
    rest.sort(key=lambda c: (-c.score, c.document.id))
    return {
        "duplicates": [_entry(own, c) for c in duplicates[:MOST_VERSIONS]],
        "series": [_entry(own, c) for c in of_series[:MOST_VERSIONS]],
        "related": [_entry(own, c) for c in rest[:MOST]],
        "text_compared": compared,
    }


def _candidates(library: LibraryView, graph: Graph, search: Search, own: Summary) -> tuple[list[_Candidate], bool]:
    """The documents near by text or by citations, and whether texts could be compared."""
    compared = True
    likeness: dict[int, float] = {}
    try:
        likeness = {one.id: one.likeness for one in search.alike(own.id, _LOOKED_AT)}
    except StaleIndex:
        compared = False
    kinship = {one.id: one for one in kin(graph, own.id, _LOOKED_AT)}
    documents = library.summaries(dict.fromkeys((*likeness, *kinship)))
    found = []
    programme = series.programme(own.title)
    for id_, one in documents.items():
        if id_ != own.id:
            same = programme if programme and series.programme(one.title) == programme else None
            candidate = _Candidate(one, likeness.get(id_, 0.0), kinship.get(id_), same)
            candidate.score = _score(own, candidate)
            found.append(candidate)
    return found, compared


def _without_duplicates(
    library: LibraryView, own: Summary, candidates: list[_Candidate]
) -> tuple[list[_Candidate], list[_Candidate]]:
    """Those whose text is the same and whose date may be, and the others."""
    near = [c for c in candidates if c.likeness >= _NEAR_TEXT and _may_be_of_one_day(own, c.document)]
    near = sorted(near, key=lambda c: -c.likeness)[:_COMPARED]
    if not near:
        return [], candidates
    texts = library.shown_some([own.id, *(c.document.id for c in near)])
    pairs = pairs_of(texts[own.id].text)
    same = [
        c
        for c in near
        if c.document.id in texts and common_share(pairs, pairs_of(texts[c.document.id].text)) >= SAME_TEXT
    ]
    return same, [c for c in candidates if c not in same]


def _may_be_of_one_day(own: Summary, other: Summary) -> bool:
    return not own.date or not other.date or overlap(own.date, other.date)


def _score(own: Summary, candidate: _Candidate) -> float:
    score = candidate.likeness + (_OF_CITATIONS * candidate.kin.score if candidate.kin else 0.0)
    if score and candidate.programme:
        score += _OF_PROGRAMME + (_OF_PERIOD if _period(own, candidate.document) else 0.0)
    return score


def _period(own: Summary, other: Summary) -> series.Period | None:
    """The period of *other* where both are about some of the same years."""
    mine, its = series.period(own.title), series.period(other.title)
    return its if mine and its and mine[0] <= its[1] and its[0] <= mine[1] else None


def _entry(own: Summary, candidate: _Candidate) -> dict[str, Any]:
    programme = candidate.programme
    period = _period(own, candidate.document) if programme else None
    entry: dict[str, Any] = {
        "document": json_shapes.summary(candidate.document),
        "likeness": round(candidate.likeness, 2),
        "co_cited": candidate.kin.co_cited if candidate.kin else 0,
        "shared": candidate.kin.shared if candidate.kin else 0,
        "programme": programme,
        "period": list(period) if period else None,
        "score": round(candidate.score, 3),
    }
    return {**entry, "reasons": reasons(entry)}


def reasons(entry: dict[str, Any]) -> list[str]:
    """Why a document is related, in Vietnamese."""
    words = []
    if entry["shared"]:
        words.append(f"cùng dẫn {entry['shared']} văn bản")
    if entry["co_cited"]:
        words.append(f"cùng được {entry['co_cited']} văn bản dẫn")
    if entry["likeness"]:
        words.append(f"lời văn gần nhau ({entry['likeness']:.0%})".replace("%)", " %)"))
    if entry["programme"]:
        years = entry["period"]
        span = "" if not years else f", {years[0]}" + (f"–{years[1]}" if years[1] != years[0] else "")
        words.append(f"cùng chương trình {series.programme_names()[entry['programme']]}{span}")
    return words
