"""The lists of :mod:`webui.app.revision` as Excel files."""

from __future__ import annotations

from typing import Any

from corpus.law.effect import today
from webui.app import effect_words
from webui.app.excel import workbook
from webui.app.labels import date_text

_DOCUMENT = ("Loại", "Số, ký hiệu", "Ngày", "Cơ quan ban hành", "Trích yếu")


def of_document(found: dict[str, Any]) -> bytes:
    """What rests on one document, as an .xlsx file."""
    headings = ("Việc cần làm", *_DOCUMENT, "Hiệu lực hiện nay", "Quan hệ", "Cần kiểm tra")
    rows = [
        [
            group["heading"],
            *_cells(row["document"]),
            row["words"],
            row["how"],
            "có" if row["document"]["unsure"] else "",
        ]
        for group in found["groups"]
        for row in group["rows"]
    ]
    notes = [found["effect"]["sentence"], f"Tra ngày {date_text(today())}.", *([_CUT] if found["cut"] else [])]
    return workbook(f"Cần rà soát: văn bản dựa vào {found['document']['name']}", headings, rows, notes)


def of_agency(found: dict[str, Any]) -> bytes:
    """An agency's documents with changed căn cứ, one row for each căn cứ, as an .xlsx file."""
    headings = (*_DOCUMENT, "Căn cứ đã thay đổi", "Tại ngày ký", "Hiện nay", "Theo")
    rows = [
        [
            *_cells(row["document"]),
            basis["document"]["name"],
            basis["at_signing"],
            basis["words"],
            "; ".join(dict.fromkeys(effect_words.author(proof) for proof in basis["proofs"])),
        ]
        for row in found["rows"]
        for basis in row["bases"]
    ]
    notes = [f"Đã tra {found['looked_at']} văn bản, ngày {date_text(today())}.", *([_CUT] if found["cut"] else [])]
    return workbook(f"Cần rà soát: {found['agency']}", headings, rows, notes)


_CUT = "Danh sách dừng ở đây, còn nữa."


def _cells(document: dict[str, Any]) -> list[object]:
    values = (document[name] for name in ("doc_type", "so_ky_hieu", "date", "issuer", "title"))
    return [date_text(value) if at == 2 else value for at, value in enumerate(values)]
