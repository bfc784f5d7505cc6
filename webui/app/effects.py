"""The effect of a document and of its căn cứ with proofs, and lists that follow from it, as JSON data."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from corpus.checks import effect_status
from corpus.checks.effect_status import EffectReader
from corpus.checks.misread_numbers import likely_meant
from corpus.errors import NotFound
from corpus.graph.disagreements import Disagreement, all_disagreements
from corpus.graph.wanted import Wanted, wanted
from corpus.law.effect import EffectStatus, Proof, today
from corpus.vocabulary import Effect
from webui.app import effect_words, json_shapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from corpus.graph.graph import Graph
    from corpus.library import LibraryView
    from corpus.library.values import Document, Summary

#: Where a proof is from, in words.
ORIGINS = {
    "van_ban": "văn bản trong kho",
    "bang": "danh mục tra cứu kèm theo phần mềm",
    "trich_yeu": "trích yếu của văn bản khác",
    "giai_doan": "thời kỳ ghi trong trích yếu",
}
#: Effects of a căn cứ that call for a review of the citing document.
NOT_IN_FORCE = frozenset({Effect.REPLACED, Effect.REPEALED, Effect.EXPIRED, Effect.PERIOD_OVER, Effect.PARTLY_EXPIRED})
#: Characters of a sentence that are quoted: OCR may take a whole letterhead for one.
MAX_QUOTE = 300


def of(library: LibraryView, graph: Graph, id: int, reader: EffectReader | None = None) -> dict[str, Any]:
    """The effect of a document today, with ``sentence``: all of it in one, and ``looked_at``: documents searched.

    reader: one that keeps what it gathers, where the caller asks for more. Raises NotFound.
    """
    here = library.summary(id)
    found = (reader or EffectReader(library, graph)).status(here.id, today())
    value = _effect(found, library.summaries(_citing_documents(found)), here.so_ky_hieu)
    held = graph.held_count()
    return {**value, "sentence": effect_words.sentence(value, held), "looked_at": held}


def shaped(library: LibraryView, found: EffectStatus, document: Summary) -> dict[str, Any]:
    """An effect of *document* as JSON data."""
    return _effect(found, library.summaries(_citing_documents(found)), document.so_ky_hieu)


def of_bases(
    library: LibraryView, graph: Graph, document: Document, reader: EffectReader | None = None
) -> dict[int, dict[str, Any]]:
    """The effect of each legal basis of a document by its id: ``{"at_signing", "today"}``; reader as in :func:`of`."""
    found = effect_status.basis_statuses(library, graph, document, reader=reader)
    named = library.summaries(
        {s for b in found for status in (b.at_signing, b.today) for s in _citing_documents(status)}
    )
    return {
        b.target.id: {
            "at_signing": _effect(b.at_signing, named, b.target.so_ky_hieu),
            "today": _effect(b.today, named, b.target.so_ky_hieu),
        }
        for b in found
    }


def excerpt(sentence: str, number: str | None, most: int = MAX_QUOTE) -> str:
    """At most *most* characters of *sentence* around *number*, in one line; "…" for what is left out."""
    text = " ".join(sentence.split())
    if len(text) <= most:
        return text
    wanted = (number or "", (number or "").partition("/")[0] + "/")
    places = (text.find(words) for words in wanted if len(words) > 1)
    at = next((place for place in places if place >= 0), 0)
    start = max(0, min(at - most // 2, len(text) - most))
    end = start + most
    if start:
        start = text.find(" ", start, at) + 1 or start  # not in the middle of a word
    if end < len(text):
        space = text.rfind(" ", at + len(number or ""), end)
        end = space if space > 0 else end
    return ("… " if start else "") + text[start:end].rstrip() + (" …" if end < len(text) else "")


def _citing_documents(found: EffectStatus) -> set[int]:
    return {p.by for p in (*found.proofs, *found.hints) if p.by is not None}


def _effect(found: EffectStatus, named: Mapping[int, Summary], number: str | None) -> dict[str, Any]:
    return {
        "state": found.state,
        "words": found.words,
        "spent": found.state in NOT_IN_FORCE,
        "on": found.on,
        "proofs": _distinct(_proof(p, named, number) for p in found.proofs),
        "hints": _distinct(_proof(p, named, number) for p in found.hints),
    }


def _distinct(proofs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """*proofs* without those that repeat another: one document states the same in several sentences alike."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for proof in proofs:
        by = proof["by"]["id"] if proof["by"] else proof["named"]
        found.setdefault((proof["state"], by, proof["origin"], proof["quote"]), proof)
    return list(found.values())


