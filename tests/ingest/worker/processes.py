"""What tests of workers share: looking for a child process, and waiting for a condition."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path


def marker(fraction: str) -> str:
    """A number of seconds for ``sleep`` that no other process on the machine uses: (300 to 1299).*fraction*."""
    return f"{300 + os.getpid() % 1000}.{fraction}"


def is_sleeping(seconds: str) -> bool:
    """Whether a process ``sleep seconds`` runs anywhere."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if (folder / "cmdline").read_bytes() == f"sleep\0{seconds}\0".encode():
                    return (folder / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
            except OSError:
                continue
    return False


def becomes_true(condition: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Whether *condition* holds within that time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False
