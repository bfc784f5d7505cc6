"""Slips of OCR inside a ký hiệu."""

from __future__ import annotations

import pytest

from corpus.model import Evidence
from ingest.layout.found import Found
from ingest.layout.header_values import Header
from ingest.layout.symbol_repair import confirm_by_issuer, repair_symbol
from tests.ingest.layout.support import drawn_header


def test_marks_lost_in_the_code_of_a_type_are_restored() -> None:
    assert repair_symbol("QD-UBND") == ("QĐ-UBND", True)
    assert repair_symbol("SYT-NVY") == ("SYT-NVY", False)


def test_the_printed_type_corrects_its_code() -> None:
    header = drawn_header(
        [
            [(0.14, "ỦY BAN NHÂN DÂN"), (0.47, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
            [(0.14, "TỈNH KIÊN GIANG")],
            [(0.18, "Số: 64/Qb-UBND"), (0.5, "Kiên Giang, ngày 12 tháng 3 năm 2017")],
            [(0.42, "QUYẾT ĐỊNH")],
            [(0.3, "Về việc ban hành Quy chế")],
        ]
    )
    found = header.fields["symbol"]
    assert found.value == "QĐ-UBND"
    assert any("sửa" in reason for reason in found.evidence.reasons)


@pytest.mark.parametrize(
    ("read", "symbol", "doubted"),
    [("CA-C04", "BCA-C04", True), ("ZBCA-C04", "BCA-C04", True), ("BCA-C04", "BCA-C04", False)],
)
def test_a_doubted_symbol_is_compared_with_the_issuers_abbreviation(read: str, symbol: str, doubted: bool) -> None:
    header = Header()
    header.fields["issuer"] = Found("Bộ Công an", Evidence(0.9))
    header.fields["symbol"] = Found(read, Evidence(0.4, True, reasons=["dòng Số đọc không rõ"]))
    confirm_by_issuer(header)
    assert header.value("symbol") == symbol
    assert header.fields["symbol"].evidence.needs_review is doubted
