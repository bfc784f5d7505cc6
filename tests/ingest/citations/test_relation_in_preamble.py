"""Legal bases and other relations of a preamble."""

from __future__ import annotations

from corpus.vocabulary import Relation
from tests.ingest.citations.support import cited_in_preamble


def test_the_words_that_open_a_paragraph_hold_for_it() -> None:
    found = cited_in_preamble(
        "Căn cứ Nghị định số 115/2018/NĐ-CP ngày 04/9/2018 của Chính phủ quy định xử phạt; Kế hoạch số 134/KH-UBND;\n"
        "Thực hiện Kế hoạch số 3799/KH-UBND ngày 09/11/2022 của UBND tỉnh;\n"
        "Theo đề nghị của Giám đốc Sở Y tế tại Tờ trình số 12/TTr-SYT ngày 5/6/2023,"
    )
    assert [(c.relation, c.is_legal_basis) for c in found] == [
        (Relation.LEGAL_BASIS, True),
        (Relation.LEGAL_BASIS, True),
        (Relation.IMPLEMENTS, False),
        (Relation.PROPOSED_IN, False),
    ]


def test_a_citation_inside_a_title_is_no_basis() -> None:
    found = cited_in_preamble(
        "Căn cứ Quyết định số 1760/QĐ-TTg ngày 10/11/2017 của Thủ tướng Chính phủ điều chỉnh, bổ sung Quyết định số "
        "1600/QĐ-TTg ngày 16/8/2016 của Thủ tướng Chính phủ phê duyệt Chương trình;"
    )
    assert [(c.so_ky_hieu, c.relation, c.is_legal_basis) for c in found] == [
        ("1760/QĐ-TTg", Relation.LEGAL_BASIS, True),
        ("1600/QĐ-TTg", Relation.REFERS_TO, False),
    ]


def test_what_amended_a_basis_is_no_basis() -> None:
    found = cited_in_preamble(
        "Căn cứ Luật Đất đai số 31/2024/QH15 được sửa đổi, bổ sung bởi các Luật số 43/2024/QH15, số 47/2024/QH15;\n"
        "Căn cứ Nghị định số 78/2025/NĐ-CP ngày 01/4/2025 của Chính phủ quy định chi tiết (được sửa đổi tại Nghị định "
        "số 187/2025/NĐ-CP ngày 01/7/2025);"
    )
    assert [c.is_legal_basis for c in found] == [True, False, False, True, False]


def test_a_citation_in_full_behind_a_title_is_one_more_basis() -> None:
    found = cited_in_preamble(
        "Căn cứ Nghị định số 34/2016/NĐ-CP ngày 14/5/2016 của Chính phủ quy định chi tiết thi hành Luật Ban hành văn "
        "bản quy phạm pháp luật năm 2015 và Nghị định số 154/2020/NĐ-CP ngày 31/12/2020 của Chính phủ sửa đổi "
        "Nghị định "
        "số 34/2016/NĐ-CP ngày 14/5/2016 của Chính phủ;"
    )
    assert [(c.so_ky_hieu, c.is_legal_basis) for c in found] == [
        ("34/2016/NĐ-CP", True),
        (None, False),
        ("154/2020/NĐ-CP", True),
        ("34/2016/NĐ-CP", False),
    ]


def test_a_paragraph_that_ends_in_a_semicolon_is_a_basis_without_the_words_can_cu() -> None:
    found = cited_in_preamble(
        "Luật Thủy sản ngày 21/11/2017;\n"
        "Nghị định số 26/2019/NĐ-CP ngày 08/3/2019 của Chính phủ quy định chi tiết;\n"
        "Theo đề nghị của Trưởng phòng Kinh tế tại Tờ trình số 7/TTr-KT ngày 5/6/2023,"
    )
    assert [(c.relation, c.is_legal_basis) for c in found] == [
        (Relation.LEGAL_BASIS, True),
        (Relation.LEGAL_BASIS, True),
        (Relation.PROPOSED_IN, False),
    ]


def test_running_text_before_the_first_can_cu_is_no_basis() -> None:
    (found,) = cited_in_preamble("Ủy ban nhân dân huyện nhận được Công văn số 12/SNV-TC ngày 3/3/2021 của Sở Nội vụ.")
    assert not found.is_legal_basis


def test_a_second_agencys_letter_is_proposed_in_too() -> None:
    found = cited_in_preamble(
        "Theo đề nghị của Hội Khuyến học tỉnh tại Công văn số 06/HKH ngày 21 tháng 01 năm 2022 và Giám đốc Sở Nội vụ "
        "tại Công văn số 437/SNV-TCCC ngày 03 tháng 3 năm 2022,"
    )
    assert [c.relation for c in found] == [Relation.PROPOSED_IN, Relation.PROPOSED_IN]
