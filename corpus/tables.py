"""Reads data tables: tab-separated files with a line of headings, in which ``#`` starts a comment line."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
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
    """The rows of a table from its lines."""
    lines = [line for line in text if line.strip() and not line.startswith("#")]
    return tuple(
        {key: (value or "") for key, value in row.items()}
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    )
