"""Two documents compared, side by side."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from webui.app import addressing, comparing, json_shapes
from webui.web import access
from webui.web.rendering import page

router = APIRouter(include_in_schema=False)

#: A document in words: its số hiệu, or its id.
Words = Annotated[str, Query(max_length=300)]


@router.get("/so-sanh")
def compare(request: Request, a: Words = "", b: Words = "") -> Response:
    """How document b differs from document a: căn cứ first, then the head, then the text by article and section."""
    library = access.reader(request)
    ends = [addressing.find(library, words, paths=False) if words.strip() else None for words in (a, b)]
    result = None
    if all(end is not None and len(end) == 1 for end in ends):
        old, new = (end[0].id for end in ends if end)
        result = comparing.compare(library, old, new)
    first, last = (None if end is None else [json_shapes.summary(one) for one in end] for end in ends)
    return page(request, "compare.html", a=a, b=b, first=first, last=last, result=result)
