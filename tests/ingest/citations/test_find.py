"""From the words to mentions: type word, number, date, issuer."""

from __future__ import annotations

import pytest

from corpus.fold import nfc
from corpus.tables import rows
from tests.ingest.citations.support import HEADER, cited, cited_in_body, numbers, only_citation


@pytest.mark.parametrize(
    ("sentence", "text", "doc_type", "number", "date", "issuer"),
    [
        (
            "tại Quyết định số 490/QĐ-TTg ngày 07/5/2018 của Thủ tướng Chính phủ phê duyệt Chương trình",
            "Quyết định số 490/QĐ-TTg ngày 07/5/2018 của Thủ tướng Chính phủ",
            "Quyết định",
            "490/QĐ-TTg",
            "2018-05-07",
            "Thủ tướng Chính phủ",
        ),
        (
            "theo Công văn \n\nsố 2664/SNNPTNT-\n\nNTM ngày 19 tháng 6 năm 2024 về việc đôn đốc",
            "Công văn \n\nsố 2664/SNNPTNT-\n\nNTM ngày 19 tháng 6 năm 2024",
            "Công văn",
            "2664/SNNPTNT-NTM",
            "2024-06-19",
            None,
        ),
        (
            "Thông tư liên tịch số: 183/2010/TTLT/BTC-BNN, ngày 15/11/2010 hướng dẫn",
            "Thông tư liên tịch số: 183/2010/TTLT/BTC-BNN, ngày 15/11/2010",
            "Thông tư liên tịch",
            "183/2010/TTLT/BTC-BNN",
            "2010-11-15",
            None,
        ),
        (
            "Công văn số 1985/SYT-NVY của Sở Y tế ngày 17/10/2017 về việc báo cáo",
            "Công văn số 1985/SYT-NVY của Sở Y tế ngày 17/10/2017",
            "Công văn",
            "1985/SYT-NVY",
            "2017-10-17",
            "Sở Y tế",
        ),
        (
            "(theo Quyết định của Thủ tướng Chính phủ số 2038/QĐ-TTg ngày 15/11/2011)",
            "Quyết định của Thủ tướng Chính phủ số 2038/QĐ-TTg ngày 15/11/2011",
            "Quyết định",
            "2038/QĐ-TTg",
            "2011-11-15",
            "Thủ tướng Chính phủ",
        ),
        (
            "Quy định số 66-QĐ/TW ngày 06-02-2017 của Ban Bí thư về thể loại",
            "Quy định số 66-QĐ/TW ngày 06-02-2017 của Ban Bí thư",
            "Quy định",
            "66-QĐ/TW",
            "2017-02-06",
            "Ban Bí thư",
        ),
        (
            "Chương trình hành động số 34-CTr/TU ngày 29 tháng 12 năm 2017 của Tỉnh ủy thực hiện",
            "Chương trình hành động số 34-CTr/TU ngày 29 tháng 12 năm 2017 của Tỉnh ủy",
            "Chương trình hành động",
            "34-CTr/TU",
            "2017-12-29",
            "Tỉnh ủy",
        ),
        (
            "Công điện khẩn số 1407/CĐ-BYT ngày 23/12/2017 của Bộ Y tế về việc",
            "Công điện khẩn số 1407/CĐ-BYT ngày 23/12/2017 của Bộ Y tế",
            "Công điện",
            "1407/CĐ-BYT",
            "2017-12-23",
            "Bộ Y tế",
        ),
        (
            "Văn bản hợp nhất số 03/VBHN-VPQH ngày 15/7/2020 của Văn phòng Quốc hội.",
            "Văn bản hợp nhất số 03/VBHN-VPQH ngày 15/7/2020 của Văn phòng Quốc hội",
            "Văn bản hợp nhất",
            "03/VBHN-VPQH",
            "2020-07-15",
            "Văn phòng Quốc hội",
        ),
        (
            "Nghị định 63/NĐ-CP ngày 26/06/2014 của Chính phủ",
            "Nghị định 63/NĐ-CP ngày 26/06/2014 của Chính phủ",
            "Nghị định",
            "63/NĐ-CP",
            "2014-06-26",
            "Chính phủ",
        ),
        (
            "tại Nghị định số 322-HĐBT ngày 18/10/1991",
            "Nghị định số 322-HĐBT ngày 18/10/1991",
            "Nghị định",
            "322-HĐBT",
            "1991-10-18",
            None,
        ),
    ],
)
def test_a_document_cited_in_full(
    sentence: str, text: str, doc_type: str, number: str, date: str | None, issuer: str | None
) -> None:
    citation = only_citation(sentence)
    assert citation.text == text
    assert (citation.doc_type, citation.so_ky_hieu, citation.date, citation.issuer) == (doc_type, number, date, issuer)
    assert not citation.needs_review


