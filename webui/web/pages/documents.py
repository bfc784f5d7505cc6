"""The pages: search, a document, its original. Every page works without JavaScript."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import PurePath
from typing import Annotated, Any, cast
from urllib.parse import quote

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from corpus.errors import NotFound, QueryError, UsageError
from search.plan import Order
from search.query.parser import field_help
from search.request import SearchRequest
from webui.app import (
    addressing,
    diagram,
    document_view,
    effects,
    exporting,
    json_shapes,
    linked_data,
    listing,
    review,
    searching,
    tracing,
    trees,
)
from webui.app.labels import FIELDS, RELATIONS
from webui.web import access, search_address
from webui.web.rendering import page

router = APIRouter(include_in_schema=False)

#: Disagreements on one page: each names many documents.
DISAGREEMENTS = 20

EXAMPLES = (
    "919/QĐ-TTg",
    "quyết định 148",
    '"đánh giá, phân hạng sản phẩm"',
    'loai:"Kế hoạch" tập huấn',
    "cancu:490/QĐ-TTg",
)


@router.get("/")
def search(request: Request) -> Response:
    """Search; without a question, examples and the newest documents."""
    state = request.app.state
    wanted = search_address.asked(request.query_params)
    values: dict[str, Any] = {"asked": wanted, "examples": EXAMPLES, "error": None, "results": None, "newest": []}
    if wanted.empty:
        values["status"] = state.counts.status(access.reader(request))
        values["newest"] = [searching.hit(h) for h in newest(request)]
        return page(request, "home.html", **values)
    try:
        found = searching.results(search_address.run(access.search(request), wanted, state.settings.page_size))
    except QueryError as error:
        return page(request, "search.html", status_code=400, **{**values, "error": error})
    values.update(
        results=found,
        facets=search_address.facets(found, wanted),
        chips=search_address.chips(wanted),
        pages=search_address.pages(found, wanted),
        ways=search_address.other_ways(access.search(request), wanted) if not found["total"] else [],
    )
    return page(request, "search.html", **values)


def newest(request: Request) -> list[Any]:
    """The newest documents held."""
    found = access.search(request).search(
        SearchRequest(filters={"trangthai": ["co_van_ban"]}, sort=Order.DATE, page_size=6, snippets=0, facets=False)
    )
    return list(found.hits)


def _moved(request: Request, id: int, rest: str = "") -> Response | None:
    """The way to a document's address of today, where *id* is an old one."""
    today = access.reader(request).where(id)
    if today == id:
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/van-ban/{today}{rest}{query}", status_code=301)


@router.get("/van-ban/{id}")
def document(request: Request, id: int) -> Response:
    """One document."""
    library = access.reader(request)
    graph = access.graph(request)
    view = document_view.view(library, graph, id, document_view.marks(request.query_params.getlist("to")))
    today = view["doc"]["id"]
    effect = effects.of(library, graph, today)
    bases = effects.of_bases(library, graph, today) if view["record"] else {}
    likely = review.likely(library, library.document(today)) if view["doc"]["unsure"] else []
    base = str(request.base_url).rstrip("/")
    linked = linked_data.script(linked_data.describe(view, base, effect["state"]))
    return _moved(request, id) or page(
        request, "document.html", linked=linked, effect=effect, basis_health=bases, likely=likely, **view
    )


@router.get("/van-ban/{id}/tep-goc")
def original(request: Request, id: int) -> Response:
    """The original file, to be saved: never shown inside our pages' origin."""
    library = access.reader(request)
    found = library.document(id)
    moved = _moved(request, id, "/tep-goc")
    if moved:
        return moved
    if found.sha256 is None or not library.original(found.sha256).is_file():
        raise NotFound("Kho không có tệp gốc của văn bản này.", "Văn bản này chỉ được dẫn chiếu.")
    name = PurePath(found.paths[0]).name if found.paths else f"van-ban-{id}"
    return FileResponse(
        library.original(found.sha256),
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename=\"van-ban-{id}{safe_suffix(name)}\"; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, max-age=3600",
        },
    )


@router.get("/van-ban/{id}/luoc-do")
def diagram_page(request: Request, id: int) -> Response:
    """What a document rests on and what rests on it, in two columns and as a picture."""
    library = access.reader(request)
    found = json_shapes.summary(library.summary(id))
    moved = _moved(request, id, "/luoc-do")
    if moved:
        return moved
    graph = access.graph(request)
    chain = diagram.around(library, graph, id)
    return page(
        request, "diagram.html", doc=found, graph=chain, picture=diagram.picture(chain),
        rows=diagram.columns(library, graph, id), names={node["id"]: node for node in chain["nodes"]},
        most=diagram.MOST_NODES,
    )  # fmt: skip


