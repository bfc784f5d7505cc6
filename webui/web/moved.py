"""Old addresses of documents: after a merge they lead to the address of today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

if TYPE_CHECKING:
    from corpus.library.values import Summary


def redirect_if_moved(request: Request, id: int, found: Summary, rest: str = "") -> Response | None:
    """A permanent redirect where *id* is an old id of the document *found*; rest: the address behind the id."""
    if found.id == id:
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/van-ban/{found.id}{rest}{query}", status_code=301)
