"""The zones of a document, from its lines."""

from __future__ import annotations

from corpus.fold import nfc
from ingest.layout.zones import Structure, divide

HEAD = "UBND TỈNH VÂN LĨNH CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSỞ Y TẾ Độc lập - Tự do - Hạnh phúc\n"


def read(text: str) -> tuple[str, Structure]:
    text = nfc(text)
    return text, divide(text, [0, *(i + 1 for i, c in enumerate(text) if c == "\f")])


def zone_of(text: str, structure: Structure, words: str) -> tuple[str, int]:
    zone = structure.zone_at(text.index(words))
    return zone.name, zone.part


def test_a_decision_runs_from_header_to_attachment() -> None:
    text, structure = read(
        f"{HEAD}Số: 12/QĐ-SYT Vân Lĩnh, ngày 5 tháng 6 năm 2024\nQUYẾT ĐỊNH\nVề việc thành lập Tổ công tác\ntriển khai Đề án\n"
        "GIÁM ĐỐC SỞ Y TẾ\nCăn cứ Luật Khám bệnh, chữa bệnh ngày 09/01/2023;\nLuật Dược ngày 06/4/2016;\n"
        "Xét đề nghị của Trưởng phòng Tổ chức cán bộ,\nQUYẾT ĐỊNH:\nĐiều 1. Thành lập Tổ công tác.\nĐiều 2. Hiệu lực./.\n"
        "Nơi nhận:\n- Như Điều 2;\n- Lưu: VT.\nKT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\nTrần Thị An\fDANH SÁCH TỔ CÔNG TÁC\n"
        "(Kèm theo Quyết định số 12/QĐ-SYT)\n1. Ông A"
    )
    assert structure.kind == "administrative"
    assert structure.doc_type == "Quyết định"
    assert zone_of(text, structure, "Số: 12") == ("header", 0)
    assert zone_of(text, structure, "triển khai Đề án") == ("title", 0)
    assert zone_of(text, structure, "GIÁM ĐỐC SỞ Y TẾ") == ("title", 0)
    assert zone_of(text, structure, "Căn cứ") == ("preamble", 0)
    assert zone_of(text, structure, "Luật Dược") == ("preamble", 0)
    assert zone_of(text, structure, "Xét đề nghị") == ("preamble", 0)
    assert zone_of(text, structure, "Điều 1.") == ("body", 0)
    assert zone_of(text, structure, "Như Điều 2") == ("recipients", 0)
    assert zone_of(text, structure, "Trần Thị An") == ("recipients", 0)
    assert zone_of(text, structure, "(Kèm theo") == ("attachment", 1)
    assert structure.page_at(text.index("DANH SÁCH")) == 2


def test_the_clause_that_issues_the_document_is_body() -> None:
    text, structure = read(
        "CHÍNH PHỦ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nSố: 74/2025/NĐ-CP Hà Nội, ngày 31 tháng 3 năm 2025\n"
        "NGHỊ ĐỊNH\nSửa đổi, bổ sung một số điều của Nghị định số 70/2015/NĐ-CP\nCăn cứ Luật Tổ chức Chính phủ ngày 18/02/2025;\n"
        "Theo đề nghị của Bộ trưởng Bộ Quốc phòng;\nChính phủ ban hành Nghị định sửa đổi Nghị định số 70/2015/NĐ-CP.\nĐiều 1. Sửa đổi"
    )
    assert zone_of(text, structure, "Theo đề nghị") == ("preamble", 0)
    assert zone_of(text, structure, "Chính phủ ban hành") == ("body", 0)


def test_a_letter_has_its_first_paragraph_for_a_preamble() -> None:
    text, structure = read(
        f"{HEAD}Số: 9/SYT-NVY Vân Lĩnh, ngày 5 tháng 6 năm 2024\nV/v triển khai thực hiện Quyết\nđịnh số 6110/QĐ-BYT\nKính gửi:\n"
        "- Giám đốc các bệnh viện;\n- Trung tâm y tế.\nSở Y tế nhận được Quyết định số 6110/QĐ-BYT ngày 29/12/2017.\n"
        "Giám đốc Sở yêu cầu thực hiện./.\nNơi nhận:\n- Như trên;\n- Lưu: VT."
    )
    assert structure.doc_type == "Công văn"
    assert zone_of(text, structure, "định số 6110") == ("title", 0)
    assert zone_of(text, structure, "Sở Y tế nhận") == ("preamble", 0)
    assert zone_of(text, structure, "Giám đốc Sở yêu cầu") == ("body", 0)


def test_a_bundled_document_is_a_part_of_its_own() -> None:
    text, structure = read(
        f"{HEAD}Số: 9/SYT-NVY Vân Lĩnh, ngày 5 tháng 6 năm 2024\nV/v gửi tài liệu\nKính gửi: Các đơn vị.\nSở Y tế gửi văn bản sau./.\n"
        "Nơi nhận:\n- Như trên.\fBỘ Y TẾ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nSố: 6110/QĐ-BYT Hà Nội, ngày 29 tháng 12 năm 2017\n"
        "QUYẾT ĐỊNH\nBan hành hướng dẫn\nCăn cứ Nghị định số 75/2017/NĐ-CP;\nĐiều 1. Ban hành.\nNơi nhận:\n- Lưu: VT.\f"
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nĐƠN ĐĂNG KÝ"
    )
    assert zone_of(text, structure, "Số: 6110") == ("header", 1)
    assert zone_of(text, structure, "Căn cứ Nghị định") == ("attachment", 1)
    assert zone_of(text, structure, "ĐƠN ĐĂNG KÝ") == ("attachment", 2)


def test_a_footnote_stands_between_its_marker_and_the_end_of_its_sentence() -> None:
    text, structure = read(
        f"{HEAD}KẾ HOẠCH\nTập huấn\nSở Y tế xây dựng kế hoạch như sau:\nI. KINH PHÍ\nSử dụng kinh phí năm 2022\n(1)\n. \nII. TỔ CHỨC\n"
        "- Phối hợp thực hiện.\n(1)\n Quyết định số 1084/QĐ-UBND-HC ngày 07/10/2022 về việc bổ \nsung kinh phí.\n - Lựa chọn chuyên gia./.\nNơi nhận:\n- Lưu: VT."
    )
    assert zone_of(text, structure, "1084") == ("footnote", 0)
    assert zone_of(text, structure, "Lựa chọn") == ("body", 0)


def test_a_page_without_any_sign_of_an_office_is_no_administrative_document() -> None:
    text, structure = read(
        "Hội nghị tuyên truyền OCOP\nNước Cộng hòa xã hội chủ nghĩa Việt Nam có 63 tỉnh.\nCăn cứ vào Kế hoạch số 5/KH-UBND, …"
    )
    assert structure.kind == "other"
    assert {zone.name for zone in structure.zones} == {"body"}
    assert structure.zone_at(len(text) + 5).name == "body"


def test_header_and_title_found_by_another_reader_win() -> None:
    text = nfc("UBND TỈNH\nsố 5\nQUYẾT ĐỊNH\nVề việc A\nCăn cứ Luật B ngày 01/01/2020;\nĐiều 1. C")
    title = (text.index("Về"), text.index("Căn"))
    structure = divide(text, [0], header_end=text.index("QUYẾT"), title_span=title)
    assert zone_of(text, structure, "Về việc A")[0] == "title"
    assert zone_of(text, structure, "Căn cứ")[0] in ("preamble", "body")


def test_nothing_is_one_empty_zone() -> None:
    assert divide("", [0]).zone_at(0).name == "body"
    assert divide(" \n\f\n", [0, 3]).page_at(4) == 2
