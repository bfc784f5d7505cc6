"""A product as one row of a table gives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from corpus.worded import WordedEnum


class ProductDoubt(WordedEnum):
    """What is doubtful about a product. Each has words for a user."""

    POORLY_READ = "doc_khong_chac", "ô trong bảng đọc không chắc"
    STARS_UNCLEAR = "sao_khong_ro", "không rõ số sao"
    STARS_OUTSIDE = "sao_ngoai_3_5", "số sao ngoài 3 đến 5"
    SCORE_UNCLEAR = "diem_khong_ro", "không rõ điểm"
    SCORE_OUTSIDE = "diem_ngoai_khung", "điểm không thuộc khung của hạng sao"
    OWNER_MISSING = "thieu_chu_the", "không thấy chủ thể"
    DECISION_UNCLEAR = "quyet_dinh_khong_ro", "số hoặc ngày của quyết định chưa chắc"
    TERM_CONCLUDED = "thoi_han_suy_doan", "văn bản không ghi thời hạn; tính 36 tháng theo Quyết định 148/QĐ-TTg"
    TABLE_DOUBTFUL = "bang_khong_chac", "bảng có chỗ cần kiểm tra"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: a page, and stretches of the stored text."""

    page: int
    spans: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Product:
    """A product that a row of a table recognises."""

    #: The table (from 1) and its row (from 0).
    table: int
    row: int
    name: str
    #: Chủ thể: as printed, one string each.
    owners: list[str] = field(default_factory=list)
    place: str = ""
    #: Huyện, thị xã or thành phố, as the address or a row above prints it, without capitals for all letters.
    district: str = ""
    group: str = ""
    stars: int | None = None
    score: Decimal | None = None
    #: Số, ký hiệu of the decision, as its document or the list names it.
    decision: str | None = None
    #: Who decided, as printed there.
    issuer: str | None = None
    #: Day of recognition, EDTF.
    date: str | None = None
    #: Last day, EDTF; concluded where TERM_CONCLUDED is among the doubts.
    expiry: str | None = None
    #: The sentence that gives the term, in the stored text.
    term: tuple[int, int] | None = None
    #: By value (name, owners, place, district, group, stars, score): where it stands.
    places: dict[str, Place] = field(default_factory=dict)
    doubts: list[ProductDoubt] = field(default_factory=list)

    @property
    def needs_review(self) -> bool:
        """Whether a person should look at it; that a term follows from the general rule is no reason."""
        return any(doubt is not ProductDoubt.TERM_CONCLUDED for doubt in self.doubts)
