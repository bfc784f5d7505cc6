"""Tables without rules: a heading "STT" with others beside it, numbers below it, and white space between columns."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ingest.page import Word
from ingest.tables.grid import Grid, GridCell
from ingest.tables.numbered_rows import with_numbered_rows
from ingest.tables.numbering import heads_numbers, row_number
from ingest.tables.page_table import PageTable, filled, visual_lines

#: A line of text that begins with a heading of row numbers; asked of every page before its words are loaded.
_HEADING_LINE = re.compile(r"^\W*(?:STT|S\.?TT|TT|Số TT|Số thứ tự)\b", re.IGNORECASE | re.MULTILINE)
#: Rows and columns that a table without rules has at least.
_FEWEST_ROWS, _FEWEST_COLUMNS = 2, 3
#: Parts into which a page's width is divided to find white space.
_STEPS = 1000
#: Heights of a line: white space between columns, and between the table and what follows it.
_GUTTER, _APART = 0.55, 1.9
#: Share of lines that may cross the white space between two columns (a group's name, a total).
_CROSSING = 0.06


@dataclass(slots=True)
class _Lines:
    """The lines of a page and what is measured of them."""

    lines: list[list[Word]]
    #: Height of a line, and the same as a share of the page's width.
    height: float
    width: float


def may_be_unruled(text: str) -> bool:
    """Whether a page's text has a line that begins with a heading of row numbers."""
    return bool(_HEADING_LINE.search(text))


def unruled_tables(words: Sequence[Word], page: int, offset: int, aspect: float, *, ocr: bool) -> list[PageTable]:
    """The tables without rules among *words*. aspect: the page's width over its height."""
    if not words:
        return []
    height = median(word.box[3] - word.box[1] for word in words)
    seen = _Lines(visual_lines(words), height, height / aspect)
    tables: list[PageTable] = []
    bottom = 0.0
    for at, line in enumerate(seen.lines):
        if heads_numbers(line[0].text) and len(line) > 1 and line[0].box[1] >= bottom:
            table = _table(seen, at, words, (page, offset, ocr))
            if table is not None:
                tables.append(table)
                bottom = table.box[3]
    return tables


def _table(seen: _Lines, at: int, words: Sequence[Word], place: tuple[int, int, bool]) -> PageTable | None:
    """The table whose heading of numbers begins line *at*."""
    heading = seen.lines[at][0]
    numbers = _numbers(seen, at, heading)
    if len(numbers) < _FEWEST_ROWS:
        return None
    first, last = _heading_top(seen, at), _last_line(seen, numbers[-1])
    inside = seen.lines[first : last + 1]
    xs = _columns(inside, seen)
    if len(xs) - 1 < _FEWEST_COLUMNS:
        return None
    body = _body_top(seen, at, numbers[0])
    top, bottom = min(w.box[1] for w in inside[0]), max(w.box[3] for w in inside[-1])
    cells = [GridCell(row, column, 1, 1) for row in (0, 1) for column in range(len(xs) - 1)]
    page, offset, ocr = place
    table = filled(Grid(xs, [top, body, bottom], cells), words, page, offset, ocr=ocr)
    table.ruled = False
    cut = with_numbered_rows(table)
    return cut if len(cut.ys) - 2 >= len(numbers) else None


def _numbers(seen: _Lines, at: int, heading: Word) -> list[int]:
    """The lines below the heading that begin with 1, 2, 3, … in its column."""
    found: list[int] = []
    for line in range(at + 1, len(seen.lines)):
        first = seen.lines[line][0]
        middle = (first.box[0] + first.box[2]) / 2
        in_column = heading.box[0] - seen.width <= middle <= heading.box[2] + seen.width
        if in_column and row_number(first.text) == len(found) + 1:
            found.append(line)
    return found


def _pitch(seen: _Lines, line: int) -> float:
    """White space between a line and the one above it."""
    above, here = seen.lines[line - 1], seen.lines[line]
    return min(w.box[1] for w in here) - max(w.box[3] for w in above)


def _several(seen: _Lines, line: int) -> bool:
    """Whether a line has white space as wide as that between columns."""
    words = seen.lines[line]
    return any(b.box[0] - a.box[2] > 1.2 * seen.width for a, b in itertools.pairwise(words))


def _heading_top(seen: _Lines, at: int) -> int:
    """The first line of the headings, of which the heading of numbers may stand in the middle."""
    while at > 0 and _several(seen, at - 1) and _pitch(seen, at) < 0.8 * seen.height:
        at -= 1
    return at


def _last_line(seen: _Lines, last_number: int) -> int:
    """The last line of the row of the last number."""
    end = last_number
    left = seen.lines[last_number][0].box[2]
    while end + 1 < len(seen.lines) and _pitch(seen, end + 1) < (_APART - 1) * seen.height:
        if seen.lines[end + 1][0].box[0] < left:  # text below the numbers is no longer the table's
            break
        end += 1
    return end


def _body_top(seen: _Lines, heading: int, first: int) -> float:
    """Where the headings end: at the widest white space between them and the first number."""
    line = max(range(heading + 1, first + 1), key=lambda at: (_pitch(seen, at), at))
    return (max(w.box[3] for w in seen.lines[line - 1]) + min(w.box[1] for w in seen.lines[line])) / 2


def _columns(lines: Sequence[Sequence[Word]], seen: _Lines) -> list[float]:
    """The edges of the columns: the middles of the stretches on which hardly any line has a word."""
    covered = [0] * (_STEPS + 1)
    for line in lines:
        taken: set[int] = set()
        for word in line:
            taken.update(range(int(word.box[0] * _STEPS), min(_STEPS, int(word.box[2] * _STEPS)) + 1))
        for step in taken:
            covered[step] += 1
    left = min(word.box[0] for line in lines for word in line)
    right = max(word.box[2] for line in lines for word in line)
    allowed = int(_CROSSING * len(lines))
    edges, start = [left], None
    for step in range(int(left * _STEPS), int(right * _STEPS) + 1):
        if covered[step] <= allowed:
            start = step if start is None else start
        elif start is not None:
            if (step - start) / _STEPS >= _GUTTER * seen.width:
                edges.append((start + step) / 2 / _STEPS)
            start = None
    return [*edges, right]