def _proof(found: Proof, named: Mapping[int, Summary], number: str | None) -> dict[str, Any]:
    by = named.get(found.by) if found.by is not None else None
    return {
        "state": found.state,
        "words": found.state.words,
        "since": found.since,
        "until": found.until,
        "by": json_shapes.summary(by) if by else None,
        "sentence": found.sentence,
        "quote": excerpt(found.sentence, number),
        "page": found.page,
        "origin": found.origin,
        "origin_words": ORIGINS[found.origin],
        "certainty": found.certainty,
        "checked_on": found.checked_on,
        "named": found.named,
        "sure": found.sure,
        "years": "–".join(found.years) if found.years else None,
    }


def wanted_list(library: LibraryView, graph: Graph, limit: int) -> list[dict[str, Any]]:
    """Documents that are cited and not held, most cited first; see :func:`with_conflicts` for their conflicts."""
    found = wanted(library, graph, limit=limit, conflicts=False)
    return [_wanted(w) for w in found]


def with_conflicts(library: LibraryView, rows: Iterable[dict[str, Any]]) -> None:
    """Put into the rows of wanted documents what citing documents do not agree on, and what they may be."""
    rows = list(rows)
    for row in rows:
        with suppress(NotFound):  # removed meanwhile
            row["conflicts"] = library.document(row["document"]["id"]).conflicts
    with_likely(library, rows)


def with_likely(library: LibraryView, rows: Iterable[dict[str, Any]], graph: Graph | None = None) -> None:
    """Put into rows what their documents may be that nobody holds, if their number is wrong (``may_be``)."""
    rows = list(rows)
    meant = may_be(library, library.summaries([row["document"]["id"] for row in rows]).values(), graph)
    for row in rows:
        row["may_be"] = meant.get(row["document"]["id"], [])


def likely_words(found: Iterable[dict[str, Any]]) -> str:
    """``có thể là 5681/QĐ-BYT (cùng ngày, cùng cơ quan, số gần giống)``; "" where nothing is found."""
    return "; ".join(f"có thể là {one['number']} ({one['reason']})" for one in found)


def may_be(
    library: LibraryView, documents: Iterable[Summary], graph: Graph | None = None
) -> dict[int, list[dict[str, Any]]]:
    """What documents that nobody holds may be, if their number is wrong: ``{"number", "url", "reason"}``, by id."""
    return {
        id: [
            {"number": one.so_ky_hieu, "url": f"/van-ban/{one.id}" if one.id else None, "reason": one.reason}
            for one in meant
        ]
        for id, meant in likely_meant(library, documents, graph).items()
    }


def _wanted(found: Wanted) -> dict[str, Any]:
    return {
        "document": json_shapes.summary(found.summary),
        "cited_by": found.cited_by,
        "basis_of": found.basis_of,
        "conflicts": found.conflicts,
        "inferred": found.inferred,
        "may_be": [],
    }


def disagreements(library: LibraryView, limit: int) -> list[dict[str, Any]]:
    """Documents that are cited with different values: each value with the documents that give it."""
    found = all_disagreements(library, limit=limit)
    named = library.summaries({id for d in found for s in d.given for id in s.documents})
    return [_disagreement(d, named) for d in found]


def _disagreement(found: Disagreement, named: Mapping[int, Summary]) -> dict[str, Any]:
    return {
        "document": json_shapes.summary(found.summary),
        "field": found.field,
        "own": found.own,
        "sayings": [
            {"value": s.value, "documents": [json_shapes.summary(named[id]) for id in s.documents if id in named]}
            for s in found.given
        ],
    }
