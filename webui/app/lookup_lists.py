"""Lists of số hiệu to look up (lines or CSV), and the table of what was found for each."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from corpus.fold import fold
from webui.app.csv_tables import csv_text

HEADINGS = (
    *("Đã hỏi", "Kết quả", "Mã", "Loại", "Số, ký hiệu", "Ngày", "Cơ quan ban hành"),
    *("Trích yếu", "Có tệp", "Cần kiểm tra", "Các mã có thể"),
)
_NUMBER_HEADING = re.compile(r"so,?(?: va)? ky hieu|ky hieu|so hieu|so van ban|so/ky hieu")


def read(text: str) -> list[list[str]]:
    """The rows of a list, cells trimmed; a blank line is an empty row.

    The separator is the tab or the semicolon where the first line has one, else the comma.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    first = next((line for line in lines if line.strip()), "")
    separator = next((mark for mark in "\t;" if mark in first), ",")
    return [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=separator)]


def asked(rows: Sequence[Sequence[str]], *, known: Callable[[str], bool]) -> list[str]:
    """What each row asks for, "" for a blank one. A heading row says which column and is left out.

    known: whether a cell names a document, so that the name of a law in the first row is no heading.
    """
    column, start = 0, 0
    if rows and rows[0] and not any(re.search(r"\d", cell) for cell in rows[0]):
        named = [at for at, cell in enumerate(rows[0]) if _NUMBER_HEADING.search(fold(cell))]
        if named or (rows[0][0] and len(rows) > 1 and not known(rows[0][0])):
            start, column = 1, named[0] if named else 0
    return [row[column] if len(row) > column else "" for row in rows[start:]]


def as_csv(found: Iterable[tuple[str, list[dict[str, Any]]]]) -> str:
    """The table, a row for each line, dates as EDTF. Mã is one id or empty; several ids are in the last column."""
    rows: list[list[Any]] = []
    for words, documents in found:
        cells: list[Any] = [outcome(words, documents), *[""] * 9]
        if len(documents) == 1:
            d = documents[0]
            held, unsure = ("có" if d[name] else "không" for name in ("held", "unsure"))
            cells[1:9] = [d["id"], d["doc_type"], d["so_ky_hieu"], d["date"], d["issuer"], d["title"], held, unsure]
        elif documents:
            cells[9] = " ".join(f"#{d['id']}" for d in documents)
        rows.append([words, *cells])
    return csv_text(HEADINGS, rows, line_end="\n")


def outcome(words: str, documents: Sequence[object]) -> str:
    """``một``, ``nhiều (2)``, ``không thấy``, ``dòng trống``."""
    if not words:
        return "dòng trống"
    return "một" if len(documents) == 1 else f"nhiều ({len(documents)})" if documents else "không thấy"
