"""Where needles are found in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.highlights import Needle, ScannedText, find
from search.language.tokens import MAX_TOKEN, exact_keys, folded_keys, tokens


def needle(text: str, **options: object) -> Needle:
    return Needle(tuple(folded_keys(text)), tuple(exact_keys(text)), **options)  # type: ignore[arg-type]


def found(text: str, *needles: Needle) -> list[str]:
    return [text[span.start : span.end] for span in find(text, needles)]


def test_syllables_are_found_across_punctuation_and_line_breaks() -> None:
    assert found("Uỷ ban, nhân \n\n dân tỉnh", needle("ủy ban nhân dân")) == ["Uỷ ban, nhân \n\n dân"]


def test_diacritics_as_typed_hide_what_only_folds_alike() -> None:
    assert found("che chè chẻ", needle("chè")) == ["chè"]
    assert found("che chẻ", needle("chè")) == ["che", "chẻ"]


def test_a_loose_needle_allows_other_syllables_between() -> None:
    assert found("hợp tác xã ký với siêu thị", needle("hợp tác siêu", slop=3)) == ["hợp tác xã ký với siêu"]
    assert found("hợp tác xã ký với siêu thị", needle("hợp tác siêu", slop=2)) == []


def test_a_needle_that_may_be_apart_is_found_by_its_syllables() -> None:
    assert found("biểu diễn tại hội trưng bày", needle("biểu trưng", apart=True)) == ["biểu", "trưng"]


def test_prefixes_and_similar_syllables_are_found() -> None:
    assert found("tập huấn, hướng dẫn", Needle(("hu",), prefix=True)) == ["huấn", "hướng"]
    assert found("tập huấn, hướng dẫn", Needle(("huan",), distance=1)) == ["huấn"]


def test_overlapping_spans_are_joined() -> None:
    assert found("mỗi xã một sản phẩm", needle("mỗi xã một"), needle("xã một sản phẩm")) == ["mỗi xã một sản phẩm"]


@pytest.mark.parametrize("key", ["qui", "ki", "hoach", "a"])
def test_scanning_gives_the_syllables_that_splitting_gives(key: str) -> None:
    text = "Quy định, qui hoạch; kỹ thuật kĩ kế hoạch\nhoạch-ngôn anh_à"
    expected = [token for token in tokens(text) if token.folded.startswith(key)]
    assert list(ScannedText(text).starting_with(key)) == expected
    assert list(ScannedText(text).equal_to(key)) == [token for token in expected if token.folded == key]


def test_a_run_that_is_cut_in_the_index_is_found_by_what_is_left_of_it() -> None:
    key = "a" * MAX_TOKEN
    assert [(one.start, one.end) for one in ScannedText(f"x {key}bc").equal_to(key)] == [(2, MAX_TOKEN + 4)]


@given(st.text(alphabet="quyếkỹia hoạch-,._1²\n", max_size=60), st.sampled_from(["qui", "ki", "h", "a"]))
def test_scanning_agrees_with_splitting_for_any_text(text: str, key: str) -> None:
    expected = [token for token in tokens(text) if token.folded.startswith(key)]
    assert list(ScannedText(text).starting_with(key)) == expected
    assert list(ScannedText(text).equal_to(key)) == [token for token in expected if token.folded == key]
