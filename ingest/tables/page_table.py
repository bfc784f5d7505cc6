"""A table on one page: cells with the words that lie in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from corpus.model import Box, Table, TableCell, TableRegion
from corpus.vocabulary import TableDoubt
from ingest.ocr.witnesses import disputed
from ingest.page import Word
from ingest.tables.grid import Grid
from ingest.tables.turned import Turn

#: Share of a word's width that may reach into the next cell.
_BEYOND = 0.25
#: Share of such a word that lies in a neighbour that it may have taken from.
_INTO = 0.1
#: Confidence of the structure of a table with rules, and of one whose columns were concluded from words.
_RULED, _UNRULED = 0.97, 0.8


@dataclass(slots=True)
class PageCell:
    """A cell and the words in it."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box
    words: list[Word] = field(default_factory=list)
    #: A word reaches into its neighbour, so the text may be shared out wrongly.
    uneven: bool = False

    def lines(self) -> list[list[Word]]:
        """The words by visual lines."""
        return visual_lines(self.words)


@dataclass(slots=True)
class PageTable:
    """A table on one page."""

    page: int
    #: Where the page's text begins in the document's.
    offset: int
    #: The edges of its columns and rows, as fractions of the page.
    xs: list[float]
    ys: list[float]
    cells: list[PageCell]
    ruled: bool = True
    ocr: bool = False
    doubts: list[TableDoubt] = field(default_factory=list)
    #: How it lies on the page; edges and boxes are those of the frame in which it is read.
    turn: Turn = Turn.UPRIGHT

    @property
    def box(self) -> Box:
        """The part of the page that it takes."""
        return (self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def as_table(self) -> Table:
        """The same as a table of the record."""
        cells = [self._cell(cell) for cell in sorted(self.cells, key=lambda c: (c.row, c.column))]
        spans = [span for cell in cells for span in cell.spans]
        return Table(
            rows=len(self.ys) - 1,
            columns=len(self.xs) - 1,
            cells=cells,
            regions=[TableRegion(self.page, _rounded(self.turn.back(self.box)))],
            start=min((start for start, _ in spans), default=self.offset),
            end=max((end for _, end in spans), default=self.offset),
            confidence=_RULED if self.ruled else _UNRULED,
            needs_review=bool(self.doubts) or not self.ruled,
            doubts=[*self.doubts, *([] if self.ruled else [TableDoubt.NO_RULES])],
        )

    def _cell(self, cell: PageCell) -> TableCell:
        words = [word for line in cell.lines() for word in line]
        confidence = min((word.confidence for word in words), default=1.0)
        return TableCell(
            cell.row,
            cell.column,
            " ".join(word.text for word in words),
            cell.row_span,
            cell.column_span,
            _spans(words, self.offset),
            self.page,
            _rounded(self.turn.back(cell.box)),
            round(max(0.0, min(1.0, confidence)), 3),
            cell.uneven or (self.ocr and is_doubtful(words)),
        )


#: Confidence of a word of a scan below which its cell is doubtful; a word with digits must reach the second.
_SURE, _SURE_DIGITS = 0.6, 0.9


def is_doubtful(words: Sequence[Word]) -> bool:
    """Whether the text of a scanned cell needs a look: a word read poorly, or otherwise by another reader, or digits
    that are not surely right."""
    for word in words:
        digits = any(char.isdigit() for char in word.text)
        if word.confidence < (_SURE_DIGITS if digits else _SURE) or disputed(word):
            return True
        if digits and len({witness.text for witness in word.witnesses}) > 1:
            return True
    return False


#: Cells with digits from which a column is one of numbers, and their share of its cells.
_FEWEST_NUMBERS, _MOSTLY = 3, 0.5
#: Signs that stand alone where nothing was printed.
_SPECKS = "-–—.,:;'’‘`\"“”^~·•°*_"
#: What a row of dots to be written on begins with.
_BLANK = "..."
#: Letters that a digit alone is read as, signs that a rule is read as, and how near to the cell's edge (share of the
#: table's width) such a sign stands.
_LIKE_DIGITS = frozenset("lIiOoSZBz|")
_LIKE_RULES = "1lI|"
_BESIDE = 0.006
#: What OCR reads of a rule.
_RULE_SIGNS = "|[]{}¦‖_—¬"
#: A box to tick, and its greatest width over its height, both as shares of the page's.
_TICK_BOXES, _TICK_BOX = frozenset({"[]", "[ ]"}), 2.5


def without_rules(word: Word) -> Word | None:
    """*word* without the signs at its ends that OCR reads of rules; None where nothing is left."""
    if _in_brackets(word.text) or _is_tick_box(word):
        return word
    text = word.text.lstrip(_RULE_SIGNS)
    start = word.start + len(word.text) - len(text)
    text = text.rstrip(_RULE_SIGNS)
    if not text:
        return None
    return word if text == word.text else replace(word, text=text, start=start, end=start + len(text))


def _in_brackets(text: str) -> bool:
    """Whether the square brackets of *text* come in pairs, as those of a printed number do."""
    return "[" in text and text.count("[") == text.count("]") and text.rindex("]") > text.index("[") + 1


def _is_tick_box(word: Word) -> bool:
    """Whether a word is a pair of brackets about as wide as high, a box to tick; the rules beside an empty cell are
    further apart."""
    x0, y0, x1, y1 = word.box
    return word.text in _TICK_BOXES and x1 - x0 <= _TICK_BOX * (y1 - y0)


def without_specks(table: PageTable) -> None:
    """Take lone signs from the ends of the cells of a scan: specks and rests of rules; no text ends with one. A row of
    dots to be written on is no speck."""
    for cell in table.cells:
        words = [word for line in cell.lines() for word in line]
        while len(words) > 1 and not words[-1].text.strip(_SPECKS) and not words[-1].text.startswith(_BLANK):
            words.pop()
        cell.words = words


def doubt_rules_for_digits(table: PageTable) -> None:
    """Mark cells of a scan in which a rule may have been read as a one, or a digit as a single letter."""
    near = _BESIDE * (table.xs[-1] - table.xs[0])
    for cell in table.cells:
        words = [word for line in cell.lines() for word in line]
        alone = [word for word in words if word.text in _LIKE_DIGITS]
        rest = [word for word in words if word.text not in _LIKE_DIGITS]
        if alone and all(any(char.isdigit() for char in word.text) for word in rest):
            cell.uneven = True
        for word in words:
            digits = any(char.isdigit() for char in word.text)
            at_left = word.text[0] in _LIKE_RULES and word.box[0] - cell.box[0] <= near
            at_right = word.text[-1] in _LIKE_RULES and cell.box[2] - word.box[2] <= near
            if digits and len(word.text) > 1 and (at_left or at_right):
                cell.uneven = True


def doubt_letters_for_digits(table: PageTable) -> None:
    """Mark cells of a scan without a digit in columns of numbers: a digit may have been read as a letter."""
    for column in range(len(table.xs) - 1):
        cells = [c for c in table.cells if c.column == column and c.column_span == 1 and c.words]
        with_digits = [c for c in cells if any(char.isdigit() for word in c.words for char in word.text)]
        if len(with_digits) < _FEWEST_NUMBERS or len(with_digits) < _MOSTLY * len(cells):
            continue
        first = min(c.row for c in with_digits)
        for cell in cells:
            if cell.row > first and cell not in with_digits:
                cell.uneven = True


def _rounded(box: Box) -> Box:
    x0, y0, x1, y1 = (round(min(1.0, max(0.0, value)), 4) for value in box)
    return (x0, y0, x1, y1)


def _spans(words: Sequence[Word], offset: int) -> list[tuple[int, int]]:
    """The offsets of *words*, those that follow one another in the text as one stretch."""
    spans: list[tuple[int, int]] = []
    for word in words:
        start, end = offset + word.start, offset + word.end
        if spans and start == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def visual_lines(words: Sequence[Word]) -> list[list[Word]]:
    """Words by visual lines, from top to bottom and from left to right."""
    if len(words) < 2:
        return [list(words)] if words else []
    height = _median(sorted([word.box[3] - word.box[1] for word in words]))
    middles = [_middle(word) for word in words]
    if max(middles) - min(middles) <= 0.5 * height:
        return [sorted(words, key=lambda w: w.box[0])]  # one line, as in most cells
    lines: list[list[Word]] = []
    heights: list[float] = []  # the middles of the words of the last line, in order
    for word in sorted(words, key=_middle):
        middle = _middle(word)
        if lines and middle - _median(heights[-5:]) <= 0.5 * height:
            lines[-1].append(word)
            heights.append(middle)
        else:
            lines.append([word])
            heights = [middle]
    return [sorted(line, key=lambda w: w.box[0]) for line in lines]


def _median(ordered: Sequence[float]) -> float:
    """The median of values in ascending order."""
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _middle(word: Word) -> float:
    return (word.box[1] + word.box[3]) / 2


def filled(grid: Grid, words: Sequence[Word], page: int, offset: int, *, ocr: bool) -> PageTable:
    """*grid* with the words whose middle lies in its cells."""
    cells = [PageCell(c.row, c.column, c.row_span, c.column_span, grid.box_of(c)) for c in grid.cells]
    owner: dict[tuple[int, int], PageCell] = {}
    for cell in cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                owner[row, column] = cell
    for word in words:
        x0, y0, x1, y1 = word.box
        row = bisect_right(grid.ys, (y0 + y1) / 2) - 1
        column = bisect_right(grid.xs, (x0 + x1) / 2) - 1
        found = owner.get((row, column))
        if found is None:
            continue
        found.words.append(word)
        if max(found.box[0] - x0, x1 - found.box[2]) > _BEYOND * (x1 - x0):
            # OCR ran words of neighbours together: all of these cells may have lost or won some.
            first, last = bisect_right(grid.xs, x0) - 1, bisect_right(grid.xs, x1) - 1
            for at in range(first, last + 1):
                beside = owner.get((row, at))
                if beside is not None and min(x1, beside.box[2]) - max(x0, beside.box[0]) > _INTO * (x1 - x0):
                    beside.uneven = True
    return PageTable(page, offset, grid.xs, grid.ys, cells, ocr=ocr)
