"""The zones of a document: header, title, preamble, body, Nơi nhận and signature, attachments."""

from __future__ import annotations

from corpus.fold import nfc
from ingest.layout.header import read_plain_header
from ingest.layout.zones import Structure, divide
from tests.ingest.layout.support import divided

HEAD = "UBND TỈNH VÂN LĨNH CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSỞ Y TẾ Độc lập - Tự do - Hạnh phúc\n"


def zone_of(text: str, structure: Structure, words: str) -> tuple[str, int]:
    """(name, part) of the zone in which *words* stand."""
    zone = structure.zone_at(text.index(words))
    return zone.name, zone.part


def test_a_decision_from_header_to_attachment() -> None:
    text, structure = divided(
        f"{HEAD}Số: 12/QĐ-SYT Vân Lĩnh, ngày 5 tháng 6 năm 2024\nQUYẾT ĐỊNH\n"
        "Về việc thành lập Tổ công tác\ntriển khai Đề án\n"
        "GIÁM ĐỐC SỞ Y TẾ\nCăn cứ Luật Khám bệnh, chữa bệnh ngày 09/01/2023;\nLuật Dược ngày 06/4/2016;\n"
        "Xét đề nghị của Trưởng phòng Tổ chức cán bộ,\nQUYẾT ĐỊNH:\n"
        "Điều 1. Thành lập Tổ công tác.\nĐiều 2. Hiệu lực./.\n"
        "Nơi nhận:\n- Như Điều 2;\n- Lưu: VT.\nKT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\nTrần Thị An\fDANH SÁCH TỔ CÔNG TÁC\n"
        "(Kèm theo Quyết định số 12/QĐ-SYT)\n1. Ông A"
    )
    assert structure.kind == "administrative"
    assert zone_of(text, structure, "Số: 12") == ("header", 0)
    assert zone_of(text, structure, "triển khai Đề án") == ("title", 0)
    assert zone_of(text, structure, "Căn cứ") == ("preamble", 0)
    assert zone_of(text, structure, "Luật Dược") == ("preamble", 0)
    assert zone_of(text, structure, "Xét đề nghị") == ("preamble", 0)
    assert zone_of(text, structure, "Điều 1.") == ("body", 0)
    assert zone_of(text, structure, "Như Điều 2") == ("recipients", 0)
    assert zone_of(text, structure, "Trần Thị An") == ("recipients", 0)
    assert zone_of(text, structure, "(Kèm theo") == ("attachment", 1)
    assert structure.page_at(text.index("DANH SÁCH")) == 2


def test_the_clause_of_enactment_belongs_to_the_body() -> None:
    text, structure = divided(
        "CHÍNH PHỦ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
        "Số: 74/2025/NĐ-CP Hà Nội, ngày 31 tháng 3 năm 2025\n"
        "NGHỊ ĐỊNH\nSửa đổi, bổ sung một số điều của Nghị định số 70/2015/NĐ-CP\n"
        "Căn cứ Luật Tổ chức Chính phủ ngày 18/02/2025;\n"
        "Theo đề nghị của Bộ trưởng Bộ Quốc phòng;\n"
        "Chính phủ ban hành Nghị định sửa đổi Nghị định số 70/2015/NĐ-CP.\nĐiều 1. Sửa đổi"
    )
    assert zone_of(text, structure, "Theo đề nghị") == ("preamble", 0)
    assert zone_of(text, structure, "Chính phủ ban hành") == ("body", 0)


def test_the_first_paragraph_of_a_letter_is_its_preamble() -> None:
    text, structure = divided(
        f"{HEAD}Số: 9/SYT-NVY Vân Lĩnh, ngày 5 tháng 6 năm 2024\nV/v triển khai thực hiện Quyết\nđịnh số 6110/QĐ-BYT\n"
        "Kính gửi:\n- Giám đốc các bệnh viện;\n- Trung tâm y tế.\n"
        "Sở Y tế nhận được Quyết định số 6110/QĐ-BYT ngày 29/12/2017.\n"
        "Giám đốc Sở yêu cầu thực hiện./.\nNơi nhận:\n- Như trên;\n- Lưu: VT."
    )
    assert zone_of(text, structure, "định số 6110") == ("title", 0)
    assert zone_of(text, structure, "Giám đốc Sở yêu cầu") == ("body", 0)


