"""Confirming on a document's page which document a citation means."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from corpus.errors import UsageError
from webui.web import access, forms

router = APIRouter(include_in_schema=False)


@router.post("/van-ban/{id}/xac-nhan")
async def confirm(request: Request, id: int) -> Response:
    """State which of its candidates an unsettled citation means; then back to the căn cứ of the document."""
    access.require_user(request)
    access.require_same_origin(request)
    async with forms.read_form(request, max_files=0, max_fields=10, max_part_size=10_000) as submitted:
        user = access.require_form_token(request, submitted)
        ordinal, target = (_number(submitted.get(name)) for name in ("luot", "van_ban"))
    await run_in_threadpool(_carry_out, request, id, ordinal, target, user.name)
    return RedirectResponse(f"/van-ban/{id}#can-cu", status_code=303)


def _number(value: object) -> int:
    text = str(value or "")
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise UsageError("Thiếu dẫn chiếu hoặc văn bản cần xác nhận.", "Hãy gửi lại từ trang của văn bản.")
    return int(text)


def _carry_out(request: Request, id: int, ordinal: int, target: int, who: str) -> None:
    library = access.reader(request)
    source, meant = library.summary(id), library.summary(target)  # NotFound where this user may not see them
    request.app.state.library.edits.confirm(source.id, ordinal, meant.id, who=who)
    request.app.state.search.catch_up()
