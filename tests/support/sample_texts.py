"""Texts of documents that tests of commands and of watched folders share."""

from __future__ import annotations

from tests.support.web_library import PLAN, document_text

#: Another province's plan of the same number: two documents, one số hiệu.
NAMESAKE = PLAN.replace("THANH HÓA", "NGHỆ AN").replace("Thanh Hóa,", "Nghệ An,").replace("12 tháng 3", "13 tháng 3")


SECRET = document_text(
    "BÁO CÁO", "7/BC-UBND", ("03", "4", "2024"), "Việc tối quan trọng", "Nội dung chỉ vài người biết."
).replace("Số: 7/BC-UBND", "Số: 7/BC-UBND\nTỐI MẬT")
