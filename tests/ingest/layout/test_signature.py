"""Who signs, how, and Nơi nhận (ô 7 and 9b)."""

from __future__ import annotations

from ingest.layout.found import Found
from ingest.layout.lines import lines_of
from ingest.layout.signature import find_signature, last_long_line, read_signature, signature_lines
from ingest.page import Page
from tests.ingest.layout.support import Rows, drawn_page


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


def test_the_name_below_the_title_is_the_signer_and_no_name_of_a_list_below_it() -> None:
    found = signature_of(
        "trách nhiệm thi hành./.\nNơi nhận:\n- Như Điều 3;\n- Lưu: VT.\nCHỦ TỊCH\nTrần Quốc Bảo\n"
        "DANH SÁCH THÀNH VIÊN\n1. Lê Văn Tám\n2. Ngô Thị Chín\n"
    )
    assert found["signer"].value == "Trần Quốc Bảo"


def test_the_block_ends_where_an_annex_begins() -> None:
    text = "Nơi nhận:\n- Lưu: VT.\nCHỦ TỊCH\nPHỤ LỤC\nLê Văn Tám\n"
    lines = signature_lines(lines_of(Page(1, text, "text"), 0), 0, text.index("PHỤ LỤC"))
    assert "signer" not in read_signature(lines, ocr=False)


def test_recipients_without_an_archive_line_end_at_the_title() -> None:
    found = signature_of("Nơi nhận:\n- Như trên;\n- LĐVP\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nLê Minh Châu\n")
    assert found["recipients"].value == ["Như trên", "LĐVP"]
    assert found["signer"].value == "Lê Minh Châu"


def test_an_example_inside_the_text_is_no_signature() -> None:
    text = (
        "Điều 12. Chức vụ được ghi như sau, ví dụ:\nTRƯỞNG PHÒNG\nNguyễn Văn A\nĐiều 13. Nơi nhận được ghi ở cuối.\n"
        "Thông tư này có hiệu lực từ ngày ký./.\nBỘ TRƯỞNG\nTrần Quốc Bảo\n"
    )
    found = signature_of(text)
    assert (found["signer"].value, found["signer_title"].value) == ("Trần Quốc Bảo", "Bộ trưởng")
    examples = text.replace("Thông tư", "PHỤ LỤC\nThông tư")  # what an annex holds is signed by somebody else
    assert signature_of(examples)["signer"].value == "Nguyễn Văn A"


SCANNED: Rows = [
    [(0.1, "Nơi nhận:"), (0.62, "GIÁM ĐỐC")],
    [(0.1, "- Như trên;")],
    [(0.1, "- Lưu: VT."), (0.55, "Ký bởi: VĂN THƯ SỞ")],
    [(0.56, "Trần Quốc Bảo")],
]


def test_the_text_of_a_digital_signature_is_no_name() -> None:
    page = drawn_page(SCANNED)
    found = read_signature(signature_lines(lines_of(page, 0), 0), ocr=True)
    assert found["signer"].value == "Trần Quốc Bảo"


def test_a_title_right_of_the_name_may_have_lost_its_form() -> None:
    shifted = drawn_page(SCANNED)
    found = read_signature(signature_lines(lines_of(shifted, 0), 0), ocr=True)
    assert found["signer_title"].value == "Giám đốc"
    assert found["signer_title"].evidence.needs_review
    centred = drawn_page([[(0.1, "Nơi nhận:"), (0.58, "GIÁM ĐỐC")], *SCANNED[1:]])
    sure = read_signature(signature_lines(lines_of(centred, 0), 0), ocr=True)
    assert not sure["signer_title"].evidence.needs_review


def test_strokes_of_a_pen_are_no_name() -> None:
    rows: Rows = [[(0.1, "Nơi nhận:"), (0.58, "TM. ỦY BAN NHÂN DÂN")], [(0.6, "CHỦ TỊCH")], [(0.6, "Nông Sc")]]
    found = read_signature(signature_lines(lines_of(drawn_page(rows), 0), 0), ocr=True)
    assert "signer" not in found


