"""What word processors and web pages have in common: text that flows, and tables used as columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.fold import fold, nfc, squeeze
from ingest.formats.legacy_stretches import converted_lines
from ingest.page import Page

#: A cell is its lines; a row its cells.
Row = Sequence[Sequence[str]]

#: Words found only in the table of the header and in that of the signature (folded).
LAYOUT_TABLE = re.compile(r"cong h\w* xa hoi chu nghia|doc lap\s*-\s*tu do|dang cong san viet nam|noi nhan\s*:")


def table_lines(rows: Sequence[Row]) -> Iterator[str]:
    """A table as lines of text.

    The tables of header and signature are two columns without borders: the left column comes whole before the right
    one. Other tables come row by row; a row of single-line cells is one line, its cells separated by tabs.
    """
    widest = max((len(row) for row in rows), default=0)
    whole = fold(squeeze(" ".join(line for row in rows for cell in row for line in cell)))
    if widest == 2 and LAYOUT_TABLE.search(whole):
        for column in (0, 1):
            for row in rows:
                if column < len(row):
                    yield from row[column]
        return
    for row in rows:
        if all(len(cell) <= 1 for cell in row):
            line = "\t".join(cell[0] if cell else "" for cell in row).strip()
            if line:
                yield line
        else:
            for cell in row:
                yield from cell


def flow_page(lines: Sequence[str], notes: Sequence[str] = ()) -> Page:
    """The one page of a file whose page breaks depend on the printer.

    Lines in a legacy Vietnamese encoding are converted to Unicode.
    """
    text, page_notes = "\n".join(line for line in lines if line.strip()).replace("\f", "\n"), list(notes)
    text, encodings = converted_lines(text)  # before nfc, which drops the soft hyphen that is TCVN3's ư
    page_notes += [f"đã chuyển từ bảng mã {name.upper()}" for name in encodings]
    return Page(1, nfc(text), "text", notes=page_notes)