def test_a_bundled_document_is_a_part_of_its_own() -> None:
    text, structure = divided(
        f"{HEAD}Số: 9/SYT-NVY Vân Lĩnh, ngày 5 tháng 6 năm 2024\nV/v gửi tài liệu\nKính gửi: Các đơn vị.\n"
        "Sở Y tế gửi văn bản sau./.\nNơi nhận:\n- Như trên.\f"
        "BỘ Y TẾ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
        "Số: 6110/QĐ-BYT Hà Nội, ngày 29 tháng 12 năm 2017\n"
        "QUYẾT ĐỊNH\nBan hành hướng dẫn\nCăn cứ Nghị định số 75/2017/NĐ-CP;\nĐiều 1. Ban hành"
    )
    assert zone_of(text, structure, "Số: 6110") == ("header", 1)
    assert zone_of(text, structure, "Căn cứ") == ("attachment", 1)
    assert zone_of(text, structure, "Điều 1.") == ("attachment", 1)


def test_words_that_end_in_nhan_do_not_open_recipients() -> None:
    text, structure = divided(
        f"{HEAD}Số: 12/QĐ-SYT Vân Lĩnh, ngày 5 tháng 6 năm 2024\nQUYẾT ĐỊNH\nBan hành quy trình\nCăn cứ Luật Dược;\n"
        "Điều 1. Hồ sơ gồm đơn đề nghị có xác nhận của đơn vị\ntiếp nhận;\nĐiều 2. Thi hành./.\nNơi nhận:\n- Như trên."
    )
    assert zone_of(text, structure, "tiếp nhận") == ("body", 0)
    assert zone_of(text, structure, "Điều 2") == ("body", 0)
    assert zone_of(text, structure, "Như trên") == ("recipients", 0)


def test_a_text_without_signs_of_an_office_is_one_body() -> None:
    text, structure = divided("BÁO CÁO\nHội nghị tập huấn được tổ chức tại xã.\nCăn cứ tình hình, lớp học kéo dài.")
    assert structure.kind == "other"
    assert [zone.name for zone in structure.zones] == ["body"]
    assert structure.zones[0].end == len(text)


def test_zones_cover_the_text_without_gaps() -> None:
    text, structure = divided(f"{HEAD}Số: 9/SYT-NVY\nKính gửi: A.\nNội dung./.\nNơi nhận:\n- A.\fPHỤ LỤC\n1. B")
    assert structure.zones[0].start == 0
    assert structure.zones[-1].end == len(text)
    for one, following in zip(structure.zones, structure.zones[1:], strict=False):
        assert one.end == following.start


def test_a_footnote_ends_with_its_page() -> None:
    text, structure = divided(
        f"{HEAD}Số: 9/KH-SYT Vân Lĩnh, ngày 5 tháng 6 năm 2024\nKẾ HOẠCH\nTập huấn\nCăn cứ Luật Dược;\n"
        "I. MỤC TIÊU\nThực hiện theo quy định\n(1)\nvà kế hoạch năm.\n(1)\nQuyết định số 1084/QĐ-UBND.\f"
        "II. NỘI DUNG\nTập huấn./."
    )
    assert zone_of(text, structure, "Quyết định số 1084") == ("footnote", 0)
    assert zone_of(text, structure, "II. NỘI DUNG") == ("body", 0)


def test_the_text_above_a_letterhead_is_the_document() -> None:
    text = nfc(
        "Kính gửi: Sở Nội vụ.\nVăn phòng UBND tỉnh nhận được Công văn số 215/SNV-TCCB ngày 14 tháng 01 năm 2026\n"
        "của Sở Nội vụ về việc lấy ý kiến góp ý dự thảo Kế hoạch kiểm tra cải cách hành chính năm 2026.\n"
        "UBND TỈNH VÂN LĨNH\nVĂN PHÒNG\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
        "Số: /VP-HCQT\nV/v góp ý dự thảo\nVân Lĩnh, ngày tháng 01 năm 2026\nNơi nhận:\n- Như trên.\n"
    )
    structure = divide(text, [0], read_plain_header(text, text.index("UBND TỈNH VÂN")))
    assert structure.zone_at(text.index("215/SNV")).name == "preamble"
    assert structure.zone_at(text.index("CỘNG HÒA")).name == "header"
