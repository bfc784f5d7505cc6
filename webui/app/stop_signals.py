"""Signals that ask a long-running command to end, made into an exception at a moment of its choosing."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopped(BaseException):
    """The command was asked to end (SIGTERM, SIGHUP, Ctrl-C)."""


class StopSignals:
    """While this context is open, the first signal raises :class:`Stopped`; inside :meth:`deferred` it waits."""

    SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

    def __init__(self) -> None:
        self._deferring = False
        self._received = False
        self._raised = False

    def __enter__(self) -> None:
        for number in self.SIGNALS:
            signal.signal(number, self._handle)

    def __exit__(self, *_: object) -> None:
        for number in self.SIGNALS:
            signal.signal(number, signal.SIG_DFL)

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        if self._received:
            return  # a second signal changes nothing: the command is ending
        self._received = True
        if not self._deferring:
            self.check()

    def check(self) -> None:
        """Raise Stopped once if a signal came; what the handler itself raises may be lost in a destructor."""
        if self._received and not self._raised:
            self._raised = True
            raise Stopped

    @contextmanager
    def deferred(self) -> Iterator[None]:
        """Signals that come inside take effect at the end."""
        self._deferring = True
        try:
            yield
        finally:
            self._deferring = False
        self.check()
