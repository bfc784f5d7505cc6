"""The kept inputs of the fuzzer, replayed: each is answered as promised and within its bound (``python -m tests.fuzz``)."""

from __future__ import annotations

import gc
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.fold import nfc
from tests.fuzz import kept
from tests.fuzz.__main__ import Run, shortened
from tests.fuzz.mutate import CONTROLS, FOREIGN, MARKS, SURROGATES, UNSEEN
from tests.fuzz.targets import MAIN, TARGETS, Breach, number


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_the_kept_corpus_is_answered_as_promised(name: str) -> None:
    target = TARGETS[name]
    texts = kept.load(name)
    assert texts or name not in MAIN
    gc.collect()
    for text in texts:
        best = float("inf")
        for _ in range(3):  # the least of three: the machine may have been at something else
            began = time.thread_time()
            target.call(text)
            best = min(best, time.thread_time() - began)
            if best < target.bound(text) / 2:
                break
        assert best <= target.bound(text), (best, text[:200])


_ANY = st.text(
    st.one_of(st.characters(), st.sampled_from(CONTROLS + UNSEEN + MARKS + SURROGATES + FOREIGN)), max_size=60
)


@settings(max_examples=200, deadline=None)
@given(_ANY)
def test_any_text_folds_as_promised(text: str) -> None:
    number(text)


@settings(max_examples=200)
@given(_ANY)
def test_a_kept_input_comes_back_from_its_line(text: str) -> None:
    text = text.encode("utf-16", "surrogatepass").decode(
        "utf-16", "surrogatepass"
    )  # two halves in a row are one character
    assert [kept.read(kept.line(text)), kept.read(kept.line(f"{text}{'ab' * 300}{text}"))] == [
        text, f"{text}{'ab' * 300}{text}"
    ]  # fmt: skip


def test_the_fuzzer_finds_a_planted_fault_and_cuts_it_short(monkeypatch: pytest.MonkeyPatch) -> None:
    def planted(text: str) -> set[str]:
        stored = nfc(text)
        if "QĐ" in stored and "\u0301" in stored:
            raise Breach("planted", stored)
        return {str(len(stored) % 7)}

    target = TARGETS["so_ky_hieu"]
    run = Run(type(target)(target.name, planted, target.modules, 1.0, 1.0, most=300), seed=1)
    run.start()
    run.go(5.0, until=lambda: bool(run.faults))
    assert run.report(0)["breaches"] == 1
    assert sorted(run.faults[0].text) == sorted("QĐ\u0301")


def test_shortening_keeps_what_it_is_told_to_keep() -> None:
    assert shortened("a" * 500 + "x" + "b" * 500 + "y", lambda t: "x" in t and "y" in t, seconds=5.0) == "xy"
