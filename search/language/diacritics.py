"""The likeliest diacritics of a run of syllables: the best path through their readings (Viterbi), by a bigram model."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from search.language.tokens import Token

#: Weight of a syllable's own frequency; the rest is the pair's.
_BACKOFF = 0.05
#: How much likelier a reading must be before an unmarked syllable is changed in a query that has diacritics.
_KEEP_TYPED = math.log(8.0)

#: Exact key → times seen, of all readings of one syllable.
Readings = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Bigrams:
    """The counts of a model."""

    #: All syllables counted, at least 1.
    total: int
    #: (first readings, second readings) → times of each pair that was seen.
    pairs: Callable[[list[str], list[str]], Mapping[tuple[str, str], int]]


def best_path(
    typed: Sequence[Token],
    readings: Sequence[Readings],
    model: Bigrams,
    bonus: Callable[[int, str], float] | None = None,
) -> list[str]:
    """The likeliest reading of each syllable in *typed*; ``readings[i]`` are those of ``typed[i]``, never empty.

    bonus: what the logarithm of a reading's likelihood is raised by; by default readings as typed are kept in a query
    that has diacritics.
    """
    bonus = bonus or _keeping_typed(typed)
    scores = {exact: math.log(times / model.total) + bonus(0, exact) for exact, times in readings[0].items()}
    steps: list[dict[str, str]] = []
    for i in range(1, len(readings)):
        pairs = model.pairs(list(readings[i - 1]), list(readings[i]))
        after: dict[str, float] = {}
        step: dict[str, str] = {}
        for exact, times in readings[i].items():
            best, origin = -math.inf, ""
            for before, score in scores.items():
                together = pairs.get((before, exact), 0) / max(readings[i - 1][before], 1)
                likely = score + math.log((1 - _BACKOFF) * min(together, 1.0) + _BACKOFF * (times / model.total))
                if likely > best:
                    best, origin = likely, before
            after[exact], step[exact] = best + bonus(i, exact), origin
        scores = after
        steps.append(step)
    path = [max(scores, key=lambda exact: scores[exact])]
    for step in reversed(steps):
        path.append(step[path[-1]])
    return path[::-1]


def _keeping_typed(typed: Sequence[Token]) -> Callable[[int, str], float]:
    keep = _KEEP_TYPED if any(token.marked for token in typed) else 0.0
    return lambda i, exact: keep if exact == typed[i].exact else 0.0
