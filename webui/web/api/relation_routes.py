"""Relations by API: trees of bases, the graph around a document, what is affected, paths."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.requests import Request

from webui.app import addressing, comparing, diagram, listing, provision_report, revision, tracing, trees
from webui.app import radar as reports
from webui.web import access
from webui.web.api import examples
from webui.web.api.envelope import After, Depth, Envelope, Id, Limit, Reach, api_router, section

router = api_router()

Day = Annotated[
    str | None,
    Query(pattern=r"^\d{4}-\d{2}-\d{2}$", description="Tính đến ngày nào; mặc định hôm nay", examples=["2025-07-06"]),
]
#: The document with which another is compared.
OldVersion = Annotated[int, Query(alias="with", ge=1, description="Mã của bản cũ", examples=[1])]


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


@router.get("/documents/{id}/graph", summary="Chuỗi căn cứ quanh một văn bản", responses=examples.of("graph"))
def graph(request: Request, id: Id) -> Envelope:
    """Các nút và mối như hình lược đồ; `cut` là true khi còn nữa."""
    return Envelope(data=diagram.around(access.reader(request), access.graph(request), id))


class ImpactParameters(BaseModel):
    """Which affected documents are listed, and in which order."""

    wide: bool = Field(default=False, description="Tính cả cơ sở rộng")
    direct: bool = Field(default=False, description="Chỉ văn bản dựa trực tiếp")
    sort: str = Field(default="gan", description="gan, ngay hoặc loai")
    kind: str = Field(default="", description="Loại văn bản", examples=["Kế hoạch"])
    after: After = 0
    limit: Limit = 100


@router.get(
    "/documents/{id}/impact",
    summary="Văn bản nào bị ảnh hưởng nếu văn bản này thay đổi",
    responses=examples.of("impact"),
)
def impact(
    request: Request,
    id: Id,
    asked: Annotated[ImpactParameters, Query()],
) -> Envelope:
    """Trực tiếp hoặc qua văn bản khác, gần trước; `step` là số bước, `cut` là true khi danh sách chưa hết."""
    query = listing.ImpactQuery(wide=asked.wide, direct=asked.direct, sort=asked.sort, kind=asked.kind)
    found, direct_count = listing.impact(access.reader(request), access.graph(request), id, query)
    part = section(request, found.rows, asked.after, asked.limit)
    return Envelope(data={"direct": direct_count, "cut": found.incomplete, "rows": part.data}, next=part.next)


@router.get(
    "/documents/{id}/radar",
    summary="Căn cứ, điều khoản được dẫn có bị văn bản khác đụng tới không",
    responses=examples.of("radar"),
)
def radar(
    request: Request,
    id: Id,
    on: Day = None,
) -> Envelope:
    """Mỗi căn cứ: `bi_dung_toi` (kèm câu), `khong_dung_toi` (kèm văn bản đã đối chiếu) hoặc `chua_ro` (kèm lý do)."""
    return Envelope(data=reports.of(access.reader(request), access.graph(request), id, on=on))


@router.get(
    "/documents/{id}/provision",
    summary="Lời văn một điều khoản tại một ngày",
    responses=examples.of("provision"),
)
def provision(
    request: Request,
    id: Id,
    name: Annotated[str, Query(min_length=1, max_length=200, description="Điều khoản", examples=["Mục I"])],
    on: Day = None,
) -> Envelope:
    """`applied`: sửa đổi đã ghép; `not_applied`: sửa đổi chạm tới nhưng chưa ghép được; khi đó `complete` là false."""
    return Envelope(data=provision_report.of(access.reader(request), id, name, on=on))


@router.get(
    "/radar",
    summary="Văn bản của một cơ quan có căn cứ, điều khoản được dẫn bị đụng tới",
    responses=examples.of("agency_radar"),
)
def agency_radar(
    request: Request,
    agency: Annotated[
        str,
        Query(
            min_length=1, max_length=300, description="Tên cơ quan như trong văn bản", examples=["UBND tỉnh Thanh Hóa"]
        ),
    ],
    on: Day = None,
    after: After = 0,
    limit: Limit = 100,
) -> Envelope:
    """Mỗi văn bản một dòng, có chỗ bị đụng tới đứng trước; `counts` tính trên mọi văn bản của cơ quan."""
    value = reports.of_agency(access.reader(request), access.graph(request), agency, on=on)
    part = section(request, value["rows"], after, limit)
    return Envelope(data={**value, "rows": part.data}, next=part.next)


@router.get(
    "/documents/{id}/revise",
    summary="Văn bản cần rà soát vì dựa vào văn bản này",
    responses=examples.of("revise"),
)
def revise(
    request: Request,
    id: Id,
    agency: Annotated[str, Query(max_length=300, description="Chỉ của cơ quan này")] = "",
) -> Envelope:
    """Nhóm `can_xem` (còn đứng), `da_het` (chính nó đã hết), `rong` (không phải căn cứ), `co_the` (chưa chắc)."""
    return Envelope(data=revision.of_document(access.reader(request), access.graph(request), id, agency=agency))


@router.get(
    "/revise",
    summary="Văn bản của một cơ quan có căn cứ đã thay đổi sau ngày ký",
    responses=examples.of("revise_agency"),
)
def revise_agency(
    request: Request,
    agency: Annotated[
        str, Query(min_length=1, max_length=300, description="Cơ quan", examples=["UBND tỉnh Thanh Hóa"])
    ],
) -> Envelope:
    """Mới nhất trước; mỗi căn cứ đã thay đổi kèm hiệu lực tại ngày ký, hiện nay và bằng chứng."""
    return Envelope(data=revision.of_agency(access.reader(request), access.graph(request), agency))


@router.get("/path", summary="Đường dẫn chiếu giữa hai văn bản", responses=examples.of("path"))
def path(
    request: Request,
    a: Annotated[str, Query(min_length=1, max_length=300, description="Số hiệu hoặc mã", examples=["45/KH-UBND"])],
    b: Annotated[str, Query(min_length=1, max_length=300, description="Số hiệu hoặc mã", examples=["490/QĐ-TTg"])],
    reach: Annotated[trees.Reach, Query(description="Đi theo dẫn chiếu nào", examples=["all"])] = "all",
) -> Envelope:
    """Theo chiều dẫn trước; nếu không có thì không kể chiều (`directed` là false)."""
    library = access.reader(request)
    first, last = (addressing.one(library, words, paths=False) for words in (a, b))
    return Envelope(data=tracing.path(library, access.graph(request), first.id, last.id, reach=reach))


@router.get("/documents/{id}/compare", summary="So sánh hai văn bản", responses=examples.of("compare"))
def compare(request: Request, id: Id, old: OldVersion) -> Envelope:
    """Văn bản này khác bản cũ (`with`) ở đâu: căn cứ thêm và bỏ, phần đầu, nội dung theo điều, mục."""
    return Envelope(data=comparing.compare(access.reader(request), old, id))
