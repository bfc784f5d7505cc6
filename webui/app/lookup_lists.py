"""Lists of số hiệu that people bring (lines or CSV), and the table of what was found for each."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from corpus.fold import fold
from webui.app import exporting

HEADINGS = (
    "Đã hỏi", "Kết quả", "Mã", "Loại", "Số, ký hiệu", "Ngày", "Cơ quan ban hành", "Trích yếu", "Có tệp",
    "Cần kiểm tra", "Các mã có thể",
)  # fmt: skip
_NUMBER_HEADING = re.compile(r"so,?(?: va)? ky hieu|ky hieu|so hieu|so van ban|so/ky hieu")


def read(text: str) -> list[list[str]]:
    """The rows of a list: cells trimmed, a blank line an empty row.

    Cells are parted by tabs or semicolons where the first line has any, else by commas; "45/KH-UBND, UBND xã A" is one
    cell when it is quoted.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    first = next((line for line in lines if line.strip()), "")
    separator = next((mark for mark in "\t;" if mark in first), ",")
    return [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=separator)]


def asked(rows: Sequence[Sequence[str]], *, known: Callable[[str], bool]) -> list[str]:
    """What each row asks for, "" for a blank one; a heading row is taken for what it says and left out.

    known: whether a cell names a document, so that a law's name in the first row is no heading.
    """
    column, start = 0, 0
    if rows and rows[0] and not any(re.search(r"\d", cell) for cell in rows[0]):
        named = [at for at, cell in enumerate(rows[0]) if _NUMBER_HEADING.search(fold(cell))]
        if named or (rows[0][0] and len(rows) > 1 and not known(rows[0][0])):
            start, column = 1, named[0] if named else 0
    return [row[column] if len(row) > column else "" for row in rows[start:]]


def as_csv(found: Iterable[tuple[str, list[dict[str, Any]]]]) -> str:
    """The table, one row for each that was asked, days as EDTF. Mã is one id or nothing; several ids are the last column."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADINGS)
    for said, documents in found:
        cells: list[Any] = [outcome(said, documents), *[""] * 9]
        if len(documents) == 1:
            d = documents[0]
            held, unsure = ("có" if d[name] else "không" for name in ("held", "unsure"))
            cells[1:9] = [d["id"], d["doc_type"], d["so_ky_hieu"], d["date"], d["issuer"], d["title"], held, unsure]
        elif documents:
            cells[9] = " ".join(f"#{d['id']}" for d in documents)
        writer.writerow([exporting.guarded(cell) for cell in (said, *cells)])
    return out.getvalue()


def outcome(said: str, documents: Sequence[object]) -> str:
    """``một``, ``nhiều (2)``, ``không thấy``, ``dòng trống``."""
    if not said:
        return "dòng trống"
    return "một" if len(documents) == 1 else f"nhiều ({len(documents)})" if documents else "không thấy"