#: A page of a list, counted from 1.
Trang = Annotated[int, Query(ge=1, le=100_000)]
Words = Annotated[str, Query(max_length=300)]
#: Which citations a way may follow.
REACHES = {"all": "mọi dẫn chiếu", "wide": "căn cứ và cơ sở rộng", "legal": "chỉ căn cứ"}


def _way(request: Request, a: str, b: str, reach: str) -> tuple[list[Any], dict[str, Any] | None]:
    """The documents each side may mean (None where nothing is asked), and the way between two that are clear."""
    listing.known(reach, REACHES, "cách nối")
    library = access.reader(request)
    sides = [addressing.find(library, said, paths=False) if said.strip() else None for said in (a, b)]
    found = None
    if all(side is not None and len(side) == 1 for side in sides):
        first, last = (side[0].id for side in sides if side)
        found = tracing.path(library, access.graph(request), first, last, reach=cast("trees.Reach", reach))
    return [None if side is None else [json_shapes.summary(s) for s in side] for side in sides], found


@router.get("/van-ban/{id}/duoc-dan")
def cited_by(request: Request, id: int, nhom: str = "", trang: Trang = 1) -> Response:
    """Who cites a document, newest first: all, or one of the lists of its page."""
    library = access.reader(request)
    found = json_shapes.summary(library.summary(id))
    moved = _moved(request, id, "/duoc-dan")
    if moved:
        return moved
    if nhom and nhom not in document_view.PARTS:
        raise UsageError(f"Không có nhóm “{nhom[:40]}”.", "Có: " + ", ".join(document_view.PARTS) + ".")
    citing = [one for one in access.graph(request).citing(id) if nhom in ("", document_view.part_of(one))]
    rows: list[Any] = list(citing)
    listed = listing.cut(listing.Listed(rows, [], cut=False), trang)
    return page(
        request, "cited_by.html", doc=found, part=nhom, parts_of=document_view.PARTS, listed=listed,
        edges=json_shapes.cited_from(library, id, listed["rows"]), asked={"nhom": nhom},
    )  # fmt: skip


@router.get("/duong-di")
def way(request: Request, a: Words = "", b: Words = "", theo: str = "all") -> Response:
    """The way from one document to another."""
    (first, last), found = _way(request, a, b, theo)
    return page(request, "path.html", a=a, b=b, first=first, last=last, way=found, reach=theo, reaches=REACHES)


@router.get("/duong-di.csv")
def way_table(request: Request, a: Words = "", b: Words = "", theo: str = "all") -> Response:
    """The same as a table, a row for each step."""
    _, found = _way(request, a, b, theo)
    if found is None:
        raise UsageError("Cần hai văn bản rõ ràng.", "Hãy chọn từng văn bản ở trang Đường nối.")
    rows = [[0, "", *_cells(found["start"]), ""]] if found["steps"] else []
    for number, step in enumerate(found["steps"], 1):
        relation = RELATIONS.get(step["relation"], step["relation"])
        told = relation if step["forward"] else f"được {relation} bởi"
        rows.append([number, told, *_cells(step["document"]), (step["mention"] or {}).get("sentence", "")])
    return exporting.table("duong-noi", ["Bước", "Quan hệ", *_HEADINGS, "Câu dẫn"], rows)


@router.get("/van-ban/{id}/anh-huong")
def impact(
    request: Request, id: int, rong: bool = False, buoc: str = "", xep: str = "gan", loai: str = "", trang: Trang = 1
) -> Response:
    """What rests on a document, directly or through others."""
    library = access.reader(request)
    found = json_shapes.summary(library.summary(id))
    listed, direct = listing.impact(
        library, access.graph(request), id, wide=rong, direct=buoc == "1", sort=xep, kind=loai
    )
    asked = {
        "rong": "1" if rong else None, "buoc": "1" if buoc == "1" else None, "xep": xep if xep != "gan" else None,
        "loai": loai,
    }  # fmt: skip
    return _moved(request, id, "/anh-huong") or page(
        request, "impact.html", doc=found, reach="wide" if rong else "legal", direct=direct, near=buoc == "1", kind=loai,
        sort=xep, sorts=listing.IMPACT_SORTS, asked=asked, listed=listing.cut(listed, trang),
    )  # fmt: skip


@router.get("/van-ban/{id}/anh-huong.csv")
def impact_table(
    request: Request, id: int, rong: bool = False, buoc: str = "", xep: str = "gan", loai: str = ""
) -> Response:
    """The same as a table."""
    listed, _ = listing.impact(
        access.reader(request), access.graph(request), id, wide=rong, direct=buoc == "1", sort=xep, kind=loai
    )
    rows = [[r["step"], *_cells(r["document"])] for r in listed.rows]
    return exporting.table(f"anh-huong-{id}", ["Bước", *_HEADINGS], rows)


