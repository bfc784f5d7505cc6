"""A document as a row of a downloaded table."""

from __future__ import annotations

from typing import Any

HEADINGS = ("Mã", "Loại", "Số, ký hiệu", "Ngày", "Cơ quan ban hành", "Trích yếu", "Có tệp", "Cần kiểm tra")
_YES = {True: "có", False: "không"}


def cells(document: dict[str, Any]) -> list[object]:
    """A document's cells under :data:`HEADINGS`; the date stays EDTF, which sorts."""
    return [
        document["id"],
        document["doc_type"],
        document["so_ky_hieu"],
        document["date"],
        document["issuer"],
        document["title"],
        _YES[document["held"]],
        _YES[document["unsure"]],
    ]
