"""To take away: căn cứ as Word and Excel files, a scan as a PDF that can be searched, and Phiếu tra cứu."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from webui.app import bases_file, searchable_pdf
from webui.web import access
from webui.web.downloads import file_download, workbook_download
from webui.web.moved import redirect_if_moved
from webui.web.rendering import page
from webui.web.workers.roles import by_main_process

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


@router.get("/van-ban/{id}/tim-duoc.pdf")
@by_main_process
async def searchable(request: Request, id: int) -> Response:
    """A scan as a PDF that can be searched. Its pages are drawn once; a request that ran out of time goes on there."""
    state = request.app.state
    found = await run_in_threadpool(access.reader(request).document, id)
    make = partial(searchable_pdf.searchable, state.library, state.pictures, state.settings, found)
    async with state.picture_gate.admitted():
        data = await run_in_threadpool(make)
    return file_download(f"van-ban-{id}-tim-duoc.pdf", "application/pdf", data)
