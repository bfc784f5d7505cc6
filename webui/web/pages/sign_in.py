"""Signing in and out."""

from __future__ import annotations

import hmac
import secrets

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from webui.app.users import WHOLE, TooMany
from webui.web import access, forms
from webui.web.middleware.rate_limits import visitor
from webui.web.rendering import page

router = APIRouter(include_in_schema=False)

_FORM_COOKIE = "can_cu_dang_nhap"


def _onward(said: str | None) -> str:
    """Where to go after signing in: a path of this site, nothing else."""
    said = said or "/"
    safe = said.startswith("/") and not said.startswith("//") and "\\" not in said and said.isprintable()
    return said if safe and len(said) < 2_000 else "/"


def _secure(request: Request) -> bool:
    return bool(request.app.state.settings.secure_cookies) or request.url.scheme == "https"


@router.get("/dang-nhap")
def asked(request: Request, toi: str = "/") -> Response:
    """The form, empty: its address says where to go afterwards and nothing that is shown."""
    return form(request, toi)


def form(request: Request, toi: str = "/", *, wrong: str = "", status: int = 200) -> Response:
    """The form; its token is in a cookie of its own, since there is no session yet."""
    token = secrets.token_urlsafe(24)
    made = page(request, "sign_in.html", status_code=status, toi=_onward(toi), csrf=token, wrong=wrong)
    made.set_cookie(
        _FORM_COOKIE, token, max_age=3600, path="/dang-nhap", httponly=True, samesite="strict", secure=_secure(request)
    )
    return made


@router.post("/dang-nhap")
async def sign_in(request: Request) -> Response:
    access.same_origin(request)
    async with forms.sent(request, max_files=0, max_fields=10, max_part_size=10_000) as sent:
        name, password, token = (str(sent.get(field) or "") for field in ("ten", "mat_khau", "csrf"))
        onward = _onward(str(sent.get("toi") or "/"))
    if not hmac.compare_digest(token.encode(), request.cookies.get(_FORM_COOKIE, "").encode()) or not token:
        return form(request, onward, wrong="Biểu mẫu đã cũ, hãy gửi lại.", status=403)
    try:
        cookie = await run_in_threadpool(
            request.app.state.users.sign_in, name.strip(), password, visitor(request, by_address=True)
        )
    except TooMany as error:
        return form(request, onward, wrong=str(error), status=429)
    if cookie is None:
        return form(request, onward, wrong="Tên hoặc mật khẩu không đúng.", status=401)
    made = RedirectResponse(onward, status_code=303)
    made.set_cookie(
        access.COOKIE, cookie, max_age=WHOLE, path="/", httponly=True, samesite="lax", secure=_secure(request)
    )
    made.delete_cookie(_FORM_COOKIE, path="/dang-nhap")
    return made


@router.post("/dang-xuat")
async def sign_out(request: Request) -> Response:
    async with forms.sent(request, max_files=0, max_fields=10, max_part_size=10_000) as sent:
        try:
            access.checked(request, sent)
        except HTTPException as refused:
            if refused.status_code != 401:
                raise
    await run_in_threadpool(request.app.state.users.sign_out, request.cookies.get(access.COOKIE, ""))
    made = RedirectResponse("/", status_code=303)
    made.delete_cookie(access.COOKIE, path="/")
    return made
