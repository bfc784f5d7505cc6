"""Documents, citations and edges as JSON data: the same shapes for --json, the API and the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from corpus.law.issuer_today import issuer_today
from corpus.library import edge_rows

if TYPE_CHECKING:
    from corpus.graph.graph import Citing
    from corpus.library import LibraryView
    from corpus.library.values import Document, Edge, Mention, Summary


def summary(found: Summary) -> dict[str, Any]:
    """One document in a list. url: its page."""
    return {
        "id": found.id,
        "key": found.doc_key,
        "held": found.held,
        "name": found.name,
        "doc_type": found.doc_type,
        "so_ky_hieu": found.so_ky_hieu,
        "date": found.date,
        "issuer": found.issuer,
        "title": found.title,
        "unsure": found.unsure,
        "number_unsure": found.number_unsure,
        "restricted": found.restricted,
        "url": f"/van-ban/{found.id}",
    }


def mention(found: Mention) -> dict[str, Any]:
    """One citation and what was concluded of it. conflicts: where it differs from its target."""
    citation = found.citation.as_json()
    return {
        **citation,
        "ordinal": found.ordinal,
        "source_id": found.source,
        "target_id": found.target,
        "state": found.state,
        "method": found.method,
        "confidence": found.confidence,
        "reading_confidence": citation["confidence"],
        "sentence": found.sentence,
        "conflicts": found.conflicts,
        "candidates": found.candidates,
    }


def short_mention(found: Mention) -> dict[str, Any]:
    """What the page of a document shows of a citation."""
    citation = found.citation
    return {"ordinal": found.ordinal, "is_legal_basis": citation.is_legal_basis, "conflicts": found.conflicts}


def edge(found: Edge, other: Summary, shape: Callable[[Mention], dict[str, Any]] = mention) -> dict[str, Any]:
    """All mentions of one document by another. other: the one at the far end. shape: of each mention."""
    return {
        "document": summary(other),
        "relation": found.relation,
        "is_legal_basis": found.is_legal_basis,
        "wide_basis": found.wide_basis,
        "inferred": found.inferred,
        "confidence": found.confidence,
        "mentions": [shape(m) for m in found.mentions],
    }


def edges(
    found: Iterable[Edge],
    others: Mapping[int, Summary],
    *,
    out: bool,
    shape: Callable[[Mention], dict[str, Any]] = mention,
) -> list[dict[str, Any]]:
    """Edges with the document at their far end: the target when *out*, else the source. Hidden ones are left out."""
    shaped = []
    for one in found:
        other = others.get(one.target if out else one.source)
        if other is not None:
            shaped.append(edge(one, other, shape))
    return shaped


def issuer_now(found: Summary) -> dict[str, Any] | None:
    """The agency that has taken the issuer's place since, by the tables; None where the issuer still stands."""
    today = issuer_today(found.issuer_key, found.issuer, found.date)
    return asdict(today) if today else None


def has_searchable_pdf(found: Document) -> bool:
    """Whether a PDF that can be searched is of use: pages of the document were read by OCR, and its file is held."""
    return found.record is not None and found.record.source != "text" and found.sha256 is not None


def searchable_pdf(found: Document) -> str | None:
    """The address of a document's scan as a PDF that can be searched; None for what is no scan."""
    return f"/van-ban/{found.id}/tim-duoc.pdf" if has_searchable_pdf(found) else None


def document(found: Document, *, text: bool = True, whole_paths: bool = False) -> dict[str, Any]:
    """One document. files: the names of its files; with *whole_paths* their paths, for commands only."""
    record = None
    if found.record is not None:
        record = found.record.as_json()
        del record["path"]
        if not text:
            del record["text"]
    names = found.paths if whole_paths else sorted({PurePath(path).name for path in found.paths})
    return {
        **summary(found.summary),
        "issuer_today": issuer_now(found.summary),
        "record": record,
        "sha256": found.sha256,
        "files": names,
        "searchable_pdf": searchable_pdf(found),
        "reader_version": found.reader_version,
        "conflicts": found.conflicts,
        "merged": found.merged,
        "copies": found.copies,
    }


def cites(library: LibraryView, id: int) -> list[dict[str, Any]]:
    """What a document mentions, in order of first mention."""
    return cites_of(library, library.mentions(id))


def cites_of(
    library: LibraryView, found: Sequence[Mention], shape: Callable[[Mention], dict[str, Any]] = mention
) -> list[dict[str, Any]]:
    """What *found*, the mentions of one document, refer to, in order of first mention."""
    joined = edge_rows.edges(one for one in found if one.target is not None)
    return edges(joined, library.summaries([e.target for e in joined]), out=True, shape=shape)


def cited_from(library: LibraryView, id: int, citing: Iterable[Citing]) -> list[dict[str, Any]]:
    """How the documents *citing* mention *id*, in their order, as :func:`short_mention` has it."""
    sources = [one.source for one in citing]
    return edges(library.cited_from(id, sources), library.summaries(sources), out=False, shape=short_mention)


def cited_by(library: LibraryView, id: int) -> list[dict[str, Any]]:
    """What mentions a document, newest first."""
    found = library.cited_by(id)
    others = library.summaries([e.source for e in found])
    return edges(found, others, out=False)
