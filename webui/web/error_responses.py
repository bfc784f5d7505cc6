"""Errors as responses: one JSON shape under /api, elsewhere a page with the next step."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from corpus.errors import LibraryBusy, OcopError
from webui.app.error_codes import OTHER, error_code, error_details
from webui.web.middleware.headers import headers_of
from webui.web.middleware.request_log import CLIENT_LEFT
from webui.web.rendering import address, page

#: Code of an error → HTTP status.
_STATUS = {
    "khong_thay": 404,
    "nhieu_van_ban": 409,
    "cau_tim_sai": 400,
    "tham_so_sai": 400,
    "tu_choi": 403,
    "khong_doc_duoc": 422,
    "dang_ban": 503,
    "chi_muc_cu": 503,
    "dia_day": 507,
    "thieu_cong_cu": 503,
    OTHER: 500,
}
#: HTTP status → code, message and next step.
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

#: Headers of a response that says to come back soon: the reason passes.
RETRY_LATER = {"Retry-After": "5"}

log = logging.getLogger("webui")


def status_of(error: OcopError) -> int:
    """The HTTP status of an error."""
    return _STATUS[error_code(error)]


def error_response(
    request: Request, status: int, code: str, message: str, next_step: str = "", **details: Any
) -> Response:
    """The error as JSON or as a page. details: of :func:`webui.app.error_codes.error_details`."""
    if request.url.path.startswith("/api"):
        error = {"code": code, "message": message, "next_step": next_step, **details}
        return JSONResponse({"ok": False, "error": error}, status_code=status)
    return page(
        request, "error.html", status_code=status, status=status, message=message, next_step=next_step, more=details
    )


def response_of(request: Request, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """The response of an HTTP status without more."""
    code, message, next_step = _HTTP.get(status, (OTHER, "Yêu cầu không hợp lệ.", ""))
    response = error_response(request, status, code, message, next_step)
    response.headers.update(headers or {})
    return response


def install(app: FastAPI) -> None:
    """Make *app* answer every kind of error."""
    app.exception_handler(OcopError)(answer)
    app.exception_handler(RequestValidationError)(_on_invalid_parameters)
    app.exception_handler(HTTPException)(_on_http_error)
    app.exception_handler(ClientDisconnect)(_on_disconnect)
    app.exception_handler(Exception)(_on_other_error)


def answer(request: Request, error: OcopError) -> Response:
    """The response to a request that ended in *error*."""
    status = status_of(error)
    if status == 500:
        log.error("%s: %s", type(error).__name__, error)
    details = error_details(error)
    response = error_response(request, status, error_code(error), error.message, error.next_step, **details)
    if isinstance(error, LibraryBusy):
        response.headers.update(RETRY_LATER)
    return response


def _on_invalid_parameters(request: Request, error: RequestValidationError) -> Response:
    names = ", ".join(sorted({str(e["loc"][-1]) for e in error.errors()}))
    message = f"Tham số không hợp lệ: {names}."
    return error_response(request, 400, "tham_so_sai", message, "Hãy sửa địa chỉ rồi thử lại.")


def _on_http_error(request: Request, error: HTTPException) -> Response:
    if error.status_code == 401 and not request.url.path.startswith("/api") and request.method == "GET":
        return RedirectResponse(address("/dang-nhap", toi=request.url.path), status_code=303)
    return response_of(request, error.status_code, error.headers)


async def _on_disconnect(request: Request, error: ClientDisconnect) -> Response:
    return Response(status_code=CLIENT_LEFT)  # nobody receives it; the log and the metrics count it


def _on_other_error(request: Request, error: Exception) -> Response:
    log.error("unexpected", exc_info=error)
    response = error_response(request, 500, OTHER, "Máy chủ gặp lỗi.", "Hãy thử lại; nếu vẫn lỗi, báo người quản trị.")
    # This handler stands outside of all middleware, which adds these headers elsewhere.
    response.headers.update(headers_of(https=request.app.state.settings.secure_cookies))
    if id := getattr(request.state, "request_id", None):
        response.headers["X-Request-ID"] = id
    return response
