"""Decoding of a line reader's output."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from ingest.ocr.ctc import Character, digit_strings, greedy

#: Columns of a matrix of digits, and of those that have any probability in these tests: blank, 0, 1 and 2.
_COLUMNS, _SEEN = 11, 4


def test_greedy_joins_repetitions_and_keeps_places() -> None:
    matrix = np.eye(4)[[1, 1, 0, 1, 2, 0]]
    assert greedy(matrix, ["", "a", "b", "c"]) == [Character("a", 0, 2), Character("a", 3, 4), Character("b", 4, 5)]


def by_enumeration(matrix: NDArray[np.float64], longest: int) -> dict[str, float]:
    """The same probabilities from all paths, one by one."""
    total: dict[str, float] = {}
    for path in product(range(_SEEN), repeat=len(matrix)):
        kept = [c for i, c in enumerate(path) if c and (i == 0 or path[i - 1] != c)]
        string = "".join(str(c - 1) for c in kept)
        if len(string) <= longest:
            probability = float(np.prod([matrix[place, column] for place, column in enumerate(path)]))
            total[string] = total.get(string, 0.0) + probability
    whole = sum(total.values())
    return {string: probability / whole for string, probability in total.items()}


@given(arrays(np.float64, (3, _SEEN), elements=st.floats(0.01, 1.0)))
def test_probabilities_are_those_of_all_paths_while_the_beam_holds_them(raw: NDArray[np.float64]) -> None:
    matrix = np.zeros((3, _COLUMNS))
    matrix[:, :_SEEN] = raw / raw.sum(axis=1, keepdims=True)
    possible = {string: p for string, p in digit_strings(matrix, longest=3).items() if p > 0}
    assert possible == pytest.approx(by_enumeration(matrix, longest=3))
