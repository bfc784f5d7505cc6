"""Numbers as they are stored in the index, and which of them a typed number may mean."""

from __future__ import annotations

import pytest

from corpus.spoken_number import SpokenNumber, recognise
from search.index.number_terms import is_exact, is_near, is_of_type, mentions, syllables_of


def typed(text: str) -> SpokenNumber:
    found = recognise(text)
    assert found is not None
    return found


def test_the_same_number_and_symbol_are_exact() -> None:
    assert is_exact(typed("919 qd ttg"), "919|QD-TTG")
    assert not is_exact(typed("919 qd ttg"), "919|QD-UBND")
    assert not is_exact(typed("quyết định 919"), "919|QD-TTG")


def test_a_type_without_a_symbol_matches_numbers_of_that_type() -> None:
    assert is_of_type(typed("quyết định 919"), "919|QD-TTG")
    assert not is_of_type(typed("quyết định 919"), "919|KH-UBND")


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("1084/QĐ-UBND", "1084|QD-UBND-HC"),
        ("1084/QĐ-UBND-HC", "1084|QD-UBND"),
        ("4464 qd bnn vpdp", "4464|QD-VPDP"),
        ("4464/QĐ-VPĐP", "4464|QD-BNN-VPDP"),
        ("4464qdvpdp", "4464|QD-BNN-VPDP"),
    ],
)
def test_a_symbol_with_more_or_fewer_segments_is_near(text: str, stored: str) -> None:
    assert is_near(typed(text), stored)
    assert not is_exact(typed(text), stored)
    assert not is_near(typed(text), "1084|KH-UBND")


def test_mentions_are_found_in_a_text_with_and_without_symbol() -> None:
    text = "tại Quyết định số 4464/QĐ-\n\nVPĐP; theo Quyết định 148: …; Kế hoạch 2024; Nghị định số 98; 03 lớp"
    assert mentions(text) == {"4464|QD-VPDP", "148|?QD", "98|?ND"}


@pytest.mark.parametrize(
    ("stored", "expected"), [("919|QD-TTG", ("919", "qd", "ttg")), ("148|?QD", ("148",)), ("90|", ("90",))]
)
def test_a_stored_term_is_highlighted_by_its_syllables(stored: str, expected: tuple[str, ...]) -> None:
    assert syllables_of(stored) == expected
