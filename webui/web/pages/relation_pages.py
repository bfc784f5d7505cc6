"""What a document is related to: the diagram (lược đồ), what cites it, what is affected when it changes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from corpus.checks.effect_status import EffectReader
from corpus.errors import UsageError
from webui.app import diagram, diagram_boxes, document_view, json_shapes, listing
from webui.web import access
from webui.web.document_cells import HEADINGS, cells
from webui.web.downloads import csv_download
from webui.web.moved import redirect_if_moved
from webui.web.rendering import page

router = APIRouter(include_in_schema=False)

#: A page of a list, counted from 1.
PageNumber = Annotated[int, Query(ge=1, le=100_000)]


class DiagramAddress(BaseModel):
    """The parameters of the lược đồ."""

    #: Documents that are opened on the side of what is cited, and of what cites.
    trai: list[int] = Field(default_factory=list)
    phai: list[int] = Field(default_factory=list)
    #: "lon": the picture of the chain in its own size.
    co: Literal["", "lon"] = ""


@router.get("/van-ban/{id}/luoc-do")
def diagram_page(request: Request, id: int, asked: Annotated[DiagramAddress, Query()]) -> Response:
    """The documents around one in boxes of relations, opened a step at a time, and the chain of bases as a picture."""
    library = access.reader(request)
    found = library.summary(id)
    moved = redirect_if_moved(request, id, found, "/luoc-do")
    if moved:
        return moved
    graph = access.graph(request)
    reader = EffectReader(library, graph)
    around = diagram.around(library, graph, id)
    colours = diagram_boxes.colours(library, reader, [node["id"] for node in around["nodes"]])
    opened = {side: list(dict.fromkeys(ids))[: diagram_boxes.MOST_OPENED] for side, ids in
              (("trai", asked.trai), ("phai", asked.phai))}  # fmt: skip
    boxes = diagram_boxes.diagram(library, graph, id, left=opened["trai"], right=opened["phai"], reader=reader)
    return page(
        request,
        "diagram.html",
        doc=json_shapes.summary(found),
        path=f"/van-ban/{id}/luoc-do",
        boxes=boxes,
        opens=opened,
        zoom=asked.co,
        graph=around,
        picture=diagram.picture(around, colours),
        names={node["id"]: node for node in around["nodes"]},
        most=diagram.MAX_NODES,
    )


@router.get("/van-ban/{id}/duoc-dan")
def cited_by(request: Request, id: int, nhom: str = "", trang: PageNumber = 1) -> Response:
    """What cites a document, newest first. nhom: one of the lists of its page; "" for all."""
    library = access.reader(request)
    found = library.summary(id)
    moved = redirect_if_moved(request, id, found, "/duoc-dan")
    if moved:
        return moved
    if nhom and nhom not in document_view.PARTS:
        raise UsageError(f"Không có nhóm “{nhom[:40]}”.", "Có: " + ", ".join(document_view.PARTS) + ".")
    citing: list[Any] = [one for one in access.graph(request).citing(id) if nhom in ("", one.part)]
    listed = listing.one_page(listing.Listed(citing, [], incomplete=False), trang)
    return page(
        request,
        "cited_by.html",
        doc=json_shapes.summary(found),
        part=nhom,
        parts_of=document_view.PARTS,
        listed=listed,
        edges=json_shapes.cited_from(library, id, listed["rows"]),
        asked={"nhom": nhom},
    )


class ImpactAddress(BaseModel):
    """The parameters of the list of affected documents."""

    #: Wider bases count too.
    rong: bool = False
    #: "1": only documents that are based on it directly.
    buoc: str = ""
    #: The order.
    xep: str = "gan"
    #: A document type; "" for all.
    loai: str = ""

    def query(self) -> listing.ImpactQuery:
        """What is asked for."""
        return listing.ImpactQuery(wide=self.rong, direct=self.buoc == "1", sort=self.xep, kind=self.loai)

    def parameters(self) -> dict[str, str | None]:
        """The parameters that differ from the default."""
        return {
            "rong": "1" if self.rong else None,
            "buoc": "1" if self.buoc == "1" else None,
            "xep": self.xep if self.xep != "gan" else None,
            "loai": self.loai,
        }


class ImpactPageAddress(ImpactAddress):
    """The same with the page of the list."""

    trang: int = Field(default=1, ge=1, le=100_000)


@router.get("/van-ban/{id}/anh-huong")
def impact(request: Request, id: int, asked: Annotated[ImpactPageAddress, Query()]) -> Response:
    """The documents based on a document, directly or through others."""
    library = access.reader(request)
    found = library.summary(id)
    moved = redirect_if_moved(request, id, found, "/anh-huong")
    if moved:
        return moved
    query = asked.query()
    listed, direct = listing.impact(library, access.graph(request), id, query)
    return page(
        request,
        "impact.html",
        doc=json_shapes.summary(found),
        reach="wide" if query.wide else "legal",
        direct=direct,
        near=query.direct,
        kind=query.kind,
        sort=query.sort,
        sorts=listing.IMPACT_SORTS,
        asked=asked.parameters(),
        listed=listing.one_page(listed, asked.trang),
    )


@router.get("/van-ban/{id}/anh-huong.csv")
def impact_table(request: Request, id: int, asked: Annotated[ImpactAddress, Query()]) -> Response:
    """The same as a table."""
    listed, _ = listing.impact(access.reader(request), access.graph(request), id, asked.query())
    rows = [[row["step"], *cells(row["document"])] for row in listed.rows]
    return csv_download(f"anh-huong-{id}", ["Bước", *HEADINGS], rows)
