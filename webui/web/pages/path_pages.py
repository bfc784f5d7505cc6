"""The path from one document to another along citations."""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from corpus.errors import UsageError
from webui.app import addressing, json_shapes, listing, tracing, trees
from webui.app.labels import RELATIONS
from webui.web import access
from webui.web.document_cells import HEADINGS, cells
from webui.web.downloads import csv_download
from webui.web.rendering import page

router = APIRouter(include_in_schema=False)

#: A document in words: its số hiệu, or its id.
Words = Annotated[str, Query(max_length=300)]
#: Which citations a path may follow.
REACHES = {"all": "mọi dẫn chiếu", "wide": "căn cứ và cơ sở rộng", "legal": "chỉ căn cứ"}


@router.get("/duong-di")
def path(request: Request, a: Words = "", b: Words = "", theo: str = "all") -> Response:
    """The path from one document to another."""
    (first, last), found = _path(request, a, b, theo)
    return page(request, "path.html", a=a, b=b, first=first, last=last, way=found, reach=theo, reaches=REACHES)


@router.get("/duong-di.csv")
def path_table(request: Request, a: Words = "", b: Words = "", theo: str = "all") -> Response:
    """The same as a table, a row for each step."""
    _, found = _path(request, a, b, theo)
    if found is None:
        raise UsageError("Cần hai văn bản rõ ràng.", "Hãy chọn từng văn bản ở trang Chuỗi căn cứ.")
    rows = [[0, "", *cells(found["start"]), ""]] if found["steps"] else []
    for number, step in enumerate(found["steps"], 1):
        relation = RELATIONS.get(step["relation"], step["relation"])
        words = relation if step["forward"] else f"được {relation} bởi"
        rows.append([number, words, *cells(step["document"]), (step["mention"] or {}).get("sentence", "")])
    return csv_download("duong-noi", ["Bước", "Quan hệ", *HEADINGS, "Câu dẫn"], rows)


def _path(request: Request, a: str, b: str, reach: str) -> tuple[list[Any], dict[str, Any] | None]:
    """The documents that each end may mean (None where nothing was asked), and the path where each means one."""
    listing.check_choice(reach, REACHES, "cách nối")
    library = access.reader(request)
    ends = [addressing.find(library, words, paths=False) if words.strip() else None for words in (a, b)]
    found = None
    if all(end is not None and len(end) == 1 for end in ends):
        first, last = (end[0].id for end in ends if end)
        found = tracing.path(library, access.graph(request), first, last, reach=cast("trees.Reach", reach))
    return [None if end is None else [json_shapes.summary(s) for s in end] for end in ends], found
