"""The kept inputs of the fuzzer, replayed: each is answered as promised and causes bounded work."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz import kept_inputs
from tests.fuzz.executed_lines import LineTracer
from tests.fuzz.mutations import CONTROLS, FOREIGN, INVISIBLE, MARKS, SURROGATES
from tests.fuzz.target_numbers import number
from tests.fuzz.targets import MAIN, TARGETS
from tests.paths import ROOT

ANY_TEXT = st.text(
    st.one_of(st.characters(), st.sampled_from(CONTROLS + INVISIBLE + MARKS + SURROGATES + FOREIGN)), max_size=60
)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_kept_inputs_are_answered_as_promised_with_bounded_work(name: str) -> None:
    target = TARGETS[name]
    tracer = LineTracer(target.places)
    texts = kept_inputs.load(name)
    assert texts or name not in MAIN
    for text in texts:
        lines = tracer.run(lambda text=text: target.call(text)).lines  # type: ignore[misc]
        assert lines <= target.bound(text), text[:200]


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_the_work_of_a_target_is_counted_in_files_that_exist(name: str) -> None:
    assert [place for place in TARGETS[name].places if not (ROOT / place).exists()] == []


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT)
def test_any_text_folds_as_promised(text: str) -> None:
    number(text)


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT)
def test_a_kept_input_comes_back_from_its_line(text: str) -> None:
    # Two surrogate halves in a row are one character.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    for whole in (text, f"{text}{'ab' * 300}{text}"):
        assert kept_inputs.from_line(kept_inputs.to_line(whole)) == whole
