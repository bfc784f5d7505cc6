"""Tables over several pages: parts with the same columns that follow one another are one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz.fuzz import ratio

from corpus.fold import fold, squeeze
from corpus.model import Table, TableCell
from ingest.tables.numbering import row_number

#: How far apart the edges of columns may lie on two pages, as a share of the page's width.
_NEAR = 0.02
#: Characters that may stand between two parts: a page number, a running header.
_MOST_BETWEEN = 90
#: The same where the headings are printed again: footnotes too.
_MOST_BETWEEN_SAME = 1200
#: How like one another headings are that are the same: OCR reads them a little differently on each page.
_SAME, _SAME_DIGITS = 80.0, 100.0
#: Cells with text that a row of headings has at least; the name of a group stands alone.
_FEWEST_HEADINGS = 2
#: Rows of headings that may stand again on the next page.
_MOST_HEADINGS = 6


@dataclass(slots=True)
class Part:
    """A table on one page, with the edges of its columns."""

    table: Table
    #: Fractions of the page; empty in files without pages.
    xs: Sequence[float] = ()


def joined(parts: Sequence[Part], text: str) -> list[Table]:
    """The tables of a document; *text* is its stored text."""
    out: list[Part] = []
    for part in parts:
        if out and _continues(out[-1], part, text):
            out[-1] = Part(_with(out[-1].table, part.table), part.xs)
        else:
            out.append(part)
    return [part.table for part in out]


def _continues(above: Part, below: Part, text: str) -> bool:
    """Whether *below*, at the top of a page, goes on with *above*, at the foot of the page before."""
    a, b = above.table, below.table
    if a.columns != b.columns or not above.xs or b.regions[0].page != a.regions[-1].page + 1:
        return False
    if any(abs(x - y) > _NEAR for x, y in zip(above.xs, below.xs, strict=True)):
        return False
    again = _repeated(a, b)
    between = len(text[a.end : b.start].strip())
    if b.start < a.end or between > (_MOST_BETWEEN_SAME if again else _MOST_BETWEEN):
        return False
    first = next((row_number(cell.text) for cell in b.cells if cell.row >= again and cell.column == 0), None)
    begins_anew = first == 1 if again else _is_heading(b) and _has_number(b, 1)
    return not (begins_anew and _has_number(a, 1))


def _is_heading(table: Table) -> bool:
    """Whether the first row is a heading of its own: it has text and no number in its first cell."""
    first = next((cell for cell in table.cells if (cell.row, cell.column) == (0, 0)), None)
    return first is not None and bool(first.text) and row_number(first.text) is None


def _has_number(table: Table, number: int) -> bool:
    return any(cell.column == 0 and row_number(cell.text) == number for cell in table.cells)


def _repeated(above: Table, below: Table) -> int:
    """How many rows at the top of *below* say the same as those at the top of *above*: headings printed again."""
    rows = 0
    for row in range(min(_MOST_HEADINGS, above.rows, below.rows - 1)):
        words, first = _row_text(below, row), _row_text(above, row)
        if sum(1 for cell in below.cells if cell.row == row and cell.text) < _FEWEST_HEADINGS:
            break  # the name of a group
        digits = any(char.isdigit() for char in words + first)
        if not words or ratio(words, first) < (_SAME_DIGITS if digits else _SAME) or (digits and row == 0):
            break
        rows = row + 1
    while rows and any(c.row < rows < c.row + c.row_span for c in below.cells):  # a heading that reaches further down
        rows -= 1
    return rows


def _row_text(table: Table, row: int) -> str:
    return squeeze(fold(" ".join(cell.text for cell in table.cells if cell.row == row)))


def _with(above: Table, below: Table) -> Table:
    """*above* with the rows of *below*, without headings printed again; a row cut by the page break is one row."""
    skipped = _repeated(above, below)
    rest = [cell for cell in below.cells if cell.row >= skipped]
    cut = _is_cut(above, rest, skipped)
    shift = above.rows - skipped - (1 if cut else 0)
    # Only the cells of its last row may be changed, so only they are copied.
    cells = [replace(cell) if cell.row + cell.row_span >= above.rows else cell for cell in above.cells]
    last = {cell.column: cell for cell in cells if cell.row <= above.rows - 1 < cell.row + cell.row_span}
    for cell in rest:
        into = last.get(cell.column) if cut and cell.row == skipped else None
        if into is not None:
            into.text = " ".join(text for text in (into.text, cell.text) if text)
            into.spans = [*into.spans, *cell.spans]
            into.confidence = min(into.confidence, cell.confidence)
            into.needs_review = into.needs_review or cell.needs_review
        else:
            cells.append(replace(cell, row=cell.row + shift))
    return replace(
        above,
        rows=below.rows + shift,
        cells=cells,
        regions=[*above.regions, *below.regions],
        end=max(above.end, below.end),
        confidence=min(above.confidence, below.confidence),
        needs_review=above.needs_review or below.needs_review,
        doubts=[*above.doubts, *(doubt for doubt in below.doubts if doubt not in above.doubts)],
    )


def _is_cut(above: Table, rest: Sequence[TableCell], first: int) -> bool:
    """Whether the first row of the next page ends a row: it has no number, and the rows around it have some."""
    top = [cell for cell in rest if cell.row == first]
    texts = [cell for cell in top if cell.text]
    if not texts or texts[0].column == 0 or (len(texts) == 1 and texts[0].column_span > 1):
        return False
    if any(cell.row_span > 1 for cell in top):
        return False
    last = [cell for cell in above.cells if cell.column == 0 and cell.row == above.rows - 1]
    return any(row_number(cell.text) is not None for cell in last)
