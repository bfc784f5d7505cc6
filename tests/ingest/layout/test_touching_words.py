"""Words of two columns that OCR joined."""

from __future__ import annotations

from ingest.layout.lines import lines_of
from tests.ingest.layout.support import Rows, drawn_header, drawn_page

ROWS: Rows = [
    [(0.1, "UBND TỈNH VÂN LĨNH"), (0.45, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
    [(0.1, "SỞ CÔNG THƯƠNGĐộc lập - Tự do - Hạnh phúc")],
    [(0.1, "Số: 45/SCT-CTrTTĐà Nẵng, ngày 12 tháng 5 năm 2024")],
    [(0.1, "V/v hội chợ")],
]


def test_a_symbol_and_the_place_behind_it_are_parted() -> None:
    header = drawn_header(ROWS)
    assert (header.value("so_ky_hieu"), header.value("place")) == ("45/SCT-CTrTT", "Đà Nẵng")
    assert header.value("issuer") == "Sở Công Thương"


def test_a_type_in_a_symbol_stays() -> None:
    page = drawn_page([[(0.1, "Số: 45/UBND-VPCTr Hà Nội, ngày 12 tháng 5 năm 2024")]])
    assert lines_of(page, 0)[0].text.startswith("Số: 45/UBND-VPCTr Hà Nội")
