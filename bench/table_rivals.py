"""Other readers of tables alone, for comparison: pdfplumber, camelot (lattice) and img2table.

camelot and img2table (both MIT) are not part of the program. Each runs in the environment whose Python is named
(:mod:`bench.table_reader_process`): ``python -m venv DIR; DIR/bin/pip install img2table camelot-py
opencv-contrib-python-headless``. Without it they are left out of the comparison, which says so.
"""

from __future__ import annotations

import json
import select
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import table_reader_process
from bench.table_score import Found

#: Seconds after which another reader is given up on a file: img2table has been seen to wait for itself for ever.
MOST_SECONDS = 180.0
#: A table as another reader gives it: rows of texts; None where a cell goes on.
Rows = Sequence[Sequence[str | None]]


@dataclass(frozen=True, slots=True)
class RivalReading:
    """What another reader made of a file, in how many seconds of process time."""

    tables: list[Rows]
    seconds: float


#: A reader of the tables of a PDF, in order.
RivalReader = Callable[[Path], RivalReading]


def pdfplumber_tables(path: Path) -> RivalReading:
    """The tables of a PDF in order, by pdfplumber with its usual settings."""
    import pdfplumber

    started = time.process_time()
    with pdfplumber.open(path) as document:
        tables: list[Rows] = [table for page in document.pages for table in page.extract_tables()]
    return RivalReading(tables, time.process_time() - started)


class OtherProcess:
    """A reader in another environment, asked over its standard input. Ended by :meth:`close`."""

    def __init__(self, name: str, python: Path, seconds: float = MOST_SECONDS) -> None:
        """Start reader *name* by *python*; *seconds* are given to each file. Raises OSError where it cannot start."""
        self._name, self._seconds = name, seconds
        self._command = [str(python), table_reader_process.__file__, name]
        self._process = self._started()

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )

    def __call__(self, path: Path) -> RivalReading:
        """Read one file; no tables, and a word of it, where no answer comes in time.

        Raises RuntimeError where the reader is not installed there or ends.
        """
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        asked.write(json.dumps(str(path)) + "\n")
        asked.flush()
        if not select.select([answered], [], [], self._seconds)[0]:
            print(f"{self._name} gave no answer for {path.name} in {self._seconds:.0f} s")
            self._process.kill()
            self.close()
            self._process = self._started()
            return RivalReading([], 0.0)
        line = answered.readline()
        answer: dict[str, Any] = json.loads(line) if line else {"error": "no answer (OSError)"}
        if "error" in answer:
            raise RuntimeError(f"{self._name}: {answer['error']}")
        return RivalReading(answer["tables"], answer["seconds"])

    def close(self) -> None:
        """End it."""
        try:
            self._process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()


def rivals(pythons: Mapping[str, Path], stack: ExitStack) -> dict[str, RivalReader]:
    """The other readers: pdfplumber, and those for which a Python is given. *stack* ends their processes."""
    found: dict[str, RivalReader] = {"pdfplumber": pdfplumber_tables}
    for name, python in pythons.items():
        process = OtherProcess(name, python)
        stack.callback(process.close)
        found[name] = process
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
