"""The same as the pages, as JSON. One envelope: ``{"ok": true, "data": …, "next": …}``; errors as :mod:`webui.failing`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from starlette.requests import Request

from webui import access, addressing, diagram, effects, search_page, searching, shapes, tracing, trees
from webui.rendering import address


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
        404: {"model": Failed, "description": "Không có văn bản này"},
        409: {"model": Failed, "description": "Nhiều văn bản ứng với số hiệu"},
        503: {"model": Failed, "description": "Kho hoặc chỉ mục đang bận"},
    },
)

Id = Annotated[int, Path(description="Mã văn bản trong kho", examples=[12], ge=1)]
Depth = Annotated[int, Query(description="Số tầng", ge=1, le=10)]
Reach = Annotated[
    trees.Reach, Query(description="legal: căn cứ; wide: cả cơ sở rộng; all: mọi dẫn chiếu", examples=["legal"])
]


@router.get("/search", summary="Tìm văn bản")
def search(
    request: Request,
    q: Annotated[str, Query(description="Câu tìm: số hiệu, từ, cụm từ, trường", examples=["919/QĐ-TTg"])] = "",
    loai: Annotated[list[str] | None, Query(description="Loại văn bản", examples=[["Kế hoạch"]])] = None,
    coquan: Annotated[list[str] | None, Query(description="Cơ quan ban hành")] = None,
    cap: Annotated[list[str] | None, Query(description="Cấp: trung_uong, tinh, huyen, xa")] = None,
    tinh: Annotated[list[str] | None, Query(description="Tỉnh khi ban hành")] = None,
    tinh_nay: Annotated[list[str] | None, Query(description="Tỉnh hiện nay")] = None,
    nam: Annotated[list[str] | None, Query(description="Năm ban hành", examples=[["2024"]])] = None,
    hieuluc: Annotated[list[str] | None, Query(description="Hiệu lực")] = None,
    trangthai: Annotated[list[str] | None, Query(description="Tình trạng trong kho")] = None,
    kind: Annotated[list[str] | None, Query(description="administrative hoặc other")] = None,
    tu: Annotated[str, Query(description="Ban hành từ ngày (EDTF)", examples=["2020"])] = "",
    den: Annotated[str, Query(description="Ban hành đến ngày (EDTF)", examples=["2022-06"])] = "",
    xep: Annotated[str, Query(description="relevance, date hoặc cited")] = "relevance",
    trang: Annotated[int, Query(description="Trang, đếm từ 1", ge=1, le=100_000)] = 1,
    dung_chu: Annotated[str, Query(description="1: tìm đúng chữ đã gõ")] = "",
    suy_doan: Annotated[str, Query(description="1: gồm ngày suy đoán")] = "",
) -> Envelope:
    """Số hiệu trước, rồi đến chữ; kèm đoạn trích có vị trí tô sáng và số đếm để lọc."""
    wanted = search_page.asked(request.query_params)
    if wanted.empty:
        wanted.filters = {"trangthai": ["co_van_ban"]}
    found = searching.results(search_page.run(access.search(request), wanted, request.app.state.settings.page_size))
    following = wanted.url("/api/search", trang=wanted.page + 1) if wanted.page < found["pages"] else None
    return Envelope(data=found, next=following)


@router.get("/documents", summary="Danh sách văn bản")
def documents(
    request: Request,
    held: Annotated[bool | None, Query(description="true: có tệp; false: chỉ được dẫn; bỏ trống: tất cả")] = None,
    after: Annotated[int, Query(description="Con trỏ: mã của văn bản cuối cùng đã nhận", ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Envelope:
    """Theo thứ tự mã; đi tiếp bằng địa chỉ trong `next`."""
    found = [s for s in access.reader(request).documents(held=held) if s.id > after]
    shown = found[:limit]
    more = None
    if len(found) > limit:
        more = address("/api/documents", held=_flag(held), after=shown[-1].id, limit=limit)
    return Envelope(data=[shapes.summary(s) for s in shown], next=more)


def _flag(value: bool | None) -> str | None:
    return None if value is None else str(value).lower()


@router.get("/find", summary="Tìm văn bản theo số hiệu viết kiểu nào cũng được")
def find(request: Request, so: Annotated[str, Query(min_length=1, max_length=300, examples=["qd 919"])]) -> Envelope:
    """Mọi văn bản ứng với số hiệu; không tự chọn một."""
    found = addressing.find(access.reader(request), so, paths=False)
    return Envelope(data=[shapes.summary(s) for s in found])


@router.get("/documents/{id}", summary="Một văn bản")
def document(request: Request, id: Id) -> Envelope:
    """Mọi điều biết về văn bản, với vị trí và độ tin của từng giá trị."""
    return Envelope(data=shapes.document(access.reader(request).document(id)))


@router.get("/documents/{id}/cites", summary="Văn bản này dẫn đến đâu")
def cites(request: Request, id: Id) -> Envelope:
    """Theo thứ tự trong văn bản, mỗi văn bản đích một mục với từng lượt dẫn."""
    return Envelope(data=shapes.cites(access.reader(request), id))


@router.get("/documents/{id}/cited-by", summary="Văn bản nào dẫn đến văn bản này")
def cited_by(request: Request, id: Id) -> Envelope:
    """Mới nhất trước."""
    return Envelope(data=shapes.cited_by(access.reader(request), id))


@router.get("/documents/{id}/mentions", summary="Từng lượt dẫn chiếu trong văn bản")
def mentions(request: Request, id: Id) -> Envelope:
    """Mọi lượt theo thứ tự đọc, kể cả chưa xác định được văn bản."""
    return Envelope(data=[shapes.mention(m) for m in access.reader(request).mentions(id)])


@router.get("/documents/{id}/tree", summary="Cây căn cứ")
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


@router.get("/path", summary="Đường dẫn chiếu giữa hai văn bản")
def path(
    request: Request,
    a: Annotated[str, Query(min_length=1, max_length=300, description="Số hiệu hoặc mã", examples=["45/KH-UBND"])],
    b: Annotated[str, Query(min_length=1, max_length=300, description="Số hiệu hoặc mã", examples=["490/QĐ-TTg"])],
) -> Envelope:
    """Theo chiều dẫn trước; nếu không có thì không kể chiều (`directed` là false)."""
    library = access.reader(request)
    first, last = (addressing.one(library, said, paths=False) for said in (a, b))
    return Envelope(data=tracing.path(library, access.graph(request), first.id, last.id))


@router.get("/suggest", summary="Gợi ý khi đang gõ")
def suggest(request: Request, q: Annotated[str, Query(max_length=200, examples=["quyết định 9"])]) -> Envelope:
    """Số hiệu, trích yếu và cơ quan bắt đầu như đã gõ; `id` là văn bản khi gợi ý là một văn bản."""
    found = access.search(request).suggest(q)
    return Envelope(
        data=[{"text": s.text, "kind": s.kind, "note": s.note, "id": s.id, "url": f"/van-ban/{s.id}"} for s in found]
    )


@router.get("/documents/{id}/impact", summary="Văn bản nào bị ảnh hưởng nếu văn bản này thay đổi")
def impact(
    request: Request, id: Id, wide: Annotated[bool, Query(description="Tính cả cơ sở rộng")] = False
) -> Envelope:
    """Trực tiếp hoặc qua văn bản khác, gần trước; `step` là số bước."""
    return Envelope(data=tracing.impact(access.reader(request), access.graph(request), id, wide=wide))


@router.get("/documents/{id}/graph", summary="Chuỗi căn cứ quanh một văn bản")
def graph(request: Request, id: Id) -> Envelope:
    """Các nút và mối như hình lược đồ; `cut` là true khi còn nữa."""
    return Envelope(data=diagram.around(access.reader(request), access.graph(request), id))


@router.get("/documents/{id}/effect", summary="Hiệu lực và tình trạng các căn cứ")
def effect(request: Request, id: Id) -> Envelope:
    """Hôm nay, và của từng căn cứ lúc ký và hôm nay, kèm bằng chứng; `khong_ro` là không đủ dữ liệu."""
    library, drawn = access.reader(request), access.graph(request)
    bases = effects.of_bases(library, drawn, id)
    return Envelope(data={**effects.of(library, drawn, id), "bases": [{"id": k, **v} for k, v in bases.items()]})


@router.get("/wanted", summary="Văn bản được dẫn mà kho chưa có")
def wanted(request: Request, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> Envelope:
    """Nhiều nơi dẫn nhất đứng trước."""
    return Envelope(data=effects.wanted_list(access.reader(request), access.graph(request), limit))


@router.get("/disagreements", summary="Văn bản được ghi hai ngày hoặc hai cơ quan")
def disagreements(request: Request, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> Envelope:
    """Ai ghi gì, và bản gốc ghi gì khi có."""
    return Envelope(data=effects.disagreements(access.reader(request), limit))


@router.get("/status", summary="Số đếm của kho")
def status(request: Request) -> Envelope:
    """Văn bản, dẫn chiếu, tệp lỗi và tình trạng chỉ mục."""
    counts = asdict(access.reader(request).status())
    del counts["restricted"]
    return Envelope(data={**counts, "index": searching.index_state(access.search(request))})
