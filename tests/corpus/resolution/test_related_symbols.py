"""Ký hiệu of one number that may be one document's."""

from __future__ import annotations

from corpus.fold import letters
from corpus.identity import Facts
from corpus.resolution.clusters import Item
from corpus.resolution.related_symbols import related

_SYMBOLS = frozenset({"QĐ-BNN", "QĐ-BNN-VPĐP", "QĐ-VPĐP-NTM", "QĐ-TTg", "QĐ-BCT", "QD-BCT"})


def _mention(symbol: str | None, *, hidden: int = 0) -> Item:
    facts = Facts(number="490", symbol=symbol, sym_key=letters(symbol) if symbol else None)
    return Item("mention", 1, facts, votes=1, hidden_votes=hidden)


def test_those_with_parts_left_out_are_related_and_through_them_others() -> None:
    assert related(_SYMBOLS, [_mention("QĐ-TTg")]) == frozenset({"QĐ-TTg"})
    assert related(_SYMBOLS, [_mention("QĐ-VPĐP")]) == frozenset({"QĐ-BNN", "QĐ-BNN-VPĐP", "QĐ-VPĐP-NTM"})
    assert related(_SYMBOLS, [_mention("QĐ/BCT")]) == frozenset({"QĐ-BCT", "QD-BCT"})
    assert related(_SYMBOLS, [_mention("QĐ-UBND")]) == frozenset()
    assert related(_SYMBOLS, [], ["QĐ-TTg"]) == frozenset({"QĐ-TTg"})


def test_all_matter_to_a_bare_number_and_beside_what_is_withheld() -> None:
    assert related(_SYMBOLS, [_mention("QĐ-TTg"), _mention(None)]) is None
    assert related(_SYMBOLS, [_mention("QĐ-TTg", hidden=1)]) is None
