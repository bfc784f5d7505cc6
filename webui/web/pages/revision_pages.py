"""Cần rà soát: what rests on a changed document, and an agency's documents whose căn cứ changed."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from webui.app import revision, revision_tables
from webui.web import access
from webui.web.downloads import workbook_download
from webui.web.moved import redirect_if_moved
from webui.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/van-ban/{id}/ra-soat")
def of_document(request: Request, id: int, coquan: str = "") -> Response:
    """The documents that rest on one, by what is to be done with each. coquan: only those of an agency."""
    library = access.reader(request)
    moved = redirect_if_moved(request, id, library.summary(id), "/ra-soat")
    if moved:
        return moved
    found = revision.of_document(library, access.graph(request), id, agency=coquan)
    return page(request, "revise_document.html", found=found, doc=found["document"], agency=coquan)


@router.get("/van-ban/{id}/ra-soat.xlsx")
def document_table(request: Request, id: int, coquan: str = "") -> Response:
    """The same as an Excel file."""
    found = revision.of_document(access.reader(request), access.graph(request), id, agency=coquan)
    return workbook_download(f"ra-soat-{id}", revision_tables.of_document(found))


@router.get("/ra-soat")
def of_agency(request: Request, coquan: str = "") -> Response:
    """An agency's documents whose căn cứ changed since signing; without one, the agencies to choose from."""
    library = access.reader(request)
    found = revision.of_agency(library, access.graph(request), coquan) if coquan.strip() else None
    return page(request, "revise_agency.html", found=found, agency=coquan, agencies=revision.agencies(library))


@router.get("/ra-soat.xlsx")
def agency_table(request: Request, coquan: str) -> Response:
    """The same as an Excel file."""
    found = revision.of_agency(access.reader(request), access.graph(request), coquan)
    return workbook_download("ra-soat-co-quan", revision_tables.of_agency(found))
