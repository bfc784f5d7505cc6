"""Word segmentation: words come out, numbers and dates stay out, rubbish cannot stall it."""

import logging
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.segment import MAX_LINE, pieces, words


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


@pytest.mark.parametrize(
    "junk",
    ["1." * 40_000, "a." * 40_000, "a. " * 30_000, "a.b " * 20_000, "x" * 100_000, "." * 90_000, "\n" * 300_000 + "x"],
)
def test_rubbish_does_not_stall(junk: str) -> None:
    words("nóng máy")
    began = time.thread_time()
    words(junk)
    assert time.thread_time() - began < 3


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=3_000))
def test_pieces_are_short_whatever_the_text(text: str) -> None:
    assert all(len(piece) <= MAX_LINE for piece in pieces(text))
