"""Visual lines and segments, from words with boxes and from plain text."""

from __future__ import annotations

from ingest.layout.lines import lines_of, plain_lines
from tests.ingest.layout.support import drawn_page


def test_a_wide_gap_separates_columns() -> None:
    page = drawn_page([[(0.1, "UBND TỈNH X"), (0.5, "CỘNG HÒA XÃ HỘI")], [(0.1, "một dòng chữ liền")]])
    lines = lines_of(page, 0)
    assert [[s.text for s in line.segments] for line in lines] == [
        ["UBND TỈNH X", "CỘNG HÒA XÃ HỘI"],
        ["một dòng chữ liền"],
    ]


def test_runs_of_spaces_separate_columns_of_plain_text() -> None:
    (line, second) = plain_lines("UBND TỈNH X     CỘNG HÒA\n\n\nhai  từ", 10, 1)
    assert [(s.text, s.start, s.end) for s in line.segments] == [("UBND TỈNH X", 10, 21), ("CỘNG HÒA", 26, 34)]
    assert [s.text for s in second.segments] == ["hai  từ"]
    assert second.gap == 2


def test_a_part_of_a_segment_has_the_box_of_its_words() -> None:
    (line,) = lines_of(drawn_page([[(0.1, "Số: 12/QĐ-UBND Sơn La, ngày 5")]]), 0)
    (segment,) = line.segments
    part = segment.part(segment.text.index("Sơn"), len(segment.text))
    assert part.text == "Sơn La, ngày 5"
    assert part.box is not None
    assert segment.box is not None
    assert part.box[0] > segment.box[0]
    assert part.box[2] == segment.box[2]


def test_the_segments_of_a_line_are_covered_by_offsets_of_its_text() -> None:
    (line,) = plain_lines("UBND TỈNH X     CỘNG HÒA", 0, 1)
    assert [s.text for s in line.covering(5, 15)] == ["TỈNH X", "CỘN"]
