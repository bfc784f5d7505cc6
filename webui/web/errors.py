"""Errors as answers: one JSON shape under /api, a page with the next step elsewhere."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from corpus.errors import (
    Ambiguous,
    DiskFull,
    LibraryBusy,
    MissingTool,
    NotFound,
    OcopError,
    QueryError,
    ReadFailure,
    Refused,
    StaleIndex,
    UsageError,
)
from webui.app import json_shapes
from webui.web.middleware.headers import headers_of
from webui.web.middleware.request_log import LEFT
from webui.web.rendering import address, page

_STATUS: tuple[tuple[type[OcopError], int, str], ...] = (
    (NotFound, 404, "khong_thay"),
    (Ambiguous, 409, "nhieu_van_ban"),
    (QueryError, 400, "cau_tim_sai"),
    (UsageError, 400, "tham_so_sai"),
    (Refused, 403, "tu_choi"),
    (ReadFailure, 422, "khong_doc_duoc"),
    (LibraryBusy, 503, "dang_ban"),
    (StaleIndex, 503, "chi_muc_cu"),
    (DiskFull, 507, "dia_day"),
    (MissingTool, 503, "thieu_cong_cu"),
)
_HTTP = {
    401: ("can_dang_nhap", "Cần đăng nhập để xem trang này.", ""),
    403: ("khong_duoc_phep", "Bạn không có quyền làm việc này.", "Hãy đăng nhập bằng tài khoản có quyền."),
    404: ("khong_thay", "Không có trang này.", "Hãy về trang tìm kiếm."),
    405: ("sai_cach_goi", "Địa chỉ này không nhận cách gọi đó.", ""),
    413: ("qua_lon", "Dữ liệu gửi lên quá lớn.", "Hãy gửi ít tệp hơn mỗi lần."),
    408: ("gui_cham", "Dữ liệu gửi lên chậm quá nên đã dừng nhận.", "Hãy kiểm tra đường truyền rồi gửi lại."),
    421: ("sai_ten_may", "Máy chủ này không nhận tên trong địa chỉ đó.", "Người quản trị thêm tên vào OCOP_HOSTS."),
    429: ("qua_nhieu", "Thử quá nhiều lần.", "Hãy chờ ít phút rồi thử lại."),
    503: ("dang_ban", "Máy chủ đang bận, chưa trả lời kịp.", "Hãy chờ ít giây rồi thử lại."),
}

log = logging.getLogger("webui")


def status_of(error: OcopError) -> tuple[int, str]:
    """The HTTP status and the code of an error."""
    for kind, status, code in _STATUS:
        if isinstance(error, kind):
            return status, code
    return 500, "loi"


def answer(request: Request, status: int, code: str, message: str, next_step: str = "", **more: Any) -> Response:
    """The error as JSON or as a page."""
    if request.url.path.startswith("/api"):
        error = {"code": code, "message": message, "next_step": next_step, **more}
        return JSONResponse({"ok": False, "error": error}, status_code=status)
    return page(
        request, "error.html", status_code=status, status=status, message=message, next_step=next_step, more=more
    )


def of_status(request: Request, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """The answer of a bare HTTP status."""
    code, message, next_step = _HTTP.get(status, ("loi", "Yêu cầu không hợp lệ.", ""))
    made = answer(request, status, code, message, next_step)
    made.headers.update(headers or {})
    return made


def install(app: FastAPI) -> None:
    """Catch every kind of error."""

    @app.exception_handler(OcopError)
    def ours(request: Request, error: OcopError) -> Response:
        status, code = status_of(error)
        more: dict[str, Any] = {}
        if isinstance(error, QueryError):
            more["position"] = error.position
        if isinstance(error, Ambiguous) and hasattr(error, "found"):
            more["documents"] = [json_shapes.summary(s) for s in error.found]
        if status == 500:
            log.error("%s: %s", type(error).__name__, error)
        return answer(request, status, code, error.message, error.next_step, **more)

    @app.exception_handler(RequestValidationError)
    def malformed(request: Request, error: RequestValidationError) -> Response:
        names = ", ".join(sorted({str(e["loc"][-1]) for e in error.errors()}))
        return answer(request, 400, "tham_so_sai", f"Tham số không hợp lệ: {names}.", "Hãy sửa địa chỉ rồi thử lại.")

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 401 and not request.url.path.startswith("/api") and request.method == "GET":
            return RedirectResponse(address("/dang-nhap", toi=request.url.path), status_code=303)
        return of_status(request, error.status_code, error.headers)

    @app.exception_handler(ClientDisconnect)
    async def left(request: Request, error: ClientDisconnect) -> Response:
        return Response(status_code=LEFT)  # nobody is there to read it: for the log and the numbers

    @app.exception_handler(Exception)
    def other(request: Request, error: Exception) -> Response:
        log.error("unexpected", exc_info=error)
        made = answer(request, 500, "loi", "Máy chủ gặp lỗi.", "Hãy thử lại; nếu vẫn lỗi, báo người quản trị.")
        # This handler stands outside the middleware.
        made.headers.update(headers_of(https=request.app.state.settings.secure_cookies))
        if id := getattr(request.state, "request_id", None):
            made.headers["X-Request-ID"] = id
        return made