_HEADINGS = ("Mã", "Loại", "Số, ký hiệu", "Ngày", "Cơ quan ban hành", "Trích yếu", "Có tệp", "Cần kiểm tra")


def _cells(found: dict[str, Any]) -> list[object]:
    """A document as cells under :data:`_HEADINGS`; the date stays as EDTF, which sorts."""
    yes = {True: "có", False: "không"}
    return [
        found["id"], found["doc_type"], found["so_ky_hieu"], found["date"], found["issuer"], found["title"],
        yes[found["held"]], yes[found["unsure"]],
    ]  # fmt: skip


@router.get("/ket-qua.csv")
def search_table(request: Request) -> Response:
    """The results of a search as a table."""
    wanted = search_address.asked(request.query_params)
    if wanted.empty:
        wanted.filters = {"trangthai": ["co_van_ban"]}
    wanted.page = 1
    found = search_address.run(access.search(request), wanted, 1_000, facets=False, snippets=0)
    rows = [[*_cells(searching.hit(h)), h.document.cited_by] for h in found.hits]
    return exporting.table("ket-qua", [*_HEADINGS, "Số nơi dẫn"], rows)


@router.get("/con-thieu")
def wanted_list(request: Request, xep: str = "noi-dan", loai: str = "", trang: Trang = 1) -> Response:
    """Documents that are cited and not held, most cited first."""
    listed = listing.wanted(access.reader(request), access.graph(request), sort=xep, kind=loai)
    asked = {"xep": xep if xep != "noi-dan" else None, "loai": loai}
    shown = listing.cut(listed, trang)
    effects.with_conflicts(access.reader(request), shown["rows"])
    return page(
        request, "wanted.html", kind=loai, sort=xep, sorts=listing.WANTED_SORTS, asked=asked, listed=shown,
    )  # fmt: skip


@router.get("/con-thieu.csv")
def wanted_table(request: Request, xep: str = "noi-dan", loai: str = "") -> Response:
    """The same as a table."""
    rows = listing.wanted(access.reader(request), access.graph(request), sort=xep, kind=loai).rows
    cells = [[r["cited_by"], r["basis_of"], *_cells(r["document"])] for r in rows]
    return exporting.table("con-thieu", ["Số nơi dẫn", "Là căn cứ của", *_HEADINGS], cells)


@router.get("/ghi-khac-nhau")
def disagreements(request: Request, xep: str = "noi-dan", loai: str = "", muc: str = "", trang: Trang = 1) -> Response:
    """Documents cited with two dates or issuers."""
    listed = listing.disagreements(access.reader(request), sort=xep, kind=loai, matter=muc)
    asked = {"xep": xep if xep != "noi-dan" else None, "loai": loai, "muc": muc}
    return page(
        request, "disagreements.html", kind=loai, matter=muc, matters=listing.MATTERS, sort=xep,
        sorts=listing.DISAGREEMENT_SORTS, asked=asked, listed=listing.cut(listed, trang, DISAGREEMENTS),
    )  # fmt: skip


@router.get("/ghi-khac-nhau.csv")
def disagreements_table(request: Request, xep: str = "noi-dan", loai: str = "", muc: str = "") -> Response:
    """The same as a table, a row for each value said."""
    found = listing.disagreements(access.reader(request), sort=xep, kind=loai, matter=muc).rows
    cells = [
        [*_cells(d["document"]), FIELDS[d["field"]], d["own"], s["value"], "; ".join(o["name"] for o in s["documents"])]
        for d in found
        for s in d["sayings"]
    ]
    return exporting.table("ghi-khac-nhau", [*_HEADINGS, "Mục", "Bản gốc ghi", "Nơi dẫn ghi", "Nơi dẫn"], cells)


@router.get("/tinh-trang")
def status(request: Request) -> Response:
    """What is in the library, and what could not be read."""
    library = access.reader(request)
    found = library.failures()
    if access.user_of(request) is None:  # reasons alone, without names: how many files each
        failures = [{"name": f"{n} tệp", "error": error} for error, n in Counter(f.error for f in found).items()]
    else:
        failures = [{"name": PurePath(f.path).name or "(không giữ tên)", "error": f.error} for f in found]
    index = searching.index_state(access.search(request))
    return page(request, "status.html", status=asdict(library.status()), failures=failures, index=index)


@router.get("/huong-dan")
def manual(request: Request) -> Response:
    """How to write a query."""
    return page(request, "help.html", fields=field_help())


_SUFFIXES = frozenset(
    [".pdf", ".docx", ".doc", ".odt", ".rtf", ".html", ".htm", ".txt", ".png", ".jpg", ".jpeg", ".tif", ".tiff"]
)


def safe_suffix(name: str) -> str:
    """The ending of a file name when it is one we know, else none."""
    suffix = PurePath(name).suffix.lower()
    return suffix if suffix in _SUFFIXES else ""
