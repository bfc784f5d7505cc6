"""A reader of tables that runs in a process of its own: ``PYTHON table_reader_process.py NAME``, camelot or img2table.

The other readers need libraries that cannot be installed beside ours (img2table the contributed parts of OpenCV), so
they have an environment of their own, and this file imports nothing of the project. For each path that it is given, a
line of JSON, it answers a line: ``{"tables": [[[text, …], …], …], "seconds": process time}``. A text is null where a
cell goes on; ``error`` says why a file was not read.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import sys
import time
from collections.abc import Callable
from functools import cache
from typing import Any

#: Rows of texts; None where a cell goes on.
Rows = list[list["str | None"]]


def camelot_tables(path: str) -> list[Rows]:
    """The tables of a PDF in order, by camelot, flavour lattice."""
    import camelot

    logging.getLogger("camelot").setLevel(logging.ERROR)
    with contextlib.redirect_stderr(io.StringIO()):
        found = camelot.read_pdf(path, pages="all", flavor="lattice", suppress_stdout=True)
    return [table.data for table in found]


def img2table_tables(path: str) -> list[Rows]:
    """The same by img2table, with the PDF's own text, or Tesseract's where it has none."""
    from img2table.document import PDF

    found = PDF(path).extract_tables(ocr=_tesseract())
    pages = found.values() if isinstance(found, dict) else found
    return [_once(table) for page in pages for table in page]


@cache
def _tesseract() -> object:
    from img2table.ocr import TesseractOCR

    return TesseractOCR(n_threads=1, lang="vie")


def _once(table: Any) -> Rows:
    """A table of img2table; a cell over several places stands in the first."""
    seen: set[tuple[int, int, int, int]] = set()
    rows: Rows = []
    for row in table.content.values():
        texts: list[str | None] = []
        for cell in row:
            box = (cell.bbox.x1, cell.bbox.y1, cell.bbox.x2, cell.bbox.y2)
            texts.append(None if box in seen else cell.value)
            seen.add(box)
        rows.append(texts)
    return rows


#: Name → reader.
READERS: dict[str, Callable[[str], list[Rows]]] = {"camelot": camelot_tables, "img2table": img2table_tables}


def main(name: str) -> int:
    """Answer until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints is no answer
    for line in sys.stdin:
        started = time.process_time() + sum(os.times()[2:4])
        answer: dict[str, object] = {}
        try:
            answer["tables"] = READERS[name](json.loads(line))
        except Exception as error:  # another program's fault must not end the comparison
            answer["error"] = f"{type(error).__name__}: {error}"
        answer["seconds"] = time.process_time() + sum(os.times()[2:4]) - started
        answers.write(json.dumps(answer, ensure_ascii=False) + "\n")
        answers.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
