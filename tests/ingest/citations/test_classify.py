"""Each zone says in its own way how a document stands to what it cites."""

from __future__ import annotations

import pytest

from corpus.fold import nfc
from corpus.so_ky_hieu import parse
from corpus.vocabulary import Relation
from ingest.citations import find_citations
from tests.ingest.citations.support import HEADER, cited
from tests.ingest.layout.support import divided


@pytest.mark.parametrize(
    ("title", "relation"),
    [
        ("Về việc sửa đổi Quyết định số 12/QĐ-UBND ngày 3/4/2020", Relation.AMENDS),
        ("Về việc thay thế Quyết định số 12/QĐ-UBND ngày 3/4/2020", Relation.REPLACES),
        ("Bãi bỏ Quyết định số 12/QĐ-UBND ngày 3/4/2020", Relation.REPEALS),
        ("Triển khai thực hiện Quyết định số 12/QĐ-UBND ngày 3/4/2020", Relation.DEPLOYS),
        ("Về kết quả của Quyết định số 12/QĐ-UBND ngày 3/4/2020", Relation.REFERS_TO),
    ],
)
def test_the_first_verb_of_the_title(title: str, relation: Relation) -> None:
    (citation,) = cited(
        nfc(
            f"{HEADER}Số: 15/QĐ-SYT Vân Lĩnh, ngày 5 tháng 6 năm 2024\nQUYẾT ĐỊNH\n{title}\nGIÁM ĐỐC SỞ Y TẾ\n"
            "QUYẾT ĐỊNH:\nĐiều 1. Nội dung.\nNơi nhận:\n- Như trên;\n- Lưu: VT."
        )
    )
    assert (citation.zone, citation.relation) == ("title", relation)


def test_a_news_page_has_no_legal_basis() -> None:
    found = cited(
        "Hội nghị OCOP\nCăn cứ vào Kế hoạch số 3500/KH-UBND ngày 13/5/2024 của UBND thành phố, hội nghị diễn ra."
    )
    assert [(c.relation, c.is_legal_basis) for c in found] == [(Relation.LEGAL_BASIS, False)]


def test_an_attachment_was_issued_with_its_parent() -> None:
    text, structure = divided(
        f"{HEADER}Số: 2084/KH-SYT Vân Lĩnh, ngày 6 tháng 11 năm 2017\nKẾ HOẠCH\nKiểm tra\n"
        "Căn cứ Quyết định số 4969/QĐ-BYT ngày 01/11/2017 của Bộ Y tế;\n"
        "Sở Y tế xây dựng kế hoạch như sau:\n1. Mục đích./.\nNơi nhận:\n- Như trên;\n- Lưu: VT."
        "\fPHỤ LỤC\n(Kèm theo Kế hoạch số 2084/KH-SYT ngày 06/11/2017 của Sở Y tế)\n"
        "Căn cứ Thông tư số 5/2017/TT-BYT ngày 1/2/2017;"
        "\fMẪU BÁO CÁO\n(Ban hành kèm theo Công văn số         ngày    tháng 10 năm 2017)"
    )
    found = find_citations(text, structure, own=parse("2084/KH-SYT"))
    assert [(c.so_ky_hieu, c.relation, c.zone, c.page, c.target) for c in found] == [
        ("4969/QĐ-BYT", "can_cu", "preamble", 1, None),
        ("2084/KH-SYT", "ban_hanh_kem_theo", "attachment", 2, "self"),
        ("5/2017/TT-BYT", "can_cu", "attachment", 2, None),
        (None, "ban_hanh_kem_theo", "attachment", 3, None),
    ]
    assert [c.is_legal_basis for c in found] == [True, False, False, False]
    assert [c.part for c in found] == [0, 1, 1, 2]
