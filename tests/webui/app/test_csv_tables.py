"""CSV cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webui.app import csv_tables


@given(st.lists(st.lists(st.text(max_size=30), min_size=1, max_size=4), max_size=5))
def test_no_cell_begins_as_a_formula_and_cells_round_trip(rows: list[list[str]]) -> None:
    text = csv_tables.csv_text(["a"], rows)
    back = list(csv.reader(io.StringIO(text, newline="")))[1:]
    for row, got in zip([r for r in rows if r], back, strict=True):
        for words, kept in zip(row, got, strict=True):
            assert kept in {words, f"'{words}"}
            assert not kept.lstrip(" \u00a0").startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("words", ["=1+1", "+84", "-x", "@SUM", "\t=1", " =1", "＝1"])
def test_formulas_are_guarded(words: str) -> None:
    assert csv_tables.guarded(words) == f"'{words}"
