"""Who signs, how, and Nơi nhận (ô 7 and 9b)."""

from __future__ import annotations

from ingest.layout.found import Found
from ingest.layout.lines import lines_of
from ingest.layout.signature import find_signature, read_signature, signature_lines
from ingest.page import Page


def signature_of(text: str) -> dict[str, Found]:
    """The signature of a text without boxes."""
    start = find_signature(text, 0, ocr=False)
    assert start is not None
    return read_signature(signature_lines(lines_of(Page(1, text, "text"), 0), start), ocr=False)


def test_recipients_and_signature_on_the_same_lines() -> None:
    found = signature_of(
        "Trên đây là Kế hoạch của Sở./.\nNơi nhận: KT. GIÁM ĐỐC\n- UBND Tỉnh (báo cáo);\n- BGĐ Sở (báo cáo);\n"
        "PHÓ GIÁM ĐỐC\n- Lưu: VT, Trung tâm(N).\n\nPhạm Thị Ngọc Đào\n"
    )
    assert found["recipients"].value == ["UBND Tỉnh (báo cáo)", "BGĐ Sở (báo cáo)", "Lưu: VT, Trung tâm(N)"]
    assert found["signing_form"].value == ["KT."]
    assert found["signer_title"].value == "Phó Giám đốc"
    assert found["signer"].value == "Phạm Thị Ngọc Đào"


def test_forms_are_listed_in_their_order() -> None:
    found = signature_of(
        "Nơi nhận:\n- Như trên;\n- Lưu: VT.\nTL. CHỦ TỊCH\nKT. CHÁNH VĂN PHÒNG\nPHÓ CHÁNH VĂN PHÒNG\n\nTrương "
        "Ánh Dương\n"
        "CHƯƠNG TRÌNH TẬP HUẤN\n"
    )
    assert found["signing_form"].value == ["TL.", "KT."]
    assert found["signer_title"].value == "Phó Chánh Văn phòng"
    assert found["signer"].value == "Trương Ánh Dương"


def test_a_post_above_an_office_is_the_title() -> None:
    found = signature_of("Nơi nhận:\n- Như trên.\n- Lưu: VT.\nTRƯỞNG BAN\n(Đã ký)\nGIÁM ĐỐC SỞ Y TẾ\nLê Hoàng Anh\n")
    assert found["signer_title"].value == "Trưởng ban"
    assert found["signer"].value == "Lê Hoàng Anh"


def test_a_missing_name_is_not_replaced() -> None:
    found = signature_of("Nơi nhận:\n- Lưu: VT.\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n")
    assert "signer" not in found
    assert found["signer_title"].value == "Phó Chủ tịch"


def test_a_gazette_print_without_recipients() -> None:
    found = signature_of(
        "trách nhiệm thi hành Nghị định này./.\nTM. CHÍNH PHỦ\nKT. THỦ TƯỚNG\nPHÓ THỦ TƯỚNG\nLê Thành Long\n"
    )
    assert found["signer"].value == "Lê Thành Long"
    assert found["signer_title"].value == "Phó Thủ tướng"


def test_the_first_signature_is_the_documents_own() -> None:
    text = "A./.\nNơi nhận:\n- Lưu: VT.\nCHỦ TỊCH\nVi Hồng Sơn\f\nPHỤ LỤC\nNơi nhận:\n- X.\nGIÁM ĐỐC\nLê Văn An\n"
    assert signature_of(text)["signer"].value == "Vi Hồng Sơn"


def test_without_signature_there_is_no_place_for_one() -> None:
    assert find_signature("Hội nghị diễn ra tại xã.", 0, ocr=False) is None
