"""How well tables are read: ``python -m bench.tables``.

``[--files N] [--scans N] [--gazette N] [--seeds N] [--json FILE] [--camelot PYTHON] [--img2table PYTHON]``

Two kinds of truth that no code of ``ingest`` made:

* tables that are written here (:mod:`bench.made_tables`): Word, HTML, spreadsheets, and PDFs with rules, without rules
  between rows, without any, merged, over pages, on sheets that lie on their side;
* tables of the gazette that were transcribed by eye (:mod:`bench.gazette_tables`).

The same PDFs are read as scans of 200 dpi with skew, noise and blur, by OCR; there a cell is right where it is alike to
nine tenths. The pages of the gazette are scanned ``--seeds`` times, each time askew otherwise, and each time must reach
what is wanted. pdfplumber alone reads the same PDFs, and so do camelot and img2table where the Python of an environment
that has them is named (:mod:`bench.table_rivals`). Exit code 1 where a figure is missed.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageFilter

from bench import gazette_tables
from bench.made_tables import MadeTable, product_table, task_table, write_docx, write_html, write_pdf, write_xlsx
from bench.table_rivals import RivalReader, cells_of, one_below_another, rivals
from bench.table_score import SCANNED, Score, Truth
from corpus.model import Table
from ingest.read import read
from ingest.tables.find import find_tables

#: What must be reached: share of cells (F1), share of tables with the right number of rows; of files and of scans.
FILES_WANTED, SCANS_WANTED = 0.97, 0.92
#: Columns of the product table whose digits must not be wrong without a mark: money, score, stars.
_FIGURES = (4, 5, 6)
_PRODUCT_COLUMNS = 7
_SEED = 20261129
#: How far apart the seeds of the scans of one page are.
_NEXT_SEED = 1000
_DPI = 200
#: Standard deviation of the grey of a scan's paper.
_NOISE = 22.0
#: Readers that run in an environment of their own; the one of them that can read pictures.
_OTHERS = ("camelot", "img2table")
_READS_SCANS = "img2table"


def truth_of(made: MadeTable) -> Truth:
    """What is known of a table that was written here."""
    return Truth(made.cells, made.rows, made.header_rows, _FIGURES if made.columns == _PRODUCT_COLUMNS else ())


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


def scanned(path: Path, chance: random.Random) -> Path:
    """The PDF as pictures of its pages: askew, noisy, blurred."""
    pages = []
    with pdfium.PdfDocument(path) as document:
        for page in document:
            image: Image.Image = page.render(scale=_DPI / 72, grayscale=True).to_pil()
            image = image.rotate(chance.uniform(-0.8, 0.8), Image.Resampling.BICUBIC, fillcolor=255)
            image = image.filter(ImageFilter.GaussianBlur(0.6))
            pages.append(ImageChops.subtract(image, _noise(image.size, chance)))
    scan = path.with_name(f"scan-{path.name}")
    pages[0].save(scan, save_all=True, append_images=pages[1:], resolution=_DPI)
    return scan


def _noise(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """Grey to take from a page of *size*: of each pixel the amount by which a normal distribution exceeds its mean."""
    numbers = np.random.default_rng(chance.getrandbits(32)).normal(0.0, _NOISE, (size[1], size[0]))
    return Image.fromarray(np.clip(numbers, 0, 127).astype(np.uint8))


class Bench:
    """The scores of one run, by what was read."""

    def __init__(self, folder: Path, others: Mapping[str, RivalReader]) -> None:
        self.scores: dict[str, Score] = {}
        self._folder = folder
        self._rivals = others

    def made(self, files: int, scans: int) -> None:
        """Tables that are written here: so many of each kind of file, so many as scans."""
        left = scans
        for kind, path, made in made_files(self._folder, files):
            truth = truth_of(made)
            self._read(kind, path, [truth])
            if kind == "pdf":
                self._rival_readings("pdf", path, [truth], self._rivals)
            if kind == "pdf" and left:
                left -= 1
                self._read("scan", scanned(path, random.Random(_SEED + scans - left)), [truth], scan=True)

    def gazette(self, most: int | None, *, seeds: int) -> None:
        """Tables of the gazette, at most so many, and as scans, so many of each page."""
        for number, (source, pages, found) in enumerate(gazette_tables.tables(most)):
            path = gazette_tables.cut_out(source, pages, self._folder / f"gazette-{number}.pdf")
            truths = [table.truth for table in found]
            self._read("gazette", path, truths)
            self._rival_readings("gazette", path, truths, self._rivals)
            for at in range(seeds):
                scan = scanned(path, random.Random(_SEED + _NEXT_SEED * at + number))
                self._read(f"gazette scan {at + 1}", scan, truths, scan=True)
                if at == 0 and _READS_SCANS in self._rivals:
                    one = {_READS_SCANS: self._rivals[_READS_SCANS]}
                    self._rival_readings("gazette scan 1", scan, truths, one, scan=True)

    def _read(self, kind: str, path: Path, truths: Sequence[Truth], *, scan: bool = False) -> None:
        score = self.scores.setdefault(kind, Score(SCANNED if scan else 100.0))
        started = time.process_time()
        tables = read_tables(path)
        score.seconds += time.process_time() - started
        given = [[(c.row, c.column, c.text) for c in table.cells] for table in tables]
        for truth in truths:
            at = gazette_tables.most_alike(truth, given)
            score.count(truth, None if at is None else tables[at])

    def _rival_readings(
        self,
        kind: str,
        path: Path,
        truths: Sequence[Truth],
        readers: Mapping[str, RivalReader],
        *,
        scan: bool = False,
    ) -> None:
        for name, reader in readers.items():
            score = self.scores.setdefault(f"{kind}, {name} alone", Score(SCANNED if scan else 100.0))
            reading = reader(path)
            tables = reading.tables
            score.seconds += reading.seconds
            for truth in truths:
                # Other readers give a table over several pages in parts: those as wide as the one most like it.
                at = gazette_tables.most_alike(truth, [cells_of(table) for table in tables])
                parts = [] if at is None else [t for t in tables[at:] if t and len(t[0]) == len(tables[at][0])]
                joined = one_below_another(parts if len(truths) == 1 else parts[:1], truth.header_rows)
                score.add(truth, cells_of(joined), len(joined))

    def missed(self) -> list[str]:
        """Print the figures; which of them are missed."""
        for name in _OTHERS:
            if name not in self._rivals:
                print(f"{name} was not compared: name a Python that has it with --{name}")
        return [line for kind, score in self.scores.items() for line in _report(kind, score)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=8, help="tables of each kind of file")
    parser.add_argument("--scans", type=int, default=8, help="tables that are written here and read from scans")
    parser.add_argument("--gazette", type=int, help="tables of the gazette; all where it is not given")
    parser.add_argument("--seeds", type=int, default=3, help="scans of each page of the gazette; 0 leaves them out")
    for name in _OTHERS:
        parser.add_argument(f"--{name}", type=Path, metavar="PYTHON", help=f"the Python of an environment with {name}")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    given = parser.parse_args(arguments)
    pythons = {name: python for name in _OTHERS if (python := getattr(given, name)) is not None}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        bench = Bench(Path(folder), rivals(pythons, stack))
        bench.made(given.files, given.scans)
        bench.gazette(given.gazette, seeds=given.seeds)
    missed = bench.missed()
    for line in missed:
        print(f"missed: {line}")
    if given.json:
        figures = {kind: {"f1": s.f1, "rows": s.rows, "silent": s.silent} for kind, s in bench.scores.items()}
        given.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 1 if missed else 0


def _report(kind: str, score: Score) -> list[str]:
    """Print the figures of one kind; which of them are missed."""
    alone = kind.endswith(" alone")
    silent = "" if alone else f"  wrong and unmarked {len(score.silent)}"
    figures = f"F1 {score.f1:.4f}  rows {score.rows:.3f}{silent}"
    print(f"{kind:26} {score.tables:3} tables  {figures}  {score.seconds:.1f} s")
    if alone:
        return []
    wanted = SCANS_WANTED if "scan" in kind else FILES_WANTED
    missed = [
        f"{kind}: {name} {value:.4f} < {wanted}"
        for name, value in (("F1", score.f1), ("rows", score.rows))
        if value < wanted
    ]
    return missed + [f"{kind}: wrong and unmarked: {one}" for one in score.silent]


if __name__ == "__main__":
    sys.exit(main())