def test_a_letter_with_a_stop_before_a_title_is_a_form_half_covered() -> None:
    rows: Rows = [[(0.1, "Nơi nhận:"), (0.58, "T. GIÁM ĐÓC")], [(0.56, "Trần Quốc Bảo")]]
    found = read_signature(signature_lines(lines_of(drawn_page(rows), 0), 0), ocr=True)
    assert found["signer_title"].value == "Phó Giám đốc"
    assert found["signer_title"].evidence.needs_review


def test_the_last_line_of_running_text_stands_above_a_signature_that_nothing_announces() -> None:
    text = "Điều 1. Ban hành quy chế kèm theo Quyết định này và giao Văn phòng theo dõi.\nTrần Quốc Bảo\n"
    assert last_long_line(text, 0, None) == 0
    assert last_long_line("Trần Quốc Bảo\n", 0, None) is None


def test_a_head_title_behind_signs_that_are_no_word_may_have_lost_its_form() -> None:
    page = drawn_page([[(0.1, "Nơi nhận:"), (0.6, "2TÁ GIÁM ĐỐC")], [], [], [(0.6, "Nguyễn Văn An")]])
    found = read_signature(signature_lines(lines_of(page, 0), 0), ocr=True)
    assert found["signer_title"].value == "Giám đốc"
    assert found["signer_title"].evidence.needs_review


def test_a_title_below_the_room_for_pen_and_seal_is_another_signature() -> None:
    rows: Rows = [[(0.1, "Nơi nhận:"), (0.65, "CHỦ TỊCH")], *([] for _ in range(9)), [(0.64, "KT. GIÁM ĐỐC")]]
    rows += [[(0.64, "PHÓ GIÁM ĐỐC")], [], [], [(0.64, "Hà Văn Phú")]]
    found = read_signature(signature_lines(lines_of(drawn_page(rows), 0), 0), ocr=True)
    assert found["signer_title"].value == "Chủ tịch"
    assert "signer" not in found


def test_a_short_name_behind_a_word_has_lost_its_beginning() -> None:
    rows: Rows = [[(0.1, "Nơi nhận:"), (0.6, "TM. BAN CHẤP HÀNH")], [(0.64, "CHỦ TỊCH")], [], []]
    cut = drawn_page([*rows, [(0.6, "Nguyên ị Lê Hà")]], confidence=0.99)
    found = read_signature(signature_lines(lines_of(cut, 0), 0), ocr=True)
    assert "signer" not in found or found["signer"].evidence.needs_review
    specks = drawn_page([*rows, [(0.6, "ị Lê Hà")]], confidence=0.99)
    found = read_signature(signature_lines(lines_of(specks, 0), 0), ocr=True)
    assert found["signer"].value == "Lê Hà"
    assert not found["signer"].evidence.needs_review


def test_a_name_is_checked_as_long_as_it_would_be_read_again() -> None:
    rows: Rows = [[(0.1, "Nơi nhận:"), (0.6, "KT. CHỦ TỊCH")], [(0.6, "PHÓ CHỦ TỊCH")], [(0.6, "Lê Văn Minh")]]
    for confidence, is_checked in ((0.75, True), (0.85, False)):
        page = drawn_page(rows, confidence=confidence)
        found = read_signature(signature_lines(lines_of(page, 0), 0), ocr=True)
        assert found["signer"].value == "Lê Văn Minh"
        assert found["signer"].evidence.needs_review == is_checked


def test_an_attached_documents_signature_is_not_taken_where_ocr_lost_the_own_name() -> None:
    own = "Kính trình Hội đồng nhân dân tỉnh xem xét.\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nKí: nà\n\f"
    attached = (
        "HỘI ĐỒNG NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nNGHỊ QUYẾT\nĐiều 1. Thông qua./.\n"
        "Nơi nhận:\n- Lưu: VT.\nCHỦ TỊCH\nTrần Quốc Bảo\n"
    )
    assert find_signature(own + attached, 0, ocr=True) == own.index("TM.")
    assert find_signature(own, 0, ocr=True) == own.index("TM.")
    named = own.replace("Kí: nà", "Lê Thị Mai")
    assert find_signature(named + attached, 0, ocr=True) == named.index("TM.")
