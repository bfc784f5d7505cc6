"""Syllables and their keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.language.tokens import MAX_TOKEN, exact_keys, folded_key, folded_keys, tokens


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("Kế hoạch 919/QĐ-TTg", ["kế", "hoạch", "919", "qđ", "ttg"]),
        ("hoá hóa uỷ ủy", ["hóa", "hóa", "ủy", "ủy"]),
        ("quý quí kỹ kĩ", ["quí", "quí", "kĩ", "kĩ"]),
        ("ý yên mỹ", ["ý", "yên", "mĩ"]),
        ("a_b", ["a", "b"]),
        ("", []),
    ],
)
def test_spellings_of_one_syllable_have_one_exact_key(text: str, exact: list[str]) -> None:
    assert exact_keys(text) == exact


def test_folded_keys_have_no_diacritics() -> None:
    assert folded_keys("Đánh giá, phân hạng") == ["danh", "gia", "phan", "hang"]


def test_long_runs_are_cut() -> None:
    assert exact_keys("a" * 500) == ["a" * MAX_TOKEN]


@given(st.text(max_size=80))
def test_offsets_are_those_of_the_text(text: str) -> None:
    found = tokens(text)
    assert [token.exact for token in found] == exact_keys(text)
    for token in found:
        assert exact_keys(text[token.start : token.end])[:1] == [token.exact]
        assert token.folded == folded_key(token.exact)
