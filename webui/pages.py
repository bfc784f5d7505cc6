"""The pages: search, a document, its original. Every page works without JavaScript."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import PurePath
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from corpus.errors import NotFound, QueryError
from search.query import field_help
from webui import addressing, diagram, document_page, search_page, searching, shapes, tracing
from webui.rendering import page

router = APIRouter(include_in_schema=False)

EXAMPLES = (
    "919/QĐ-TTg",
    "quyết định 148",
    '"đánh giá, phân hạng sản phẩm"',
    'loai:"Kế hoạch" tập huấn',
    "cancu:490/QĐ-TTg",
)


@router.get("/")
def search(request: Request) -> Response:
    """Search; without a question, examples and the newest documents."""
    state = request.app.state
    wanted = search_page.asked(request.query_params)
    values: dict[str, Any] = {"asked": wanted, "examples": EXAMPLES, "error": None, "results": None, "newest": []}
    if wanted.empty:
        values["status"] = state.library.status()
        values["newest"] = [searching.hit(h) for h in newest(request)]
        return page(request, "home.html", **values)
    try:
        found = searching.results(search_page.run(state.search, wanted, state.settings.page_size))
    except QueryError as error:
        return page(request, "search.html", status_code=400, **{**values, "error": error})
    values.update(
        results=found,
        facets=search_page.facets(found, wanted),
        chips=search_page.chips(wanted),
        pages=search_page.pages(found, wanted),
    )
    return page(request, "search.html", **values)


def newest(request: Request) -> list[Any]:
    """The newest documents held."""
    found = request.app.state.search.search(
        "", filters={"trangthai": ["co_van_ban"]}, sort="date", page_size=6, snippets=0, facets=False
    )
    return list(found.hits)


def _moved(request: Request, id: int, rest: str = "") -> Response | None:
    """The way to a document's address of today, where *id* is an old one."""
    today = request.app.state.library.where(id)
    if today == id:
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/van-ban/{today}{rest}{query}", status_code=301)


@router.get("/van-ban/{id}")
def document(request: Request, id: int) -> Response:
    """One document."""
    view = document_page.view(request.app.state.library, id, document_page.marks(request.query_params.getlist("to")))
    return _moved(request, id) or page(request, "document.html", **view)


@router.get("/van-ban/{id}/tep-goc")
def original(request: Request, id: int) -> Response:
    """The original file, to be saved: never shown inside our pages' origin."""
    library = request.app.state.library
    found = library.document(id)
    moved = _moved(request, id, "/tep-goc")
    if moved:
        return moved
    if found.sha256 is None or not library.original(found.sha256).is_file():
        raise NotFound("Kho không có tệp gốc của văn bản này.", "Văn bản này chỉ được dẫn chiếu.")
    name = PurePath(found.paths[0]).name if found.paths else f"van-ban-{id}"
    return FileResponse(
        library.original(found.sha256),
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename=\"van-ban-{id}{safe_suffix(name)}\"; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, max-age=3600",
        },
    )


@router.get("/van-ban/{id}/luoc-do")
def diagram_page(request: Request, id: int) -> Response:
    """What a document rests on and what rests on it, in two columns and as a picture."""
    library = request.app.state.library
    found = shapes.summary(library.summary(id))
    moved = _moved(request, id, "/luoc-do")
    if moved:
        return moved
    graph = diagram.graph(library, id)
    return page(
        request, "diagram.html", doc=found, graph=graph, picture=diagram.picture(library, graph),
        rows=diagram.columns(shapes.cites(library, id), shapes.cited_by(library, id)),
        names={node["id"]: node for node in graph["nodes"]}, most=diagram.MOST_NODES,
    )  # fmt: skip


@router.get("/duong-di")
def way(
    request: Request, a: Annotated[str, Query(max_length=300)] = "", b: Annotated[str, Query(max_length=300)] = ""
) -> Response:
    """The way from one document to another."""
    library = request.app.state.library
    first, last = (addressing.find(library, said, paths=False) if said.strip() else None for said in (a, b))
    found = None
    if first and last and len(first) == len(last) == 1:
        found = tracing.path(library, first[0].id, last[0].id)
    shaped = [None if side is None else [shapes.summary(s) for s in side] for side in (first, last)]
    return page(request, "path.html", a=a, b=b, first=shaped[0], last=shaped[1], way=found)


@router.get("/tinh-trang")
def status(request: Request) -> Response:
    """What is in the library, and what could not be read."""
    library = request.app.state.library
    failures = [{"name": PurePath(f.path).name or "(không giữ tên)", "error": f.error} for f in library.failures()]
    index = searching.index_state(request.app.state.search)
    return page(request, "status.html", status=asdict(library.status()), failures=failures, index=index)


@router.get("/huong-dan")
def manual(request: Request) -> Response:
    """How to write a query."""
    return page(request, "help.html", fields=field_help())


def safe_suffix(name: str) -> str:
    """The ending of a file name when it is one we know, else none."""
    suffix = PurePath(name).suffix.lower()
    return suffix if suffix in {".pdf", ".docx", ".txt", ".png", ".jpg", ".jpeg", ".tif", ".tiff"} else ""
