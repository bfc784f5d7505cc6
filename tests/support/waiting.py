"""Waiting for a condition without depending on how fast or how busy the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

#: Seconds between two looks.
_INTERVAL = 0.02


def wait_for(condition: Callable[[], T | None], seconds: float = 120) -> T:
    """Waits until *condition* is true, and returns its value.

    *seconds* only catches a hang: it is far more than the slowest machine needs. AssertionError after it.
    """
    until = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < until, f"still {value!r} after {seconds} seconds"
        time.sleep(_INTERVAL)
    return value
