"""Lists over the whole library by API: wanted documents, disagreements, unread files, counts."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query
from starlette.requests import Request

from webui.app import effects, listing, searching
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
