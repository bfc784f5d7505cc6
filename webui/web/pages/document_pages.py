"""The page of a document, and its original file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from corpus.checks.effect_status import EffectReader
from corpus.errors import NotFound
from corpus.graph.graph import Graph
from corpus.library import LibraryView, confirmations
from corpus.library.values import Document, Mention, Summary
from webui.app import document_view, effects, linked_data, radar, related, review_queue, signatures
from webui.app.text_pages import marks
from webui.web import access
from webui.web.moved import redirect_if_moved
from webui.web.rendering import page

router = APIRouter(include_in_schema=False)

_SUFFIXES = frozenset(
    [
        ".pdf",
        ".docx",
        ".doc",
        ".odt",
        ".rtf",
        ".html",
        ".htm",
        ".txt",
        ".png",
        ".jpg",
        ".jpeg",
        ".tif",
        ".tiff",
        ".heic",
    ]
)


@router.get("/van-ban/{id}")
def document(request: Request, id: int) -> Response:
    """One document: its values with their evidence, what it cites, what cites it, its text."""
    library = access.reader(request)
    graph = access.graph(request)
    with library.moment():
        found = library.document(id)
        moved = redirect_if_moved(request, id, found.summary)
        if moved:
            return moved
        return page(request, "document.html", **_shown(request, library, graph, found))


def _shown(request: Request, library: LibraryView, graph: Graph, found: Document) -> dict[str, Any]:
    """The values of the template."""
    id = found.id
    reader = EffectReader(library, graph)
    mentions = library.mentions(id, sentences=False) if found.record else []
    targets = {one.target for one in mentions if one.target is not None}
    others = {candidate for one in mentions for candidate in one.candidates}
    # What the parts of the page ask for one by one is read together and kept.
    library.summaries({id, *targets, *others})
    reader.gather(library.summaries({id, *targets}).values())
    view = document_view.view(library, graph, found, marks(request.query_params.getlist("to")), mentions)
    effect = effects.of(library, graph, id, reader)
    linked = linked_data.describe(view, str(request.base_url).rstrip("/"), effect["state"])
    return {
        "linked": linked_data.script(linked),
        "effect": effect,
        "confirmed": _confirmed(request, library, id),
        "misread": effects.may_be(library, _unheld(library, found, mentions), graph),
        "basis_health": effects.of_bases(library, graph, found, reader) if found.record else {},
        "likely": review_queue.likely(library, found) if found.summary.unsure else [],
        "signed": signatures.on_page(library, request.app.state.trusted_roots, found),
        "radar": radar.on_page(library, graph, id, mentions, reader) if found.record else None,
        "related": related.related(library, graph, access.search(request), id),
        **view,
    }


def _unheld(library: LibraryView, found: Document, mentions: Sequence[Mention]) -> Iterable[Summary]:
    """The document itself and its căn cứ, those that nobody holds."""
    ids = {one.target for one in mentions if one.target is not None and one.citation.is_legal_basis}
    return [one for one in library.summaries({found.id, *ids}).values() if not one.held]


def _confirmed(request: Request, library: LibraryView, id: int) -> dict[int, dict[str, object]]:
    """What people confirmed of the document's citations, by the document meant; for the signed-in, who may undo it."""
    if access.user_of(request) is None:
        return {}
    found = confirmations.of_document(library, id)
    return {one.target: {"id": one.id, "who": one.who, "source": id} for one in found}


@router.get("/van-ban/{id}/tep-goc")
def original(request: Request, id: int) -> Response:
    """The original file as a download; it is never shown within the origin of these pages."""
    library = access.reader(request)
    found = library.document(id)
    moved = redirect_if_moved(request, id, found.summary, "/tep-goc")
    if moved:
        return moved
    if found.sha256 is None or not library.original(found.sha256).is_file():
        raise NotFound("Kho không có tệp gốc của văn bản này.", "Văn bản này chỉ được dẫn chiếu.")
    name = PurePath(found.paths[0]).name if found.paths else f"van-ban-{id}"
    plain, encoded = f"van-ban-{id}{safe_suffix(name)}", quote(name, safe="")
    return FileResponse(
        library.original(found.sha256),
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, max-age=3600",
        },
    )


def safe_suffix(name: str) -> str:
    """The suffix of a file name where it is that of a readable file type, else ""."""
    suffix = PurePath(name).suffix.lower()
    return suffix if suffix in _SUFFIXES else ""
