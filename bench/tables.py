"""How well tables are read: ``python -m bench.tables [--files N] [--scans N] [--json FILE]``.

The truth is known because the tables are written here (:mod:`bench.made_tables`): Word, HTML, spreadsheets, and PDFs
with rules, without rules between rows, without any, merged, over pages, on sheets that lie on their side; and the same
PDFs as scans of 200 dpi with skew, noise and blur, read by OCR. pdfplumber alone reads the same PDFs. Exit code 1 where
a figure is missed.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageFilter

from bench.made_tables import MadeTable, product_table, task_table, write_docx, write_html, write_pdf, write_xlsx
from corpus.model import Table
from ingest.read import read
from ingest.tables.find import find_tables

#: What must be reached: share of cells (F1), share of tables with the right number of rows; of files and of scans.
FILES_WANTED, SCANS_WANTED = 0.97, 0.92
#: Columns of the product table whose digits must not be wrong without a mark: money, score, stars.
_FIGURES = (4, 5, 6)
_SEED = 20261129
_DPI = 200


@dataclass(slots=True)
class Score:
    """What was counted over several tables."""

    right: int = 0
    wanted: int = 0
    given: int = 0
    tables: int = 0
    rows_right: int = 0
    #: Cells with wrong digits that no mark warns of.
    silent: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the shares of wanted and of given cells that are right."""
        return 2 * self.right / (self.wanted + self.given) if self.wanted + self.given else 0.0

    @property
    def rows(self) -> float:
        """The share of tables with the right number of rows."""
        return self.rows_right / self.tables if self.tables else 0.0

    def add(self, made: MadeTable, cells: set[tuple[int, int, str]], rows: int) -> None:
        """Count one table."""
        wanted = {(row, column, text) for row, column, _, _, text in made.cells if text}
        self.right += len(wanted & cells)
        self.wanted += len(wanted)
        self.given += len(cells)
        self.tables += 1
        self.rows_right += rows == made.rows


def _table(chance: random.Random, number: int) -> MadeTable:
    """A table of one of the kinds in turn, of up to some fifty rows."""
    rows = chance.randrange(4, 50)
    kind = number % 4
    if kind == 0:
        return task_table(chance, rows)
    return product_table(chance, rows, groups=kind == 2, two_headings=kind >= 2, total=kind == 3)


#: Kind of file → how its tables are written; rules between rows are left out only where no row is a group.
_WRITERS: dict[str, Callable[[Path, Sequence[MadeTable]], Path]] = {
    "docx": write_docx,
    "html": write_html,
    "xlsx": write_xlsx,
    "pdf": write_pdf,
    "pdf sideways": lambda path, tables: write_pdf(path, tables, sideways=True),
    "pdf no_rows": lambda path, tables: write_pdf(path, tables, rules="no_rows"),
    "pdf none": lambda path, tables: write_pdf(path, tables, rules="none"),
}


def made_files(folder: Path, count: int) -> Iterator[tuple[str, Path, MadeTable]]:
    """(kind, file, its table), *count* of each kind."""
    for at, (kind, write) in enumerate(_WRITERS.items()):
        chance = random.Random(_SEED + at)
        for number in range(count):
            plain = kind in ("pdf no_rows", "pdf none")
            made = task_table(chance, chance.randrange(4, 18)) if plain else _table(chance, number)
            yield kind, write(folder / f"{at}-{number}.{kind.split()[0]}", [made]), made


def read_tables(path: Path) -> list[Table]:
    """The tables that the program reads."""
    with read(path) as reading:
        return find_tables(reading)


