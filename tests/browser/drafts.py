"""Drafts to check: one with a wrong date, and one that is hostile throughout."""

from __future__ import annotations

from tests.browser.site import LONG_WORD, TURNED
from tests.support.web_library import HOSTILE

_HEAD = """ỦY BAN NHÂN DÂN
TỈNH THANH HÓA
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số:      /QĐ-UBND
Thanh Hóa, ngày    tháng    năm 2026
QUYẾT ĐỊNH
"""
#: Kế hoạch 45/KH-UBND of the library is of 12/3/2024.
WRONG_DATE = (
    _HEAD
    + """Về việc phê duyệt kinh phí
Căn cứ Kế hoạch số 45/KH-UBND ngày 21/3/2024 của UBND tỉnh Thanh Hóa triển khai Chương trình mỗi xã một sản phẩm;
Căn cứ Quyết định số 88/QĐ-UBND ngày 20/5/2024 của UBND tỉnh Thanh Hóa.
QUYẾT ĐỊNH:
Điều 1. Phê duyệt kinh phí.
"""
)
HOSTILE_DRAFT = (
    _HEAD
    + f"""Về {HOSTILE} {LONG_WORD} {TURNED}
Căn cứ Kế hoạch số 45/KH-UBND ngày 12/3/2024 của UBND {HOSTILE} {TURNED} về {LONG_WORD};
Căn cứ Quyết định số 88/QĐ-{HOSTILE} ngày 20/5/2024 của {LONG_WORD}.
QUYẾT ĐỊNH:
Điều 1. {HOSTILE}
"""
)
