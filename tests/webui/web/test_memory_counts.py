"""Counts of rate limits in memory."""

from __future__ import annotations

import time

import pytest

from webui.web.middleware.memory_counts import MemoryCounts


def test_a_window_begins_with_the_first_request_and_counts_begin_again_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [1_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    counts = MemoryCounts()
    assert [counts.incr("a", 60), counts.incr("a", 60, 2), counts.incr("b", 60)] == [1, 3, 1]
    assert (counts.get("a"), counts.get_expiry("a")) == (3, 1_060.0)
    now[0] = 1_060.0
    assert (counts.get("a"), counts.get_expiry("a")) == (0, 1_060.0)
    assert counts.incr("a", 60) == 1
    counts.clear("a")
    assert counts.get("a") == 0
    now[0] = 1_200.0
    assert counts.incr("c", 60) == 1
    assert counts.reset() == 1, "what was over had been dropped"
    assert counts.check()
