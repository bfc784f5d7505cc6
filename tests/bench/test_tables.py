"""The benchmark of tables reads what it wrote, and says when a figure is missed."""

from __future__ import annotations

import random
import sys
from contextlib import ExitStack
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from bench import gazette_tables, tables
from bench.made_tables import task_table, write_pdf
from bench.table_rivals import OtherProcess, one_below_another, rivals
from bench.table_score import Score, Truth
from corpus.model import Table, TableCell


def test_the_tables_of_files_are_read_as_they_were_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--files", "1", "--scans", "0", "--gazette", "0", "--json", str(tmp_path / "f.json")]
    assert tables.main(given) == 0
    assert "pdfplumber alone" in capsys.readouterr().out
    assert (tmp_path / "f.json").is_file()


def test_wrong_digits_without_a_mark_are_counted() -> None:
    cells = [(0, 0, 1, 1, "STT"), (1, 0, 1, 1, "1"), (1, 4, 1, 1, "500.000"), (1, 6, 1, 1, "5 sao")]
    truth = Truth(cells, 2, 1, figures=(4, 6))
    score = Score()
    score.count(truth, None)
    assert score.f1 == 0.0
    assert score.silent == []  # nothing was read, so nothing is believed
    read = Table(2, 7, [TableCell(1, 4, "600.000"), TableCell(1, 6, "5 sao"), TableCell(1, 0, "1")])
    score.count(truth, read)
    assert score.silent == ["'500.000' → '600.000'"]
    read.cells[0].needs_review = True
    score.count(truth, read)
    assert len(score.silent) == 1


def test_the_tables_of_the_gazette_are_those_of_its_documents(shared: Path) -> None:
    found = gazette_tables.tables(folder=shared / "documents" / "gazette")
    assert sum(len(group) for _, _, group in found) >= 40
    for _, _, group in found:
        for table in group:
            places = [cell[:2] for cell in table.truth.cells]
            assert len(set(places)) == len(places)
            assert max(row for row, _ in places) < table.truth.rows


def test_gazette_pages_are_read_as_transcribed(shared: Path, tmp_path: Path) -> None:
    """``python -m bench.tables`` reads their scans too."""
    score = Score()
    for source, pages, group in gazette_tables.tables(folder=shared / "documents" / "gazette"):
        made = tables.read_tables(gazette_tables.cut_out(source, pages, tmp_path / "a.pdf"))
        for table in group:
            at = gazette_tables.most_alike(table.truth, [[(c.row, c.column, c.text) for c in t.cells] for t in made])
            assert at is not None
            score.count(table.truth, made[at])
    assert score.tables >= 40
    assert score.f1 >= 0.97
    assert score.rows >= 0.97
    assert score.silent == []


def test_parts_of_a_table_are_put_below_one_another() -> None:
    parts = [[["TT", "Tên"], ["1", "a"]], [["TT", "Tên"], ["2", "b"]], [["3", "c"]]]
    assert one_below_another(parts, 1) == [["TT", "Tên"], ["1", "a"], ["2", "b"], ["3", "c"]]


def test_a_reader_in_another_environment_says_why_it_gives_no_answer(tmp_path: Path) -> None:
    with ExitStack() as stack:
        readers = rivals({"camelot": Path(sys.executable)}, stack)
        assert list(readers) == ["pdfplumber", "camelot"]
        with pytest.raises(RuntimeError, match=r"camelot: .*Error"):
            readers["camelot"](tmp_path / "none.pdf")


def test_a_reader_that_hangs_is_given_up_and_started_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    slow = tmp_path / "python"
    slow.write_text(f"#!/bin/sh\nexec {sys.executable} -c 'import time; time.sleep(600)'\n", encoding="utf-8")
    slow.chmod(0o755)
    reader = OtherProcess("camelot", slow, seconds=0.2)
    try:
        assert [reader(tmp_path / "a.pdf").tables, reader(tmp_path / "a.pdf").tables] == [[], []]
        assert capsys.readouterr().out.count("camelot gave no answer for a.pdf") == 2
    finally:
        reader._process.kill()
        reader.close()


def test_scans_are_the_same_each_time_and_others_by_another_seed(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [task_table(random.Random(1), 3)])
    first, again, other = (tables.scanned(path, random.Random(seed)).read_bytes() for seed in (1, 1, 2))
    assert _drawn(first) == _drawn(again) != _drawn(other)


def _drawn(pdf: bytes) -> bytes:
    """The picture of the first page."""
    with pdfium.PdfDocument(pdf) as document:
        return bytes(document[0].render(scale=0.5).to_pil().tobytes())
