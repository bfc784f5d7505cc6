"""Whose provisions a text names: of documents it cites, and its own."""

from __future__ import annotations

import pytest

from corpus.fold import nfc
from corpus.provisions import list_words
from ingest.citations import read_cited
from tests.ingest.citations.support import one_zone


def cited(text: str) -> list[tuple[str | None, str]]:
    """(number or title, provisions) of each citation of a text."""
    found = read_cited(nfc(text), one_zone(nfc(text)))
    return [(c.so_ky_hieu or c.title, list_words(c.pinpoints)) for c in found.citations]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("theo khoản 2 Điều 26 của Nghị quyết số 326/2016/UBTVQH14.", [("326/2016/UBTVQH14", "khoản 2 Điều 26")]),
        ("tại Điều 357 – Bộ luật Dân sự.", [("Dân sự", "Điều 357")]),
        ("Luật Đất đai năm 2013 (Điều 100, khoản 1 Điều 203).", [("Đất đai", "Điều 100; khoản 1 Điều 203")]),
        ("Nghị định số 98/2018/NĐ-CP tại Điều 4 quy định", [("98/2018/NĐ-CP", "Điều 4")]),
        (
            "Điều 54 Điều lệ bảo hiểm xã hội ban hành kèm theo Nghị định số 12/2020/NĐ-CP.",
            [("12/2020/NĐ-CP", "Điều 54")],
        ),
        (
            "quy định chi tiết khoản 4 Điều 10, Điều 26 và các biện pháp thi hành Luật Thi hành án dân sự.",
            [("Thi hành án dân sự", "khoản 4 Điều 10; Điều 26")],
        ),
        (
            "theo Điều 5 Luật Đầu tư và Điều 6 Luật Đất đai.",
            [("Đầu tư", "Điều 5"), ("Đất đai", "Điều 6")],
        ),
        ("theo Điều 10 Hợp đồng thuê và Nghị định số 98/2018/NĐ-CP.", [("98/2018/NĐ-CP", "")]),
    ],
)
def test_the_document_a_provision_belongs_to(text: str, expected: list[tuple[str, str]]) -> None:
    assert cited(text) == expected


def test_offsets_point_at_the_label() -> None:
    text = nfc("Căn cứ điểm đ \nkhoản 1 Điều 12 Nghị quyết số 326/2016/UBTVQH14;")
    (citation,) = read_cited(text, one_zone(text)).citations
    (pinpoint,) = citation.pinpoints
    assert text[pinpoint.start : pinpoint.end] == "điểm đ"
    assert (pinpoint.article, pinpoint.clause, pinpoint.point) == ("12", "1", "đ")


OWN = """Điều 1. Phạm vi
1. Theo khoản 2 Điều 5 Luật này.
2. Trừ trường hợp quy định tại khoản 1 Điều này và điểm a khoản này.
Điều 2. Biểu mẫu
1. Theo Phụ lục II kèm theo.
"""


def test_provisions_of_its_own_are_no_citations() -> None:
    found = read_cited(nfc(OWN), one_zone(nfc(OWN)))
    assert found.citations == []
    assert [list_words(one.pinpoints) for one in found.own_references] == [
        "khoản 2 Điều 5",
        "khoản 1 Điều 1; điểm a khoản 2 Điều 1",
        "Phụ lục II",
    ]
