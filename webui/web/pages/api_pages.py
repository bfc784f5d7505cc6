"""The manual of the API: pages of this site, which load nothing from elsewhere."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from webui.app import api_manual
from webui.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/tai-lieu-api")
def manual(request: Request, goi: str = "") -> Response:
    """All calls; with *goi* one of them, with its parameters and an example of its answer."""
    described = request.app.openapi()
    one = api_manual.call(described, goi) if goi else None
    return page(request, "api.html", calls=api_manual.calls(described), one=one, site=str(request.base_url).rstrip("/"))
