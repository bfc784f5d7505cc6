"""Measuring time: one call, many calls, percentiles."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


def timed(call: Callable[[], T]) -> tuple[float, T]:
    """Seconds of wall time, and what *call* returns."""
    began = time.perf_counter()
    value = call()
    return time.perf_counter() - began, value


def percentiles(values: Sequence[float], which: Sequence[int] = (50, 95)) -> dict[str, float]:
    """``{"p50": …, "p95": …}`` of at least two values, rounded to three decimals."""
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {f"p{p}": round(cuts[p - 1], 3) for p in which}


def nearest_ranks(values: Iterable[float], which: Sequence[int] = (50, 95, 99)) -> dict[str, float]:
    """``{"p50_ms": …}``: percentiles that are measured values (nearest rank below); 0 without values."""
    ordered = sorted(values) or [0.0]
    return {f"p{p}_ms": round(ordered[int(p / 100 * (len(ordered) - 1))], 1) for p in which}


def milliseconds(action: Callable[[str], Any], texts: Iterable[str]) -> dict[str, float]:
    """p50 and p95 of *action* over *texts*, and p95 of processor time, which a busy machine does not blur.

    The first quarter is run once before, uncounted, to fill caches.
    """
    asked = list(texts)
    for text in asked[: len(asked) // 4]:
        action(text)
    wall, processor = [], []
    for text in asked:
        began, before = time.perf_counter(), time.thread_time()
        action(text)
        wall.append((time.perf_counter() - began) * 1_000)
        processor.append((time.thread_time() - before) * 1_000)
    return percentiles(wall) | {"cpu_p95": percentiles(processor)["p95"]}
