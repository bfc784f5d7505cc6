"""The links of the head and of the foot of every page: at most five in the head, those used daily."""

from __future__ import annotations

from webui.app.users import User

_SEARCH, _CHECK, _REVISE = ("/", "Tìm"), ("/kiem-tra", "Kiểm tra dự thảo"), ("/ra-soat", "Cần rà soát")
_PRODUCTS, _LIBRARY = ("/san-pham", "Sản phẩm"), ("/tinh-trang", "Kho")
_FOR_VISITORS = (_SEARCH, _CHECK, _REVISE, _PRODUCTS, _LIBRARY)
_FOR_USERS = (_SEARCH, _CHECK, _REVISE, ("/duyet", "Duyệt"), ("/nap", "Tải lên"))
_IN_FOOT = (
    ("/huong-dan", "Cách tìm"),
    ("/duong-di", "Chuỗi căn cứ"),
    ("/thong-ke", "Thống kê"),
    ("/con-thieu", "Còn thiếu"),
    ("/ghi-khac-nhau", "Thông tin không thống nhất"),
    ("/tai-lieu-api", "Tài liệu API"),
)


def head_links(user: User | None) -> tuple[tuple[str, str], ...]:
    """Address and name of each link of the head."""
    return _FOR_VISITORS if user is None else _FOR_USERS


def foot_links(user: User | None) -> tuple[tuple[str, str], ...]:
    """Address and name of each link of the foot: what the head has no place for."""
    return _IN_FOOT if user is None else (*_IN_FOOT, _PRODUCTS, _LIBRARY, ("/nhat-ky", "Nhật ký"))
