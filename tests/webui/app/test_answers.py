"""Answers from the graph to questions in words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpus.graph.graph import Graph
from corpus.library import Library, LibraryView
from tests.support.web_library import build
from webui.app import answers


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LibraryView]:
    folder = tmp_path_factory.mktemp("answers")
    build(folder / "kho", folder / "tep")
    with Library.open(folder / "kho") as library:
        yield library.view()


def sentences(view: LibraryView, text: str) -> list[str]:
    found = answers.asked(view, text)
    return [answer["sentence"] for answer in answers.answers(view, Graph(view), *found)] if found else []


def test_what_is_based_on_a_document_is_counted(view: LibraryView) -> None:
    (sentence,) = sentences(view, "ai dựa vào 919 thủ tướng")
    assert sentence.startswith("2 văn bản căn cứ vào Quyết định 919/QĐ-TTg")


def test_the_bases_of_a_document_are_counted(view: LibraryView) -> None:
    (sentence,) = sentences(view, "căn cứ của 45/KH-UBND")
    assert sentence.startswith("Kế hoạch 45/KH-UBND căn cứ vào 2 văn bản")


def test_a_document_of_which_nothing_is_known_is_not_guessed_about(view: LibraryView) -> None:
    (sentence,) = sentences(view, "88/QĐ-UBND bị thay thế bởi văn bản nào")
    assert sentence == "Trong kho chưa thấy văn bản nào thay thế Quyết định 88/QĐ-UBND."
    (sentence,) = sentences(view, "45/KH-UBND còn hiệu lực không")
    assert "45/KH-UBND" in sentence


@pytest.mark.parametrize("text", ["ai dựa vào 31415", "thay thế thiết bị", "ai dựa vào 30 ngày làm việc", "tập huấn"])
def test_a_question_that_names_no_document_is_a_search(view: LibraryView, text: str) -> None:
    assert answers.asked(view, text) is None
