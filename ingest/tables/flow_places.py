"""Where the cells of tables stand in a flowing text, found line by line."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.fold import nfc
from corpus.model import Table, TableCell, TableRegion
from ingest.tables.flow_cells import FlowCell, FlowTable, TableLine


def flow_tables(lines: Sequence[str], text: str) -> list[Table]:
    """The tables among *lines*, with their offsets in *text*, which has the same lines cleaned; page numbers are 1.

    A table whose text cannot be found again there is left out.
    """
    if not any(isinstance(line, TableLine) for line in lines):
        return []
    stored = text.split("\n")
    if len(stored) != sum(line.count("\n") + line.count("\f") + 1 for line in lines):
        return []
    spans: dict[FlowTable, dict[FlowCell, list[tuple[int, int]]]] = {}
    lost: set[FlowTable] = set()
    number = at = 0
    for line in lines:
        if isinstance(line, TableLine):
            found = _part_spans(line, stored[number])
            if found is None:
                lost.add(line.table)
            else:
                of_table = spans.setdefault(line.table, {})
                for (cell, _), (start, end) in zip(line.parts, found, strict=True):
                    if end > start:
                        of_table.setdefault(cell, []).append((at + start, at + end))
        for _ in range(line.count("\n") + line.count("\f") + 1):
            at += len(stored[number]) + 1
            number += 1
    return [_table(table, of_table, text) for table, of_table in spans.items() if table not in lost and of_table]


def _part_spans(line: TableLine, stored: str) -> list[tuple[int, int]] | None:
    """The offsets of the line's parts in the line as it is stored; None where they are not found."""
    spans, at = [], 0
    for _, part in line.parts:
        wanted = nfc(part).strip()
        start = stored.find(wanted, at)
        if start < 0:
            return _by_tabs(line, stored)
        at = start + len(wanted)
        spans.append((start, at))
    return spans


def _by_tabs(line: TableLine, stored: str) -> list[tuple[int, int]] | None:
    """The same for a line that was converted from a legacy encoding: by the tabs between its cells."""
    texts = [text for text in stored.split("\t") if text.strip()]
    if len(texts) != len(line.parts):
        return None
    spans, at = [], 0
    for text in texts:
        start = stored.index(text, at)
        at = start + len(text)
        spans.append((start, at))
    return spans


def _table(table: FlowTable, spans: dict[FlowCell, list[tuple[int, int]]], text: str) -> Table:
    cells = []
    for cell in table.cells:
        places = spans.get(cell, [])
        words = " ".join(" ".join(text[start:end].split()) for start, end in places)
        cells.append(TableCell(cell.row, cell.column, words, cell.row_span, cell.column_span, places))
    every = [span for places in spans.values() for span in places]
    return Table(
        rows=max(cell.row + cell.row_span for cell in table.cells),
        columns=max(cell.column + cell.column_span for cell in table.cells),
        cells=cells,
        regions=[TableRegion(1)],
        start=min(start for start, _ in every),
        end=max(end for _, end in every),
    )
