"""Signing in and out."""

from __future__ import annotations

import hmac
import secrets

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from webui.app.users import MAX_SESSION_SECONDS, TooManyAttempts
from webui.web import access, forms
from webui.web.middleware.rate_limits import visitor
from webui.web.middleware.sessions import COOKIE
from webui.web.rendering import page

router = APIRouter(include_in_schema=False)

_FORM_COOKIE = "can_cu_dang_nhap"


def _safe_target(path: str) -> str:
    """*path* as the page to go to after signing in; "/" for anything but a path of this site."""
    safe = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if safe and len(path) < 2_000 else "/"


def _secure(request: Request) -> bool:
    return bool(request.app.state.settings.secure_cookies) or request.url.scheme == "https"


@router.get("/dang-nhap")
def sign_in_form(request: Request, toi: str = "/") -> Response:
    """The empty form. toi: where to go afterwards."""
    return _form(request, toi)


def _form(request: Request, toi: str = "/", *, wrong: str = "", status: int = 200) -> Response:
    """The form; its token is in a cookie of its own, as there is no session yet."""
    token = secrets.token_urlsafe(24)
    response = page(request, "sign_in.html", status_code=status, toi=_safe_target(toi), csrf=token, wrong=wrong)
    response.set_cookie(
        _FORM_COOKIE, token, max_age=3600, path="/dang-nhap", httponly=True, samesite="strict", secure=_secure(request)
    )
    return response


@router.post("/dang-nhap")
async def sign_in(request: Request) -> Response:
    """Begin a session, or show the form with what went wrong."""
    access.require_same_origin(request)
    async with forms.read_form(request, max_files=0, max_fields=10, max_part_size=10_000) as submitted:
        name, password, token = (str(submitted.get(field) or "") for field in ("ten", "mat_khau", "csrf"))
        target = _safe_target(str(submitted.get("toi") or "/"))
    if not hmac.compare_digest(token.encode(), request.cookies.get(_FORM_COOKIE, "").encode()) or not token:
        return _form(request, target, wrong="Biểu mẫu đã cũ, hãy gửi lại.", status=403)
    try:
        cookie = await run_in_threadpool(
            request.app.state.users.sign_in, name.strip(), password, visitor(request, by_address=True)
        )
    except TooManyAttempts as error:
        return _form(request, target, wrong=str(error), status=429)
    if cookie is None:
        return _form(request, target, wrong="Tên hoặc mật khẩu không đúng.", status=401)
    response = RedirectResponse(target, status_code=303)
    response.set_cookie(
        COOKIE, cookie, max_age=MAX_SESSION_SECONDS, path="/", httponly=True, samesite="lax", secure=_secure(request)
    )
    response.delete_cookie(_FORM_COOKIE, path="/dang-nhap")
    return response


@router.post("/dang-xuat")
async def sign_out(request: Request) -> Response:
    """End the session."""
    async with forms.read_form(request, max_files=0, max_fields=10, max_part_size=10_000) as submitted:
        try:
            access.require_form_token(request, submitted)
        except HTTPException as refused:
            if refused.status_code != 401:
                raise
    await run_in_threadpool(request.app.state.users.sign_out, request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(COOKIE, path="/")
    return response