def count(score: Score, made: MadeTable, tables: Sequence[Table]) -> None:
    """Count what was read of one made table; the first table is the one that is meant."""
    cells = {(c.row, c.column, c.text) for table in tables[:1] for c in table.cells if c.text}
    score.add(made, cells, tables[0].rows if tables else 0)
    if made.columns <= max(_FIGURES):
        return
    found = {(c.row, c.column): c for table in tables[:1] for c in table.cells}
    marked = not tables or (tables[0].rows != made.rows and tables[0].needs_review)
    for row, column, _, _, text in made.cells:
        if row < made.header_rows or column not in _FIGURES or not any(char.isdigit() for char in text):
            continue
        cell = found.get((row, column))
        digits = "".join(filter(str.isdigit, cell.text)) if cell else ""
        if digits != "".join(filter(str.isdigit, text)) and not (marked or (cell is not None and cell.needs_review)):
            score.silent.append(f"{text!r} → {cell.text if cell else None!r}")


def count_pdfplumber(score: Score, made: MadeTable, path: Path) -> None:
    """Count what pdfplumber alone finds; parts on further pages go on below one another, headings left out."""
    import pdfplumber

    rows: list[list[str | None]] = []
    started = time.process_time()
    with pdfplumber.open(path) as document:
        for page in document.pages:
            for table in page.extract_tables()[:1]:
                skipped = made.header_rows if rows and table[: made.header_rows] == rows[: made.header_rows] else 0
                rows += table[skipped:]
    score.seconds += time.process_time() - started
    cells = {(r, c, " ".join(text.split())) for r, row in enumerate(rows) for c, text in enumerate(row) if text}
    score.add(made, cells, len(rows))


def scanned(path: Path, chance: random.Random) -> Path:
    """The PDF as pictures of its pages: askew, noisy, blurred."""
    pages = []
    with pdfium.PdfDocument(path) as document:
        for page in document:
            image: Image.Image = page.render(scale=_DPI / 72, grayscale=True).to_pil()
            image = image.rotate(chance.uniform(-0.8, 0.8), Image.Resampling.BICUBIC, fillcolor=255)
            image = image.filter(ImageFilter.GaussianBlur(0.6))
            noise = Image.effect_noise(image.size, 22).point(lambda value: max(0, value - 128))
            pages.append(ImageChops.subtract(image, noise))
    scan = path.with_name(f"scan-{path.name}")
    pages[0].save(scan, save_all=True, append_images=pages[1:], resolution=_DPI)
    return scan


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=8, help="tables of each kind of file")
    parser.add_argument("--scans", type=int, default=8, help="tables read from scans")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    given = parser.parse_args(arguments)
    scores: dict[str, Score] = {}
    with tempfile.TemporaryDirectory() as name:
        scans = 0
        for kind, path, made in made_files(Path(name), given.files):
            _measure(scores, kind, path, made)
            if kind == "pdf":
                count_pdfplumber(scores.setdefault("pdfplumber alone", Score()), made, path)
                if scans < given.scans:
                    scans += 1
                    _measure(scores, "scan", scanned(path, random.Random(_SEED + scans)), made)
    missed = [line for kind, score in scores.items() for line in _report(kind, score)]
    for line in missed:
        print(f"missed: {line}")
    if given.json:
        figures = {kind: {"f1": score.f1, "rows": score.rows, "silent": score.silent} for kind, score in scores.items()}
        given.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 1 if missed else 0


def _measure(scores: dict[str, Score], kind: str, path: Path, made: MadeTable) -> None:
    started = time.process_time()
    tables = read_tables(path)
    score = scores.setdefault(kind, Score())
    score.seconds += time.process_time() - started
    count(score, made, tables)


def _report(kind: str, score: Score) -> list[str]:
    """Print the figures of one kind; which of them are missed."""
    figures = f"F1 {score.f1:.4f}  rows {score.rows:.3f}  wrong and unmarked {len(score.silent)}"
    print(f"{kind:18} {score.tables:3} tables  {figures}  {score.seconds:.1f} s")
    if kind == "pdfplumber alone":
        return []
    wanted = SCANS_WANTED if kind == "scan" else FILES_WANTED
    missed = [
        f"{kind}: {name} {value:.4f} < {wanted}"
        for name, value in (("F1", score.f1), ("rows", score.rows))
        if value < wanted
    ]
    return missed + [f"{kind}: wrong and unmarked: {one}" for one in score.silent]


if __name__ == "__main__":
    sys.exit(main())
