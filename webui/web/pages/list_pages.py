"""Lists over the whole library: documents that are cited and not held, and documents cited with different values."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from webui.app import effects, listing
from webui.app.labels import FIELDS
from webui.web import access
from webui.web.document_cells import HEADINGS, cells
from webui.web.downloads import csv_download
from webui.web.pages.relation_pages import PageNumber
from webui.web.rendering import page

router = APIRouter(include_in_schema=False)

#: Disagreements on one page: each names many documents.
DISAGREEMENTS = 20


@router.get("/con-thieu")
def wanted(request: Request, xep: str = "noi-dan", loai: str = "", trang: PageNumber = 1) -> Response:
    """Documents that are cited and not held, most cited first."""
    listed = listing.wanted(access.reader(request), access.graph(request), sort=xep, kind=loai)
    shown = listing.one_page(listed, trang)
    effects.with_conflicts(access.reader(request), shown["rows"])
    return page(
        request,
        "wanted.html",
        kind=loai,
        sort=xep,
        sorts=listing.WANTED_SORTS,
        asked={"xep": xep if xep != "noi-dan" else None, "loai": loai},
        listed=shown,
    )


@router.get("/con-thieu.csv")
def wanted_table(request: Request, xep: str = "noi-dan", loai: str = "") -> Response:
    """The same as a table."""
    graph = access.graph(request)
    found = listing.wanted(access.reader(request), graph, sort=xep, kind=loai).rows
    effects.with_likely(access.reader(request), found, graph)
    rows = [
        [row["cited_by"], row["basis_of"], *cells(row["document"]), effects.likely_words(row["may_be"])]
        for row in found
    ]
    return csv_download("con-thieu", ["Số nơi dẫn", "Là căn cứ của", *HEADINGS, "Số có thể sai"], rows)


@router.get("/ghi-khac-nhau")
def disagreements(
    request: Request, xep: str = "noi-dan", loai: str = "", muc: str = "", trang: PageNumber = 1
) -> Response:
    """Documents that are cited with two dates or two issuers."""
    listed = listing.disagreements(access.reader(request), sort=xep, kind=loai, matter=muc)
    return page(
        request,
        "disagreements.html",
        kind=loai,
        matter=muc,
        matters=listing.MATTERS,
        sort=xep,
        sorts=listing.DISAGREEMENT_SORTS,
        asked={"xep": xep if xep != "noi-dan" else None, "loai": loai, "muc": muc},
        listed=listing.one_page(listed, trang, DISAGREEMENTS),
    )


@router.get("/ghi-khac-nhau.csv")
def disagreements_table(request: Request, xep: str = "noi-dan", loai: str = "", muc: str = "") -> Response:
    """The same as a table, a row for each value."""
    found = listing.disagreements(access.reader(request), sort=xep, kind=loai, matter=muc).rows
    rows = [
        [
            *cells(one["document"]),
            FIELDS[one["field"]],
            one["own"],
            value["value"],
            "; ".join(citing["name"] for citing in value["documents"]),
        ]
        for one in found
        for value in one["sayings"]
    ]
    return csv_download("ghi-khac-nhau", [*HEADINGS, "Mục", "Bản gốc ghi", "Nơi dẫn ghi", "Nơi dẫn"], rows)
