"""Counts of the library by year, type and agency, and the time line of a document's changes."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from webui.app import statistics
from webui.web import access
from webui.web.moved import redirect_if_moved
from webui.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/thong-ke")
def counts(request: Request) -> Response:
    """The documents that are held, by year, type and agency."""
    return page(request, "statistics.html", sections=statistics.counted(access.reader(request)))


@router.get("/van-ban/{id}/dong-thoi-gian")
def time_line(request: Request, id: int) -> Response:
    """What a document replaced or amended, and what replaced or amended it, on a time line."""
    library = access.reader(request)
    moved = redirect_if_moved(request, id, library.summary(id), "/dong-thoi-gian")
    if moved:
        return moved
    found = statistics.chain(library, access.graph(request), id)
    return page(request, "time_line.html", found=found, doc=found["document"])
