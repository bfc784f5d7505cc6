"""Finding and classifying citations: the grammar of domain 3, one sentence a case."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.fold import nfc
from corpus.model import Citation
from corpus.so_ky_hieu import parse
from corpus.tables import rows
from ingest.citations import find_citations
from ingest.layout.zones import Structure, Zone, divide

HEAD = "UBND TỈNH VÂN LĨNH CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSỞ Y TẾ Độc lập - Tự do - Hạnh phúc\n"


def body(text: str) -> list[Citation]:
    """The citations of a sentence that stands in the body."""
    text = nfc(text)
    return find_citations(text, Structure([Zone(0, len(text), "body")], "administrative"))


def preamble(text: str) -> list[Citation]:
    text = nfc(text)
    return find_citations(text, Structure([Zone(0, len(text), "preamble")], "administrative"))


def numbers(citations: list[Citation]) -> list[str | None]:
    return [c.so_ky_hieu for c in citations]


def one(text: str) -> Citation:
    found = body(text)
    assert len(found) == 1, [c.text for c in found]
    return found[0]


# --- find ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sentence", "text", "doc_type", "number", "date", "issuer"),
    [
        (
            "tại Quyết định số 490/QĐ-TTg ngày 07/5/2018 của Thủ tướng Chính phủ phê duyệt Chương trình",
            "Quyết định số 490/QĐ-TTg ngày 07/5/2018 của Thủ tướng Chính phủ",
            "Quyết định", "490/QĐ-TTg", "2018-05-07", "Thủ tướng Chính phủ",
        ),
        (
            "theo Công văn \n\nsố 2664/SNNPTNT-\n\nNTM ngày 19 tháng 6 năm 2024 về việc đôn đốc",
            "Công văn \n\nsố 2664/SNNPTNT-\n\nNTM ngày 19 tháng 6 năm 2024",
            "Công văn", "2664/SNNPTNT-NTM", "2024-06-19", None,
        ),
        (
            "Thông tư liên tịch số: 183/2010/TTLT/BTC-BNN, ngày 15/11/2010 hướng dẫn",
            "Thông tư liên tịch số: 183/2010/TTLT/BTC-BNN, ngày 15/11/2010",
            "Thông tư liên tịch", "183/2010/TTLT/BTC-BNN", "2010-11-15", None,
        ),
        (
            "Công văn số 1985/SYT-NVY của Sở Y tế ngày 17/10/2017 về việc báo cáo",
            "Công văn số 1985/SYT-NVY của Sở Y tế ngày 17/10/2017",
            "Công văn", "1985/SYT-NVY", "2017-10-17", "Sở Y tế",
        ),
        (
            "(theo Quyết định của Thủ tướng Chính phủ số 2038/QĐ-TTg ngày 15/11/2011)",
            "Quyết định của Thủ tướng Chính phủ số 2038/QĐ-TTg ngày 15/11/2011",
            "Quyết định", "2038/QĐ-TTg", "2011-11-15", "Thủ tướng Chính phủ",
        ),
        (
            "Quy định số 66-QĐ/TW ngày 06-02-2017 của Ban Bí thư về thể loại",
            "Quy định số 66-QĐ/TW ngày 06-02-2017 của Ban Bí thư",
            "Quy định", "66-QĐ/TW", "2017-02-06", "Ban Bí thư",
        ),
        (
            "Chương trình hành động số 34-CTr/TU ngày 29 tháng 12 năm 2017 của Tỉnh ủy thực hiện",
            "Chương trình hành động số 34-CTr/TU ngày 29 tháng 12 năm 2017 của Tỉnh ủy",
            "Chương trình hành động", "34-CTr/TU", "2017-12-29", "Tỉnh ủy",
        ),
        (
            "Công điện khẩn số 1407/CĐ-BYT ngày 23/12/2017 của Bộ Y tế về việc",
            "Công điện khẩn số 1407/CĐ-BYT ngày 23/12/2017 của Bộ Y tế",
            "Công điện", "1407/CĐ-BYT", "2017-12-23", "Bộ Y tế",
        ),
        (
            "Văn bản hợp nhất số 03/VBHN-VPQH ngày 15/7/2020 của Văn phòng Quốc hội.",
            "Văn bản hợp nhất số 03/VBHN-VPQH ngày 15/7/2020 của Văn phòng Quốc hội",
            "Văn bản hợp nhất", "03/VBHN-VPQH", "2020-07-15", "Văn phòng Quốc hội",
        ),
        (
            "Nghị định 63/NĐ-CP ngày 26/06/2014 của Chính phủ",
            "Nghị định 63/NĐ-CP ngày 26/06/2014 của Chính phủ",
            "Nghị định", "63/NĐ-CP", "2014-06-26", "Chính phủ",
        ),
        (
            "Luật Đấu \n\nthầu số 22/2023/QH15 ngày 23/6/2023;",
            "Luật Đấu \n\nthầu số 22/2023/QH15 ngày 23/6/2023",
            "Luật", "22/2023/QH15", "2023-06-23", None,
        ),
        (
            "tại Nghị định số 322-HĐBT ngày 18/10/1991",
            "Nghị định số 322-HĐBT ngày 18/10/1991",
            "Nghị định", "322-HĐBT", "1991-10-18", None,
        ),
    ],
)  # fmt: skip
def test_a_full_citation(
    sentence: str, text: str, doc_type: str, number: str, date: str | None, issuer: str | None
) -> None:
    citation = one(sentence)
    assert citation.text == text
    assert (citation.doc_type, citation.so_ky_hieu, citation.date, citation.issuer) == (doc_type, number, date, issuer)


@pytest.mark.parametrize(
    ("sentence", "issuer"),
    [
        ("được Bộ Nông nghiệp và Phát triển nông thôn ban hành tại Quyết định số 4464/QĐ-VPĐP ngày 06/11/2020", "Bộ Nông nghiệp và Phát triển nông thôn"),
        ("Xét đề nghị của Giám đốc Sở Nông nghiệp và PTNT tại Tờ trình số 728/TTr-SNN ngày 11/11/2019", "Giám đốc Sở Nông nghiệp và PTNT"),
        ("Quyết định số 15/QĐ-UBND của UBND xã An Bình, huyện Long Hồ, tỉnh Vĩnh Long về việc", "UBND xã An Bình, huyện Long Hồ, tỉnh Vĩnh Long"),
        ("Công văn số 1842/KCB-BVSK của Cục Quản lý Khám, chữa bệnh - Bộ Y tế về việc", "Cục Quản lý Khám, chữa bệnh - Bộ Y tế"),
        ("Công văn số 9/SVHTTDL-VP của Sở Văn hóa, Thể thao và Du lịch tỉnh Đắk Lắk đề nghị", "Sở Văn hóa, Thể thao và Du lịch tỉnh Đắk Lắk"),
        ("Nghị quyết số 21-NQ/TW của Ban Chấp hành Trung ương Đảng (khóa XII) về công tác dân số", "Ban Chấp hành Trung ương Đảng (khóa XII)"),
        ("Công văn số 689/TCDS-TTGD của Tổng cục Dân số-KHHGĐ về việc Hướng dẫn", "Tổng cục Dân số-KHHGĐ"),
        ("Quyết định số 5/QĐ-UBND của UBND tỉnh giao dự toán", "UBND tỉnh"),
    ],
)  # fmt: skip
def test_the_issuer_before_and_after(sentence: str, issuer: str) -> None:
    assert one(sentence).issuer == issuer


def test_date_and_issuer_may_both_stand_before() -> None:
    citation = one("Hồi 09 giờ ngày 31/10/2017 Bộ Y tế ban hành Công điện số 1155/CĐ-BYT về việc ứng phó.")
    assert (citation.date, citation.issuer) == ("2017-10-31", "Bộ Y tế")


def test_a_list_carries_type_issuer_and_date() -> None:
    found = body(
        "Quyết định số 919/QĐ-TTg ngày 01/8/2022 và Quyết định số 148/QĐ-TTg ngày 24/02/2023 của Thủ tướng Chính phủ"
    )
    assert [c.issuer for c in found] == ["Thủ tướng Chính phủ"] * 2
    found = body("tại Tờ trình số 361/TTr-CP và Đề án số 362/ĐA-CP ngày 09 tháng 5 năm 2025 của Chính phủ")
    assert [(c.doc_type, c.date) for c in found] == [("Tờ trình", "2025-05-09"), ("Đề án", "2025-05-09")]
    found = body("các Nghị quyết của HĐND tỉnh: số 59/2017/NQ-HĐND ngày 08/12/2017 về hỗ trợ; số 104/2018/NQ-HĐND")
    assert [(c.doc_type, c.issuer) for c in found] == [("Nghị quyết", "HĐND tỉnh")] * 2
    found = body("bởi các Luật số 43/2024/QH15, số 47/2024/QH15 và số 58/2024/QH15")
    assert [c.doc_type for c in found] == ["Luật"] * 3


def test_the_last_ky_hieu_holds_for_the_numbers_before_it() -> None:
    found = body("theo các Quyết định số: 318, 319, 320, 321/QĐ-TTg ngày 08/3/2022 của Thủ tướng Chính phủ")
    assert numbers(found) == ["318/QĐ-TTg", "319/QĐ-TTg", "320/QĐ-TTg", "321/QĐ-TTg"]
    assert {c.date for c in found} == {"2022-03-08"}
    assert [c.needs_review for c in found] == [True, True, True, False]


def test_the_type_of_a_listed_number_is_what_its_symbol_names() -> None:
    found = body("tại các Tờ trình số 2138/TTr-BCT ngày 30/3/2026 và số 374/BC-BCT ngày 30/5/2026")
    assert [c.doc_type for c in found] == ["Tờ trình", "Báo cáo"]


def test_a_semicolon_ends_what_a_list_carries_back() -> None:
    found = body("Nghị quyết số 05-NQ/TW; Kế hoạch số 7/KH-UBND ngày 1/2/2020 của UBND tỉnh")
    assert (found[0].date, found[0].issuer) == (None, None)


@pytest.mark.parametrize(
    ("text", "number", "doc_type"),
    [("theo Quyết định 148: Thông tin", "148", "Quyết định"), ("và Nghị định 68,", "68", "Nghị định"),
     ("thực hiện Đề án 1816 (Lần 2)", "1816", "Đề án"), ("Công văn số 1945 nêu trên", "1945", "Công văn")],
)  # fmt: skip
def test_a_bare_number_is_a_mention_without_so_ky_hieu(text: str, number: str, doc_type: str) -> None:
    citation = one(text)
    assert (citation.number, citation.so_ky_hieu, citation.doc_type) == (number, None, doc_type)
    assert citation.needs_review


@pytest.mark.parametrize(
    "text",
    [
        "Kế hoạch 5 năm; Báo cáo 6 tháng; Chương trình 3 giảm; Chuyên đề 1; 27 huyện; số 03 lớp; Đề án 2 giai đoạn",
        "Quyết định này có hiệu lực; Kế hoạch trên; theo quy định hiện hành; các văn bản thay thế",
        "QCVN 12:2008/BTNMT, TCVN 5502:2003 và TCVN 12/QĐ; mẫu số 02/DVDT, 09A/PL-TNCN; tờ khai 03/TNDN; biểu số 5/BC-TH",
        "điện thoại 0919.924.927; tỷ lệ 24/7; 1/2 ngày; ngày 20/11/20212; nguyên liệu/sản phẩm; 02 ngày/lớp",
        "pháp Luật về xử lý; UBND tỉnh quyết định; căn cứ vào điều kiện thực tế; Căn cứ chức năng, nhiệm vụ của sở",
        "Số: 496/UBND-KTCN",
    ],
)
def test_these_are_no_citations(text: str) -> None:
    assert [c.text for c in body(text)] == []


@pytest.mark.parametrize(
    "row", [r for r in rows("document_types") if r["header"] == "1" and r["code"]], ids=lambda r: r["code"]
)
def test_the_documents_own_number_in_its_header_is_no_citation(row: dict[str, str]) -> None:
    text = nfc(
        f"{HEAD}Số: 15/{row['code']}-SYT Vân Lĩnh, ngày 5 tháng 6 năm 2024\n{row['name'].upper()}\nVề việc tập huấn\n"
        "Căn cứ Kế hoạch số 90/KH-UBND ngày 24/4/2024 của UBND tỉnh;\nSở Y tế thông báo như sau:\n1. Nội dung.\n"
        "Nơi nhận:\n- Như trên;\n- Lưu: VT."
    )
    assert numbers(find_citations(text, divide(text, [0]))) == ["90/KH-UBND"]


# --- laws ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sentence", "text", "date"),
    [
        ("Căn cứ Luật Tổ chức chính quyền địa phương ngày 19/6/2015;", "Luật Tổ chức chính quyền địa phương ngày 19/6/2015", "2015-06-19"),
        ("theo Luật Thi đua, khen thưởng và", "Luật Thi đua, khen thưởng", None),
        ("của Luật Phòng, chống ma túy.", "Luật Phòng, chống ma túy", None),
        ("theo Luật Đất đai năm 2024,", "Luật Đất đai năm 2024", "2024"),
        (
            "Luật sửa đổi, bổ sung một số điều của Luật Tổ chức Chính phủ và Luật Tổ chức chính quyền địa phương ngày 22/11/2019;",
            "Luật sửa đổi, bổ sung một số điều của Luật Tổ chức Chính phủ và Luật Tổ chức chính quyền địa phương ngày 22/11/2019",
            "2019-11-22",
        ),
        ("Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam;", "Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam", None),
    ],
)  # fmt: skip
def test_a_law_by_name_is_one_citation(sentence: str, text: str, date: str | None) -> None:
    citation = one(sentence)
    assert (citation.text, citation.date, citation.so_ky_hieu) == (text, date, None)


def test_an_amending_law_has_the_number_behind_its_last_law_unless_each_has_its_own() -> None:
    citation = one(
        "Luật sửa đổi, bổ sung một số điều của Luật Thuế thu nhập cá nhân và Luật Quản lý thuế số 09/2026/QH16;"
    )
    assert citation.so_ky_hieu == "09/2026/QH16"
    citation = one("Luật sửa đổi, bổ sung một số điều của Luật Đất đai số 31/2024/QH15, Luật Nhà ở số 27/2023/QH15;")
    assert citation.so_ky_hieu is None


# --- classify --------------------------------------------------------------------------------------------------------------
def test_the_preamble_knows_basis_proposal_and_execution() -> None:
    found = preamble(
        "Căn cứ Nghị định số 115/2018/NĐ-CP ngày 04/9/2018 của Chính phủ quy định xử phạt; Kế hoạch số 134/KH-UBND;\n"
        "Thực hiện Kế hoạch số 3799/KH-UBND ngày 09/11/2022 của UBND tỉnh;\n"
        "Theo đề nghị của Giám đốc Sở Y tế tại Tờ trình số 12/TTr-SYT ngày 5/6/2023,"
    )
    assert [(c.relation, c.is_legal_basis) for c in found] == [
        ("can_cu", True), ("can_cu", True), ("thuc_hien", False), ("theo_de_nghi", False),
    ]  # fmt: skip


def test_a_citation_inside_a_title_is_listed_but_no_basis() -> None:
    found = preamble(
        "Căn cứ Quyết định số 1760/QĐ-TTg ngày 10/11/2017 của Thủ tướng Chính phủ điều chỉnh, bổ sung Quyết định số "
        "1600/QĐ-TTg ngày 16/8/2016 của Thủ tướng Chính phủ phê duyệt Chương trình;"
    )
    assert [(c.so_ky_hieu, c.relation, c.is_legal_basis) for c in found] == [
        ("1760/QĐ-TTg", "can_cu", True), ("1600/QĐ-TTg", "dan_chieu", False),
    ]  # fmt: skip


def test_what_amended_a_basis_is_no_basis() -> None:
    found = preamble(
        "Căn cứ Luật Đất đai số 31/2024/QH15 được sửa đổi, bổ sung bởi các Luật số 43/2024/QH15, số 47/2024/QH15;\n"
        "Căn cứ Nghị định số 78/2025/NĐ-CP ngày 01/4/2025 của Chính phủ quy định chi tiết (được sửa đổi tại Nghị định số "
        "187/2025/NĐ-CP ngày 01/7/2025);"
    )
    assert [c.is_legal_basis for c in found] == [True, False, False, True, False]


def test_a_full_citation_behind_a_title_is_one_more_basis() -> None:
    found = preamble(
        "Căn cứ Nghị định số 34/2016/NĐ-CP ngày 14/5/2016 của Chính phủ quy định chi tiết thi hành Luật Ban hành văn bản quy "
        "phạm pháp luật năm 2015 và Nghị định số 154/2020/NĐ-CP ngày 31/12/2020 của Chính phủ sửa đổi Nghị định số "
        "34/2016/NĐ-CP ngày 14/5/2016 của Chính phủ;"
    )
    assert [(c.so_ky_hieu, c.is_legal_basis) for c in found] == [
        ("34/2016/NĐ-CP", True), (None, False), ("154/2020/NĐ-CP", True), ("34/2016/NĐ-CP", False),
    ]  # fmt: skip


def test_a_news_page_has_no_legal_basis() -> None:
    text = "Hội nghị OCOP\nCăn cứ vào Kế hoạch số 3500/KH-UBND ngày 13/5/2024 của UBND thành phố, hội nghị diễn ra."
    found = find_citations(text, divide(text, [0]))
    assert [(c.relation, c.is_legal_basis) for c in found] == [("can_cu", False)]


@pytest.mark.parametrize(
    ("sentence", "relation"),
    [
        ("Quyết định này thay thế Quyết định số 1040/QĐ-UBND ngày 07/5/2019 của UBND tỉnh.", "thay_the"),
        ("có hiệu lực kể từ ngày ký và thay thế cho Quyết định số 3068/QĐ-SYT ngày 25/9/2017", "thay_the"),
        ("Bãi bỏ Quyết định số 11/2015/QĐ-UBND ngày 11/02/2015", "bai_bo"),
        ("Nghị định số 34/2016/NĐ-CP hết hiệu lực kể từ ngày Nghị định này có hiệu lực.", "bai_bo"),
        ("Sửa đổi, bổ sung một số điều của Quyết định số 148/QĐ-TTg ngày 24/02/2023", "sua_doi_bo_sung"),
        ("Phê duyệt Đề án số 5/ĐA-SNN ngày 2/3/2020", "phe_duyet"),
        ("Văn phòng Điều phối căn cứ Quyết định số 1726/QĐ-UBND ngày 18/5/2020 để tổ chức thực hiện.", "can_cu_thuc_hien"),
        ("Chỉ đạo triển khai Quyết định số 3798/QĐ-BYT ngày 21/8/2017 của Bộ Y tế", "trien_khai"),
        ("theo quy định tại khoản 2 Điều 5 Nghị định số 98/2018/NĐ-CP", "dan_chieu"),
        ("thực hiện theo Quyết định số 12/QĐ-UBND", "dan_chieu"),
        ("Gửi kèm Công văn số 12/UBND-KT ngày 3/3/2021", "dan_chieu"),
        ("Đính chính lỗi kỹ thuật tại Thông tư số 138/2025/TT-BTC", "dinh_chinh"),
    ],
)  # fmt: skip
def test_the_relation_of_a_citation_in_the_body(sentence: str, relation: str) -> None:
    assert one(sentence).relation == relation


def test_a_colon_hands_the_verb_on_to_the_whole_list() -> None:
    found = body(
        "Bãi bỏ các Quyết định sau: Quyết định số 11/2015/QĐ-UBND ngày 11/02/2015; Quyết định số 12/2016/QĐ-UBND."
    )
    assert [c.relation for c in found] == ["bai_bo", "bai_bo"]


def test_the_verb_of_the_cited_title_makes_no_relation_of_the_citing_document() -> None:
    citation = one("Quyết định số 1084/QĐ-UBND-HC ngày 07/10/2022 của UBND tỉnh về việc bổ sung nguồn kinh phí")
    assert citation.relation == "dan_chieu"
    assert citation.title == "bổ sung nguồn kinh phí"


def test_an_attachment_cites_its_parent_even_without_a_number() -> None:
    text = nfc(
        f"{HEAD}Số: 2084/KH-SYT Vân Lĩnh, ngày 6 tháng 11 năm 2017\nKẾ HOẠCH\nKiểm tra\n"
        "Căn cứ Quyết định số 4969/QĐ-BYT ngày 01/11/2017 của Bộ Y tế;\nSở Y tế xây dựng kế hoạch như sau:\n1. Mục đích./.\n"
        "Nơi nhận:\n- Như trên;\n- Lưu: VT.\fPHỤ LỤC\n(Kèm theo Kế hoạch số 2084/KH-SYT ngày 06/11/2017 của Sở Y tế)\n"
        "Căn cứ Thông tư số 5/2017/TT-BYT ngày 1/2/2017;\fMẪU BÁO CÁO\n(Ban hành kèm theo Công văn số         ngày    tháng 10 năm 2017)"
    )
    starts = [0, *(i + 1 for i, c in enumerate(text) if c == "\f")]
    found = find_citations(text, divide(text, starts), own=parse("2084/KH-SYT"))
    assert [(c.so_ky_hieu, c.relation, c.zone, c.page, c.target) for c in found] == [
        ("4969/QĐ-BYT", "can_cu", "preamble", 1, None),
        ("2084/KH-SYT", "ban_hanh_kem_theo", "attachment", 2, "self"),
        ("5/2017/TT-BYT", "can_cu", "attachment", 2, None),
        (None, "ban_hanh_kem_theo", "attachment", 3, None),
    ]
    assert [c.is_legal_basis for c in found] == [True, False, False, False]
    assert [c.part for c in found] == [0, 1, 1, 2]


# --- OCR -------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("seen", "number", "date"),
    [
        ("Công văn 6§9/TCDS-TTGD ngày 9 tháng I1 năm 2017", "689/TCDS-TTGD", "2017-11-09"),
        ("Quyết định số 61 10/QĐ-BYT ngày 29/12/2017", "6110/QĐ-BYT", "2017-12-29"),
        ("Công điện số 1976/CĐÐ-UBND ngày 24/12/2017", "1976/CĐ-UBND", "2017-12-24"),
        ("công văn số 04/GA VI ngày 04/1/2018", "04/GAVI", "2018-01-04"),
        ("Công điện số 1407/CĐ- 'BYT ngày 23/12/2017", "1407/CĐ-BYT", "2017-12-23"),
        ("Quyết định số 4969/QĐ-BYT ngày 0] tháng 11 năm 2017", "4969/QĐ-BYT", "2017-11-01"),
        ("Công điện số 1985/CĐ-TTEg ngày 23/12/2017", "1985/CĐ-TTg", "2017-12-23"),
        ("Nghị quyết số 5/NQ-HDND ngày 1/2/2019", "5/NQ-HĐND", "2019-02-01"),
    ],
)
def test_a_slip_of_the_ocr_is_mended_and_flagged(seen: str, number: str, date: str) -> None:
    citation = one(f"theo {seen} của đơn vị")
    assert (citation.so_ky_hieu, citation.date) == (number, date)
    assert citation.needs_review
    assert citation.confidence < 0.9
    assert citation.text in f"theo {seen} của đơn vị"


def test_a_laws_mended_date_is_flagged() -> None:
    (found,) = body("Theo Luật Đất đai ngày 29/11/2O13 đã nêu")
    assert (found.date, found.needs_review) == ("2013-11-29", True)


def test_a_clean_citation_is_not_flagged() -> None:
    assert not one("theo Quyết định số 490/QĐ-TTg ngày 07/5/2018 của Thủ tướng Chính phủ").needs_review


def test_marks_lost_in_an_agencys_name_are_put_back() -> None:
    assert one("Nghị định số 91/2017/NĐ-CP ngày 31/7/2017 của Chính phú quy định").issuer == "Chính phủ"


def test_an_issuer_that_the_ky_hieu_contradicts_is_left_out() -> None:
    citation = one("Nghị định 63/NĐ-CP ngày 26/06/2014 của\nTổ chuyên gia giải tán sau khi hoàn thành")
    assert citation.issuer is None
    assert citation.needs_review


# --- the real collisions -----------------------------------------------------------------------------------------------------
def test_one_number_twice_keeps_its_two_dates_and_agencies() -> None:
    found = body(
        "Quyết định số 148/QĐ-TTg ngày 24/02/2023 của Thủ tướng Chính phủ và Quyết định số 148/QĐ-TTg ngày 16/01/2025 của "
        "Thủ tướng Chính phủ; Kế hoạch số 81/KH-UBND ngày 14/03/2022 của UBND tỉnh Đồng Tháp; Kế hoạch số 81/KH-UBND của UBND "
        "tỉnh Thanh Hóa; Công điện số 1967/CĐ-UBND và Công điện số 1976/CĐ-UBND; Quyết định số 490/QĐ-TTg ngày 05/7/2018"
    )
    assert [(c.so_ky_hieu, c.date, c.issuer) for c in found] == [
        ("148/QĐ-TTg", "2023-02-24", "Thủ tướng Chính phủ"),
        ("148/QĐ-TTg", "2025-01-16", "Thủ tướng Chính phủ"),
        ("81/KH-UBND", "2022-03-14", "UBND tỉnh Đồng Tháp"),
        ("81/KH-UBND", None, "UBND tỉnh Thanh Hóa"),
        ("1967/CĐ-UBND", None, None),
        ("1976/CĐ-UBND", None, None),
        ("490/QĐ-TTg", "2018-07-05", None),
    ]


# --- any text ----------------------------------------------------------------------------------------------------------------
_PIECES = st.sampled_from(
    ["Quyết định số ", "Căn cứ ", "12/QĐ-UBND", " ngày ", "07/5/2018", " của ", "UBND tỉnh ", "Thanh Hóa", ";", "\n", "\f", " và ",
     "Luật Đất đai", "Luật sửa đổi, bổ sung một số điều của ", "(Kèm theo ", ")", " số ", "Nơi nhận:", "CÔNG BÁO/Số 1/Ngày 01-01-2026 3",
     "Điều 1. ", "ĐIỀU LỆ\n", "-", "/", "  ", "318, 319 và ", "Công văn số    ngày   tháng 3 năm 2020", "a\u0301", "Ð", "."]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=30).map("".join))
def test_offsets_point_into_the_stored_text(raw: str) -> None:
    text = nfc(raw)
    starts = [0, *(i + 1 for i, c in enumerate(text) if c == "\f")]
    structure = divide(text, starts)
    assert structure.zones[0].start == 0
    assert structure.zones[-1].end == len(text) or not text
    assert all(a.end == b.start for a, b in zip(structure.zones, structure.zones[1:], strict=False))
    last = -1
    for citation in find_citations(text, structure, own=parse("12/QĐ-UBND")):
        assert text[citation.start : citation.end] == citation.text
        assert citation.text
        assert citation.start > last
        assert not (citation.is_legal_basis and (citation.zone != "preamble" or citation.relation != "can_cu"))
        last = citation.start


_HOSTILE = [
    "1", "1/", "12-", "QĐ-", "A-", "số ", "Quyết định số ", "Luật sửa đổi, bổ sung một số điều của Luật ", "Luật A, ", "(", "\n", "\f",
    "ngày 1 tháng ", "Quyết định số 12/QĐ-UBND của Sở Y tế và ", "Căn cứ Biên bản \n", "CÔNG BÁO/Số 1", "số 1, ", "(Kèm theo Công văn ",
    "Căn cứ Quyết định số 1/QĐ-UBND; ", "Công văn số . . . ", "....", "Il|", "của Bộ ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n",
]  # fmt: skip


@pytest.mark.parametrize("unit", _HOSTILE, ids=[repr(u[:18]) for u in _HOSTILE])
def test_time_is_linear_in_hostile_text(unit: str) -> None:
    """10 kB and 100 kB: ten times the text, at most about ten times the time. bench.citations goes on to 1 MB."""
    spent = []
    for size in (10_000, 100_000):
        text = nfc((unit * (size // len(unit) + 1))[:size])
        best = float("inf")
        for _ in range(2):
            began = time.perf_counter()
            find_citations(text, divide(text, [0]))
            best = min(best, time.perf_counter() - began)
        spent.append(best)
    assert spent[1] < max(spent[0], 0.02) * 40


def test_a_namesake_of_another_place_or_year_is_not_the_document_itself() -> None:
    text = nfc(
        "Kế hoạch số 81/KH-UBND ngày 14/03/2022 của UBND tỉnh Đồng Tháp; Kế hoạch số 81/KH-UBND ngày 1/2/2020 của UBND tỉnh Đồng "
        "Tháp; Kế hoạch số 81/KH-UBND của UBND tỉnh Thanh Hóa; Kế hoạch số 81/KH-UBND"
    )
    structure = Structure([Zone(0, len(text), "body")], "administrative")
    found = find_citations(text, structure, own=parse("81/KH-UBND"), issuer="UBND tỉnh Đồng Tháp", date="2022-03-14")
    assert [c.target for c in found] == ["self", None, None, "self"]


def test_a_citation_younger_than_the_document_is_flagged() -> None:
    text = nfc("theo Quyết định số 148/QĐ-TTg ngày 24/02/2023 và Quyết định số 919/QĐ-TTg ngày 01/8/2022")
    found = find_citations(text, Structure([Zone(0, len(text), "body")]), date="2022-12")
    assert [c.needs_review for c in found] == [True, False]


def test_a_short_number_one_digit_from_a_full_one_is_flagged() -> None:
    found = body(
        "thực hiện Nghị định số 39/2012/NĐ-CP. Nghị định số 59/2012/NĐ-CP ngày 23/7/2012; Nghị định số 59/2012/NĐ-CP"
    )
    assert [c.needs_review for c in found] == [True, False, False]


# --- names that are none, names that are torn ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "sentence",
    [
        "sửa đổi Quy chế hoạt động của Hội\nđồng tại Quyết định số 735/QĐ-UBND cho phù hợp",
        "theo ý kiến của Sở tại Công văn số 735/SNN-KH cho phù hợp",
        "thực hiện Công văn số 735/SNN-KH ngày 01/02/2023 của Sở về việc đôn đốc",
        "đạt 4 sao theo Bộ tiêu chí tại Quyết định số 735/QĐ-TTg cho phù hợp",
    ],
)
def test_what_is_no_agency_has_issued_nothing(sentence: str) -> None:
    assert one(sentence).issuer is None


def test_a_full_name_before_the_type_is_still_read() -> None:
    sentence = "theo đề nghị của Hội đồng đánh giá, phân hạng sản phẩm tỉnh tại Tờ trình số 26/TTr-HĐOCOP"
    assert one(sentence).issuer == "Hội đồng đánh giá, phân hạng sản phẩm tỉnh"


def test_a_place_torn_by_specks_at_the_end_of_a_line_is_whole_and_flagged() -> None:
    found = one("Kế hoạch số 78/KH-UBND ngày 12/5/2023 của UBND huyện Thạch - -:\nĐàm về thực hiện Chương trình")
    assert (found.issuer, found.needs_review) == ("UBND huyện Thạch Đàm", True)
    hyphens = one("Công văn số 7/SLĐTBXH ngày 12/5/2023 của Sở Lao động --\nThương binh và Xã hội về việc đôn đốc")
    assert (hyphens.issuer, hyphens.needs_review) == ("Sở Lao động -- Thương binh và Xã hội", False)
    plain = one("Kế hoạch số 78/KH-UBND ngày 12/5/2023 của UBND huyện Thạch Đàm:\nMục đích của kế hoạch")
    assert (plain.issuer, plain.needs_review) == ("UBND huyện Thạch Đàm", False)


@pytest.mark.parametrize(
    ("behind", "title"),
    [
        ("về chính sách hỗ trợ giai đoạn 2018 - 2020.\nNghị quyết này được thông qua", "chính sách hỗ trợ giai đoạn 2018 - 2020"),
        ("về phê duyệt đề án TP. Hồ Chí Minh đến 2030. Nay đổi", "phê duyệt đề án TP. Hồ Chí Minh đến 2030"),
        ("về phê duyệt đề án nông thôn . mới; nay đổi", "phê duyệt đề án nông thôn . mới"),
        ("về một số chủ trương lớn của nền kinh tế, Ban Thường vụ Tỉnh ủy ban hành", "một số chủ trương lớn của nền kinh tế"),
        ("về phát triển sản phẩm địa phương, đặc sản; nay đổi", "phát triển sản phẩm địa phương, đặc sản"),
    ],
)  # fmt: skip
def test_a_cited_title_ends_with_its_sentence(behind: str, title: str) -> None:
    assert one(f"Nghị quyết số 15/2018/NQ-HĐND ngày 07/12/2018 của HĐND tỉnh Vân Lĩnh {behind}").title == title


def test_a_cited_title_ends_before_the_next_citation_unless_it_names_documents() -> None:
    first, second = body(
        "Căn cứ Quyết định số 490/QĐ-TTg ngày 07/5/2018 của Thủ tướng Chính phủ về Chương trình mỗi xã một sản phẩm và "
        "Quyết định số 919/QĐ-TTg ngày 01/8/2022 của Thủ tướng Chính phủ;"
    )
    assert first.title == "Chương trình mỗi xã một sản phẩm"
    assert second.so_ky_hieu == "919/QĐ-TTg"
    amending = body(
        "Căn cứ Quyết định số 781/QĐ-TTg ngày 08/6/2020 của Thủ tướng Chính phủ sửa đổi Quyết định số 1048/QĐ-TTg và "
        "Quyết định số 490/QĐ-TTg;"
    )[0]
    assert amending.title == "sửa đổi Quyết định số 1048/QĐ-TTg và Quyết định số 490/QĐ-TTg"
