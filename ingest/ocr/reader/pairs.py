"""How often one syllable follows another in Vietnamese statutes: the counts that settle what the ink leaves open.

``data/pairs.npz`` is made by ``python -m tools.reader counts`` from the articles of the codified law (Bộ Pháp điển).
It holds syllables in lower case with their counts, and pairs as sorted numbers first × syllables + second. Counts are
kept as logarithms in one byte.
"""

from __future__ import annotations

import math
from functools import cache, cached_property, lru_cache
from pathlib import Path

import numpy as np

from corpus.fold import fold
from ingest.ocr.reader import COUNTS

#: Steps of a stored logarithm: count = exp(byte / STEPS) - 1.
STEPS = 16.0
# A syllable counts this much before it is seen at all, and a pair is believed as if seen so often by chance.
_UNSEEN, _PRIOR = 0.02, 30.0


class Pairs:
    """The counts at *path*. Raises OSError, KeyError, ValueError where they cannot be read."""

    def __init__(self, path: Path = COUNTS) -> None:
        with np.load(path, allow_pickle=False) as kept:
            words = bytes(kept["words"]).decode("utf-8").split("\n")
            self._counts = np.expm1(kept["counts"].astype(np.float64) / STEPS)
            self._keys = np.cumsum(kept["gaps"].astype(np.int64))
            self._pairs = kept["pairs"]
        self._number = {word: at for at, word in enumerate(words)}
        self._total = float(self._counts.sum())
        self.chance = lru_cache(maxsize=1 << 15)(self._chance)

    @cached_property
    def by_letters(self) -> dict[str, list[str]]:
        """The words by their letters without marks."""
        found: dict[str, list[str]] = {}
        for word in self._number:
            found.setdefault(fold(word), []).append(word)
        return found

    def knows(self, word: str) -> bool:
        """Whether *word* (lower case) was counted."""
        return word in self._number

    def _chance(self, before: str, word: str) -> float:
        """Natural logarithm of the probability that *word* follows *before* ("" where nothing is known), lower case."""
        second = self._number.get(word, -1)
        alone = ((self._counts[second] if second >= 0 else 0.0) + _UNSEEN) / (self._total + 1000.0)
        first = self._number.get(before, -1)
        if first < 0:
            return math.log(alone)
        together = self._together(first, second) if second >= 0 else 0.0
        return math.log((together + _PRIOR * alone) / (self._counts[first] + _PRIOR))

    def _together(self, first: int, second: int) -> float:
        key = first * len(self._number) + second
        at = int(np.searchsorted(self._keys, key))
        if at == len(self._keys) or self._keys[at] != key:
            return 0.0
        return math.expm1(int(self._pairs[at]) / STEPS)


@cache
def shipped() -> Pairs:
    """The counts that come with the program, loaded once a process. Raises as :class:`Pairs` does."""
    return Pairs()
