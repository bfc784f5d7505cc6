"""Vietnamese syllables are recognised by their parts, and texts judged by them."""

from __future__ import annotations

import unicodedata

import pytest

from ingest.syllables import is_misprinted, is_syllable, quality

_VALID = [
    "nghiêng",
    "Quyết",
    "giếng",
    "gì",
    "quốc",
    "uỷ",
    "ủy",
    "khuya",
    "ngoằn",
    "Đắk",
    "hoá",
    "thuở",
    "yêu",
    "xoong",
    "QUYẾT",
]
_INVALID = ["quyêt̉", "hoạtđộng", "củaBộ", "ệc", "ngh", "strn", "cạt́", "nhanch", "các̀", "khãc"]


@pytest.mark.parametrize("word", _VALID)
def test_valid_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", _INVALID)
def test_invalid_syllables(word: str) -> None:
    assert not is_syllable(unicodedata.normalize("NFC", word))


def test_a_good_sentence_is_valid_throughout() -> None:
    sentence = "Căn cứ Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ;"
    assert quality(sentence).validity == 1.0


def test_a_foreign_language_is_distinguished_from_a_broken_character_map() -> None:
    assert quality("The quick brown fox jumps over the lazy dog while nobody watches them closely").foreign
    assert not quality("Dsfg kjhgf trwpx bvcxz mnbvc qsdfg wxcvb plkjh tyghb nmkjl").foreign


@pytest.mark.parametrize("word", ["PHÖ", "phö", "NGÄY", "ñã"])
def test_a_syllable_but_for_a_foreign_letter(word: str) -> None:
    assert is_misprinted(word)


@pytest.mark.parametrize("word", ["PHÚ", "Müller", "Ö", "UBND", "São", "Đỗ", "Hòa", "quyÕt"])
def test_names_and_vietnamese_words_are_not_misprinted(word: str) -> None:
    assert not is_misprinted(word)
