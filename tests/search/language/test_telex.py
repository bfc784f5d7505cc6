"""Telex typed without an input method."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.language.telex import decoded


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("quyeets", "quyết"),
        ("ddinhj", "định"),
        ("khuyeens", "khuyến"),
        ("hoas", "hóa"),
        ("thuowngr", "thưởng"),
        ("gias", "giá"),
        ("ocop", None),
        ("s", None),
        ("bcs", None),
    ],
)
def test_keys_are_decoded(typed: str, meant: str | None) -> None:
    assert decoded(typed) == meant


@given(st.text(alphabet="abdegiouwsfrxjqhn", max_size=8))
def test_any_letters_are_decoded_or_left(typed: str) -> None:
    assert decoded(typed) != typed
