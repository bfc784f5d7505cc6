"""Search by API: results, suggestions, the fields of a query."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.requests import Request

from search.query.parser import field_help
from webui.app import searching
from webui.web import access, search_address
from webui.web.api import examples
from webui.web.api.envelope import Envelope, api_router

router = api_router()


class SearchParameters(BaseModel):
    """The parameters of a search, as the API describes them; :mod:`webui.web.search_address` reads them."""

    q: str = Field(default="", description="Câu tìm: số hiệu, từ, cụm từ, trường", examples=["919/QĐ-TTg"])
    loai: list[str] = Field(default_factory=list, description="Loại văn bản", examples=[["Kế hoạch"]])
    coquan: list[str] = Field(default_factory=list, description="Cơ quan ban hành")
    cap: list[str] = Field(default_factory=list, description="Cấp: trung_uong, tinh, huyen, xa")
    tinh: list[str] = Field(default_factory=list, description="Tỉnh khi ban hành")
    tinh_nay: list[str] = Field(default_factory=list, description="Tỉnh hiện nay")
    huyen: list[str] = Field(default_factory=list, description="Huyện khi ban hành")
    xa: list[str] = Field(default_factory=list, description="Xã khi ban hành")
    nam: list[str] = Field(default_factory=list, description="Năm ban hành", examples=[["2024"]])
    hieuluc: list[str] = Field(default_factory=list, description="Hiệu lực")
    trangthai: list[str] = Field(default_factory=list, description="Tình trạng trong kho")
    kind: list[str] = Field(default_factory=list, description="administrative, spreadsheet hoặc other")
    tu: str = Field(default="", description="Ban hành từ ngày (EDTF)", examples=["2020"])
    den: str = Field(default="", description="Ban hành đến ngày (EDTF)", examples=["2022-06"])
    xep: str = Field(default="relevance", description="relevance, date hoặc cited")
    trang: int = Field(default=1, description="Trang, đếm từ 1", ge=1, le=100_000)
    dung_chu: str = Field(default="", description="1: tìm đúng chữ đã gõ")
    suy_doan: str = Field(default="", description="1: gồm ngày suy đoán")


@router.get("/search", summary="Tìm văn bản", responses=examples.of("search"))
def search(request: Request, _: Annotated[SearchParameters, Query()]) -> Envelope:
    """Số hiệu trước, rồi đến chữ; kèm đoạn trích có vị trí tô sáng và số đếm để lọc."""
    asked = search_address.parse(request.query_params).or_held()
    found = searching.results(search_address.run(access.search(request), asked, request.app.state.settings.page_size))
    following = asked.url("/api/search", trang=asked.page + 1) if asked.page < found["pages"] else None
    return Envelope(data=found, next=following)


@router.get("/suggest", summary="Gợi ý khi đang gõ", responses=examples.of("suggest"))
def suggest(request: Request, q: Annotated[str, Query(max_length=200, examples=["quyết định 9"])]) -> Envelope:
    """Số hiệu, trích yếu và cơ quan bắt đầu như đã gõ; `id` là văn bản khi gợi ý là một văn bản."""
    found = access.search(request).suggest(q)
    return Envelope(
        data=[{"text": s.text, "kind": s.kind, "note": s.note, "id": s.id, "url": f"/van-ban/{s.id}"} for s in found]
    )


@router.get("/fields", summary="Các trường của câu tìm", responses=examples.of("fields"))
def fields(request: Request) -> Envelope:
    """Tên trường và cách dùng, như trang Cách tìm."""
    return Envelope(data=[{"name": name, "help": words} for name, words in field_help()])
