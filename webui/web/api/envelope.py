"""The envelope of the API: ``{"ok": true, "data": …, "next": …}``, and parameters that several calls share.

Errors have the shape of :mod:`webui.web.error_responses`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from starlette.requests import Request

from webui.app import trees
from webui.web.rendering import address


class Envelope(BaseModel):
    """Every answer that is no error."""

    ok: Literal[True] = True
    data: Any = Field(description="Dữ liệu của lời gọi")
    next: str | None = Field(default=None, description="Địa chỉ của phần tiếp theo; null là đã hết")


class ErrorDetail(BaseModel):
    """What went wrong and what to do."""

    code: str = Field(examples=["khong_thay"])
    message: str = Field(examples=["Không có văn bản này."])
    next_step: str = Field(default="", examples=["Hãy về trang tìm kiếm."])


class Failed(BaseModel):
    """Every answer that is an error."""

    ok: Literal[False] = False
    error: ErrorDetail


_RESPONSES: dict[int | str, dict[str, Any]] = {
    400: {"model": Failed, "description": "Tham số hoặc câu tìm sai"},
    401: {"model": Failed, "description": "Cần đăng nhập"},
    404: {"model": Failed, "description": "Không có văn bản này"},
    "4XX": {"model": Failed, "description": "Chưa đăng nhập (401), quá nhiều lần (429), sai tên máy (421)…"},
    409: {"model": Failed, "description": "Nhiều văn bản ứng với số hiệu"},
    503: {"model": Failed, "description": "Kho hoặc chỉ mục đang bận"},
}


def api_router() -> APIRouter:
    """A router of API calls."""
    return APIRouter(prefix="/api", tags=["Căn Cứ"], responses=_RESPONSES)


Id = Annotated[int, Path(description="Mã văn bản trong kho", examples=[12], ge=1)]
Depth = Annotated[int, Query(description="Số tầng", ge=1, le=10)]
Reach = Annotated[
    trees.Reach, Query(description="legal: căn cứ; wide: cả cơ sở rộng; all: mọi dẫn chiếu", examples=["legal"])
]
After = Annotated[
    int, Query(description="Con trỏ: lấy nguyên trong `next`, đừng tự tính", ge=0, le=2**53, examples=[0])
]
Limit = Annotated[int, Query(description="Số mục một lần", ge=1, le=500)]


def section(
    request: Request, found: Sequence[Any], after: int, limit: int, shape: Callable[[Any], Any] = lambda one: one
) -> Envelope:
    """The *limit* entries behind the cursor *after*; ``next`` is this address with the cursor behind them."""
    shown = found[after : after + limit]
    following = _with_cursor(request, after + limit) if len(found) > after + limit else None
    return Envelope(data=[shape(one) for one in shown], next=following)


def _with_cursor(request: Request, after: int) -> str:
    parameters: dict[str, Any] = {name: request.query_params.getlist(name) for name in request.query_params}
    return address(request.url.path, **{**parameters, "after": after})
