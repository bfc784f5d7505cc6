"""The title behind date and issuer, and where it ends."""

from __future__ import annotations

import pytest

from tests.ingest.citations.support import cited_in_body, only_citation


@pytest.mark.parametrize(
    ("behind", "title"),
    [
        (
            "về chính sách hỗ trợ giai đoạn 2018 - 2020.\nNghị quyết này được thông qua",
            "chính sách hỗ trợ giai đoạn 2018 - 2020",
        ),
        (
            "về phê duyệt đề án TP. Hồ Chí Minh đến 2030. Nay đổi",
            "phê duyệt đề án TP. Hồ Chí Minh đến 2030",
        ),
        ("về phê duyệt đề án nông thôn . mới; nay đổi", "phê duyệt đề án nông thôn . mới"),
        (
            "về một số chủ trương lớn của nền kinh tế, Ban Thường vụ Tỉnh ủy ban hành",
            "một số chủ trương lớn của nền kinh tế",
        ),
        ("về phát triển sản phẩm địa phương, đặc sản; nay đổi", "phát triển sản phẩm địa phương, đặc sản"),
    ],
)
def test_a_cited_title_ends_with_its_sentence(behind: str, title: str) -> None:
    citation = only_citation(f"Nghị quyết số 15/2018/NQ-HĐND ngày 07/12/2018 của HĐND tỉnh Vân Lĩnh {behind}")
    assert citation.title == title


def test_a_cited_title_ends_before_the_next_citation() -> None:
    first, second = cited_in_body(
        "Căn cứ Quyết định số 490/QĐ-TTg ngày 07/5/2018 của Thủ tướng Chính phủ về Chương trình mỗi xã một sản phẩm và "
        "Quyết định số 919/QĐ-TTg ngày 01/8/2022 của Thủ tướng Chính phủ;"
    )
    assert first.title == "Chương trình mỗi xã một sản phẩm"
    assert second.so_ky_hieu == "919/QĐ-TTg"


def test_a_cited_title_that_names_documents_holds_them_all() -> None:
    amending = cited_in_body(
        "Căn cứ Quyết định số 781/QĐ-TTg ngày 08/6/2020 của Thủ tướng Chính phủ sửa đổi Quyết định số 1048/QĐ-TTg và "
        "Quyết định số 490/QĐ-TTg;"
    )[0]
    assert amending.title == "sửa đổi Quyết định số 1048/QĐ-TTg và Quyết định số 490/QĐ-TTg"


def test_a_date_that_cannot_be_read_needs_review() -> None:
    citation = only_citation("Quyết định số 5/QĐ-UBND ngày 09 tháng §r năm 2017 của UBND tỉnh")
    assert (citation.date, citation.issuer, citation.needs_review) == ("2017", "UBND tỉnh", True)
    impossible = only_citation("Quyết định số 5/QĐ-UBND ngày 31/02/2017 của UBND tỉnh")
    assert (impossible.date, impossible.needs_review) == (None, True)
