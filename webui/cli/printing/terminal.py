"""The terminal: the console, a labelled line, text made safe to print, notices on stderr."""

from __future__ import annotations

import sys

from rich.console import Console

console = Console(highlight=False, soft_wrap=True)


def line(label: str, text: str, width: int = 28) -> None:
    """Print *text* (Rich markup) behind its label."""
    console.print(f"  {label:<{width}}{text}")


def printable(text: str) -> str:
    """*text* on one line, without control characters, which a terminal would obey."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def notice(text: str) -> None:
    """Print a sentence on stderr, beside the results."""
    print(printable(text), file=sys.stderr, flush=True)
