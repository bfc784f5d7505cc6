"""What the neighbours of a word expect in its place."""

from __future__ import annotations

import pytest

from ingest.ocr.reader.decode import PlacedLetter, PlacedWord
from ingest.ocr.reader.expected import NOTHING, expected
from ingest.ocr.reader.pairs import shipped


def line(text: str, certainty: float = 0.98) -> list[PlacedWord]:
    return [PlacedWord(tuple(PlacedLetter(c, 0, 1, certainty) for c in word), 1.0) for word in text.split()]


@pytest.mark.parametrize(
    ("text", "at", "wanted"),
    [
        ("trụ sở tiếp cong dân cấp huyện", 3, "công"),
        ("TIẾP CONG DÂN", 1, "CÔNG"),
        ("nhiều người khiêu nại, tố cáo", 2, "khiếu"),
        ("về việc “triễn khai thực hiện", 2, "“triển"),
    ],
)
def test_a_word_with_a_wrong_mark_is_found_by_its_neighbours(text: str, at: int, wanted: str) -> None:
    found = expected(line(text), shipped())
    assert found[at].text == wanted
    assert found[at].by > 4
    assert all(one.by < 4 for number, one in enumerate(found) if number != at)


@pytest.mark.parametrize(
    "text", ["Uỷ ban nhân dân huyện Hoà Bình", "số 12/QĐ-UBND ngày 05/3/2024", "QĐ UBND", "Blao Krông 15 a) -", ""]
)
def test_nothing_else_is_expected_of_another_place_of_the_mark_nor_of_numbers_and_symbols(text: str) -> None:
    assert all(one.by < 4 for one in expected(line(text), shipped()))


def test_a_word_beyond_doubt_is_left_alone() -> None:
    assert expected(line("tiếp cong dân", 0.9999), shipped()) == [NOTHING] * 3
