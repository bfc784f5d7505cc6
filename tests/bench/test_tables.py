"""The benchmark of tables reads what it wrote, and says when a figure is missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import tables
from bench.made_tables import MadeTable
from bench.tables import Score


def test_the_tables_of_files_are_read_as_they_were_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tables.main(["--files", "1", "--scans", "0", "--json", str(tmp_path / "f.json")]) == 0
    assert "pdfplumber alone" in capsys.readouterr().out
    assert (tmp_path / "f.json").is_file()


def test_wrong_digits_without_a_mark_are_counted() -> None:
    cells = [(0, 0, 1, 1, "STT"), (1, 0, 1, 1, "1"), (1, 4, 1, 1, "500.000"), (1, 6, 1, 1, "5 sao")]
    score = Score()
    tables.count(score, MadeTable(cells, 2, 7), [])
    assert score.f1 == 0.0
    assert score.silent == []  # nothing was read, so nothing is believed
