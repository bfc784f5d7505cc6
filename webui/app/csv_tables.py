"""Tables as CSV that a spreadsheet shows correctly and never runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(value: object) -> str:
    """*value* as a cell: what a spreadsheet would take for a formula gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) else text


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[object]], *, line_end: str = "\r\n") -> str:
    """A table as CSV text, every cell :func:`guarded`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=line_end)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
    return out.getvalue()
