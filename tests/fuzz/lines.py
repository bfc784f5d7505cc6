"""Which lines of chosen modules a call runs, by tracing: what tells a new kind of input from one more of the same."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from types import FrameType, ModuleType
from typing import Any


class Lines:
    """Traces *modules*. Line numbers, and in each function the pairs that follow each other (a loop taken twice)."""

    def __init__(self, modules: Iterable[ModuleType]) -> None:
        self._files = {str(module.__file__): module.__name__.rpartition(".")[2] for module in modules}

    def of(self, call: Callable[[], Any]) -> set[str]:
        """What *call* runs, as ``module:line>line``. Whatever it raises, it raises."""
        seen: set[tuple[str, int, int]] = set()
        files = self._files

        def enter(frame: FrameType, event: str, _: Any) -> Any:
            name = files.get(frame.f_code.co_filename)
            if name is None:
                return None
            last = 0

            def step(inner: FrameType, event: str, _: Any) -> Any:
                nonlocal last
                if event == "line":
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
        return {f"{name}:{a}>{b}" for name, a, b in seen}
