"""How sure a word is: the chance that it is exactly so, from what the net and the counts make of it.

The net's own probabilities are too sure of themselves, and the beam's chance of a word knows only the texts that were
looked at. A logistic curve through both, fitted by ``python -m tools.reader calibrate`` to words of labelled scans and
of degraded born-digital pages, gives how often such a word is right. Its weights are in ``data/confidence.tsv``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from corpus.tables import rows
from ingest.ocr.reader import DATA

#: What the curve looks at, in the order of :func:`features`.
FEATURES = ("constant", "chance", "weakest", "mean", "known", "unknown")
# Odds beyond these say no more.
_MOST_ODDS = 7.0


def features(chance: float, letters: Sequence[float], known: bool | None) -> tuple[float, ...]:
    """The numbers that the curve weighs. chance: of the word among the texts looked at. letters: the net's
    probability of each. known: whether the counts have the word; None where it is no word of letters alone."""
    mean = sum(letters) / len(letters)
    return (1.0, _odds(chance), _odds(min(letters)), _odds(mean), float(known is True), float(known is False))


def confidence(chance: float, letters: Sequence[float], known: bool | None) -> float:
    """The chance that a word is exactly so, 0 to 1; the arguments are those of :func:`features`."""
    total = sum(w * x for w, x in zip(_weights(), features(chance, letters, known), strict=True))
    return 1 / (1 + math.exp(-max(-20.0, min(20.0, total))))


@cache
def _weights() -> tuple[float, ...]:
    kept = {row["feature"]: float(row["weight"]) for row in rows("confidence", DATA)}
    return tuple(kept[name] for name in FEATURES)


def _odds(probability: float) -> float:
    """The logarithm of the odds, within bounds."""
    kept = min(1 - 1e-9, max(1e-9, probability))
    return max(-_MOST_ODDS, min(_MOST_ODDS, math.log(kept / (1 - kept))))
