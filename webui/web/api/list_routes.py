"""Lists over the whole library by API: wanted documents, disagreements, unread files, counts."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query
from pydantic import BaseModel, Field
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


class ProductFilter(BaseModel):
    """What products are asked for."""

    q: Annotated[str, Field(description="Chữ trong tên, chủ thể, địa chỉ, nhóm", max_length=200)] = ""
    province: Annotated[str, Field(description="Tên tỉnh của cơ quan công nhận", max_length=200)] = ""
    district: Annotated[str, Field(description="Tên huyện", max_length=200)] = ""
    place: Annotated[str, Field(description="Chữ trong địa chỉ: xã, phường, thôn", max_length=200)] = ""
    owner: Annotated[str, Field(description="Chữ trong tên chủ thể", max_length=200)] = ""
    state: Annotated[str, Field(description="con-han, het-han hoặc bi-thay", max_length=20)] = ""
    stars: Annotated[int | None, Field(description="Số sao", ge=1, le=9)] = None
    within: Annotated[int | None, Field(description="Hết hạn trong bấy nhiêu tháng", ge=1, le=60)] = None
    after: Annotated[int, Field(description="Con trỏ: lấy nguyên trong `next`, đừng tự tính", ge=0, le=2**53)] = 0
    limit: Annotated[int, Field(description="Số mục một lần", ge=1, le=500)] = 100


@router.get("/products", summary="Sản phẩm OCOP được công nhận", responses=examples.of("product_list"))
def product_list(request: Request, asked: Annotated[ProductFilter, Query()]) -> Envelope:
    """Đọc từ phụ lục của các quyết định công nhận; `cells` cho biết trang và chỗ của từng giá trị trong văn bản."""
    query = products.ProductQuery(
        words=asked.q,
        province=asked.province,
        district=asked.district,
        place=asked.place,
        owner=asked.owner,
        stars=asked.stars,
        state=asked.state,
        within=asked.within,
    )
    found = products.listed(access.reader(request), access.products(request), query)
    return section(request, found, asked.after, asked.limit)


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
