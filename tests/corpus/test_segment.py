"""Word segmentation: words come out, numbers and dates stay out, the work is linear in any text."""

import logging
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.fold import nfc
from corpus.segment import MAX_LINE, pieces, words
from tests.support.counted_work import growth


def test_words_of_several_syllables() -> None:
    assert words("UBND tỉnh tổ chức tập huấn về chuyển đổi số.") == ["tổ chức", "tập huấn", "chuyển đổi"]


def test_a_line_break_does_not_part_a_word() -> None:
    assert "Đức Phổ" in words("trên địa bàn thị xã Đức \n\nPhổ năm 2024")


def test_numbers_and_dates_are_masked() -> None:
    found = " ".join(words("theo Quyết định số 4464/QĐ-\n\nVPĐP ngày 06/11/2020 của Bộ"))
    assert "QĐ" not in found
    assert "VPĐP" not in found
    assert "2020" not in found


def test_no_handler_is_left_on_the_root_logger() -> None:
    before = list(logging.getLogger().handlers)
    words("văn bản hành chính")
    assert logging.getLogger().handlers == before


@pytest.mark.parametrize("unit", ["1.", "a.", "a. ", "a.b ", "x", ".", "\n"])
def test_work_is_linear_in_text_without_words(unit: str) -> None:
    assert growth(words, unit, 5_000, 40_000) < 2


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=3_000))
def test_pieces_are_short_whatever_the_text(text: str) -> None:
    assert all(len(piece) <= MAX_LINE for piece in pieces(text))


@pytest.mark.parametrize("before", [0, 1, 7, 14, 15, 29])
@pytest.mark.parametrize("marks", [1, 30, 31, 44, 4_000])
def test_marks_behind_marks_are_kept_to_thirty(before: int, marks: int) -> None:
    """Putting them in order takes the square of their number."""
    run = ("\u0323\u0301\u0327\u0302" * marks)[:marks]
    stored = nfc("x" * before + "q" + run + "sau")
    found = [char for char in unicodedata.normalize("NFD", stored) if unicodedata.combining(char)]
    assert len(found) == min(marks, 30)
    assert stored.endswith("sau")
    assert nfc(stored) == stored
