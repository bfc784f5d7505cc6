"""The strings that transcribed pages are measured by."""

from __future__ import annotations

from bench.matching import find, places_of_words, plain
from bench.reader import Outcome, Printed, placed_words, printed_strings
from ingest.ocr.witnesses import Settled


def test_a_line_is_one_string() -> None:
    assert printed_strings("Căn cứ Luật Tổ chức  chính quyền địa phương;") == [
        "Căn cứ Luật Tổ chức chính quyền địa phương;"
    ]


def test_handwriting_and_cells_part_a_line() -> None:
    assert printed_strings("Số: ⟨hand⟩/QĐ-UBND") == ["/QĐ-UBND"]
    assert printed_strings("1 | Đất cây xanh | 6.151 | 48,18") == ["Đất cây xanh", "6.151", "48,18"]
    assert printed_strings("| Kiểm tra việc chấp hành pháp luật về thuế | 2018") == ["2018"]
    assert printed_strings("") == []


def held_against(printed: str, *read: str) -> list[Printed]:
    words = [Settled(word, word, None, None, 0.99) for word in read]
    outcome = Outcome(plain(" ".join(read)), 0.0, words)
    match = find(printed, outcome.text)
    return placed_words(printed, outcome, match.start, match.end)


def test_words_stand_where_they_were_read() -> None:
    read = ["Số:", "....", "..", "/QĐ", "năm", ".", "2020"]
    text = plain(" ".join(read))
    assert text == "Số: … /QĐ năm . 2020"
    assert [text[a:b] for a, b in places_of_words(read)] == ["Số:", "…", "", "/QĐ", "năm", ".", "2020"]


def test_a_word_is_right_when_its_letters_are_however_words_are_parted() -> None:
    joined = held_against("ngày 12 /QĐ của", "ngày", "12/QĐ", "của")
    assert [(p.text, p.is_right, p.spacing) for p in joined] == [
        ("ngày", True, False),
        ("12", True, True),
        ("/QĐ", True, True),
        ("của", True, False),
    ]
    parted = held_against("số 102/CNTT-YTĐTI ngày", "số", "102/CNTT-", "YTĐTI", "ngày")
    assert [p.is_right for p in parted] == [True, True, True]
    assert [p.spacing for p in parted] == [False, True, False]


def test_a_wrong_letter_is_wrong_however_words_are_parted() -> None:
    assert [p.is_right for p in held_against("ngày 12 /QĐ của", "ngày", "13/QĐ", "của")] == [True, False, True, True]
    assert [p.is_right for p in held_against("tiếp công dân", "tiếp", "cong", "dân")] == [True, False, True]
    assert [p.is_right for p in held_against("tiếp công dân", "tiếp", "cổngx", "dân")] == [True, False, True]
    assert not any(p.spacing for p in held_against("ngày 12 /QĐ của", "ngày", "13/QĐ", "của"))
