"""Names that OCR read are put right by gazetteer, grammar and the document's own mentions, and doubted otherwise."""

from __future__ import annotations

import pytest

from corpus.model import Citation
from ingest.layout.header import read_plain_header
from ingest.layout.name_restoring import find_di_danh, restore_citations, restored_agency, restored_di_danh
from ingest.layout.own_mentions import OwnMentions
from ingest.layout.place_names import restored_place
from tests.ingest.layout.support import Rows, drawn_header

NOWHERE = OwnMentions("")


@pytest.mark.parametrize(
    ("read", "name"),
    [
        ("Ủy ban nhân dân tỉnh Lâm Đông", "Ủy ban nhân dân tỉnh Lâm Đồng"),
        ("Công an tỉnh Quảng Ngãí", "Công an tỉnh Quảng Ngãi"),
        ("UBND huyện Tuy Đúc", "UBND huyện Tuy Đức"),
        ("Hội Đòng quản lý", "Hội đồng quản lý"),
        ("Tỏ công tác liên ngành", "Tổ công tác liên ngành"),
    ],
)
def test_lost_marks_are_restored(read: str, name: str) -> None:
    restored = restored_agency(read, NOWHERE)
    assert restored.name == name
    assert restored.is_sure


def test_spellings_that_offices_mix_are_no_slips() -> None:
    assert restored_agency("UBND tỉnh Đăk Nông", NOWHERE).name == "UBND tỉnh Đăk Nông"
    assert restored_di_danh("Đăk Nông", NOWHERE).is_sure


def test_of_two_communes_the_one_in_the_province_of_the_document_is_chosen() -> None:
    # Xã Kiên Thành lies in Yên Bái and Bắc Giang, xã Kiến Thành in Đắk Nông and An Giang.
    assert (
        restored_place("Kiên Thành", OwnMentions("Căn cứ Quyết định của UBND tỉnh An Giang"), kind="xã").name
        == "Kiến Thành"
    )
    assert restored_place("Kiên Thành", OwnMentions("UBND tỉnh Yên Bái"), kind="xã").name == "Kiên Thành"


def test_a_misread_letter_needs_a_confirmation_in_the_document() -> None:
    misread = "Quảng Trục Tin"
    assert restored_place(misread, NOWHERE, kind="xã").name == misread
    confirmed = restored_place("Đức Phồ Xì", OwnMentions("thị xã Đức Phổ, tỉnh Quảng Ngãi"), kind="thị xã")
    assert confirmed.name == "Đức Phổ"
    assert confirmed.is_sure


def test_a_place_that_nothing_knows_is_doubted_unless_the_document_repeats_it() -> None:
    assert not restored_place("Vân Lĩnh Thượng", NOWHERE, kind="xã").is_sure
    assert restored_place("Vân Lĩnh Thượng", OwnMentions("xã Vân Lĩnh Thượng; Vân Lĩnh Thượng"), kind="xã").is_sure


def test_the_document_itself_shows_how_a_word_is_written() -> None:
    text = "HỌI YOGE TỈNH LÂM ĐÒNG\nĐiều lệ Hội Yoga tỉnh Lâm Đồng. Hội Yoga tỉnh đề nghị"
    assert restored_agency("Hội Yoge tỉnh Lâm Đòng", OwnMentions(text)).name == "Hội Yoga tỉnh Lâm Đồng"


def test_a_name_of_no_agency_and_an_agency_without_its_area_are_doubted() -> None:
    assert not restored_agency("Xquz bảo và", NOWHERE).is_sure
    assert not restored_agency("Ủy ban nhân dân", NOWHERE).is_sure


@pytest.mark.parametrize(
    ("read", "name"),
    [("Thành phó Hồ Chí Minh", "Thành phố Hồ Chí Minh"), ("TP. Đà Nắng", "TP. Đà Nẵng"), ("Lâm Đông", "Lâm Đồng")],
)
def test_a_dia_danh_is_restored_with_its_level(read: str, name: str) -> None:
    assert restored_di_danh(read, NOWHERE).name == name


