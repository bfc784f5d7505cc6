"""Shortens an input that shows something, by cutting out what it does not need (delta debugging)."""

from __future__ import annotations

from collections.abc import Callable


def shortened(text: str, still: Callable[[str], bool], *, attempts: int = 2_000) -> str:
    """*text* with as much cut out as it can lose while *still* holds, after at most *attempts* calls of it."""
    size = max(1, len(text) // 2)
    while size and attempts > 0:
        at, cut = 0, False
        while at < len(text) and attempts > 0:
            shorter = text[:at] + text[at + size :]
            attempts -= 1
            if still(shorter):
                text, cut = shorter, True
            else:
                at += size
        size = size if cut and size > 1 else size // 2
    return text
