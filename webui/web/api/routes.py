"""The same as the pages, as JSON. One envelope: ``{"ok": true, "data": …, "next": …}``; errors as :mod:`webui.web.errors`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import PurePath
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from starlette.requests import Request

from corpus.errors import NotFound
from search.query.parser import field_help
from webui.app import (
    addressing,
    audit_list,
    diagram,
    effects,
    json_shapes,
    listing,
    review,
    searching,
    tracing,
    trees,
)
from webui.app.document_view import is_pictured
from webui.web import access, search_address
from webui.web.api import examples
from webui.web.pages import upload as upload_pages
from webui.web.rendering import address


class Envelope(BaseModel):
    """Every answer that is no error."""

    ok: Literal[True] = True
    data: Any = Field(description="Dữ liệu của lời gọi")
    next: str | None = Field(default=None, description="Địa chỉ của phần tiếp theo; null là đã hết")


class ErrorDetail(BaseModel):
    code: str = Field(examples=["khong_thay"])
    message: str = Field(examples=["Không có văn bản này."])
    next_step: str = Field(default="", examples=["Hãy về trang tìm kiếm."])


class Failed(BaseModel):
    """Every answer that is an error."""

    ok: Literal[False] = False
    error: ErrorDetail


router = APIRouter(
    prefix="/api",
    tags=["Căn Cứ"],
    responses={
        400: {"model": Failed, "description": "Tham số hoặc câu tìm sai"},
        401: {"model": Failed, "description": "Cần đăng nhập"},
        404: {"model": Failed, "description": "Không có văn bản này"},
        "4XX": {"model": Failed, "description": "Chưa đăng nhập (401), quá nhiều lần (429), sai tên máy (421)…"},
        409: {"model": Failed, "description": "Nhiều văn bản ứng với số hiệu"},
        503: {"model": Failed, "description": "Kho hoặc chỉ mục đang bận"},
    },
)

Id = Annotated[int, Path(description="Mã văn bản trong kho", examples=[12], ge=1)]
Depth = Annotated[int, Query(description="Số tầng", ge=1, le=10)]
Reach = Annotated[
    trees.Reach, Query(description="legal: căn cứ; wide: cả cơ sở rộng; all: mọi dẫn chiếu", examples=["legal"])
]


After = Annotated[
    int, Query(description="Con trỏ: lấy nguyên trong `next`, đừng tự tính", ge=0, le=2**53, examples=[0])
]
Limit = Annotated[int, Query(description="Số mục một lần", ge=1, le=500)]
#: Entries of the review queue and of the audit list that can be gone through.
DEEPEST = 5_000


def stretch(
    request: Request, found: Sequence[Any], after: int, limit: int, shape: Callable[[Any], Any] = lambda one: one
) -> Envelope:
    """The entries behind the cursor; ``next`` is this address with the cursor behind them."""
    shown = found[after : after + limit]
    more = _onward(request, after + limit) if len(found) > after + limit else None
    return Envelope(data=[shape(one) for one in shown], next=more)


def _onward(request: Request, after: int) -> str:
    given: dict[str, Any] = {name: request.query_params.getlist(name) for name in request.query_params}
    return address(request.url.path, **{**given, "after": after})


@router.get("/search", summary="Tìm văn bản", responses=examples.of("search"))
def search(
    request: Request,
    *,
    q: Annotated[str, Query(description="Câu tìm: số hiệu, từ, cụm từ, trường", examples=["919/QĐ-TTg"])] = "",
    loai: Annotated[list[str], Query(default_factory=list, description="Loại văn bản", examples=[["Kế hoạch"]])],
    coquan: Annotated[list[str], Query(default_factory=list, description="Cơ quan ban hành")],
    cap: Annotated[list[str], Query(default_factory=list, description="Cấp: trung_uong, tinh, huyen, xa")],
    tinh: Annotated[list[str], Query(default_factory=list, description="Tỉnh khi ban hành")],
    tinh_nay: Annotated[list[str], Query(default_factory=list, description="Tỉnh hiện nay")],
    nam: Annotated[list[str], Query(default_factory=list, description="Năm ban hành", examples=[["2024"]])],
    hieuluc: Annotated[list[str], Query(default_factory=list, description="Hiệu lực")],
    trangthai: Annotated[list[str], Query(default_factory=list, description="Tình trạng trong kho")],
    kind: Annotated[list[str], Query(default_factory=list, description="administrative hoặc other")],
    tu: Annotated[str, Query(description="Ban hành từ ngày (EDTF)", examples=["2020"])] = "",
    den: Annotated[str, Query(description="Ban hành đến ngày (EDTF)", examples=["2022-06"])] = "",
    xep: Annotated[str, Query(description="relevance, date hoặc cited")] = "relevance",
    trang: Annotated[int, Query(description="Trang, đếm từ 1", ge=1, le=100_000)] = 1,
    dung_chu: Annotated[str, Query(description="1: tìm đúng chữ đã gõ")] = "",
    suy_doan: Annotated[str, Query(description="1: gồm ngày suy đoán")] = "",
) -> Envelope:
    """Số hiệu trước, rồi đến chữ; kèm đoạn trích có vị trí tô sáng và số đếm để lọc."""
    wanted = search_address.asked(request.query_params)
    if wanted.empty:
        wanted.filters = {"trangthai": ["co_van_ban"]}
    found = searching.results(search_address.run(access.search(request), wanted, request.app.state.settings.page_size))
    following = wanted.url("/api/search", trang=wanted.page + 1) if wanted.page < found["pages"] else None
    return Envelope(data=found, next=following)


@router.get("/documents", summary="Danh sách văn bản", responses=examples.of("documents"))
def documents(
    request: Request,
    held: Annotated[bool | None, Query(description="true: có tệp; false: chỉ được dẫn; bỏ trống: tất cả")] = None,
    after: After = 0,
    limit: Limit = 100,
) -> Envelope:
    """Theo thứ tự mã; đi tiếp bằng địa chỉ trong `next`."""
    found = [s for s in access.reader(request).documents(held=held) if s.id > after]
    shown = found[:limit]
    more = None
    if len(found) > limit:
        more = address("/api/documents", held=_flag(held), after=shown[-1].id, limit=limit)
    return Envelope(data=[json_shapes.summary(s) for s in shown], next=more)


def _flag(value: bool | None) -> str | None:
    return None if value is None else str(value).lower()


@router.get("/find", summary="Tìm văn bản theo số hiệu viết kiểu nào cũng được", responses=examples.of("find"))
def find(
    request: Request,
    so: Annotated[str, Query(min_length=1, max_length=300, examples=["qd 919"])],
    after: After = 0,
    limit: Limit = 100,
) -> Envelope:
    """Mọi văn bản ứng với số hiệu; không tự chọn một."""
    return stretch(request, addressing.find(access.reader(request), so, paths=False), after, limit, json_shapes.summary)


@router.get("/documents/{id}", summary="Một văn bản", responses=examples.of("document"))
def document(request: Request, id: Id) -> Envelope:
    """Mọi điều biết về văn bản, với vị trí và độ tin của từng giá trị."""
    return Envelope(data=json_shapes.document(access.reader(request).document(id)))


@router.get("/documents/{id}/cites", summary="Văn bản này dẫn đến đâu", responses=examples.of("cites"))
def cites(request: Request, id: Id, after: After = 0, limit: Limit = 100) -> Envelope:
    """Theo thứ tự trong văn bản, mỗi văn bản đích một mục với từng lượt dẫn."""
    return stretch(request, json_shapes.cites(access.reader(request), id), after, limit)


@router.get("/documents/{id}/cited-by", summary="Văn bản nào dẫn đến văn bản này", responses=examples.of("cited_by"))
def cited_by(request: Request, id: Id, after: After = 0, limit: Limit = 100) -> Envelope:
    """Mới nhất trước."""
    return stretch(request, json_shapes.cited_by(access.reader(request), id), after, limit)


@router.get("/documents/{id}/mentions", summary="Từng lượt dẫn chiếu trong văn bản", responses=examples.of("mentions"))
def mentions(request: Request, id: Id, after: After = 0, limit: Limit = 100) -> Envelope:
    """Mọi lượt theo thứ tự đọc, kể cả chưa xác định được văn bản."""
    return stretch(request, access.reader(request).mentions(id), after, limit, json_shapes.mention)


@router.get("/documents/{id}/tree", summary="Cây căn cứ", responses=examples.of("tree"))
def tree(
    request: Request,
    id: Id,
    depth: Depth = 3,
    reach: Reach = "legal",
    direction: Annotated[Literal["out", "in"], Query(description="out: dựa vào đâu; in: đâu dựa vào")] = "out",
) -> Envelope:
    """Nhiều tầng; văn bản đã nêu thì không mở lại."""
    return Envelope(
        data=trees.tree(
            access.reader(request), access.graph(request), id, depth=depth, reach=reach, out=direction == "out"
        )
    )


@router.get("/path", summary="Đường dẫn chiếu giữa hai văn bản", responses=examples.of("path"))
def path(
    request: Request,
    a: Annotated[str, Query(min_length=1, max_length=300, description="Số hiệu hoặc mã", examples=["45/KH-UBND"])],
    b: Annotated[str, Query(min_length=1, max_length=300, description="Số hiệu hoặc mã", examples=["490/QĐ-TTg"])],
    reach: Annotated[trees.Reach, Query(description="Đi theo dẫn chiếu nào", examples=["all"])] = "all",
) -> Envelope:
    """Theo chiều dẫn trước; nếu không có thì không kể chiều (`directed` là false)."""
    library = access.reader(request)
    first, last = (addressing.one(library, said, paths=False) for said in (a, b))
    return Envelope(data=tracing.path(library, access.graph(request), first.id, last.id, reach=reach))


@router.get("/suggest", summary="Gợi ý khi đang gõ", responses=examples.of("suggest"))
def suggest(request: Request, q: Annotated[str, Query(max_length=200, examples=["quyết định 9"])]) -> Envelope:
    """Số hiệu, trích yếu và cơ quan bắt đầu như đã gõ; `id` là văn bản khi gợi ý là một văn bản."""
    found = access.search(request).suggest(q)
    return Envelope(
        data=[{"text": s.text, "kind": s.kind, "note": s.note, "id": s.id, "url": f"/van-ban/{s.id}"} for s in found]
    )


@router.get(
    "/documents/{id}/impact",
    summary="Văn bản nào bị ảnh hưởng nếu văn bản này thay đổi",
    responses=examples.of("impact"),
)
def impact(
    request: Request,
    id: Id,
    wide: Annotated[bool, Query(description="Tính cả cơ sở rộng")] = False,
    direct: Annotated[bool, Query(description="Chỉ văn bản dựa trực tiếp")] = False,
    sort: Annotated[str, Query(description="gan, ngay hoặc loai")] = "gan",
    kind: Annotated[str, Query(description="Loại văn bản", examples=["Kế hoạch"])] = "",
    after: After = 0,
    limit: Limit = 100,
) -> Envelope:
    """Trực tiếp hoặc qua văn bản khác, gần trước; `step` là số bước, `cut` là true khi danh sách chưa hết."""
    found, number = listing.impact(
        access.reader(request), access.graph(request), id, wide=wide, direct=direct, sort=sort, kind=kind
    )
    part = stretch(request, found.rows, after, limit)
    return Envelope(data={"direct": number, "cut": found.cut, "rows": part.data}, next=part.next)


@router.get("/documents/{id}/pages/{number}", summary="Chữ của một trang", responses=examples.of("page_of"))
def page_of(
    request: Request, id: Id, number: Annotated[int, Path(description="Trang, đếm từ 1", ge=1, examples=[1])]
) -> Envelope:
    """`start` là vị trí của chữ đầu trang trong toàn văn; `picture` là địa chỉ ảnh trang, null khi tệp không có ảnh."""
    library = access.reader(request)
    document = library.document(id)
    texts = document.record.text.split("\f") if document.record else []
    if number > len(texts):
        raise NotFound(f"Văn bản này không có trang {number}.", f"Nó có {len(texts)} trang, đếm từ 1.")
    pictured = is_pictured(library, document)
    return Envelope(
        data={
            "document": json_shapes.summary(document.summary), "page": number, "pages": len(texts),
            "start": sum(len(text) + 1 for text in texts[: number - 1]), "text": texts[number - 1],
            "picture": f"/van-ban/{document.id}/anh/{number}.png" if pictured else None,
        }
    )  # fmt: skip


@router.get("/documents/{id}/graph", summary="Chuỗi căn cứ quanh một văn bản", responses=examples.of("graph"))
def graph(request: Request, id: Id) -> Envelope:
    """Các nút và mối như hình lược đồ; `cut` là true khi còn nữa."""
    return Envelope(data=diagram.around(access.reader(request), access.graph(request), id))


@router.get("/documents/{id}/effect", summary="Hiệu lực và tình trạng các căn cứ", responses=examples.of("effect"))
def effect(request: Request, id: Id) -> Envelope:
    """Hôm nay, và của từng căn cứ lúc ký và hôm nay, kèm bằng chứng; `khong_ro` là không đủ dữ liệu."""
    library, drawn = access.reader(request), access.graph(request)
    bases = effects.of_bases(library, drawn, id)
    return Envelope(data={**effects.of(library, drawn, id), "bases": [{"id": k, **v} for k, v in bases.items()]})


@router.get("/wanted", summary="Văn bản được dẫn mà kho chưa có", responses=examples.of("wanted"))
def wanted(
    request: Request,
    sort: Annotated[str, Query(description="noi-dan, can-cu hoặc ngay")] = "noi-dan",
    kind: Annotated[str, Query(description="Loại văn bản", examples=["Quyết định"])] = "",
    after: After = 0,
    limit: Limit = 100,
) -> Envelope:
    """Nhiều nơi dẫn nhất đứng trước."""
    library = access.reader(request)
    found = listing.wanted(library, access.graph(request), sort=sort, kind=kind)
    part = stretch(request, found.rows, after, limit)
    effects.with_conflicts(library, part.data)
    return part


@router.get(
    "/disagreements", summary="Văn bản được ghi hai ngày hoặc hai cơ quan", responses=examples.of("disagreements")
)
def disagreements(
    request: Request,
    sort: Annotated[str, Query(description="noi-dan, ngay hoặc loai")] = "noi-dan",
    kind: Annotated[str, Query(description="Loại văn bản", examples=["Quyết định"])] = "",
    matter: Annotated[str, Query(description="date hoặc issuer", examples=["date"])] = "",
    after: After = 0,
    limit: Limit = 100,
) -> Envelope:
    """Ai ghi gì, và bản gốc ghi gì khi có."""
    found = listing.disagreements(access.reader(request), sort=sort, kind=kind, matter=matter)
    return stretch(request, found.rows, after, limit)


@router.get("/failures", summary="Tệp không đọc được", responses=examples.of("failures"))
def failures(request: Request, after: After = 0, limit: Limit = 100) -> Envelope:
    """Lý do của từng tệp; tên tệp chỉ cho người đã đăng nhập. Văn bản mật chỉ còn lý do."""
    return stretch(request, access.reader(request).failures(), after, limit, lambda f: {
        "name": PurePath(f.path).name or None, "error": f.error, "verdict": f.verdict,
    })  # fmt: skip


@router.get("/fields", summary="Các trường của câu tìm", responses=examples.of("fields"))
def fields(request: Request) -> Envelope:
    """Tên trường và cách dùng, như trang Cách tìm."""
    return Envelope(data=[{"name": name, "help": told} for name, told in field_help()])


@router.get("/review", summary="Hàng chờ kiểm tra (cần đăng nhập)", responses=examples.of("review_queue"))
def review_queue(request: Request, after: After = 0, limit: Annotated[int, Query(ge=1, le=100)] = 30) -> Envelope:
    """Giá trị chưa chắc, nhiều dẫn chiếu nhất trước; `likely` là giá trị nơi khác ghi."""
    access.writer(request)
    most = min(DEEPEST, after + limit + 1)
    return stretch(request, review.items(access.reader(request), access.graph(request), limit=most), after, limit)


@router.get("/audit", summary="Nhật ký (cần đăng nhập)", responses=examples.of("audit"))
def audit(request: Request, after: After = 0, limit: Limit = 100) -> Envelope:
    """Sửa, chấp nhận, gỡ và gộp, mới nhất trước; `at` là giờ UTC, `when` là giờ Việt Nam."""
    access.writer(request)
    return stretch(request, audit_list.entries(request.app.state.library, access.reader(request)), after, limit)


@router.get("/uploads", summary="Các lần nạp gần đây (cần đăng nhập)", responses=examples.of("uploads"))
def uploads(request: Request, after: After = 0, limit: Limit = 100) -> Envelope:
    """Mới nhất trước; tệp chưa đọc xong có `outcome` là null."""
    access.writer(request)
    return stretch(request, request.app.state.uploads.recent(), after, limit, upload_pages.as_data)


@router.get("/uploads/{batch}", summary="Một lần nạp (cần đăng nhập)", responses=examples.of("upload"))
def upload(
    request: Request, batch: Annotated[str, Path(description="Mã lần nạp", max_length=100, examples=["f3kQ0x"])]
) -> Envelope:
    """Kết quả của từng tệp."""
    access.writer(request)
    found = request.app.state.uploads.batch(batch)
    if found is None:
        raise NotFound("Không còn báo cáo của lần nạp này.", "Hãy xem trong kho.")
    return Envelope(data=upload_pages.as_data(found))


@router.get("/status", summary="Số đếm của kho", responses=examples.of("status"))
def status(request: Request) -> Envelope:
    """Văn bản, dẫn chiếu, tệp lỗi và tình trạng chỉ mục."""
    counts = asdict(access.reader(request).status())
    del counts["restricted"]
    return Envelope(data={**counts, "index": searching.index_state(access.search(request))})