def test_a_dia_danh_is_found_where_its_date_is_unreadable() -> None:
    found = find_di_danh("ỦY BAN NHÂN DÂN\nSố: 12/QĐ-UBND Lâm Đông, ngày 2| thắng  năm 2025\n", NOWHERE)
    assert found is not None
    assert found.value == "Lâm Đồng"
    assert found.evidence.restored_from == "Lâm Đông"
    assert find_di_danh("Căn cứ Luật, ngày 11 tháng", NOWHERE) is None


def test_cited_issuers_are_restored_where_the_reading_is_sure() -> None:
    citation = Citation("Quyết định số 1/QĐ-UBND của UBND tỉnh Lâm Đông", 0, 46, issuer="UBND tỉnh Lâm Đông")
    restore_citations([citation], NOWHERE)
    assert citation.issuer == "UBND tỉnh Lâm Đồng"
    assert citation.text.endswith("Lâm Đông")


STAMPED: Rows = [
    [(0.12, "SAO Y")],
    [(0.08, "UBND TỈNH VÂN LĨNH"), (0.5, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
    [(0.12, "SỞ NỘI VỤ"), (0.56, "Độc lập - Tự do - Hạnh phúc")],
    [(0.1, "Số: 12/SNV-VP"), (0.52, "Vân Lĩnh, ngày 05 tháng 3 năm 2024")],
]


def test_stamps_above_the_agencies_are_no_agency() -> None:
    header = drawn_header(STAMPED)
    assert header.value("issuer") == "Sở Nội vụ"
    assert header.value("parent_agency") == "UBND tỉnh Vân Lĩnh"
    assert drawn_header([STAMPED[0], STAMPED[2], STAMPED[3]]).value("parent_agency") is None


def test_a_name_keeps_its_second_line_where_number_and_date_are_missing() -> None:
    rows: Rows = [
        [(0.12, "ỦY BAN NHÂN DÂN"), (0.5, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
        [(0.14, "XÃ VÂN LĨNH"), (0.56, "Độc lập - Tự do - Hạnh phúc")],
        [(0.4, "NỘI QUY TIẾP CÔNG DÂN")],
    ]
    assert drawn_header(rows).value("issuer") == "Ủy ban nhân dân xã Vân Lĩnh"


def test_a_commune_that_the_document_writes_so_again_and_again_stays() -> None:
    # Xã Cẩm Lĩnh lies in Hà Nội; the document names neither that nor Ba Vì.
    text = "ỦY BAN NHÂN DÂN XÃ CAM LĨNH\nCam Lĩnh, ngày 05 tháng 9\ncủa xã Cam Lĩnh; trên địa bàn xã Cam Lĩnh"
    assert restored_place("Cam Lĩnh", OwnMentions(text), kind="xã").name == "Cam Lĩnh"
    once = restored_place("Cam Lĩnh", OwnMentions("ỦY BAN NHÂN DÂN XÃ CAM LĨNH"), kind="xã")
    assert (once.name, once.is_sure) == ("Cẩm Lĩnh", False)
    confirmed = restored_place("Cam Lĩnh", OwnMentions("Cẩm Lĩnh, ngày 05 tháng 9"), kind="xã")
    assert (confirmed.name, confirmed.is_sure) == ("Cẩm Lĩnh", True)


def test_a_ky_hieu_without_its_number_is_no_line_of_the_name() -> None:
    header = read_plain_header(
        "ĐẢNG BỘ TỈNH VÂN LĨNH      ĐẢNG CỘNG SẢN VIỆT NAM\nĐẢNG ỦY XÃ CAM LĨNH\n*\n"
        "Số      -KH/ĐU      Cam Lĩnh, ngày 5 tháng 9 năm 2025\n"
        "KẾ HOẠCH\n"
    )
    assert header.value("issuer") == "Đảng ủy xã Cam Lĩnh"
