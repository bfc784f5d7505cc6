"""Child processes that a test can find among all others of the machine."""

from __future__ import annotations

import os
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
