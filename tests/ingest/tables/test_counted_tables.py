"""Tables of real scans and of other offices' papers, counted by eye: found, with their rows and columns.

Not counted: boxes of a form with a single row, and the questionnaire of scan-034, whose boxes are no rows.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.gazette_tables import cut_out
from ingest.read import read
from ingest.tables.find import find_tables

#: File → its tables: pages, rows and columns as a reader counts them, headings among the rows.
Counted = dict[str, list[tuple[tuple[int, ...], int, int]]]
SCANS: Counted = {
    "scans/scan-004.pdf": [((2,), 6, 6)],
    "scans/scan-010.pdf": [((2,), 3, 6)],
    "scans/scan-014.pdf": [((6,), 13, 5)],
    "scans/scan-016.pdf": [((2,), 41, 3), ((3,), 37, 3)],
    "scans/scan-018.pdf": [((2,), 5, 4)],
    "scans/scan-020.pdf": [
        ((2,), 7, 9),
        ((3,), 5, 10),
        ((3,), 7, 10),
        ((4,), 10, 4),
        ((4,), 20, 7),
        ((5,), 6, 6),
        ((5,), 5, 5),
        ((6,), 15, 12),
        ((7,), 18, 9),
        ((8,), 7, 6),
    ],
    "scans/scan-022.pdf": [((1,), 7, 4)],
    "scans/scan-030.pdf": [((5,), 19, 3)],
    "scans/scan-038.pdf": [((3,), 11, 4), ((4,), 11, 5)],
    "scans/scan-048.pdf": [((6,), 13, 5)],
    "scans/scan-050.pdf": [((2,), 6, 9), ((3,), 6, 9), ((5,), 11, 8), ((6,), 7, 6)],
    "scans/scan-052.pdf": [((3, 4), 31, 6)],
    "scans/scan-062.pdf": [((2,), 6, 4)],
}
OFFICES: Counted = {
    "offices-a/officea-00.pdf": [((2,), 5, 4), ((3,), 2, 4)],
    "offices-a/officea-07.pdf": [((3, 4), 41, 4)],
    "offices-a/officea-24.pdf": [((1, 2), 14, 6)],
    "offices-a/officea-31.pdf": [((1,), 4, 3), ((2,), 5, 3)],
    "offices-a/officea-33.pdf": [((2,), 6, 3), ((3,), 3, 4)],
    "offices-a/officea-35.png": [((1,), 7, 5)],
    "offices-b/officeb-00.pdf": [((1, 2), 13, 11)],
}


def pages_of(source: Path, tables: list[tuple[tuple[int, ...], int, int]], folder: Path) -> tuple[Path, list[int]]:
    """The pages with tables alone, and their numbers; a picture as it is."""
    pages = sorted({page for own, _, _ in tables for page in own})
    if source.suffix != ".pdf":
        return source, pages
    return cut_out(source, pages, folder / source.name), pages


def read_shapes(source: Path, pages: list[int]) -> list[tuple[tuple[int, ...], int, int]]:
    with read(source) as reading:
        return [
            (tuple(pages[region.page - 1] for region in table.regions), table.rows, table.columns)
            for table in find_tables(reading)
        ]


@pytest.mark.long
def test_tables_of_scans_and_offices_have_the_rows_and_columns_counted_by_eye(shared: Path, tmp_path: Path) -> None:
    wanted, right, wrong = 0, 0, []
    for name, tables in (SCANS | OFFICES).items():
        source, pages = pages_of(shared / "documents" / name, tables, tmp_path)
        found = read_shapes(source, pages)
        wanted += len(tables)
        right += sum(table in found for table in tables)
        wrong += [(name, table, found) for table in tables if table not in found]
    assert wanted >= 30
    assert right >= 0.9 * wanted, wrong


def test_strokes_of_letters_in_low_rows_are_no_rules(shared: Path, tmp_path: Path) -> None:
    """Strokes of letters that fill a low row are no rules (scan-014)."""
    tables = SCANS["scans/scan-014.pdf"]
    source, pages = pages_of(shared / "documents" / "scans" / "scan-014.pdf", tables, tmp_path)
    assert read_shapes(source, pages) == tables
