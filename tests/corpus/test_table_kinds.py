"""What a table is by its headings; nothing where they do not tell."""

from __future__ import annotations

import pytest

from corpus.model import Table, TableCell
from corpus.table_kinds import TableKind, kind_of


def table(*headings: str, header_rows: int = 1) -> Table:
    cells = [TableCell(0, column, text) for column, text in enumerate(headings)]
    return Table(3, len(headings), cells, header_rows=header_rows)


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (("STT", "Nhiệm vụ chủ trì", "Đơn vị phối hợp", "Thời gian hoàn thành"), TableKind.TASKS),
        (("TT", "Nội dung", "Đơn vị chủ trì", "Thời hạn"), TableKind.TASKS),
        (("TT", "Nội dung", "Cơ quan thực hiện", "Tiến độ", "Kinh phí"), TableKind.TASKS),
        (("TT", "Tiêu chí", "Điểm tối đa", "Điểm đạt"), TableKind.CRITERIA),
        (("TT", "Nội dung", "Thành tiền"), TableKind.BUDGET),
        (("TT", "Tên sản phẩm", "Chủ thể", "Hạng"), TableKind.PRODUCTS),
        (("TT", "Họ và tên", "Đơn vị", "Chức vụ"), None),
        (("Thời gian", "Nội dung"), None),
    ],
)
def test_headings_tell_the_kind(headings: tuple[str, ...], kind: TableKind | None) -> None:
    assert kind_of(table(*headings)) == kind


def test_a_table_without_headings_has_no_kind() -> None:
    assert kind_of(table("Tiêu chí", "Điểm", header_rows=0)) is None


def test_one_heading_does_not_make_two_parts() -> None:
    assert kind_of(table("TT", "Nội dung nhiệm vụ chủ trì")) is None
