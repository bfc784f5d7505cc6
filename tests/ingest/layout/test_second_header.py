"""How much of a page is read a second time for its header."""

from __future__ import annotations

import pytest

from ingest.layout.lines import Line, Segment
from ingest.layout.second_header import part_read


def _line(at: int, top: float, *, columns: int = 1) -> Line:
    boxes = [(0.1 + n * 0.4, top, 0.4 + n * 0.4, top + 0.015) for n in range(columns)]
    return Line([Segment("chữ", at, at + 3, 1, box) for box in boxes], 1)


def test_it_ends_between_the_line_behind_the_header_and_the_next() -> None:
    lines = [_line(4 * n, 0.1 + 0.02 * n) for n in range(10)]
    assert part_read(lines, header_end=19) == pytest.approx((0.215 + 0.22) / 2, abs=0.001)


def test_more_is_read_where_a_table_follows_or_nothing_does() -> None:
    header = [_line(4 * n, 0.1 + 0.02 * n) for n in range(5)]
    table = [_line(20 + 4 * n, 0.2 + 0.02 * n, columns=3) for n in range(5)]
    assert part_read([*header, *table], header_end=19) == part_read(header, header_end=19) == 0.28
