"""The lines of chosen source files that a call runs: which ones, and how many.

The set of lines that run distinguishes a new kind of input from one more of the same. Their number measures the work,
independently of the machine.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import FrameType
from typing import Any

from tests.paths import ROOT


@dataclass(frozen=True, slots=True)
class Execution:
    """What a call ran."""

    #: ``file:line>line``: pairs of lines that ran one after the other in one function (a loop run twice is a pair).
    steps: frozenset[str]
    #: Lines run, each as often as it ran.
    lines: int


class LineTracer:
    """Traces the source files whose path within the project begins with one of *places*."""

    def __init__(self, places: Iterable[str]) -> None:
        self._places = tuple(str(ROOT / place) for place in places)
        self._names: dict[str, str | None] = {}

    def run(self, call: Callable[[], Any]) -> Execution:
        """Runs *call* under the tracer. What it raises is raised."""
        seen: set[tuple[str, int, int]] = set()
        count = 0

        def enter(frame: FrameType, event: str, _: Any) -> Any:
            name = self._name(frame.f_code.co_filename)
            if name is None:
                return None
            last = 0

            def step(inner: FrameType, event: str, _: Any) -> Any:
                nonlocal last, count
                if event == "line":
                    count += 1
                    seen.add((name, last, inner.f_lineno))
                    last = inner.f_lineno
                return step

            return step

        before = sys.gettrace()
        sys.settrace(enter)
        try:
            call()
        finally:
            sys.settrace(before)
        return Execution(frozenset(f"{name}:{a}>{b}" for name, a, b in seen), count)

    def _name(self, file: str) -> str | None:
        """The file's path within the project; None for a file that is not traced."""
        if file not in self._names:
            traced = file.startswith(self._places)
            self._names[file] = file.removeprefix(f"{ROOT}/") if traced else None
        return self._names[file]
