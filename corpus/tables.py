"""Reads data tables: tab-separated files with a line of headings, in which ``#`` starts a comment line."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import zip_longest
from pathlib import Path

#: The tables of this room.
DATA = Path(__file__).parent / "data"


@cache
def rows(name: str, folder: Path = DATA) -> tuple[dict[str, str], ...]:
    """The rows of ``folder/NAME.tsv`` as dictionaries of strings (an empty cell is ``""``).

    Raises FileNotFoundError when there is no such table.
    """
    with (folder / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return rows_of(file)


def rows_of(text: Iterable[str]) -> tuple[dict[str, str], ...]:
    """The rows of a table from its lines; cells beyond the last heading are under ""."""
    lines = (line.rstrip("\r\n") for line in text if line.strip() and not line.startswith("#"))
    headings = next(lines, "").split("\t")
    # Cells are never quoted: taking lines apart costs a fifth of what a reader of CSV does.
    return tuple(dict(zip_longest(headings, line.split("\t"), fillvalue="")) for line in lines)
