"""Lists over the whole library by API: wanted documents, disagreements, unread files, counts."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query
from starlette.requests import Request

from webui.app import effects, listing, products, searching
from webui.web import access
from webui.web.api import examples
from webui.web.api.envelope import After, Envelope, Limit, api_router, section

if TYPE_CHECKING:
    from corpus.library.values import Failed

router = api_router()


@router.get("/wanted", summary="Văn bản được dẫn mà kho chưa có", responses=examples.of("wanted"))
def wanted(
    request: Request,
    sort: Annotated[str, Query(description="noi-dan, can-cu hoặc ngay")] = "noi-dan",
    kind: Annotated[str, Query(description="Loại văn bản", examples=["Quyết định"])] = "",
    after: After = 0,
    limit: Limit = 100,
) -> Envelope:
    """Nhiều nơi dẫn nhất đứng trước."""
    library = access.reader(request)
    found = listing.wanted(library, access.graph(request), sort=sort, kind=kind)
    part = section(request, found.rows, after, limit)
    effects.with_conflicts(library, part.data)
    return part


@router.get(
    "/disagreements", summary="Văn bản được ghi hai ngày hoặc hai cơ quan", responses=examples.of("disagreements")
)
def disagreements(
    request: Request,
    sort: Annotated[str, Query(description="noi-dan, ngay hoặc loai")] = "noi-dan",
    kind: Annotated[str, Query(description="Loại văn bản", examples=["Quyết định"])] = "",
    matter: Annotated[str, Query(description="date hoặc issuer", examples=["date"])] = "",
    after: After = 0,
    limit: Limit = 100,
) -> Envelope:
    """Ai ghi gì, và bản gốc ghi gì khi có."""
    found = listing.disagreements(access.reader(request), sort=sort, kind=kind, matter=matter)
    return section(request, found.rows, after, limit)


@router.get("/products", summary="Sản phẩm OCOP được công nhận", responses=examples.of("product_list"))
def product_list(
    request: Request,
    q: Annotated[str, Query(description="Chữ trong tên, chủ thể, địa chỉ, nhóm", max_length=200)] = "",
    stars: Annotated[int | None, Query(description="Số sao", ge=1, le=9)] = None,
    within: Annotated[int | None, Query(description="Hết hạn trong bấy nhiêu tháng", ge=1, le=60)] = None,
    after: After = 0,
    limit: Limit = 100,
) -> Envelope:
    """Đọc từ phụ lục của các quyết định công nhận; `cells` cho biết trang và chỗ của từng giá trị trong văn bản."""
    query = products.ProductQuery(words=q, stars=stars, within=within)
    return section(request, products.listed(access.reader(request), access.products(request), query), after, limit)


@router.get("/failures", summary="Tệp không đọc được", responses=examples.of("failures"))
def failures(request: Request, after: After = 0, limit: Limit = 100) -> Envelope:
    """Lý do của từng tệp; tên tệp chỉ cho người đã đăng nhập. Văn bản mật chỉ còn lý do."""
    return section(request, access.reader(request).failures(), after, limit, _failure)


def _failure(found: Failed) -> dict[str, Any]:
    return {"name": PurePath(found.path).name or None, "error": found.error, "verdict": found.verdict}


@router.get("/status", summary="Số đếm của kho", responses=examples.of("status"))
def status(request: Request) -> Envelope:
    """Văn bản, dẫn chiếu, tệp lỗi và tình trạng chỉ mục."""
    counts = asdict(access.reader(request).status())
    del counts["restricted"]
    return Envelope(data={**counts, "index": searching.index_state(access.search(request))})
