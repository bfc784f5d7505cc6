"""Feeds to watch: a search, a document, an agency, the wanted list, as Atom."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from webui.app import feeds
from webui.app.feeds import Feed
from webui.web import access, search_address
from webui.web.moved import redirect_if_moved
from webui.web.rendering import address

router = APIRouter(include_in_schema=False)

#: The number of the event before which a page of a feed begins; the link "next" has it.
Before = Annotated[int | None, Query(alias="truoc", ge=1, le=2**53)]


@router.get("/tin/tim.atom")
def of_search(request: Request, before: Before = None) -> Response:
    """New documents that a search finds; without a query, all that come in."""
    asked = search_address.parse(request.query_params)
    held = asked.or_held()
    path, words = asked.url("/tin/tim.atom"), asked.q or ", ".join(c["label"] for c in search_address.chips(asked))
    wanted = search_address.request_of(held, feeds.PAGE)
    return _answer(request, feeds.of_search(access.search(request), wanted, path, asked.url("/"), words), before)


@router.get("/van-ban/{id}/tin.atom")
def of_document(request: Request, id: int, before: Before = None) -> Response:
    """Changes of a document's bases and of its own effect."""
    library = access.reader(request)
    moved = redirect_if_moved(request, id, library.summary(id), "/tin.atom")
    return moved or _answer(request, feeds.of_document(library, id, f"/van-ban/{id}/tin.atom"), before)


@router.get("/tin/co-quan.atom")
def of_agency(request: Request, coquan: str, before: Before = None) -> Response:
    """New documents of an agency, and changes for those it has."""
    path, page = address("/tin/co-quan.atom", coquan=coquan), address("/ra-soat", coquan=coquan)
    return _answer(request, feeds.of_agency(access.reader(request), coquan, path, page), before)


@router.get("/tin/con-thieu.atom")
def of_wanted(request: Request, before: Before = None) -> Response:
    """Documents that are cited and missing, and those of them that came in."""
    return _answer(request, feeds.of_wanted(access.events(request), "/tin/con-thieu.atom"), before)


def _answer(request: Request, feed: Feed, before: int | None) -> Response:
    log = access.events(request)
    found, following = feeds.entries(log, access.reader(request), feed, before=before)
    joint = "&" if "?" in feed.path else "?"
    data = feeds.atom(
        log,
        feed,
        found,
        str(request.base_url).rstrip("/"),
        here=f"{feed.path}{joint}truoc={before}" if before else feed.path,
        following=f"{feed.path}{joint}truoc={following}" if following else "",
    )
    return Response(data, media_type=feeds.MEDIA_TYPE, headers={"Cache-Control": "no-cache"})
