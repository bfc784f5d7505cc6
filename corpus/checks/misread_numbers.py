"""Cited numbers that may be misread or mistyped: a document that nobody holds, beside one of another number.

Documents of one agency, ký hiệu and day differ by their number alone; a citation with a wrong number makes a document
that does not exist. It is told as a doubt where the titles are the same and the number is near or was read with doubt,
or, without titles, where a near number was read with doubt. Nothing is joined: an agency may issue two alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from corpus.checks.title_check import is_same_title, likeness
from corpus.graph.graph import Graph
from corpus.identity import Facts
from corpus.library import LibraryView
from corpus.library.values import Summary
from corpus.so_ky_hieu import parse

#: Likeness below which titles are of different documents.
_FAR = 0.4
#: Figures in which near numbers differ.
_NEAR = 1
#: Documents that cite a wrong number, at most: what many write is no slip.
_FEW = 3


@dataclass(frozen=True, slots=True)
class LikelyMeant:
    """The document that a cited number may mean."""

    #: Its node; None where the tables alone have it.
    id: int | None
    so_ky_hieu: str
    #: Why, in Vietnamese.
    reason: str


def likely_meant(
    view: LibraryView, stubs: Iterable[Summary], graph: Graph | None = None
) -> dict[int, list[LikelyMeant]]:
    """What documents that are cited and not held may be, by id; only those of which something is found.

    graph: of what *view* shows, where the caller has it; then it takes less.
    """
    found = {}
    for stub in stubs:
        if not stub.held and not stub.known and (meant := _of(view, stub, graph)):
            found[stub.id] = meant
    return found


def _of(view: LibraryView, stub: Summary, graph: Graph | None) -> list[LikelyMeant]:
    own = parse(stub.so_ky_hieu) if stub.so_ky_hieu else None
    if own is None or not own.number_key or not stub.date or len(stub.date) < 10:
        return []
    facts = Facts(sym_key=own.sym_key, date=stub.date, issuer_key=stub.issuer_key)
    alike = None if graph is None else graph.alike(stub.date, facts.sym_key, stub.issuer_key)
    others = [
        one for one in view.alike(facts, alike) if one.id != stub.id and one.facts.number and one.facts.so_ky_hieu
    ]
    if not others:
        return []
    citing = view.cited_by(stub.id, limit=_FEW + 1)
    if not citing or len(citing) > _FEW:
        return []
    doubted = all(mention.citation.needs_review for edge in citing for mention in edge.mentions)
    found = []
    for other in others:
        near = Levenshtein.distance(own.number_key, str(other.facts.number)) <= _NEAR
        same = _same_titles(stub.title, other.facts.title)
        fits = same is not False and ((near and (same or doubted)) or (same and doubted))
        if fits and (other.held or other.known or _is_cited_more(view, other.id, len(citing))):
            reason = "cùng ngày, cùng cơ quan" + (", cùng trích yếu" if same else "") + ", số gần giống" * near
            found.append(LikelyMeant(other.id, str(other.facts.so_ky_hieu), reason))
    return found


def _is_cited_more(view: LibraryView, id: int | None, times: int) -> bool:
    return id is not None and len(view.cited_by(id, limit=_FEW + 1)) > times


def _same_titles(one: str | None, other: str | None) -> bool | None:
    """Whether two titles are the same; None where one is missing or it cannot be told."""
    if not one or not other:
        return None
    return True if is_same_title(one, other) else False if likeness(one, other) < _FAR else None
