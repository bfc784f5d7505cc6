"""Rows of tables that show why a document was found by words in a cell (``bang:``), with those words highlighted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from corpus.library.table_rows import TableRow, rows_of
from search.highlights import Needle, find
from search.language.tokens import exact_keys
from search.snippets import Snippet

#: What stands between two cells.
BETWEEN = " | "
#: Rows that are looked at in one document.
_MOST_ROWS = 20_000
#: Characters shown of a cell in which nothing was looked for.
_LONGEST = 120


def row_snippets(tables: Sequence[dict[str, Any]], needles: Sequence[Needle], limit: int) -> list[Snippet]:
    """The rows with the most different needles, each needle within one cell; in order of the tables.

    Where a needle with diacritics stands in some cell as it was typed, rows where it only folds alike are left out.
    """
    candidates: list[tuple[int, TableRow, list[list[tuple[int, int, int, bool]]]]] = []
    typed: set[int] = set()
    for at, row in enumerate(rows_of(tables)):
        if at >= _MOST_ROWS:
            break
        found = [_found(cell.text, needles) if own in row.own else [] for own, cell in enumerate(row.cells)]
        if any(found):
            candidates.append((at, row, found))
            typed.update(needle for cell in found for _, _, needle, exact in cell if exact)
    scored = []
    for at, row, found in candidates:
        kept = [[one for one in cell if one[3] or one[2] not in typed] for cell in found]
        if any(kept):
            scored.append((-len({one[2] for cell in kept for one in cell}), at, row, kept))
    best = sorted(scored, key=lambda one: one[:2])[:limit]
    return [_snippet(row, kept) for _, _, row, kept in sorted(best, key=lambda one: one[1])]


def _found(text: str, needles: Sequence[Needle]) -> list[tuple[int, int, int, bool]]:
    """(start, end, needle, whether with its diacritics) of what stands in a cell."""
    out = []
    for number, needle in enumerate(needles):
        for span in find(text, [needle]):
            out.append((span.start, span.end, number, _is_as_typed(text[span.start : span.end], needle)))
    return out


def _is_as_typed(words: str, needle: Needle) -> bool:
    """Whether *words* have the diacritics of a needle; True for a needle that was typed without."""
    if not any(needle.exact):
        return True
    own = exact_keys(words)
    return len(own) == len(needle.exact) and all(
        mark is None or key == mark for key, mark in zip(own, needle.exact, strict=True)
    )


def _snippet(row: TableRow, found: Sequence[Sequence[tuple[int, int, int, bool]]]) -> Snippet:
    """*row* with its cells behind one another."""
    parts: list[str] = []
    highlights: list[tuple[int, int]] = []
    places: list[tuple[int, int]] = []
    length = 0
    for cell, spans in zip(row.cells, found, strict=True):
        shown = cell.text if spans or len(cell.text) <= _LONGEST else cell.text[: _LONGEST - 1] + "…"
        for start, end in sorted({(start, end) for start, end, _, _ in spans}):
            if highlights and length + start < highlights[-1][1]:
                continue
            highlights.append((length + start, length + end))
            places += cell.places(start, end)
        parts.append(shown)
        length += len(shown) + len(BETWEEN)
    own = [span for at in row.own for span in row.cells[at].spans]
    start, end = min((s for s, _ in own), default=0), max((e for _, e in own), default=0)
    return Snippet(row.page, start, end, BETWEEN.join(parts), tuple(highlights), tuple(places), row.table, row.row)