@pytest.mark.parametrize(
    "text",
    [
        "QCVN 12:2008/BTNMT, TCVN 5502:2003 và TCVN 12/QĐ; mẫu số 02/DVDT, 09A/PL-TNCN; tờ khai 03/TNDN; biểu số "
        "5/BC-TH",
        "điện thoại 0919.924.927; tỷ lệ 24/7; 1/2 ngày; ngày 20/11/20212; nguyên liệu/sản phẩm; 02 ngày/lớp",
        "Số: 496/UBND-KTCN",
    ],
    ids=["forms and standards", "other numbers", "the number of a document bundled in"],
)
def test_numbers_that_are_no_citations(text: str) -> None:
    assert [citation.text for citation in cited_in_body(text)] == []


@pytest.mark.parametrize(
    "row", [r for r in rows("document_types") if r["header"] == "1" and r["code"]], ids=lambda r: r["code"]
)
def test_the_own_number_in_the_header_is_no_citation(row: dict[str, str]) -> None:
    document = (
        f"{HEADER}Số: 15/{row['code']}-SYT Vân Lĩnh, ngày 5 tháng 6 năm 2024\n{row['name'].upper()}\n"
        "Về việc tập huấn\nCăn cứ Kế hoạch số 90/KH-UBND ngày 24/4/2024 của UBND tỉnh;\n"
        "Sở Y tế thông báo như sau:\n1. Nội dung.\nNơi nhận:\n- Như trên;\n- Lưu: VT."
    )
    assert numbers(cited(nfc(document))) == ["90/KH-UBND"]


def test_one_number_twice_keeps_its_two_dates_and_agencies() -> None:
    found = cited_in_body(
        "Quyết định số 148/QĐ-TTg ngày 24/02/2023 của Thủ tướng Chính phủ và Quyết định số 148/QĐ-TTg ngày 16/01/2025 "
        "của Thủ tướng Chính phủ; Kế hoạch số 81/KH-UBND ngày 14/03/2022 của UBND tỉnh Đồng Tháp; Kế hoạch số "
        "81/KH-UBND của UBND tỉnh Thanh Hóa; Công điện số 1967/CĐ-UBND và Công điện số 1976/CĐ-UBND; "
        "Quyết định số 490/QĐ-TTg ngày 05/7/2018"
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


def test_the_rows_of_a_list_of_documents_are_cited() -> None:
    found = cited_in_body(
        "Danh mục văn bản:\nTT Số, ký hiệu Ngày ban hành Trích yếu\n1 14/QĐ-UBND 10/01/2023 Về việc phân công\n"
        "2 27/KH-UBND 15/02/2023 Kế hoạch tập huấn\n3 25 lớp\n4 2/KH-UBND sẽ có sau"
    )
    assert [(c.so_ky_hieu, c.date, c.title) for c in found] == [
        ("14/QĐ-UBND", "2023-01-10", "phân công"),
        ("27/KH-UBND", "2023-02-15", None),
    ]
