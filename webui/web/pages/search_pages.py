"""The search page, its results as a table, and how to write a query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from corpus.errors import QueryError
from search.plan import Order
from search.query.parser import field_help
from search.request import SearchRequest
from search.results import Hit
from webui.app import answers, excel, json_shapes, searching
from webui.web import access, search_address
from webui.web.document_cells import HEADINGS, cells
from webui.web.downloads import csv_download, workbook_download
from webui.web.rendering import page

router = APIRouter(include_in_schema=False)

#: Queries that the empty search page offers.
EXAMPLES = (
    "919/QĐ-TTg",
    "quyết định 148",
    '"đánh giá, phân hạng sản phẩm"',
    'loai:"Kế hoạch" tập huấn',
    "cancu:490/QĐ-TTg",
)
#: Newest documents shown on the empty search page, and results in the table.
NEWEST, TABLE_ROWS = 6, 1_000


@router.get("/")
def search(request: Request) -> Response:
    """Results; without a query, examples and the newest documents."""
    state = request.app.state
    asked = search_address.parse(request.query_params)
    values: dict[str, Any] = {"asked": asked, "examples": EXAMPLES, "error": None, "results": None, "newest": []}
    values |= {"understood": "", "answers": [], "concluded": False, "only_near": False, "restricted_ids": frozenset()}
    if asked.empty:
        values["status"] = state.counts.status(access.reader(request))
        newest = _newest(request)
        values["newest"] = [searching.hit(h) for h in newest]
        values["restricted_ids"] = _restricted(request, newest)
        return page(request, "home.html", **values)
    library = access.reader(request)
    question = None if asked.literal else answers.asked(library, asked.q)
    wording = replace(asked, q=question[0].document) if question else asked
    try:
        raw = search_address.run(
            access.search(request), wording, state.settings.page_size, facet_values=search_address.LISTED
        )
    except QueryError as error:
        return page(request, "search.html", status_code=400, **{**values, "error": error})
    found = searching.results(raw)
    values["concluded"] = bool(question or raw.understood)
    only_near = searching.only_near(found)
    if question:
        values["understood"] = answers.understood(question[0])
        values["answers"] = answers.answers(library, access.graph(request), *question)
    values.update(
        results=found,
        restricted_ids=_restricted(request, raw.hits),
        only_near=only_near,
        facets=search_address.facets(found, asked),
        chips=search_address.chips(asked),
        pages=search_address.pages(found, asked),
        ways=search_address.other_ways(access.search(request), asked) if only_near or not found["total"] else [],
    )
    return page(request, "search.html", **values)


def _newest(request: Request) -> list[Any]:
    """The newest documents that are held."""
    held = {"trangthai": ["co_van_ban"]}
    newest = SearchRequest(filters=held, sort=Order.DATE, page_size=NEWEST, snippets=0, facets=False)
    return list(access.search(request).search(newest).hits)


def _restricted(request: Request, hits: Sequence[Hit]) -> frozenset[int]:
    """Which of *hits* are of restricted circulation; only the signed-in see such documents at all."""
    if access.user_of(request) is None:
        return frozenset()
    named = access.reader(request).summaries([one.id for one in hits])
    return frozenset(one["id"] for one in map(json_shapes.summary, named.values()) if one["restricted"])


@router.get("/ket-qua.csv")
def search_table(request: Request) -> Response:
    """The results as a table; without a query, all documents that are held."""
    asked = search_address.parse(request.query_params).or_held()
    asked.page = 1
    found = search_address.run(access.search(request), asked, TABLE_ROWS, facets=False, snippets=0)
    rows = [[*cells(searching.hit(h)), h.document.cited_by] for h in found.hits]
    return csv_download("ket-qua", [*HEADINGS, "Số nơi dẫn"], rows)


@router.get("/ket-qua.xlsx")
def search_workbook(request: Request) -> Response:
    """The same as an Excel file."""
    asked = search_address.parse(request.query_params).or_held()
    asked.page = 1
    found = search_address.run(access.search(request), asked, TABLE_ROWS, facets=False, snippets=0)
    rows = [[*cells(searching.hit(h)), h.document.cited_by] for h in found.hits]
    title = f"Kết quả tìm: {asked.q}" if asked.q else "Văn bản trong kho"
    return workbook_download("ket-qua", excel.workbook(title, [*HEADINGS, "Số nơi dẫn"], rows))


@router.get("/huong-dan")
def manual(request: Request) -> Response:
    """How to write a query."""
    return page(request, "help.html", fields=field_help())
