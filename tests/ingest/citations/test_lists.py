"""What a list carries from one citation to the next."""

from __future__ import annotations

from tests.ingest.citations.support import cited_in_body, numbers


def test_issuer_behind_the_last_item_holds_for_all() -> None:
    found = cited_in_body(
        "Quyết định số 919/QĐ-TTg ngày 01/8/2022 và Quyết định số 148/QĐ-TTg ngày 24/02/2023 của Thủ tướng Chính phủ"
    )
    assert [c.issuer for c in found] == ["Thủ tướng Chính phủ"] * 2


def test_date_behind_the_last_item_holds_for_all() -> None:
    found = cited_in_body("tại Tờ trình số 361/TTr-CP và Đề án số 362/ĐA-CP ngày 09 tháng 5 năm 2025 của Chính phủ")
    assert [(c.doc_type, c.date) for c in found] == [("Tờ trình", "2025-05-09"), ("Đề án", "2025-05-09")]


def test_type_and_issuer_before_a_list_hold_for_all() -> None:
    found = cited_in_body(
        "các Nghị quyết của HĐND tỉnh: số 59/2017/NQ-HĐND ngày 08/12/2017 về hỗ trợ; số 104/2018/NQ-HĐND"
    )
    assert [(c.doc_type, c.issuer) for c in found] == [("Nghị quyết", "HĐND tỉnh")] * 2
    laws = cited_in_body("bởi các Luật số 43/2024/QH15, số 47/2024/QH15 và số 58/2024/QH15")
    assert [c.doc_type for c in laws] == ["Luật"] * 3


def test_the_last_symbol_holds_for_the_numbers_before_it() -> None:
    found = cited_in_body("theo các Quyết định số: 318, 319, 320, 321/QĐ-TTg ngày 08/3/2022 của Thủ tướng Chính phủ")
    assert numbers(found) == ["318/QĐ-TTg", "319/QĐ-TTg", "320/QĐ-TTg", "321/QĐ-TTg"]
    assert {c.date for c in found} == {"2022-03-08"}
    assert [c.needs_review for c in found] == [True, True, True, False]


def test_the_type_of_a_listed_number_is_what_its_symbol_names() -> None:
    found = cited_in_body("tại các Tờ trình số 2138/TTr-BCT ngày 30/3/2026 và số 374/BC-BCT ngày 30/5/2026")
    assert [c.doc_type for c in found] == ["Tờ trình", "Báo cáo"]


def test_a_semicolon_ends_what_a_list_carries_back() -> None:
    found = cited_in_body("Nghị quyết số 05-NQ/TW; Kế hoạch số 7/KH-UBND ngày 1/2/2020 của UBND tỉnh")
    assert (found[0].date, found[0].issuer) == (None, None)
