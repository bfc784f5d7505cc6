"""From rules to grids: rules that cross one another, and the cells that they enclose."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import Box
from ingest.tables.rules import Rule, Rules, clustered

#: Share of a cell's side that a rule must cover to be a wall.
_WALL = 0.6
#: Share of a table's width that its first and its last rule take on a picture.
_OUTLINE = 0.5
#: Fields of a grid that are looked at; one with more is a drawing or a sheet of squared paper.
_MOST_FIELDS = 60_000


@dataclass(slots=True)
class GridCell:
    """A cell of a grid."""

    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(slots=True)
class Grid:
    """A ruled table: the places of its rules, and its cells, which cover it without overlap."""

    xs: list[float]
    ys: list[float]
    cells: list[GridCell]

    @property
    def box(self) -> Box:
        """The part of the page that it takes."""
        return (self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def box_of(self, cell: GridCell) -> Box:
        """The part of the page that *cell* takes."""
        right, bottom = self.xs[cell.column + cell.column_span], self.ys[cell.row + cell.row_span]
        return (self.xs[cell.column], self.ys[cell.row], right, bottom)


def grids(rules: Rules) -> list[Grid]:
    """The grids that *rules* make, from top to bottom; frames of one cell are none."""
    rules = rules.joined()
    found = [grid for group in _groups(rules) if (grid := _grid(*group, rules)) is not None]
    found = [grid for grid in found if len(grid.cells) > 1]
    return sorted(_outermost(found), key=lambda grid: (grid.ys[0], grid.xs[0]))


def _outermost(found: list[Grid]) -> list[Grid]:
    """Grids without those that lie inside a cell of another one with more cells."""
    kept: list[Grid] = []
    for grid in sorted(found, key=lambda g: -len(g.cells)):
        a = grid.box
        if not any(_overlap(a, other.box) for other in kept):
            kept.append(grid)
    return kept


def _overlap(a: Box, b: Box) -> bool:
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    smaller = min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1]))
    return width > 0 and height > 0 and width * height > 0.1 * smaller


def _groups(rules: Rules) -> list[tuple[list[Rule], list[Rule]]]:
    """Rules that hang together: (horizontal, vertical) of each group."""
    leader = list(range(len(rules.horizontal) + len(rules.vertical)))

    def find(one: int) -> int:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    near_x, near_y, shift = rules.near_x, rules.near_y, len(rules.horizontal)
    for v, vertical in enumerate(rules.vertical):
        for h, horizontal in enumerate(rules.horizontal):
            if (
                horizontal.start - near_x <= vertical.at <= horizontal.end + near_x
                and vertical.start - near_y <= horizontal.at <= vertical.end + near_y
            ):
                leader[find(shift + v)] = find(h)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for h, horizontal in enumerate(rules.horizontal):
        groups[find(h)][0].append(horizontal)
    for v, vertical in enumerate(rules.vertical):
        groups[find(shift + v)][1].append(vertical)
    return [group for group in groups.values() if group[0] and group[1]]


def _within_outline(horizontal: Sequence[Rule], vertical: Sequence[Rule], near: float) -> tuple[list[Rule], list[Rule]]:
    """Rules of a picture without those above the first rule, and below the last, that reaches over half the table.

    A seal over the heading and an underlined title touch the table's rules but are none of it.
    """
    left, right = min(r.start for r in horizontal), max(r.end for r in horizontal)
    wide = [r.at for r in horizontal if r.end - r.start >= _OUTLINE * (right - left)]
    if not wide:
        return list(horizontal), list(vertical)
    top, bottom = min(wide) - near, max(wide) + near
    # Long rules that stand upright are those of a table without its first or last rule.
    reach = [r for r in vertical if r.end - r.start >= _OUTLINE * (bottom - top)]
    top = min([top, *(r.start for r in reach)])
    bottom = max([bottom, *(r.end for r in reach)])
    kept = [r for r in vertical if r.end > top + near and r.start < bottom - near]
    return [r for r in horizontal if top <= r.at <= bottom], kept


def _grid(horizontal: Sequence[Rule], vertical: Sequence[Rule], rules: Rules) -> Grid | None:
    """The grid of one group of rules; None where it has a single field, or too many."""
    if rules.pictured:
        horizontal, vertical = _within_outline(horizontal, vertical, rules.near_y)
        if not vertical:
            return None
    xs = clustered((rule.at for rule in vertical), rules.near_x)
    ys = clustered((rule.at for rule in horizontal), rules.near_y)
    xs = _with_ends(xs, min(r.start for r in horizontal), max(r.end for r in horizontal), 3 * rules.near_x)
    ys = _with_ends(ys, min(r.start for r in vertical), max(r.end for r in vertical), 3 * rules.near_y)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1 or rows * columns < 2 or rows * columns > _MOST_FIELDS:
        return None
    below = _walls(horizontal, ys, xs, rules.near_y)  # below[y][column]
    beside = _walls(vertical, xs, ys, rules.near_x)  # beside[x][row]
    return _compressed(Grid(xs, ys, _cells(rows, columns, below, beside)))


def _compressed(grid: Grid) -> Grid:
    """*grid* without rows and columns in which no cell begins: rules that lie askew count as several."""
    rows = sorted({cell.row for cell in grid.cells})
    columns = sorted({cell.column for cell in grid.cells})
    if len(rows) == len(grid.ys) - 1 and len(columns) == len(grid.xs) - 1:
        return grid
    new_row = {old: bisect_left(rows, old) for old in range(len(grid.ys))}
    new_column = {old: bisect_left(columns, old) for old in range(len(grid.xs))}
    cells = [
        GridCell(
            new_row[c.row],
            new_column[c.column],
            new_row[c.row + c.row_span] - new_row[c.row],
            new_column[c.column + c.column_span] - new_column[c.column],
        )
        for c in grid.cells
    ]
    return Grid([grid.xs[c] for c in columns] + grid.xs[-1:], [grid.ys[r] for r in rows] + grid.ys[-1:], cells)


def _with_ends(places: list[float], first: float, last: float, far: float) -> list[float]:
    """*places* with an edge where rules reach beyond the outermost: a table without its outer rules."""
    before = [first] if first < places[0] - far else []
    behind = [last] if last > places[-1] + far else []
    return [*before, *places, *behind]


def _walls(rules: Sequence[Rule], lines: list[float], across: list[float], near: float) -> list[list[bool]]:
    """For each line and each field along it, whether rules cover the field's side."""
    covered = [[0.0] * (len(across) - 1) for _ in lines]
    for rule in rules:
        nearest = min(range(len(lines)), key=lambda i: abs(lines[i] - rule.at))
        if abs(lines[nearest] - rule.at) > 2 * near:
            continue
        for field in range(len(across) - 1):
            share = min(rule.end, across[field + 1]) - max(rule.start, across[field])
            if share > 0:
                covered[nearest][field] += share / (across[field + 1] - across[field])
    return [[share >= _WALL for share in line] for line in covered]


def _cells(rows: int, columns: int, below: list[list[bool]], beside: list[list[bool]]) -> list[GridCell]:
    """Fields without a wall between them as one cell; a region that is no rectangle is cut into rectangles."""
    free = [[True] * columns for _ in range(rows)]
    cells: list[GridCell] = []
    for row in range(rows):
        for column in range(columns):
            if not free[row][column]:
                continue
            end = column + 1
            while end < columns and not beside[end][row] and free[row][end]:
                end += 1
            fields = range(column, end)
            bottom = row + 1
            while bottom < rows and not any(
                below[bottom][c] or not free[bottom][c] or (c > column and beside[c][bottom]) for c in fields
            ):
                bottom += 1
            for r in range(row, bottom):
                free[r][column:end] = [False] * len(fields)
            cells.append(GridCell(row, column, bottom - row, end - column))
    return cells
