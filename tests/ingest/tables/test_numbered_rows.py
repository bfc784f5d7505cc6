"""Rows without rules between them are told by their numbers, to the "n" or the dots with which a form's list ends."""

from __future__ import annotations

import pytest

from ingest.page import Word
from ingest.tables.grid import Grid, GridCell
from ingest.tables.numbered_rows import with_numbered_rows
from ingest.tables.numbering import goes_on
from ingest.tables.page_table import filled


def rows_of(*numbers: str) -> list[list[str]]:
    """The rows of a field with *numbers* in its first column, each beside a name of two lines."""
    words, height = [], 0.02
    for at, number in enumerate(numbers):
        top = 0.1 + 3 * height * at
        words.append(Word(number, (0.11, top, 0.12, top + height / 2), 1.0, 0, 1))
        words.append(Word(f"Chương{at}", (0.22, top, 0.3, top + height / 2), 1.0, 0, 1))
        words.append(Word("mục", (0.22, top + height, 0.3, top + 1.5 * height), 1.0, 0, 1))
    grid = Grid([0.1, 0.2, 0.4], [0.09, 0.9], [GridCell(0, column, 1, 1) for column in range(2)])
    table = with_numbered_rows(filled(grid, words, 1, 0, ocr=False))
    rows: dict[int, list[str]] = {}
    for cell in sorted(table.cells, key=lambda c: (c.row, c.column)):
        rows.setdefault(cell.row, []).append(" ".join(word.text for line in cell.lines() for word in line))
    return list(rows.values())


@pytest.mark.parametrize("last", ["3", "n", "…", "...."])
def test_each_number_begins_a_row_and_so_does_what_stands_for_the_rest(last: str) -> None:
    assert rows_of("1", "2", last) == [["1", "Chương0 mục"], ["2", "Chương1 mục"], [last, "Chương2 mục"]]


def test_a_letter_among_numbers_and_one_number_alone_part_nothing() -> None:
    assert len(rows_of("1", "n")) == 1
    assert len(rows_of("1", "n", "2")) == 1
    assert len(rows_of("1", "2", "b")) == 1


def test_what_stands_for_the_rest() -> None:
    assert [text for text in ("n", "N.", "...", "…", "nn", ".", "m", "") if goes_on(text)] == ["n", "N.", "...", "…"]
