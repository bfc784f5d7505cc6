"""Medians and percentiles of few numbers."""

from __future__ import annotations

import random

import numpy as np
import pytest

from ingest.ocr.reader.ranks import median, percentile


def some_numbers(count: int) -> list[float]:
    chance = random.Random(count)
    return [chance.choice((chance.randint(0, 40), chance.uniform(-3, 900))) for _ in range(count)]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 30, 61])
def test_are_to_the_bit_those_of_numpy(count: int) -> None:
    numbers = some_numbers(count)
    assert median(numbers) == float(np.median(numbers))
    for percent in (0, 10, 50, 60, 90, 100):
        assert percentile(numbers, percent) == float(np.percentile(numbers, percent))
