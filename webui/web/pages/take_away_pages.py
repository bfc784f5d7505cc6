"""To take away: the căn cứ of a document as Word and Excel files, and Phiếu tra cứu, one printed page."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from webui.app import bases_file
from webui.web import access
from webui.web.downloads import file_download, workbook_download
from webui.web.moved import redirect_if_moved
from webui.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/van-ban/{id}/phieu")
def sheet(request: Request, id: int) -> Response:
    """Phiếu tra cứu: the document, its căn cứ with effect, what rests on it, doubts, the day of the look-up."""
    library = access.reader(request)
    found = library.document(id)
    moved = redirect_if_moved(request, id, found.summary, "/phieu")
    if moved:
        return moved
    return page(request, "sheet.html", **bases_file.sheet(library, access.graph(request), found))


@router.get("/van-ban/{id}/can-cu.xlsx")
def bases_table(request: Request, id: int) -> Response:
    """The căn cứ in printed order, with effect and doubts."""
    library = access.reader(request)
    found = library.document(id)
    rows = bases_file.rows(library, access.graph(request), found)
    return workbook_download(f"can-cu-{id}", bases_file.as_excel(rows, f"Căn cứ của {found.summary.name}"))


@router.get("/van-ban/{id}/can-cu.docx")
def bases_text(request: Request, id: int) -> Response:
    """The căn cứ as they are written in a document, then with effect and doubts."""
    library = access.reader(request)
    found = library.document(id)
    rows = bases_file.rows(library, access.graph(request), found)
    data = bases_file.as_word(rows, f"Căn cứ của {found.summary.name}")
    return file_download(f"can-cu-{id}.docx", bases_file.WORD_TYPE, data)
