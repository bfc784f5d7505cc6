"""Pictures of pages and of the places values were read from; workers draw them, this only asks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from corpus.errors import NotFound
from corpus.model import FIELDS, Box
from webui import access

router = APIRouter(include_in_schema=False)

#: What is shown around a value, as fractions of the page's width and height.
MARGIN_X, MARGIN_Y = 0.02, 0.012


@router.get("/van-ban/{id}/anh/{number}.png")
def page_picture(
    request: Request, id: int, number: int, rong: Annotated[int, Query(ge=50, le=2000)] = 1000
) -> Response:
    """A page of the original."""
    return _png(request.app.state.pictures.page_picture(original(request, id), number, rong))


@router.get("/van-ban/{id}/cat/{name}.png")
def value_picture(request: Request, id: int, name: str) -> Response:
    """The part of the page a value was read from."""
    found = access.reader(request).document(id)
    evidence = found.record.fields.get(name) if found.record and name in FIELDS else None
    if evidence is None or evidence.page is None or evidence.bbox is None:
        raise NotFound("Không biết giá trị này nằm ở đâu trên trang.", "Hãy xem ảnh cả trang.")
    return _png(request.app.state.pictures.crop(original(request, id), evidence.page, widened(evidence.bbox), dpi=130))


def widened(box: Box) -> Box:
    """*box* with a margin, inside the page."""
    x0, y0, x1, y1 = box
    return (max(0.0, x0 - MARGIN_X), max(0.0, y0 - MARGIN_Y), min(1.0, x1 + MARGIN_X), min(1.0, y1 + MARGIN_Y))


def original(request: Request, id: int) -> Path:
    """The original file of a document. Raises NotFound."""
    library = access.reader(request)
    found = library.document(id)
    if found.sha256 is None or not library.original(found.sha256).is_file():
        raise NotFound("Kho không có tệp gốc của văn bản này.", "Văn bản này chỉ được dẫn chiếu.")
    path: Path = library.original(found.sha256)
    return path


def _png(data: bytes) -> Response:
    return Response(data, media_type="image/png", headers={"Cache-Control": "private, max-age=86400"})
