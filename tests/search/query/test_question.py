"""Questions about the relations of a document."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.question import QuestionKind, question_of


@pytest.mark.parametrize(
    ("text", "kind", "document"),
    [
        ("ai dựa vào 1048", QuestionKind.DEPENDENTS, "1048"),
        ("Văn bản nào căn cứ vào 919/QĐ-TTg?", QuestionKind.DEPENDENTS, "919/QĐ-TTg"),
        ("nhung van ban nao dua tren 148", QuestionKind.DEPENDENTS, "148"),
        ("căn cứ của 45/KH-UBND xã Đồng Mây là gì", QuestionKind.BASES, "45/KH-UBND xã Đồng Mây"),
        ("45/KH-UBND căn cứ vào đâu?", QuestionKind.BASES, "45/KH-UBND"),
        ("thay thế 1048", QuestionKind.REPLACED, "1048"),
        ("1048 đã bị thay thế chưa", QuestionKind.REPLACED, "1048"),
        ("quyết định 1048 còn hiệu lực không?", QuestionKind.EFFECT, "quyết định 1048"),
        ("Luật Đấu thầu còn hiệu lực không", QuestionKind.EFFECT, "Luật Đấu thầu"),
    ],
)
def test_a_question_is_understood_with_and_without_diacritics(text: str, kind: QuestionKind, document: str) -> None:
    question = question_of(text)
    assert question is not None
    assert (question.kind, question.document) == (kind, document)


@pytest.mark.parametrize(
    "text", ["", "còn hiệu lực không", "căn cứ", "tập huấn OCOP", "cancu:919/QĐ-TTg", '"ai dựa vào 1"']
)
def test_other_queries_are_no_questions(text: str) -> None:
    assert question_of(text) is None


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    question = question_of(text)
    assert question is None or question.document
