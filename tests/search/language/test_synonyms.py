"""The table of synonyms."""

from __future__ import annotations

from search.language.synonyms import max_length, synonyms_of


def test_an_abbreviation_and_its_words_stand_for_each_other() -> None:
    assert ("uy", "ban", "nhan", "dan") in synonyms_of(("ubnd",))
    assert ("ubnd",) in synonyms_of(("uy", "ban", "nhan", "dan"))


def test_abbreviations_of_the_field_work_both_ways() -> None:
    assert ("truy", "xuat", "nguon", "goc") in synonyms_of(("txng",))
    assert ("snnmt",) in synonyms_of(("so", "nong", "nghiep", "va", "moi", "truong"))


def test_other_syllables_have_none() -> None:
    assert synonyms_of(("tap", "huan")) == ()


def test_no_entry_is_longer_than_the_maximum() -> None:
    assert max_length() >= len(("mot", "xa", "phuong", "mot", "san", "pham"))
