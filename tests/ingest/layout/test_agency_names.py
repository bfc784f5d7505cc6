"""Names of agencies from the capitals of a header."""

from __future__ import annotations

import pytest

from ingest.layout import agency_names


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("ỦY BAN NHÂN DÂN TÍNH VÂN LĨNH", "Ủy ban nhân dân tỉnh Vân Lĩnh"),
        ("UBND HUYEN PHONG LĨNH", "UBND huyện Phong Lĩnh"),
        ("ỦY BAN NHÂN DÂN THANH PHỐ NHA TRANG", "Ủy ban nhân dân thành phố Nha Trang"),
        ("UBND TĨNH KIÊN GIANG", "UBND tỉnh Kiên Giang"),
    ],
)
def test_levels_that_lost_their_marks_are_restored(printed: str, name: str) -> None:
    assert agency_names.read(printed, ocr=True)[0] == name


def test_capitals_become_the_case_of_a_sentence() -> None:
    assert agency_names.read("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", ocr=False)[0] == "Sở Nông nghiệp và Môi trường"
    assert agency_names.from_capitals("VĂN PHÒNG UBND TỈNH") == "Văn phòng UBND tỉnh"


def test_a_slip_in_a_known_name_is_repaired_and_reported() -> None:
    assert agency_names.read("BỘ TÀI CHÍNK", ocr=True) == ("Bộ Tài chính", True)
    assert agency_names.read("BỘ TÀI CHÍNH", ocr=True) == ("Bộ Tài chính", False)


def test_a_line_too_long_for_a_name_is_left_as_it_is() -> None:
    words = ["SỞ", *["TỐI", "MẬ"] * 2_000]
    assert agency_names.read(" ".join(words), ocr=True) == (" ".join(words), False)


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("PHÒNG NCKSTTHC", "Phòng NCKSTTHC"),
        ("TRUNG TÂM KHUYẾN NÔNG", "Trung tâm Khuyến nông"),
        ("BAN QLDA VÀ PT QUỸ ĐẤT", "Ban QLDA và PT Quỹ đất"),
        ("HỘI ĐỒNG NHÂN DÂN ĐẶC KHU VÂN HẢI", "Hội đồng nhân dân đặc khu Vân Hải"),
        ("TRƯỜNG TIỂU HỌC KIM ĐỒNG", "Trường Tiểu học Kim Đồng"),
        ("SỞ Y TẾ (DỰ ÁN GAVI)", "Sở Y tế (Dự án Gavi)"),
        ("SỞ LAO ĐỘNG - TBXH", "Sở Lao động - TBXH"),
        ("UBND XÃ ĐẮK R'TÍH", "UBND xã Đắk R'Tíh"),
    ],
)
def test_capitals_are_set_as_people_write_names(printed: str, name: str) -> None:
    assert agency_names.read(printed, ocr=False)[0] == name


@pytest.mark.parametrize("ocr", [True, False])
def test_a_name_close_to_that_of_another_agency_stays_what_it_is(ocr: bool) -> None:
    assert agency_names.read("ỦY BAN NHÂN DÂN THÀNH PHỐ HẢI DƯƠNG", ocr=ocr)[0].endswith("thành phố Hải Dương")
    assert agency_names.read("SỞ THƯƠNG MẠI", ocr=ocr)[0] == "Sở Thương mại"


def test_born_digital_text_keeps_its_letters() -> None:
    assert agency_names.read("HỘI ĐÒNG QUẢN LÝ", ocr=False)[0] == "Hội Đòng Quản lý"
    assert agency_names.read("HỘI ĐÒNG QUẢN LÝ", ocr=True) == ("Hội đồng quản lý", True)
