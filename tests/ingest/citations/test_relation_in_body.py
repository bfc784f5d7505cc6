"""The words of a clause say how the document stands to what it names."""

from __future__ import annotations

import pytest

from corpus.vocabulary import Relation
from tests.ingest.citations.support import cited_in_body, only_citation


@pytest.mark.parametrize(
    ("sentence", "relation"),
    [
        ("Quyết định này thay thế Quyết định số 1040/QĐ-UBND ngày 07/5/2019 của UBND tỉnh.", Relation.REPLACES),
        ("có hiệu lực kể từ ngày ký và thay thế cho Quyết định số 3068/QĐ-SYT ngày 25/9/2017", Relation.REPLACES),
        ("Bãi bỏ Quyết định số 11/2015/QĐ-UBND ngày 11/02/2015", Relation.REPEALS),
        ("Nghị định số 34/2016/NĐ-CP hết hiệu lực kể từ ngày Nghị định này có hiệu lực.", Relation.REPEALS),
        ("Sửa đổi, bổ sung một số điều của Quyết định số 148/QĐ-TTg ngày 24/02/2023", Relation.AMENDS),
        ("Phê duyệt Đề án số 5/ĐA-SNN ngày 2/3/2020", Relation.APPROVES),
        (
            "Văn phòng Điều phối căn cứ Quyết định số 1726/QĐ-UBND ngày 18/5/2020 để tổ chức thực hiện.",
            Relation.BASIS_OF_TASK,
        ),
        ("Các trường triển khai thực hiện nghiêm túc Chỉ thị số 19/CT-TTg của Thủ tướng Chính phủ", Relation.DEPLOYS),
        ("Chỉ đạo triển khai Quyết định số 3798/QĐ-BYT ngày 21/8/2017 của Bộ Y tế", Relation.DEPLOYS),
        ("theo quy định tại khoản 2 Điều 5 Nghị định số 98/2018/NĐ-CP", Relation.REFERS_TO),
        ("thực hiện theo Quyết định số 12/QĐ-UBND", Relation.REFERS_TO),
        ("Gửi kèm Công văn số 12/UBND-KT ngày 3/3/2021", Relation.REFERS_TO),
        ("Đính chính lỗi kỹ thuật tại Thông tư số 138/2025/TT-BTC", Relation.CORRECTS),
    ],
)
def test_the_words_before_or_behind_a_citation(sentence: str, relation: Relation) -> None:
    assert only_citation(sentence).relation == relation


def test_a_colon_hands_the_verb_on_to_the_whole_list() -> None:
    found = cited_in_body(
        "Bãi bỏ các Quyết định sau: Quyết định số 11/2015/QĐ-UBND ngày 11/02/2015; Quyết định số 12/2016/QĐ-UBND."
    )
    assert [c.relation for c in found] == [Relation.REPEALS, Relation.REPEALS]


def test_the_verb_of_a_cited_title_is_not_the_documents() -> None:
    citation = only_citation(
        "Quyết định số 1084/QĐ-UBND-HC ngày 07/10/2022 của UBND tỉnh về việc bổ sung nguồn kinh phí"
    )
    assert citation.relation == Relation.REFERS_TO
    assert citation.title == "bổ sung nguồn kinh phí"


def test_wording_that_a_correction_quotes_replaces_nothing() -> None:
    found = cited_in_body(
        'Tại dòng thứ 3, đã in là "thay thế Quyết định số 96/QĐ-UBND ngày 05/02/2022" nay sửa là '
        '"thay thế Quyết định số 69/QĐ-UBND ngày 05/02/2022".'
    )
    assert [citation.relation for citation in found] == [Relation.REFERS_TO, Relation.REFERS_TO]
