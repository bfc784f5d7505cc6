"""The tables of a document: one on a page of its own, one or all as CSV and as a workbook."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from corpus.errors import NotFound
from corpus.library.values import Document
from webui.app import document_tables
from webui.app.document_view import heading, is_pictured
from webui.app.json_shapes import document as document_shape
from webui.app.workbooks import Sheet, workbook
from webui.web import access
from webui.web.downloads import csv_download, workbook_download
from webui.web.moved import redirect_if_moved
from webui.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/van-ban/{id}/bang.xlsx")
def all_tables(request: Request, id: int) -> Response:
    """All tables of a document as a workbook, a sheet each."""
    found = access.reader(request).document(id)
    moved = redirect_if_moved(request, id, found.summary, "/bang.xlsx")
    if moved:
        return moved
    tables = found.record.tables if found.record else []
    if not tables:
        raise NotFound("Văn bản này không có bảng nào.", "Hãy xem toàn văn.")
    return workbook_download(
        f"van-ban-{found.id}-bang", workbook([_sheet(found, n) for n in range(1, len(tables) + 1)])
    )


@router.get("/van-ban/{id}/bang/{number}.csv")
def one_as_csv(request: Request, id: int, number: int) -> Response:
    """One table as CSV; cells over several places stand in their first."""
    found = access.reader(request).document(id)
    moved = redirect_if_moved(request, id, found.summary, f"/bang/{number}.csv")
    if moved:
        return moved
    rows = document_tables.texts(document_tables.table_of(found.record, number))
    return csv_download(f"van-ban-{found.id}-bang-{number}", rows[0], rows[1:])


@router.get("/van-ban/{id}/bang/{number}.xlsx")
def one_as_workbook(request: Request, id: int, number: int) -> Response:
    """One table as a workbook."""
    found = access.reader(request).document(id)
    moved = redirect_if_moved(request, id, found.summary, f"/bang/{number}.xlsx")
    if moved:
        return moved
    document_tables.table_of(found.record, number)
    return workbook_download(f"van-ban-{found.id}-bang-{number}", workbook([_sheet(found, number)]))


@router.get("/van-ban/{id}/bang/{number}")
def one(request: Request, id: int, number: int) -> Response:
    """One table, all its rows."""
    library = access.reader(request)
    found = library.document(id)
    moved = redirect_if_moved(request, id, found.summary, f"/bang/{number}")
    if moved:
        return moved
    table = document_tables.table_of(found.record, number)
    return page(
        request,
        "table.html",
        doc=document_shape(found, text=False),
        heading=heading(found),
        tables=[document_tables.as_data(table, number)],
        pictured=is_pictured(library, found),
        whole=True,
    )


def _sheet(found: Document, number: int) -> Sheet:
    table = document_tables.table_of(found.record, number)
    rows, merged = document_tables.texts(table), document_tables.merged(table)
    return Sheet("Bảng", rows, table.header_rows, merged)
