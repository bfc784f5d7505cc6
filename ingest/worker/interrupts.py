"""Ctrl-C is for the process that the user started, not for those that it starts."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_from_started() -> Iterator[None]:
    """Inside, a Ctrl-C waits for this process, and a process that is started ignores it for good, as do its children:
    in the middle of its imports it would end with a traceback. Nothing changes outside the main thread, which alone
    takes signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
