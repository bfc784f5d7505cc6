"""For monitoring: whether the server can answer, and its metrics."""

from __future__ import annotations

import ipaddress
from typing import Any

from fastapi import APIRouter
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import State
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from corpus.errors import OcopError
from webui.web import access
from webui.web.workers import handover
from webui.web.workers.roles import by_main_process

router = APIRouter(include_in_schema=False)

#: Headers that a proxy adds. Where no proxy is trusted, a request with one did not come from this machine itself.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_TROUBLE = (OcopError, SQLAlchemyError, OSError)


@router.get("/healthz")
async def healthz(request: Request) -> Response:
    """200 when library and index can be read, else 503; ``behind``: changes that the index has not taken in.

    Of several processes each answers for itself and for the main one (``main``), which does the work beside the pages.
    """
    state = request.app.state
    health = await run_in_threadpool(_health, state)
    if not state.role.is_main:
        up = await handover.is_answered(state.role.address, "/healthz")
        health.update(ok=health["ok"] and up, main="ok" if up else "khong_tra_loi")
    return JSONResponse(health, status_code=200 if health["ok"] else 503, headers={"Cache-Control": "no-store"})


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """For what sends requests to several servers: 200 where :func:`healthz` says so and the server is not ending."""
    if is_draining(request.app.state):
        ending = {"ok": False, "draining": True}
        return JSONResponse(ending, status_code=503, headers={"Cache-Control": "no-store"})
    return await healthz(request)


def is_draining(state: State) -> bool:
    """Whether the server was asked to end and takes requests only until others know."""
    return bool(state.draining) or state.role.is_draining


def _health(state: State) -> dict[str, Any]:
    """What of the library this process can read."""
    health: dict[str, Any] = {"ok": True, "library": "ok", "index": "ok", "behind": None}
    try:
        state.library.view().sequence()
    except _TROUBLE:
        health.update(ok=False, library="khong_mo_duoc")
    try:
        behind = state.search.state()["behind"]
        health.update(index="cham" if behind else "ok", behind=behind)
    except _TROUBLE:
        health.update(ok=False, index="khong_mo_duoc")
    return health


@router.get("/metrics")
@by_main_process
def metrics(request: Request) -> Response:
    """The metrics, for the addresses of the setting ``metrics_for``; others get 404."""
    if not may_see_metrics(request):
        raise HTTPException(404)
    return Response(
        request.app.state.metrics.text(),
        headers={"Content-Type": "text/plain; version=1.0.0; charset=utf-8", "Cache-Control": "no-store"},
    )


def may_see_metrics(request: Request) -> bool:
    """Whether the client's address is among ``metrics_for``."""
    settings = request.app.state.settings
    if not settings.trusted_proxies and any(name in request.headers for name in _FORWARDED):
        return False
    try:
        client = ipaddress.ip_address(access.client_address(request).partition("%")[0])
        return any(client in ipaddress.ip_network(network, strict=False) for network in settings.metrics_for)
    except ValueError:
        return False
