"""Verdicts: each has words for people and an exit code of its own."""

from __future__ import annotations

from corpus.errors import ReadFailure, exit_code_of
from corpus.vocabulary import Verdict


def test_every_verdict_has_an_exit_code_and_words() -> None:
    own = [verdict.exit_code for verdict in Verdict if verdict.exit_code != ReadFailure.exit_code]
    assert len(set(own)) == len(own)
    for verdict in Verdict:
        assert verdict.words
        assert 0 < verdict.exit_code < 126
        assert exit_code_of([verdict, verdict]) == verdict.exit_code
        assert ReadFailure("x", verdict).exit_code == verdict.exit_code


def test_failures_of_several_kinds_share_the_general_exit_code() -> None:
    assert exit_code_of([Verdict.DAMAGED, Verdict.ENCRYPTED]) == ReadFailure.exit_code
    assert exit_code_of([]) == 0
