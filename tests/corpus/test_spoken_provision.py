"""A provision and its document as people type them."""

from __future__ import annotations

import pytest

from corpus.outline import addresses_of, anchor_of
from corpus.spoken_provision import split_provision


@pytest.mark.parametrize(
    ("typed", "address", "document"),
    [
        ("Điều 5 Nghị định 30/2020/NĐ-CP", "dieu-5", "Nghị định 30/2020/NĐ-CP"),
        ("diem a khoan 1 dieu 5 nghi dinh 30", "dieu-5.khoan-1.diem-a", "nghi dinh 30"),
        ("30/2020/NĐ-CP Điều 5 khoản 2", "dieu-5.khoan-2", "30/2020/NĐ-CP"),
        ("khoản 1 của Phụ lục II kèm theo Quyết định 148", "phu-luc-ii.khoan-1", "Quyết định 148"),
        ("Luật Đất đai (Điều 3)", "dieu-3", "Luật Đất đai"),
    ],
)
def test_a_provision_before_or_behind_a_document(typed: str, address: str, document: str) -> None:
    provision, rest = split_provision(typed)
    assert provision is not None
    assert (anchor_of(provision), rest) == (address, document)


@pytest.mark.parametrize("typed", ["Luật Đấu thầu", "điều 5", "Điều lệ hội", "thời điểm a", "148/QĐ-TTg", ""])
def test_what_names_no_provision_of_a_document(typed: str) -> None:
    assert split_provision(typed) == (None, typed)


def test_the_addresses_of_a_provision_and_of_what_contains_it() -> None:
    provision, _ = split_provision("điểm a khoản 1 Điều 5 Luật A")
    assert provision is not None
    assert addresses_of(provision) == ["dieu-5", "dieu-5.khoan-1", "dieu-5.khoan-1.diem-a"]
