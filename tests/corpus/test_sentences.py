"""The sentence around a citation, for a reader."""

from __future__ import annotations

from corpus.sentences import page_starts, sentence


def test_a_sentence_ends_at_a_full_stop_but_not_at_one_of_a_date_or_an_abbreviation() -> None:
    text = "Trên đây. Thực hiện Quyết định số 12/QĐ-TTg ngày 01.02.2020 của TP. Huế, yêu cầu làm; sau đó."
    at = text.index("Quyết")
    found = sentence(text, at, at + 24)
    assert found.startswith("Thực hiện Quyết định số 12/QĐ-TTg")
    assert found.endswith("yêu cầu làm")


def test_the_first_basis_has_no_letterhead_before_it() -> None:
    basis = "Căn cứ Quyết định số 919/QĐ-TTg ngày 01/8/2022\ncủa Thủ tướng Chính phủ"
    head = "ỦY BAN NHÂN DÂN\nTỈNH THANH HÓA\nSố: 1/KH-UBND\nKẾ HOẠCH\nThực hiện Chương trình OCOP"
    text = f"{head}\n{basis};\nCăn cứ Luật;"
    start = text.index("919/")
    assert sentence(text, start, start + 10) == " ".join(basis.split())
    assert sentence(text, 3, 5, limit=400).startswith("ỦY BAN")


def test_a_line_that_begins_with_theo_after_a_line_break_is_no_sentence_of_its_own() -> None:
    text = "Điều 2. Quyết định này thay thế các quy định\ntheo Quyết định số 5/QĐ-UBND."
    assert sentence(text, text.index("5/"), len(text) - 1).startswith("Điều 2. Quyết định này thay thế")


def test_a_long_sentence_is_cut_between_words() -> None:
    text = "một hai " * 100 + "số 5/QĐ-UBND"
    assert sentence(text, len(text) - 9, len(text)).split()[0] in ("một", "hai")


def test_pages_begin_after_form_feeds() -> None:
    assert page_starts("một\fhai\f") == [0, 4, 8]
