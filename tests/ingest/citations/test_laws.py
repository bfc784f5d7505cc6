"""Laws are cited by name."""

from __future__ import annotations

import pytest

from tests.ingest.citations.support import cited_in_body, only_citation


@pytest.mark.parametrize(
    ("sentence", "text", "date"),
    [
        (
            "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19/6/2015;",
            "Luật Tổ chức chính quyền địa phương ngày 19/6/2015",
            "2015-06-19",
        ),
        ("theo Luật Thi đua, khen thưởng và", "Luật Thi đua, khen thưởng", None),
        ("của Luật Phòng, chống ma túy.", "Luật Phòng, chống ma túy", None),
        ("theo Luật Đất đai năm 2024,", "Luật Đất đai năm 2024", "2024"),
        (
            "Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam;",
            "Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam",
            None,
        ),
        ("theo Luật Khai thác sao Hỏa quy định", "Luật Khai thác sao Hỏa", None),
    ],
)
def test_the_name_ends_where_no_name_goes_on(sentence: str, text: str, date: str | None) -> None:
    citation = only_citation(sentence)
    assert (citation.text, citation.date, citation.so_ky_hieu) == (text, date, None)


def test_a_law_with_its_own_number() -> None:
    citation = only_citation("Luật Đấu \n\nthầu số 22/2023/QH15 ngày 23/6/2023;")
    assert citation.text == "Luật Đấu \n\nthầu số 22/2023/QH15 ngày 23/6/2023"
    assert (citation.doc_type, citation.so_ky_hieu, citation.date) == ("Luật", "22/2023/QH15", "2023-06-23")
    assert citation.title == "Đấu thầu"


def test_a_law_that_amends_others_is_one_citation() -> None:
    text = (
        "Luật sửa đổi, bổ sung một số điều của Luật Tổ chức Chính phủ và Luật Tổ chức chính quyền địa phương "
        "ngày 22/11/2019"
    )
    citation = only_citation(f"{text};")
    assert (citation.text, citation.date, citation.so_ky_hieu) == (text, "2019-11-22", None)


def test_an_amending_law_of_counted_laws() -> None:
    citation = only_citation(
        "Luật sửa đổi, bổ sung một số điều của 11 luật có liên quan đến quy hoạch số 28/2018/QH14;"
    )
    assert citation.so_ky_hieu == "28/2018/QH14"
    assert citation.title == "sửa đổi, bổ sung một số điều của 11 luật có liên quan đến quy hoạch"


def test_the_number_behind_the_last_amended_law_is_the_amending_laws() -> None:
    citation = only_citation(
        "Luật sửa đổi, bổ sung một số điều của Luật Thuế thu nhập cá nhân và Luật Quản lý thuế số 09/2026/QH16;"
    )
    assert citation.so_ky_hieu == "09/2026/QH16"


def test_an_amending_law_has_no_number_where_each_amended_one_has_its_own() -> None:
    citation = only_citation(
        "Luật sửa đổi, bổ sung một số điều của Luật Đất đai số 31/2024/QH15, Luật Nhà ở số 27/2023/QH15;"
    )
    assert citation.so_ky_hieu is None


def test_a_repaired_date_of_a_law_needs_review() -> None:
    (found,) = cited_in_body("Theo Luật Đất đai ngày 29/11/2O13 đã nêu")
    assert (found.date, found.needs_review) == ("2013-11-29", True)


@pytest.mark.parametrize(
    "sentence",
    [
        "Phê duyệt Điều lệ Đoàn Luật sư tỉnh Vân Lĩnh ngày 5/6/2023.",
        "Hội Luật gia tỉnh Vân Lĩnh ngày 5/6/2023",
        "KHEN THƯỞNG, KỶ LUẬT\nĐiều 23. Khen thưởng",
    ],
)
def test_words_that_hold_luat_are_no_law(sentence: str) -> None:
    assert cited_in_body(sentence) == []


def test_the_law_on_lawyers_is_a_law() -> None:
    assert only_citation("Căn cứ Luật Luật sư ngày 29/6/2006;").title == "Luật sư"
