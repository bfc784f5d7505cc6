"""Rows without a rule between them: a field with several numbers in its first column is several rows."""

from __future__ import annotations

from itertools import pairwise

from corpus.vocabulary import TableDoubt
from ingest.page import Word
from ingest.tables.numbering import follows, goes_on, row_number
from ingest.tables.page_table import PageCell, PageTable, visual_lines

#: Numbers that make a field a list of rows.
_FEWEST = 2


def with_numbered_rows(table: PageTable) -> PageTable:
    """*table* with fields that hold several numbered rows cut between them."""
    cuts: dict[int, list[float]] = {}
    for cell in table.cells:
        if cell.column == 0 and cell.row_span == 1 and cell.column_span == 1:
            places = _cuts(table, cell)
            if places:
                cuts[cell.row] = places
    return _cut(table, cuts) if cuts else table


def _cuts(table: PageTable, cell: PageCell) -> list[float]:
    """Where the field of *cell*'s row is cut; nowhere unless each line of the cell is the next number."""
    lines = cell.lines()
    texts = ["".join(word.text for word in line) for line in lines]
    numbers = [row_number(text) for text in texts]
    if len(lines) < _FEWEST:
        return []
    last = len(lines) - 1
    if last >= _FEWEST and numbers[last] is None and goes_on(texts[last]) and None not in numbers[:last]:
        numbers[last] = (numbers[last - 1] or 0) + 1
    if None in numbers:  # several rows, it seems, that nothing parts for sure
        if len(numbers) - numbers.count(None) >= _FEWEST and TableDoubt.NO_RULES not in table.doubts:
            table.doubts.append(TableDoubt.NO_RULES)
        return []
    if not all(follows(b, a) and b != 1 for a, b in pairwise(numbers) if a is not None and b is not None):
        return []
    words = [word for other in table.cells if other.row == cell.row and other.row_span == 1 for word in other.words]
    gaps = _gaps(words)
    places = []
    for above, below in pairwise(lines):
        upper, lower = _middle(above), _middle(below)
        between = [(size, place) for size, place in gaps if upper < place < lower]
        if not between:
            return []
        widest = max(size for size, _ in between)
        near = [place for size, place in between if size >= 0.8 * widest]
        if len(near) > 1 and TableDoubt.NO_RULES not in table.doubts:
            table.doubts.append(TableDoubt.NO_RULES)
        places.append(near[-1])
    return places


def _middle(line: list[Word]) -> float:
    return sum((word.box[1] + word.box[3]) / 2 for word in line) / len(line)


def _gaps(words: list[Word]) -> list[tuple[float, float]]:
    """Heights between the lines of a field on which no word stands: (how wide, where)."""
    bands: list[tuple[float, float]] = []
    for line in visual_lines(words):
        heights = [(word.box[3] - word.box[1]) for word in line]
        shrink = 0.15 * sum(heights) / len(heights)  # boxes of letters without ascenders and descenders touch
        top, bottom = min(w.box[1] for w in line) + shrink, max(w.box[3] for w in line) - shrink
        if bands and top <= bands[-1][1]:
            bands[-1] = (bands[-1][0], max(bands[-1][1], bottom))
        else:
            bands.append((top, bottom))
    return [(b[0] - a[1], (a[1] + b[0]) / 2) for a, b in pairwise(bands)]


def _cut(table: PageTable, cuts: dict[int, list[float]]) -> PageTable:
    """*table* with more rows: those of *cuts* at the heights given."""
    first: list[int] = []  # where each old row begins among the new ones
    ys: list[float] = []
    for row, top in enumerate(table.ys[:-1]):
        first.append(len(ys))
        ys += [top, *cuts.get(row, [])]
    first.append(len(ys))
    ys.append(table.ys[-1])
    cells: list[PageCell] = []
    for cell in table.cells:
        start, end = first[cell.row], first[cell.row + cell.row_span]
        if cell.row_span == 1 and cell.row in cuts:
            for row in range(start, end):
                box = (cell.box[0], ys[row], cell.box[2], ys[row + 1])
                words = [w for w in cell.words if ys[row] <= (w.box[1] + w.box[3]) / 2 < ys[row + 1]]
                cells.append(PageCell(row, cell.column, 1, cell.column_span, box, words, cell.uneven))
        else:
            box = cell.box
            cells.append(PageCell(start, cell.column, end - start, cell.column_span, box, cell.words, cell.uneven))
    return PageTable(table.page, table.offset, table.xs, ys, cells, table.ruled, table.ocr, table.doubts)
