"""What the page of a document shows: its metadata card, what it cites, what cites it, its text with links."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from corpus.errors import DamagedOriginal, OriginalsUnreachable
from ingest.formats.sniff import IMAGE_MAGIC
from webui.app import document_head, document_tables, json_shapes
from webui.app.labels import RELATIONS, STATES
from webui.app.metadata_card import card
from webui.app.text_pages import pages_of, text_pages

if TYPE_CHECKING:
    from corpus.graph.graph import Graph
    from corpus.library import LibraryView
    from corpus.library.values import Document, Mention
    from webui.app.text_pages import Span

#: The lists of citing documents: name in an address → heading.
PARTS = {"legal": "Căn cứ vào văn bản này", "wide": "Lấy làm cơ sở", "other": "Nhắc đến"}
#: How image files begin.
_IMAGES = tuple(magic for magic, _ in IMAGE_MAGIC)
#: Citing documents of each list that are shown at once; some documents are cited by thousands.
SHOWN = 20


def view(
    library: LibraryView,
    graph: Graph,
    document: Document,
    marked: Sequence[Span] = (),
    mentions: Sequence[Mention] | None = None,
) -> dict[str, Any]:
    """Everything that the template needs of *document*; marked: spans to highlight in its text.

    mentions: those of the document, where the caller has them; their sentences are not needed.
    """
    record = document.record
    if mentions is None:
        mentions = library.mentions(document.id, sentences=False) if record else []
    citing = cited_by(library, graph, document.id)
    rows = card(document)
    cited = bases(json_shapes.cites_of(library, mentions, json_shapes.short_mention))
    open_mentions = unresolved_mentions(mentions, library)
    return {
        "doc": {
            **json_shapes.summary(document.summary),
            "issuer_today": json_shapes.issuer_now(document.summary),
            "searchable_pdf": json_shapes.searchable_pdf(document),
        },
        "heading": heading(document),
        "head": document_head.head(document),
        "citation": document_head.citation(document),
        "record": record,
        "card": rows,
        "doubts": [row for row in rows if row["unsure"]],
        "bases": cited,
        "printed": printed_bases(cited["legal"], open_mentions),
        "open": [one for one in open_mentions if not one["basis"]],
        "cited_by": citing,
        "bases_total": sum(part["total"] for part in citing.values()),
        "possible": possible_sources(library, document.id),
        "copies": [json_shapes.summary(s) for s in library.summaries(document.copies).values()],
        "copies_cited": copies_cited(library, graph, document),
        "pages": text_pages(record, mentions, marks=marked) if record else [],
        "tables": document_tables.shown(record) if record else [],
        "to": [f"{start}-{end}" for start, end in marked],
        "marked_pages": pages_of(record, marked) if record else set(),
        "pictured": bool(record and document.sha256 and is_pictured(library, document)),
    }


def heading(document: Document) -> str:
    """The title of the window: the name; of a document without a number its title or its file, never a key."""
    found = document.summary
    if found.so_ky_hieu or not found.held:
        return found.name
    name = found.name if found.doc_type or found.title else ""
    file = PurePath(document.paths[0]).name if document.paths else ""
    return " – ".join(["Văn bản không số", *([name or file] if name or file else [])])


def is_pictured(library: LibraryView, document: Document) -> bool:
    """Whether pages of the original can be drawn: a PDF or an image, by its first bytes."""
    if document.sha256 is None:
        return False
    try:
        with library.original(document.sha256).open("rb") as file:
            head = file.read(1024)
    except (OSError, OriginalsUnreachable, DamagedOriginal):  # the page shows the text without it
        return False
    return b"%PDF-" in head or head.startswith(_IMAGES)


def bases(cites: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """What a document cites by part: legal bases, wider bases, the rest; each in document order."""
    parts: dict[str, list[dict[str, Any]]] = {"legal": [], "wide": [], "other": []}
    for edge in cites:
        parts["legal" if edge["is_legal_basis"] else "wide" if edge["wide_basis"] else "other"].append(edge)
    return parts


def printed_bases(edges: Sequence[dict[str, Any]], unresolved: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The căn cứ in the order in which they are printed: ``{"edge"}``, or ``{"open"}`` where it is not settled which.

    edges: the legal bases; unresolved: of :func:`unresolved_mentions`.
    """

    def first(edge: dict[str, Any]) -> int:
        return min(int(one["ordinal"]) for one in edge["mentions"] if one["is_legal_basis"])

    placed = [(first(edge), {"edge": edge, "open": None}) for edge in edges]
    placed += [(one["ordinal"], {"edge": None, "open": one}) for one in unresolved if one["basis"]]
    return [row for _, row in sorted(placed, key=lambda pair: pair[0])]


def possible_sources(library: LibraryView, id: int) -> list[dict[str, Any]]:
    """Documents that may cite *id*: it is one of several that they may mean. ``{"document", "text", "ordinal"}``."""
    found = {one.source: one for one in reversed(library.may_be_cited_by(id))}
    named = library.summaries(found)
    return [
        {
            "document": json_shapes.summary(named[source]),
            "text": " ".join(one.citation.text.split()),
            "ordinal": one.ordinal,
            "basis": one.citation.is_legal_basis,
        }
        for source, one in sorted(found.items())
        if source in named
    ]


def copies_cited(library: LibraryView, graph: Graph, document: Document) -> list[dict[str, Any]]:
    """Other held documents of the same number, with how many documents cite each: ``{"document", "total"}``."""
    totals = {id: cited for id, (_, cited) in graph.counts(document.copies).items()}
    named = library.summaries([id for id, total in totals.items() if total])
    return [{"document": json_shapes.summary(one), "total": totals[id]} for id, one in named.items()]


def cited_by(library: LibraryView, graph: Graph, id: int) -> dict[str, dict[str, Any]]:
    """The documents that cite *id* by part: ``{part: {"total", "edges"}}``, edges of the newest ones."""
    citing = graph.citing_by_part(id, SHOWN)
    shown = [one for _, newest in citing.values() for one in newest]
    edges = {edge["document"]["id"]: edge for edge in json_shapes.cited_from(library, id, shown)}
    return {
        part: {"total": total, "edges": [edges[one.source] for one in newest if one.source in edges]}
        for part, (total, newest) in citing.items()
    }


def unresolved_mentions(mentions: Sequence[Mention], library: LibraryView) -> list[dict[str, Any]]:
    """Mentions without a document, each text once, with the documents that they may mean."""
    shown: dict[str, dict[str, Any]] = {}
    unresolved = [found for found in mentions if found.target is None and found.state != "self"]
    named = library.summaries({id for found in unresolved for id in found.candidates})
    for found in unresolved:
        text = " ".join(found.citation.text.split())
        if text not in shown:
            shown[text] = {
                "text": text,
                "page": found.citation.page,
                "ordinal": found.ordinal,
                "state": STATES.get(found.state, found.state),
                "basis": found.citation.is_legal_basis,
                "relation": RELATIONS[found.citation.relation],
                "candidates": [json_shapes.summary(named[id]) for id in found.candidates if id in named],
            }
    return list(shown.values())
