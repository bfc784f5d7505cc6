"""Cleaning and folding: long texts and short ones alike, one character for each."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.fold import canonical, canonical_syllables, clean, fold, letters, letters_of_each

EVERY = "".join(map(chr, range(0x110000)))


@pytest.mark.parametrize("step", [clean, fold])
def test_a_long_text_is_folded_as_its_characters_are(step: object) -> None:
    assert callable(step)
    parts = [EVERY[at : at + 100] for at in range(0, len(EVERY), 100)]
    assert step(EVERY) == "".join(step(part) for part in parts)


@pytest.mark.parametrize("step", [clean, fold])
def test_offsets_stay_valid(step: object) -> None:
    assert callable(step)
    chance = random.Random(919)
    for _ in range(200):
        text = "".join(chance.choice("aÀđĐ\t\u00a0–“”Ðữ\U0001d7ce\ud800ẞ\f\n") for _ in range(chance.randrange(600)))
        assert len(step(text)) == len(text)


def test_vietnamese_is_folded_to_plain_letters() -> None:
    assert fold("Kế hoạch\u00a0số 96/KH-UBND – Ð\n" * 20) == "ke hoach so 96/kh-ubnd - d\n" * 20


@given(st.text(max_size=80), st.sampled_from(["", "ΣΟΦΟΣ"]))
def test_syllables_are_those_of_the_canonical_text(text: str, greek: str) -> None:
    line = f"{text} | Kế hoạch hoá uỷ ban QUÝ_quí İ 1.234 ｋế {greek}\n"
    for given_text in (line, line * 20):
        assert canonical_syllables(given_text) == re.findall(r"[^\W_]+", canonical(given_text))


@given(st.lists(st.text().filter(lambda text: "\n" not in text)))
def test_letters_of_many_texts_are_those_of_each(texts: list[str]) -> None:
    assert letters_of_each(texts) == [letters(text) for text in texts]
