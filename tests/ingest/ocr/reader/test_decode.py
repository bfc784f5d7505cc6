"""Decoding: the beam sums over alignments, counts choose among words and never touch numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ingest.ocr.reader.decode import is_abbreviation, words
from ingest.ocr.reader.net import Chances
from ingest.ocr.reader.pairs import Pairs, shipped

ALPHABET = (*"abcốổchứtồsơ0123456789/-.,;QĐ", " ")


def spelled(text: str, doubts: Sequence[tuple[int, str, float]] = ()) -> Chances:
    """Probabilities that say *text*: two places a letter and a blank after each.

    doubts: (which letter, another character, that one's probability).
    """
    chances = np.full((3 * len(text), 1 + len(ALPHABET)), 1e-6, np.float32)
    for at, letter in enumerate(text):
        for place in (3 * at, 3 * at + 1):
            chances[place, 1 + ALPHABET.index(letter)] = 1.0
            for which, other, probability in doubts:
                if which == at:
                    chances[place, 1 + ALPHABET.index(other)] = probability
                    chances[place, 1 + ALPHABET.index(letter)] = 1 - probability
        chances[3 * at + 2, 0] = 1.0
    normal: Chances = chances / chances.sum(axis=1, keepdims=True)
    return normal


def texts(chances: Chances, pairs: Pairs | None = None) -> list[str]:
    return [word.text for word in words(chances, ALPHABET, pairs)]


@given(st.lists(st.text(ALPHABET[:-1], min_size=1, max_size=12), min_size=1, max_size=6))
def test_a_clear_line_is_read_as_it_stands(line: list[str]) -> None:
    found = words(spelled(" ".join(line)), ALPHABET, None)
    assert [word.text for word in found] == line
    places = [letter.start for word in found for letter in word.letters]
    assert places == sorted(places)
    assert all(letter.start < letter.end for word in found for letter in word.letters)
    assert all(0 <= letter.confidence <= 1 for word in found for letter in word.letters)


@given(
    arrays(np.float32, st.tuples(st.integers(1, 5), st.just(4)), elements=st.floats(0.0625, 1, width=32)),
)
def test_the_beam_sums_over_all_alignments(given_chances: Chances) -> None:
    chances = given_chances / given_chances.sum(axis=1, keepdims=True)
    alphabet = ("a", "b", " ")
    chances[:, 3] = 1e-9  # no spaces: one part
    totals: dict[str, float] = defaultdict(float)
    for path in product(range(3), repeat=len(chances)):
        said = "".join(alphabet[column - 1] for column, _ in groupby(path) if column)
        totals[said] += float(np.prod([chances[place, column] for place, column in enumerate(path)]))
    best = max(totals, key=lambda text: totals[text])
    second = max((totals[text] for text in totals if text != best), default=0.0)
    found = "".join(word.text for word in words(chances, alphabet, None))
    if totals[best] > 1.02 * second:
        assert found == best


def test_pairs_settle_a_tone_the_ink_leaves_open() -> None:
    doubtful = spelled("tốchức".replace("tố", "tố "), [(1, "ổ", 0.45)])
    assert texts(doubtful) == ["tố", "chức"] if "ứ" in ALPHABET else True
    assert texts(doubtful, shipped()) == ["tổ", "chức"]


@pytest.mark.parametrize(
    ("text", "at", "other"), [("12/2017", 1, "7"), ("17-QĐ", 0, "7"), ("2015", 2, "0"), ("b1", 1, "7")]
)
def test_pairs_never_touch_numbers_and_symbols(text: str, at: int, other: str) -> None:
    doubtful = spelled(f"số {text}".replace("số", "hồ"), [(at + 3, other, 0.45)])
    assert texts(doubtful, shipped())[-1] == text


def test_a_doubted_word_names_its_rival_and_is_less_sure() -> None:
    found = words(spelled("hồ sơ", [(1, "ổ", 0.4)]), ALPHABET, None)
    assert "ổ" in found[0].other
    assert found[0].chance < 0.9 < found[1].chance


def test_more_letters_than_places_are_still_placed() -> None:
    chances = np.full((3, 1 + len(ALPHABET)), 1e-6, np.float32)
    for place, letter in enumerate("abc"):
        chances[place, 1 + ALPHABET.index(letter)] = 1.0
    found = words(chances / chances.sum(axis=1, keepdims=True), ALPHABET, None)
    assert [word.text for word in found] == ["abc"]


@pytest.mark.parametrize("text", ["SYT", "HĐND;", "(UBND)", "LĐTBXH", "ƯBQG"])
def test_capitals_without_a_tone_are_an_abbreviation(text: str) -> None:
    assert is_abbreviation(text)


@pytest.mark.parametrize("text", ["TẾ", "Y", "Syt", "KẠRATE", "SYT-NV", "QH13", "", "HĐND UBNDo"])
def test_other_words_are_none(text: str) -> None:
    assert not is_abbreviation(text)


def test_an_empty_line_has_no_words() -> None:
    assert words(np.zeros((0, 1 + len(ALPHABET)), np.float32), ALPHABET, None) == []
    blank = np.full((9, 1 + len(ALPHABET)), 1e-6, np.float32)
    blank[:, 0] = 1
    assert words(blank, ALPHABET, None) == []
