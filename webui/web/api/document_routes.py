"""Documents by API: lists, one document, its pages, what it cites, what cites it, its effect."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from starlette.requests import Request

from corpus.errors import NotFound
from webui.app import addressing, effects, json_shapes
from webui.app import related as related_documents
from webui.app.document_view import is_pictured
from webui.web import access
from webui.web.api import examples
from webui.web.api.envelope import After, Envelope, Id, Limit, api_router, section
from webui.web.rendering import address

router = api_router()


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
    return section(request, addressing.find(access.reader(request), so, paths=False), after, limit, json_shapes.summary)


@router.get("/documents/{id}", summary="Một văn bản", responses=examples.of("document"))
def document(request: Request, id: Id) -> Envelope:
    """Mọi điều biết về văn bản, với vị trí và độ tin cậy của từng giá trị."""
    return Envelope(data=json_shapes.document(access.reader(request).document(id)))


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
            "document": json_shapes.summary(document.summary),
            "page": number,
            "pages": len(texts),
            "start": sum(len(text) + 1 for text in texts[: number - 1]),
            "text": texts[number - 1],
            "picture": f"/van-ban/{document.id}/anh/{number}.png" if pictured else None,
        }
    )


@router.get("/documents/{id}/cites", summary="Văn bản này dẫn đến đâu", responses=examples.of("cites"))
def cites(request: Request, id: Id, after: After = 0, limit: Limit = 100) -> Envelope:
    """Theo thứ tự trong văn bản, mỗi văn bản đích một mục với từng lượt dẫn."""
    return section(request, json_shapes.cites(access.reader(request), id), after, limit)


@router.get("/documents/{id}/cited-by", summary="Văn bản nào dẫn đến văn bản này", responses=examples.of("cited_by"))
def cited_by(request: Request, id: Id, after: After = 0, limit: Limit = 100) -> Envelope:
    """Mới nhất trước."""
    return section(request, json_shapes.cited_by(access.reader(request), id), after, limit)


@router.get("/documents/{id}/mentions", summary="Từng lượt dẫn chiếu trong văn bản", responses=examples.of("mentions"))
def mentions(request: Request, id: Id, after: After = 0, limit: Limit = 100) -> Envelope:
    """Mọi lượt theo thứ tự đọc, kể cả chưa xác định được văn bản."""
    return section(request, access.reader(request).mentions(id), after, limit, json_shapes.mention)


@router.get("/documents/{id}/related", summary="Văn bản liên quan", responses=examples.of("related"))
def related(request: Request, id: Id) -> Envelope:
    """Gần về căn cứ, lời văn, chương trình, kèm lý do; bản gần như trùng và văn bản cùng loại của năm khác để riêng."""
    return Envelope(
        data=related_documents.related(access.reader(request), access.graph(request), access.search(request), id)
    )


@router.get("/documents/{id}/effect", summary="Hiệu lực và tình trạng các căn cứ", responses=examples.of("effect"))
def effect(request: Request, id: Id) -> Envelope:
    """Hôm nay, và của từng căn cứ lúc ký và hôm nay, kèm bằng chứng; `khong_ro` là không đủ dữ liệu."""
    library, graph = access.reader(request), access.graph(request)
    bases = effects.of_bases(library, graph, library.document(id))
    return Envelope(data={**effects.of(library, graph, id), "bases": [{"id": k, **v} for k, v in bases.items()]})
