"""Products that decisions recognise: the list with its filters, one product with its decisions, exports."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from corpus.errors import UsageError
from webui.app import listing, products
from webui.app.workbooks import Sheet, workbook
from webui.web import access
from webui.web.downloads import csv_download, workbook_download
from webui.web.pages.relation_pages import PageNumber
from webui.web.rendering import page

router = APIRouter(include_in_schema=False)


def _query(request: Request) -> products.ProductQuery:
    """What an address asks for. Raises UsageError for figures that are none."""
    given = request.query_params

    def figure(name: str) -> int | None:
        value = given.get(name, "").strip()
        if value and not (value.isascii() and value.isdigit() and len(value) < 4):
            raise UsageError(f"“{value[:20]}” không phải số.", "Hãy chọn lại trong mẫu lọc.")
        return int(value) if value else None

    words = {name: given.get(name, "")[:200] for name in ("q", "co-quan", "noi", "chu-the", "han", "tinh", "huyen")}
    return products.ProductQuery(
        words=words["q"],
        issuer=words["co-quan"],
        place=words["noi"],
        province=words["tinh"],
        district=words["huyen"],
        owner=words["chu-the"],
        stars=figure("sao"),
        state=words["han"],
        within=figure("sap-het"),
    )


def _asked(query: products.ProductQuery) -> dict[str, Any]:
    return {
        "q": query.words,
        "co-quan": query.issuer,
        "noi": query.place,
        "tinh": query.province,
        "huyen": query.district,
        "chu-the": query.owner,
        "sao": query.stars,
        "han": query.state,
        "sap-het": query.within,
    }


@router.get("/san-pham")
def product_list(request: Request, trang: PageNumber = 1) -> Response:
    """The products, filtered."""
    library, register, query = access.reader(request), access.products(request), _query(request)
    rows = products.listed(library, register, query)
    return page(
        request,
        "products.html",
        asked=_asked(query),
        query=query,
        issuers=products.issuers(library, register),
        provinces=products.provinces(library, register),
        districts=products.districts(register),
        states=products.STATES,
        all_stars=products.STARS,
        listed=listing.one_page(listing.Listed(rows, [], False), trang),
    )


@router.get("/san-pham.csv")
def product_csv(request: Request) -> Response:
    """The same as CSV."""
    rows = products.listed(access.reader(request), access.products(request), _query(request))
    return csv_download("san-pham-ocop", products.HEADINGS, products.table(rows))


@router.get("/san-pham.xlsx")
def product_workbook(request: Request) -> Response:
    """The same as a workbook."""
    rows = products.listed(access.reader(request), access.products(request), _query(request))
    sheet = Sheet("Sản phẩm OCOP", [list(products.HEADINGS), *products.table(rows)])
    return workbook_download("san-pham-ocop", workbook([sheet]))


@router.get("/san-pham/{id}")
def product(request: Request, id: str) -> Response:
    """One product with its decisions."""
    found = products.one(access.reader(request), access.products(request), id)
    return page(request, "product.html", product=found)
