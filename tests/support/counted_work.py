"""Work counted in lines of Python that run: a measure that does not depend on how fast or how busy the machine is.

Time spent inside one call of compiled code (a regular expression, a sort) is not seen; the timeout of the whole test
run catches an expression that never ends.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def lines_run(call: Callable[[], Any]) -> int:
    """How many lines of Python *call* runs in this thread, libraries included."""
    count = 0

    def enter(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        if event == "line":
            count += 1
        return enter

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


def growth(work: Callable[[str], Any], unit: str, small: int, large: int) -> float:
    """How many times the work grows, for each time the text grows: 1.0 is linear.

    unit: is repeated to make the texts of *small* and *large* characters. The work on an empty text is taken off.
    """
    work(unit)  # caches are filled
    fixed = lines_run(lambda: work(""))
    texts = [(unit * (size // len(unit) + 1))[:size] for size in (small, large)]
    first, second = (max(lines_run(lambda text=text: work(text)) - fixed, 1) for text in texts)  # type: ignore[misc]
    return (second / first) / (large / small)
