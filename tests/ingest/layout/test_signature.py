"""Ô 7 and 9b of Nghị định 30: who signs, how, and Nơi nhận."""

from __future__ import annotations

import pytest

from ingest.layout.header import Found
from ingest.layout.lines import lines_of
from ingest.layout.signature import find_signature, person_of, read_signature, title_of, zone_of
from ingest.page import Page


def _read(text: str) -> dict[str, Found]:
    start = find_signature(text, 0, ocr=False)
    assert start is not None
    return read_signature(zone_of(lines_of(Page(1, text, "text"), 0), start), ocr=False)


def test_recipients_beside_the_signature() -> None:
    found = _read(
        "Trên đây là Kế hoạch của Sở./.\nNơi nhận: KT. GIÁM ĐỐC\n- UBND Tỉnh (báo cáo);\n- BGĐ Sở (báo cáo);\n"
        "PHÓ GIÁM ĐỐC\n- Lưu: VT, Trung tâm(N).\n\nPhạm Thị Ngọc Đào\n"
    )
    assert found["recipients"].value == ["UBND Tỉnh (báo cáo)", "BGĐ Sở (báo cáo)", "Lưu: VT, Trung tâm(N)"]
    assert found["signing_form"].value == ["KT."]
    assert found["signer_title"].value == "Phó Giám đốc"
    assert found["signer"].value == "Phạm Thị Ngọc Đào"


def test_forms_stack() -> None:
    found = _read(
        "Nơi nhận:\n- Như trên;\n- Lưu: VT.\nTL. CHỦ TỊCH\nKT. CHÁNH VĂN PHÒNG\nPHÓ CHÁNH VĂN PHÒNG\n\nTrương Ánh Dương\n"
        "CHƯƠNG TRÌNH TẬP HUẤN\n"
    )
    assert found["signing_form"].value == ["TL.", "KT."]
    assert found["signer_title"].value == "Phó Chánh Văn phòng"
    assert found["signer"].value == "Trương Ánh Dương"


def test_a_post_above_an_office_is_signed_under() -> None:
    found = _read("Nơi nhận:\n- Như trên.\n- Lưu: VT.\nTRƯỞNG BAN\n(Đã ký)\nGIÁM ĐỐC SỞ Y TẾ\nLê Hoàng Anh\n")
    assert found["signer_title"].value == "Trưởng ban"
    assert found["signer"].value == "Lê Hoàng Anh"


def test_a_missing_name_stays_missing() -> None:
    found = _read("Nơi nhận:\n- Lưu: VT.\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n")
    assert "signer" not in found
    assert found["signer_title"].value == "Phó Chủ tịch"


def test_a_gazette_print_has_no_recipients() -> None:
    found = _read("trách nhiệm thi hành Nghị định này./.\nTM. CHÍNH PHỦ\nKT. THỦ TƯỚNG\nPHÓ THỦ TƯỚNG\nLê Thành Long\n")
    assert found["signer"].value == "Lê Thành Long"
    assert found["signer_title"].value == "Phó Thủ tướng"


def test_the_first_signing_is_the_documents() -> None:
    text = "A./.\nNơi nhận:\n- Lưu: VT.\nCHỦ TỊCH\nVi Hồng Sơn\f\nPHỤ LỤC\nNơi nhận:\n- X.\nGIÁM ĐỐC\nLê Văn An\n"
    assert _read(text)["signer"].value == "Vi Hồng Sơn"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("PHÓ CHỦ TỊCH", "Phó Chủ tịch"),
        ("CHỦ TỊCH QUỐC HỘI", "Chủ tịch Quốc hội"),
        ("GIÁM ĐỐC SỞ Y TẾ", "Giám đốc Sở Y tế"),
        ("PHÓ THỦ TƯỚNGy]", "Phó Thủ tướng"),
        ("Chủ tịch UBND các huyện, thị xã", None),
        ("UBND huyện", None),
    ],
)
def test_titles(text: str, title: str | None) -> None:
    assert title_of(text) == title


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nguyễn Trúc Giang", "Nguyễn Trúc Giang"),
        ("_NGUYỄN VĂN AN", "Nguyễn Văn An"),
        ("WPhạm Vũ Hồng", "Phạm Vũ Hồng"),
        ("Phó Giám Đóc", None),
        ("ỦY BAN CHỨNG KHOÁN NHÀ NƯỚC", None),
        ("- Lưu: VT", None),
    ],
)
def test_persons(text: str, name: str | None) -> None:
    found = person_of(text)
    assert (found[0] if found else None) == name
