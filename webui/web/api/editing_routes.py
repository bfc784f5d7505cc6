"""Calls for those who are signed in: the review queue, the audit list, uploads."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from starlette.requests import Request

from corpus.errors import NotFound
from webui.app import audit_list, upload_report
from webui.app.review_queue import items
from webui.web import access
from webui.web.api import examples
from webui.web.api.envelope import After, Envelope, Limit, api_router, section
from webui.web.workers.roles import by_main_process

router = api_router()

#: Entries of the review queue that can be gone through.
MAX_DEPTH = 5_000


@router.get("/review", summary="Hàng chờ kiểm tra (cần đăng nhập)", responses=examples.of("review_queue"))
def review_queue(request: Request, after: After = 0, limit: Annotated[int, Query(ge=1, le=100)] = 30) -> Envelope:
    """Giá trị chưa chắc, nhiều dẫn chiếu nhất trước; `likely` là giá trị nơi khác ghi."""
    access.require_user(request)
    most = min(MAX_DEPTH, after + limit + 1)
    return section(request, items(access.reader(request), access.graph(request), limit=most), after, limit)


@router.get("/audit", summary="Nhật ký (cần đăng nhập)", responses=examples.of("audit"))
def audit(request: Request, after: After = 0, limit: Limit = 100) -> Envelope:
    """Sửa, chấp nhận, gỡ và gộp, mới nhất trước; `at` là giờ UTC, `when` là giờ Việt Nam."""
    access.require_user(request)
    return section(request, audit_list.entries(request.app.state.library, access.reader(request)), after, limit)


@router.get("/uploads", summary="Các lần nạp gần đây (cần đăng nhập)", responses=examples.of("uploads"))
@by_main_process
def uploads(request: Request, after: After = 0, limit: Limit = 100) -> Envelope:
    """Mới nhất trước; tệp chưa đọc xong có `outcome` là null."""
    access.require_user(request)
    return section(request, request.app.state.uploads.recent(), after, limit, upload_report.as_data)


@router.get("/uploads/{batch}", summary="Một lần nạp (cần đăng nhập)", responses=examples.of("upload"))
@by_main_process
def upload(
    request: Request, batch: Annotated[str, Path(description="Mã lần nạp", max_length=100, examples=["f3kQ0x"])]
) -> Envelope:
    """Kết quả của từng tệp."""
    access.require_user(request)
    found = request.app.state.uploads.batch(batch)
    if found is None:
        raise NotFound("Không còn báo cáo của lần nạp này.", "Hãy xem trong kho.")
    return Envelope(data=upload_report.as_data(found))
