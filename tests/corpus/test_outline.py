"""The outline of a document: its units with their places and addresses."""

from __future__ import annotations

from corpus.fold import nfc
from corpus.model import Pinpoint
from corpus.outline import UnitKind, anchor_of, containing, find, outline

DECREE = nfc("""Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi
1. Quy định tại
Điều 10. của luật khác.
2. Trong đó:
a) Một;
đ) Hai.
Chương II
Điều 2. Sửa đổi Điều 4 như sau:
“Điều 4. Rút tố cáo
1. Lời mới.”
Phụ lục I
MẪU
1. Phần một
a) Ý a
Phụ lục II
1. Phần hai
""")


def test_units_with_addresses_and_parents() -> None:
    units = outline(DECREE)
    assert [unit.anchor for unit in units] == [
        "chuong-i",
        "dieu-1",
        "dieu-1.khoan-1",
        "dieu-1.khoan-2",
        "dieu-1.khoan-2.diem-a",
        "dieu-1.khoan-2.diem-dd",
        "chuong-ii",
        "dieu-2",
        "phu-luc-i",
        "phu-luc-i.khoan-1",
        "phu-luc-i.khoan-1.diem-a",
        "phu-luc-ii",
        "phu-luc-ii.khoan-1",
    ]
    first = units[1]
    assert (first.heading, first.name) == ("Phạm vi", "Điều 1")
    assert DECREE[first.start :].startswith("Điều 1.")
    assert DECREE[: first.end].endswith("đ) Hai.\n")


def test_a_provision_is_found_where_it_stands() -> None:
    units = outline(DECREE)
    pinpoint = Pinpoint(0, 1, article="1", clause="2", point="đ")
    unit = find(units, pinpoint)
    assert unit is not None
    assert unit.kind is UnitKind.POINT
    assert DECREE[unit.start : unit.end] == "đ) Hai.\n"
    assert find(units, Pinpoint(0, 1, article="9")) is None
    assert anchor_of(Pinpoint(0, 1, clause="1", appendix="II")) == "phu-luc-ii.khoan-1"


def test_the_units_around_an_offset() -> None:
    units = outline(DECREE)
    around = containing(units, DECREE.index("Hai."))
    assert [unit.name for unit in around] == ["điểm đ", "khoản 2", "Điều 1", "Chương I"]


def test_articles_that_begin_anew_are_those_of_an_attached_text() -> None:
    units = outline("Điều 1. Ban hành kèm theo.\nĐiều 2. Hiệu lực.\nQUY CHẾ\nĐiều 1. Phạm vi\nĐiều 2. Đối tượng\n")
    assert [unit.anchor for unit in units] == ["dieu-1", "dieu-2", "phu-luc", "phu-luc.dieu-1", "phu-luc.dieu-2"]


def test_a_text_without_units() -> None:
    assert outline("Không có gì.\n") == []
