"""Documents found by what a user types."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import Ambiguous, NotFound
from corpus.library import Library
from tests.support.libraries import TINH, connected_records, record


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "l", create=True, facts=False) as opened:
        for each in connected_records():
            opened.intake.add(each)
        yield opened


def found(library: Library, words: str) -> list[str | None]:
    return [summary.so_ky_hieu for summary in library.view().find(words)]


@pytest.mark.parametrize(
    "words",
    [
        "490/QĐ-TTg",
        "490/QD-TTG",
        "490-QĐ-TTg",
        "QĐ490",
        "QD 490",
        "quyet dinh 490",
        "Quyết định số 490",
        "490 qd ttg",
        "490QDTTG",
        "so 490/qđ-ttg",
        "490/QĐTTg",
        "490/2018/QĐ-TTg",
        "490",
        "theo Quyết định số 490/QĐ-TTg của Thủ tướng Chính phủ",
    ],
)
def test_a_number_finds_its_document_in_any_spelling(library: Library, words: str) -> None:
    assert found(library, words) == ["490/QĐ-TTg"]


def test_an_id_and_a_key_find_their_document(library: Library) -> None:
    summary = library.view().one("490/QĐ-TTg")
    assert [each.id for each in library.view().find(f"#{summary.id}")] == [summary.id]
    assert [each.id for each in library.view().find(summary.doc_key)] == [summary.id]
    assert found(library, "#999999") == []
    assert found(library, f"#{10**30}") == []


def test_a_path_finds_the_document_of_its_file(library: Library) -> None:
    library.intake.add(record("1/KH-UBND", "2024-01-01", TINH, path="kế hoạch/bản một.pdf"))
    assert found(library, "kế hoạch/bản một.pdf") == ["1/KH-UBND"]


def test_the_name_of_a_law_finds_the_law(library: Library) -> None:
    assert found(library, "Luật Chăn bò") == ["7/2015/QH13"]


def test_words_after_the_number_tell_documents_of_one_number_apart(library: Library) -> None:
    assert len(found(library, "81/KH-UBND")) == 3  # two are held, one is cited without a place
    for words in (
        "81/KH-UBND tỉnh Thanh Hóa",
        "81/KH-UBND ngày 02/4/2022",
        "kế hoạch 81 của UBND tỉnh Thanh Hóa",
        "81 kh ubnd thanh hoa",
        "81/KH-UBND Thanh Hóa năm 2022",
    ):
        assert [each.issuer for each in library.view().find(words)] == [TINH], words
    assert found(library, "81/KH-UBND tỉnh Nghệ An") == []


@pytest.mark.parametrize("words", ["4464 qd bnn vpdp", "4464/QĐ-VPĐP"])
def test_a_symbol_with_a_part_left_out_is_near_enough(library: Library, words: str) -> None:
    assert found(library, words)[0] == "4464/QĐ-BNN-VPĐP"


def test_words_that_name_nothing_find_nothing(library: Library) -> None:
    for words in ("không có gì", "", "Luật", "99999/QĐ-TTg"):
        assert found(library, words) == []


def test_one_document_is_asked_for_where_several_fit(library: Library) -> None:
    with pytest.raises(Ambiguous, match="81/KH-UBND"):
        library.view().one("81/KH-UBND")
    with pytest.raises(NotFound):
        library.view().one("1/QĐ-KHÔNG")
