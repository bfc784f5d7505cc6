"""Other readers of tables alone, for comparison: pdfplumber, camelot (lattice) and img2table.

camelot and img2table (both MIT) are not part of the program. Where ``camelot-py``, ``img2table`` and
``opencv-contrib-python-headless`` are not installed beside it they are left out of the comparison, which says so.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import logging
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from bench.table_score import Found

#: A table as another reader gives it: rows of texts; None where a cell goes on.
Rows = Sequence[Sequence[str | None]]


def pdfplumber_tables(path: Path) -> list[Rows]:
    """The tables of a PDF in order, by pdfplumber with its usual settings."""
    import pdfplumber

    with pdfplumber.open(path) as document:
        return [table for page in document.pages for table in page.extract_tables()]


def camelot_tables(path: Path) -> list[Rows]:
    """The same by camelot, flavour lattice."""
    import camelot

    logging.getLogger("camelot").setLevel(logging.ERROR)
    with contextlib.redirect_stderr(io.StringIO()):
        found = camelot.read_pdf(str(path), pages="all", flavor="lattice", suppress_stdout=True)
    return [table.data for table in found]


def img2table_tables(path: Path) -> list[Rows]:
    """The same by img2table, with the PDF's own text, or Tesseract's where it has none."""
    from img2table.document import PDF

    found = PDF(str(path)).extract_tables(ocr=_tesseract())
    pages = found.values() if isinstance(found, dict) else found
    return [_once(table) for page in pages for table in page]


@cache
def _tesseract() -> object:
    from img2table.ocr import TesseractOCR

    return TesseractOCR(n_threads=1, lang="vie")


def _once(table: object) -> Rows:
    """A table of img2table; a cell over several places stands in the first."""
    seen: set[tuple[int, int, int, int]] = set()
    rows: list[list[str | None]] = []
    for row in table.content.values():  # type: ignore[attr-defined]
        texts: list[str | None] = []
        for cell in row:
            box = (cell.bbox.x1, cell.bbox.y1, cell.bbox.x2, cell.bbox.y2)
            texts.append(None if box in seen else cell.value)
            seen.add(box)
        rows.append(texts)
    return rows


def rivals() -> dict[str, Callable[[Path], list[Rows]]]:
    """The other readers that are installed."""
    found: dict[str, Callable[[Path], list[Rows]]] = {"pdfplumber": pdfplumber_tables}
    if importlib.util.find_spec("camelot"):
        found["camelot"] = camelot_tables
    if importlib.util.find_spec("img2table"):
        found["img2table"] = img2table_tables
    return found


def one_below_another(tables: Sequence[Rows], header_rows: int) -> Rows:
    """Parts of one table on several pages as one, headings that stand again left out."""
    rows: list[Sequence[str | None]] = []
    for table in tables:
        again = header_rows if rows and list(table[:header_rows]) == rows[:header_rows] else 0
        rows += table[again:]
    return rows


def cells_of(rows: Rows) -> list[Found]:
    """The cells of a table with their texts in one line."""
    return [(r, c, " ".join(text.split())) for r, row in enumerate(rows) for c, text in enumerate(row) if text]
