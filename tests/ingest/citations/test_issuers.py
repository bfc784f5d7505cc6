"""Who issued a cited document: the agency named before its type word or behind its number."""

from __future__ import annotations

import pytest

from ingest.citations.issuer_spelling import spelling_by_symbol
from tests.ingest.citations.support import only_citation


@pytest.mark.parametrize(
    ("sentence", "issuer"),
    [
        (
            "được Bộ Nông nghiệp và Phát triển nông thôn ban hành tại Quyết định số 4464/QĐ-VPĐP ngày 06/11/2020",
            "Bộ Nông nghiệp và Phát triển nông thôn",
        ),
        (
            "Xét đề nghị của Giám đốc Sở Nông nghiệp và PTNT tại Tờ trình số 728/TTr-SNN ngày 11/11/2019",
            "Giám đốc Sở Nông nghiệp và PTNT",
        ),
        (
            "theo đề nghị của Hội đồng đánh giá, phân hạng sản phẩm tỉnh tại Tờ trình số 26/TTr-HĐOCOP",
            "Hội đồng đánh giá, phân hạng sản phẩm tỉnh",
        ),
    ],
)
def test_an_issuer_before_the_type_word(sentence: str, issuer: str) -> None:
    assert only_citation(sentence).issuer == issuer


@pytest.mark.parametrize(
    ("sentence", "issuer"),
    [
        (
            "Quyết định số 15/QĐ-UBND của UBND xã An Bình, huyện Long Hồ, tỉnh Vĩnh Long về việc",
            "UBND xã An Bình, huyện Long Hồ, tỉnh Vĩnh Long",
        ),
        (
            "Công văn số 1842/KCB-BVSK của Cục Quản lý Khám, chữa bệnh - Bộ Y tế về việc",
            "Cục Quản lý Khám, chữa bệnh - Bộ Y tế",
        ),
        (
            "Công văn số 9/SVHTTDL-VP của Sở Văn hóa, Thể thao và Du lịch tỉnh Đắk Lắk đề nghị",
            "Sở Văn hóa, Thể thao và Du lịch tỉnh Đắk Lắk",
        ),
        (
            "Nghị quyết số 21-NQ/TW của Ban Chấp hành Trung ương Đảng (khóa XII) về công tác dân số",
            "Ban Chấp hành Trung ương Đảng (khóa XII)",
        ),
        ("Công văn số 689/TCDS-TTGD của Tổng cục Dân số-KHHGĐ về việc Hướng dẫn", "Tổng cục Dân số-KHHGĐ"),
        ("Quyết định số 5/QĐ-UBND của UBND tỉnh giao dự toán", "UBND tỉnh"),
    ],
)
def test_an_issuer_behind_the_number(sentence: str, issuer: str) -> None:
    assert only_citation(sentence).issuer == issuer


def test_date_and_issuer_may_both_stand_before() -> None:
    citation = only_citation("Hồi 09 giờ ngày 31/10/2017 Bộ Y tế ban hành Công điện số 1155/CĐ-BYT về việc ứng phó.")
    assert (citation.date, citation.issuer) == ("2017-10-31", "Bộ Y tế")


@pytest.mark.parametrize(
    "sentence",
    [
        "sửa đổi Quy chế hoạt động của Hội\nđồng tại Quyết định số 735/QĐ-UBND cho phù hợp",
        "theo ý kiến của Sở tại Công văn số 735/SNN-KH cho phù hợp",
        "thực hiện Công văn số 735/SNN-KH ngày 01/02/2023 của Sở về việc đôn đốc",
        "đạt 4 sao theo Bộ tiêu chí tại Quyết định số 735/QĐ-TTg cho phù hợp",
    ],
)
def test_a_kind_of_agency_alone_issued_nothing(sentence: str) -> None:
    assert only_citation(sentence).issuer is None


def test_an_issuer_that_the_symbol_contradicts_is_left_out() -> None:
    citation = only_citation("Nghị định 63/NĐ-CP ngày 26/06/2014 của\nTổ chuyên gia giải tán sau khi hoàn thành")
    assert citation.issuer is None
    assert citation.needs_review


@pytest.mark.parametrize(
    ("behind", "issuer", "needs_review"),
    [
        ("UBND huyện Thạch - -:\nĐàm về thực hiện Chương trình", "UBND huyện Thạch Đàm", True),
        ("Sở Lao động --\nThương binh và Xã hội về việc", "Sở Lao động -- Thương binh và Xã hội", False),
        ("UBND huyện Thạch Đàm:\nMục đích của kế hoạch", "UBND huyện Thạch Đàm", False),
    ],
    ids=["specks in a place's name", "hyphens of the name", "a mark behind the name"],
)
def test_a_name_goes_on_in_the_next_line(behind: str, issuer: str, needs_review: bool) -> None:
    citation = only_citation(f"Kế hoạch số 78/KH-UBND ngày 12/5/2023 của {behind}")
    assert (citation.issuer, citation.needs_review) == (issuer, needs_review)


@pytest.mark.parametrize(
    ("printed", "issuer"),
    [("Chính phú quy định", "Chính phủ"), ("SởY tế về việc", "Sở Y tế"), ("UBND tình Vân Lĩnh", "UBND tỉnh Vân Lĩnh")],
    ids=["a mark changed", "a space lost", "a level misread"],
)
def test_the_spelling_of_a_name_is_corrected(printed: str, issuer: str) -> None:
    citation = only_citation(f"Kế hoạch số 91/2017/KH-ABC ngày 31/7/2017 của {printed}")
    assert citation.issuer == issuer
    assert citation.needs_review


@pytest.mark.parametrize(
    ("sentence", "issuer"),
    [
        ("Quyết định số 14/QĐ-UBND ngày 22/9/2025 của Chủ tịch\nUBND tỉnh ban hành Bộ tiêu chí", "Chủ tịch UBND tỉnh"),
        ("Tờ trình số 02-TTr/ĐLS ngày 29/4/2025 của Đoàn Luật sư tỉnh Vân Lĩnh về việc", "Đoàn Luật sư tỉnh Vân Lĩnh"),
    ],
)
def test_a_name_goes_on_at_an_abbreviation_and_at_lawyers(sentence: str, issuer: str) -> None:
    assert only_citation(sentence).issuer == issuer


def test_a_name_with_a_misread_letter_is_that_of_the_symbols_agency() -> None:
    assert only_citation("Quyết định số 6110/QĐ-BYT ngày 29/12/2017 của Bộ Yt6 quy định").issuer == "Bộ Y tế"
    assert spelling_by_symbol("Sở Yt6", "QĐ-BYT") == "Sở Yt6"
    assert spelling_by_symbol("Cục Kỹ thuật 2", "QĐ-BYT") == "Cục Kỹ thuật 2"
    assert spelling_by_symbol("Bộ Y t6", "QĐ-UBND") == "Bộ Y t6"
