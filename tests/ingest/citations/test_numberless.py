"""Documents cited without a whole number: a bare one, a blank one, an attachment's parent, a căn cứ by its name."""

from __future__ import annotations

import pytest

from tests.ingest.citations.support import cited_in_body, cited_in_preamble, only_citation


@pytest.mark.parametrize(
    ("text", "number", "doc_type"),
    [
        ("theo Quyết định 148: Thông tin", "148", "Quyết định"),
        ("và Nghị định 68,", "68", "Nghị định"),
        ("thực hiện Đề án 1816 (Lần 2)", "1816", "Đề án"),
        ("Công văn số 1945 nêu trên", "1945", "Công văn"),
    ],
)
def test_a_bare_number_has_no_so_ky_hieu(text: str, number: str, doc_type: str) -> None:
    citation = only_citation(text)
    assert (citation.number, citation.so_ky_hieu, citation.doc_type) == (number, None, doc_type)
    assert citation.needs_review


@pytest.mark.parametrize(
    "text",
    [
        "Kế hoạch 5 năm; Báo cáo 6 tháng; Chương trình 3 giảm; Chuyên đề 1; 27 huyện; số 03 lớp; Đề án 2 giai đoạn",
        "Chương trình 2025; Đề án 2030",
        "Quyết định này có hiệu lực; Kế hoạch trên; theo quy định hiện hành; các văn bản thay thế",
        "pháp Luật về xử lý; UBND tỉnh quyết định; căn cứ vào điều kiện thực tế; Căn cứ chức năng, nhiệm vụ của sở",
    ],
    ids=["counts", "names with a year", "documents that are not named", "no documents"],
)
def test_words_that_are_no_citations(text: str) -> None:
    assert [citation.text for citation in cited_in_body(text)] == []


def test_a_blank_number_keeps_the_symbol_behind_it() -> None:
    citation = only_citation("tại Công văn số      /BYT-KCB ngày    tháng 10 năm 2017 của Bộ Y tế")
    assert (citation.doc_type, citation.number, citation.symbol) == ("Công văn", None, "BYT-KCB")
    assert (citation.issuer, citation.needs_review) == ("Bộ Y tế", True)


def test_an_attachment_cites_its_parent_whose_number_cannot_be_read() -> None:
    citation = only_citation("(Kèm theo Công văn s0 ... ngày 05/6/2024)")
    assert (citation.doc_type, citation.date, citation.needs_review) == ("Công văn", "2024-06-05", True)
    assert cited_in_body("(kèm theo Quyết định này)") == []


def test_a_legal_basis_cited_by_its_name() -> None:
    (citation,) = cited_in_preamble("Căn cứ Biên bản cuộc họp của Hội đồng thẩm định ngày 20/12/2017;")
    assert (citation.doc_type, citation.so_ky_hieu, citation.date) == ("Biên bản", None, "2017-12-20")
    assert citation.title == "cuộc họp của Hội đồng thẩm định ngày 20/12/2017"
    assert (citation.is_legal_basis, citation.needs_review) == (True, True)
