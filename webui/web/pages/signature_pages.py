"""The digital signatures of a document's original, checked when the page is asked for the first time."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from webui.app import json_shapes, signatures
from webui.web import access
from webui.web.moved import redirect_if_moved
from webui.web.rendering import page
from webui.web.workers.roles import by_main_process

router = APIRouter(include_in_schema=False)


@router.get("/van-ban/{id}/chu-ky")
@by_main_process
async def of_document(request: Request, id: int) -> Response:
    """Each signature: valid, changed since, of an unknown issuer, expired; with name and day."""
    state = request.app.state
    library = access.reader(request)
    found = await run_in_threadpool(library.document, id)
    moved = redirect_if_moved(request, id, found.summary, "/chu-ky")
    if moved:
        return moved
    check = partial(signatures.of_document, library, state.signature_pool, state.trusted_roots, found)
    async with state.picture_gate.admitted():
        checked = await run_in_threadpool(check)
    return await run_in_threadpool(
        partial(
            page,
            request,
            "signatures.html",
            doc=json_shapes.summary(found.summary),
            found=checked,
            roots=len(state.trusted_roots),
        )
    )
