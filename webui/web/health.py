"""For those who watch the server: whether it can answer, and its numbers."""

from __future__ import annotations

import ipaddress
from typing import Any

from fastapi import APIRouter
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from corpus.errors import OcopError
from webui.web import access

router = APIRouter(include_in_schema=False)

#: What a proxy writes. Met where no proxy is trusted, loopback is not who is asking.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


@router.get("/healthz")
def healthz(request: Request) -> Response:
    """200 when library and index can be read, else 503; ``behind``: changes the index has yet to take in."""
    told: dict[str, Any] = {"ok": True, "library": "ok", "index": "ok", "behind": None}
    try:
        request.app.state.library.view().sequence()
    except (OcopError, SQLAlchemyError, OSError):
        told.update(ok=False, library="khong_mo_duoc")
    try:
        state = request.app.state.search.state()
        told.update(index="cham" if state["behind"] else "ok", behind=state["behind"])
    except (OcopError, SQLAlchemyError, OSError):
        told.update(ok=False, index="khong_mo_duoc")
    return JSONResponse(told, status_code=200 if told["ok"] else 503, headers={"Cache-Control": "no-store"})


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """The numbers, for the addresses that a setting names; others are not told that there are any."""
    if not allowed(request):
        raise HTTPException(404)
    return Response(
        request.app.state.metrics.text(),
        headers={"Content-Type": "text/plain; version=1.0.0; charset=utf-8", "Cache-Control": "no-store"},
    )


def allowed(request: Request) -> bool:
    """Whether the client's address is among ``metrics_for``."""
    settings = request.app.state.settings
    if not settings.trusted_proxies and any(name in request.headers for name in _FORWARDED):
        return False
    try:
        client = ipaddress.ip_address(access.client_address(request).partition("%")[0])
        return any(client in ipaddress.ip_network(said, strict=False) for said in settings.metrics_for)
    except ValueError:
        return False
