"""Effect of a document and health of its căn cứ, with the proof, as JSON data."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from corpus.checks import effect_status
from corpus.errors import NotFound
from corpus.graph.disagreements import Disagreement, all_disagreements
from corpus.graph.wanted import Wanted, wanted
from corpus.law.effect import EffectStatus, Proof
from corpus.vocabulary import Effect
from webui.app import json_shapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from corpus.graph.graph import Graph
    from corpus.library import LibraryView
    from corpus.library.values import Summary

ORIGINS = {
    "van_ban": "văn bản trong kho",
    "bang": "bảng văn bản đã biết",
    "trich_yeu": "trích yếu của văn bản khác",
    "giai_doan": "giai đoạn ghi trong trích yếu",
}
#: States in which a căn cứ should be looked at again.
SPENT = frozenset({Effect.REPLACED, Effect.REPEALED, Effect.EXPIRED, Effect.PERIOD_OVER, Effect.PARTLY_EXPIRED})
#: Characters of a sentence that are quoted: OCR may give a whole letterhead for one.
QUOTED = 300


def of(library: LibraryView, graph: Graph, id: int) -> dict[str, Any]:
    """The effect of a document today."""
    found = effect_status.effect_status(library, graph, id)
    return _health(found, library.summaries(_speakers(found)), library.summary(id).so_ky_hieu)


def of_bases(library: LibraryView, graph: Graph, id: int) -> dict[int, dict[str, Any]]:
    """Each legal basis by its id: ``{"at_signing", "today"}``."""
    found = effect_status.basis_statuses(library, graph, id)
    named = library.summaries({s for b in found for h in (b.at_signing, b.today) for s in _speakers(h)})
    return {
        b.target.id: {
            "at_signing": _health(b.at_signing, named, b.target.so_ky_hieu),
            "today": _health(b.today, named, b.target.so_ky_hieu),
        }
        for b in found
    }


def around(sentence: str, number: str | None, most: int = QUOTED) -> str:
    """*sentence* in one line, at most *most* characters of it about where *number* stands; the rest an ellipsis."""
    text = " ".join(sentence.split())
    if len(text) <= most:
        return text
    tried = (text.find(said) for said in (number or "", (number or "").partition("/")[0] + "/") if len(said) > 1)
    at = next((found for found in tried if found >= 0), 0)
    start = max(0, min(at - most // 2, len(text) - most))
    end = start + most
    if start:
        start = text.find(" ", start, at) + 1 or start  # not in the middle of a word
    if end < len(text):
        space = text.rfind(" ", at + len(number or ""), end)
        end = space if space > 0 else end
    return ("… " if start else "") + text[start:end].rstrip() + (" …" if end < len(text) else "")


def _speakers(found: EffectStatus) -> set[int]:
    return {p.by for p in (*found.proofs, *found.hints) if p.by is not None}


def _health(found: EffectStatus, named: Mapping[int, Summary], number: str | None) -> dict[str, Any]:
    return {
        "state": found.state,
        "words": found.words,
        "spent": found.state in SPENT,
        "on": found.on,
        "proofs": [_proof(p, named, number) for p in found.proofs],
        "hints": [_proof(p, named, number) for p in found.hints],
    }


def _proof(found: Proof, named: Mapping[int, Summary], number: str | None) -> dict[str, Any]:
    by = named.get(found.by) if found.by is not None else None
    return {
        "state": found.state,
        "words": found.state.words,
        "since": found.since,
        "until": found.until,
        "by": json_shapes.summary(by) if by else None,
        "sentence": found.sentence,
        "quote": around(found.sentence, number),
        "page": found.page,
        "origin": found.origin,
        "origin_words": ORIGINS[found.origin],
        "certainty": found.certainty,
        "checked_on": found.checked_on,
        "sure": found.sure,
    }


def wanted_list(library: LibraryView, graph: Graph, limit: int) -> list[dict[str, Any]]:
    """Documents that are cited and not held, most cited first; how they are cited differently: :func:`with_conflicts`."""
    found = wanted(library, graph, limit=limit, conflicts=False)
    return [_wanted(w) for w in found]


def with_conflicts(library: LibraryView, rows: Iterable[dict[str, Any]]) -> None:
    """Puts into the rows of a list of wanted documents what those that cite them do not agree on."""
    for row in rows:
        with suppress(NotFound):  # it went meanwhile
            row["conflicts"] = library.document(row["document"]["id"]).conflicts


def _wanted(found: Wanted) -> dict[str, Any]:
    return {
        "document": json_shapes.summary(found.summary),
        "cited_by": found.cited_by,
        "basis_of": found.basis_of,
        "conflicts": found.conflicts,
        "inferred": found.inferred,
    }


def disagreements(library: LibraryView, limit: int) -> list[dict[str, Any]]:
    """Documents of which two things are said, and by whom."""
    found = all_disagreements(library, limit=limit)
    named = library.summaries({id for d in found for s in d.sayings for id in s.documents})
    return [_disagreement(d, named) for d in found]


def _disagreement(found: Disagreement, named: Mapping[int, Summary]) -> dict[str, Any]:
    return {
        "document": json_shapes.summary(found.summary),
        "field": found.field,
        "own": found.own,
        "sayings": [
            {"value": s.value, "documents": [json_shapes.summary(named[id]) for id in s.documents if id in named]}
            for s in found.sayings
        ],
    }
