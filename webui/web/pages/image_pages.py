"""Pictures of pages, and of the places that values were read from. Workers draw them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from corpus.errors import NotFound, ReadFailure
from corpus.model import FIELDS, Box
from corpus.sentences import sentence_span
from ingest.options import ReadOptions
from ingest.page_pictures import Marks
from ingest.pictures import Pictures
from webui.app import json_shapes
from webui.app.document_reader import options_as_read
from webui.app.document_view import is_pictured
from webui.app.text_pages import marks, text_page
from webui.web import access
from webui.web.moved import redirect_if_moved
from webui.web.rendering import page
from webui.web.workers.roles import by_main_process

router = APIRouter(include_in_schema=False)

#: Margin around a value, as fractions of the page's width and height; little above and below, for other lines are near.
MARGIN_X, MARGIN_Y = 0.02, 0.003
#: Margin above and below a handwritten number, which may stand out of its line.
HANDWRITTEN_MARGIN_Y = 0.009
_HANDWRITTEN = frozenset({"so_ky_hieu", "number", "symbol"})
#: Width of a page in its own view, in pixels.
WIDTH = 1200
#: Pictures drawn at a time, requests that may wait besides (a browser sends six at once), and for how many seconds.
AT_ONCE, WAITING, WAIT_SECONDS = 4, 64, 30.0


async def _drawn(request: Request, draw: Callable[[], bytes]) -> bytes:
    """The result of *draw*, once the request is admitted; waiting holds no thread. Raises HTTPException 429."""
    async with request.app.state.picture_gate.admitted():
        return await run_in_threadpool(draw)


@router.get("/van-ban/{id}/anh/{number}.png")
@by_main_process
async def page_picture(
    request: Request,
    id: int,
    number: int,
    rong: Annotated[int, Query(ge=50, le=2000)] = 1000,
    to: Annotated[list[str] | None, Query(max_length=50)] = None,
) -> Response:
    """A page of the original, a scan turned as it was read.

    to: spans of its text to mark, where their places are known.
    """

    def draw() -> bytes:
        if to:
            with suppress(NotFound):
                return _marked(request, id, number, marks(to), rong)
        record = access.reader(request).document(id).record
        turned = dict(record.turned_pages).get(number, 0) if record else 0
        picture: bytes = request.app.state.pictures.page_picture(_original(request, id), number, rong, turned)
        return picture

    return _png(await _drawn(request, draw))


@router.get("/van-ban/{id}/trang/{number}")
@by_main_process
async def page_view(
    request: Request, id: int, number: int, to: Annotated[list[str] | None, Query(max_length=50)] = None
) -> Response:
    """One page: its picture, with the spans that were asked for marked, and its text beside it."""
    asked = marks(to or [])
    found = await run_in_threadpool(_page_of, request, id, number)
    if isinstance(found, Response):
        return found
    placed = False
    if found["pictured"] and asked:
        with suppress(NotFound, ReadFailure, HTTPException):
            await _drawn(request, partial(_marked, request, id, number, asked, WIDTH))
            placed = True
    return await run_in_threadpool(_page_shown, request, found, number, asked, to=to or [], placed=placed)


def _page_of(request: Request, id: int, number: int) -> Response | dict[str, Any]:
    """The document of a page with its number of pages, or a redirect to its id of today. Raises NotFound."""
    library = access.reader(request)
    document = library.document(id)
    moved = redirect_if_moved(request, id, document.summary, f"/trang/{number}")
    if moved:
        return moved
    if document.record is None:
        raise NotFound("Kho không có tệp của văn bản này.", "Văn bản này chỉ được dẫn chiếu.")
    pages = document.record.text.count("\f") + 1
    if not 1 <= number <= pages:
        raise NotFound(f"Văn bản này không có trang {number}.", f"Nó có {pages} trang, đếm từ 1.")
    return {"document": document, "pages": pages, "pictured": is_pictured(library, document)}


def _page_shown(
    request: Request, found: dict[str, Any], number: int, asked: Sequence[tuple[int, int]], **more: Any
) -> Response:
    document = found["document"]
    mentions = access.reader(request).mentions(document.summary.id)
    return page(
        request,
        "page.html",
        doc=json_shapes.summary(document.summary),
        number=number,
        pages=found["pages"],
        asked=bool(asked),
        pictured=found["pictured"],
        width=WIDTH,
        text=text_page(document.record, mentions, number, marks=asked),
        **more,
    )


def _marked(request: Request, id: int, number: int, asked: Sequence[tuple[int, int]], width: int) -> bytes:
    """The picture of a page with the spans *asked* (of the stored text) framed and their sentences shaded.

    Raises NotFound where their places on that page are not known.
    """
    document = access.reader(request).document(id)
    path = _original(request, id)
    record = document.record
    texts = record.text.split("\f") if record else []
    if record is None or not 1 <= number <= len(texts):
        raise NotFound(f"Văn bản này không có trang {number}.", "Hãy xem văn bản.")
    offset = sum(len(t) + 1 for t in texts[: number - 1])
    text = texts[number - 1]
    words = [(a - offset, min(b - offset, len(text))) for a, b in asked if offset <= a < offset + len(text)]
    if not words:
        raise NotFound("Chữ cần tìm không nằm ở trang này.", "Hãy xem trang khác.")
    sentences = sorted({sentence_span(text, a, b) for a, b in words})
    picture: bytes = request.app.state.pictures.marked_page(
        path, number, Marks.of(text, words, sentences), _reading_options(request, document.sha256), width
    )
    return picture


def _reading_options(request: Request, sha256: str | None) -> ReadOptions:
    return options_as_read(request.app.state.settings, request.app.state.library, sha256)


@router.get("/van-ban/{id}/cat/{name}.png")
@by_main_process
async def value_picture(request: Request, id: int, name: str) -> Response:
    """The part of a page that a value was read from; a scan is turned and straightened as for reading."""
    return _png(await _drawn(request, partial(_value_picture, request, id, name)))


def _value_picture(request: Request, id: int, name: str) -> bytes:
    found = access.reader(request).document(id)
    evidence = found.record.fields.get(name) if found.record and name in FIELDS else None
    if found.record is None or evidence is None or evidence.page is None or evidence.bbox is None:
        raise NotFound("Không biết giá trị này nằm ở đâu trên trang.", "Hãy xem ảnh cả trang.")
    pictures: Pictures = request.app.state.pictures
    path, box = (
        _original(request, id),
        with_margin(evidence.bbox, HANDWRITTEN_MARGIN_Y if name in _HANDWRITTEN else MARGIN_Y),
    )
    if found.record.source == "text":
        return pictures.crop(path, evidence.page, box, dpi=130)
    return pictures.crop_as_read(path, evidence.page, box, _reading_options(request, found.sha256), dpi=130)


def with_margin(box: Box, margin_y: float = MARGIN_Y) -> Box:
    """*box* with a margin, inside the page."""
    x0, y0, x1, y1 = box
    return (max(0.0, x0 - MARGIN_X), max(0.0, y0 - margin_y), min(1.0, x1 + MARGIN_X), min(1.0, y1 + margin_y))


def _original(request: Request, id: int) -> Path:
    """The original file of a document. Raises NotFound."""
    library = access.reader(request)
    found = library.document(id)
    if found.sha256 is None or not library.original(found.sha256).is_file():
        raise NotFound("Kho không có tệp gốc của văn bản này.", "Văn bản này chỉ được dẫn chiếu.")
    path: Path = library.original(found.sha256)
    return path


def _png(data: bytes) -> Response:
    return Response(data, media_type="image/png", headers={"Cache-Control": "private, max-age=86400"})
