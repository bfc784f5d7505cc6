"""Two readers of a word: who is asked, who is believed, and what is flagged."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ingest.ocr.engine import Arrangement
from ingest.ocr.reader.expected import Expected
from ingest.ocr.reader.line_reader import ReadLine, ReadWord
from ingest.ocr.second_look import DPI, gathered
from ingest.ocr.tesseract import Tesseract
from ingest.ocr.witnesses import (
    DISPUTED,
    SURE,
    SecondReading,
    balances,
    confirms,
    disputed,
    mended,
    needs_second_look,
    same,
    settle,
)
from ingest.page import Witness, Word
from tests.ingest.ocr.reader.drawing import Sheet


def word(text: str, confidence: float = 0.99, other: str = "") -> ReadWord:
    return ReadWord(text, (0, 0, 10, 10), confidence, (), other)


@pytest.mark.parametrize("text", ["919/QĐ-TTg", "2022", "05/3/2024", "QĐ-UBND", "a1", "b)1"])
def test_numbers_and_symbols_are_always_read_twice(text: str) -> None:
    assert needs_second_look(word(text))


def test_of_plain_words_only_the_doubted_are_read_twice() -> None:
    assert not needs_second_look(word("quyết"))
    assert needs_second_look(word("quyết", SURE - 0.05))


def test_of_two_doubtful_readings_the_one_that_can_be_spoken_is_believed_and_flagged() -> None:
    settled = settle(word("S6", 0.35), SecondReading("Số:", 0.71))
    assert (settled.text, settled.agree) == ("Số:", False)
    assert settled.confidence <= DISPUTED
    assert settle(word("16", 0.35), SecondReading("lò", 0.71)).text == "16"
    assert settle(word("S6", 0.9), SecondReading("Số:", 0.71)).text == "S6"


def test_agreement_makes_a_word_surer_and_difference_flags_it() -> None:
    alone = settle(word("2022", 0.95), None)
    agreed = settle(word("2022", 0.95), SecondReading("2022", 0.8))
    differ = settle(word("2022", 0.95), SecondReading("2023", 0.8))
    assert alone.agree is None
    assert alone.sure
    assert agreed.agree is True
    assert agreed.confidence > alone.confidence
    assert differ.agree is False
    assert not differ.sure
    assert (differ.text, differ.ours, differ.theirs) == ("2022", "2022", "2023")


def test_the_second_reader_is_believed_only_where_the_first_wavers_and_it_does_not() -> None:
    assert settle(word("tồ", 0.3, "tổ"), SecondReading("tổ", 0.95)).text == "tổ"
    assert settle(word("tồ", 0.8, "tổ"), SecondReading("tổ", 0.95)).text == "tồ"
    assert settle(word("tồ", 0.3, "tổ"), SecondReading("tổ", 0.5)).text == "tồ"
    assert settle(word("tồ", 0.3), SecondReading("", 0.0)).text == "tồ"


@pytest.mark.parametrize(
    ("ours", "theirs"), [("2022;", "2022"), ("(Lần", "Lần"), ("2021–2025", "2021-2025"), ("a", "a.")]
)
def test_stops_quotes_and_the_kind_of_dash_make_no_difference(ours: str, theirs: str) -> None:
    assert same(ours, theirs)


@given(st.text(min_size=1, max_size=8), st.floats(0, 1), st.text(max_size=8), st.floats(0, 1))
def test_a_settled_word_is_one_of_the_two_and_disputes_are_never_sure(
    ours: str, our_confidence: float, theirs: str, their_confidence: float
) -> None:
    settled = settle(word(ours, our_confidence), SecondReading(theirs, their_confidence))
    assert settled.text in {ours, theirs}
    assert 0 <= settled.confidence <= 1
    if not settled.agree:
        assert settled.confidence <= DISPUTED


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_tesseract_reads_gathered_words_each_in_its_place() -> None:
    sheet = Sheet()
    sheet.write("Quyết định số 919/QĐ-TTg ngày 01/8/2022", 100, 300, 36)
    sheet.write("số 123/TTr-SNN, giai đoạn 2021-2025;", 100, 400, 30)
    words = [
        ReadWord(text, tuple(map(float, box)), 0.5, (), "", 300 if box[3] < 330 else 400, 20 if box[3] < 330 else 17)  # type: ignore[arg-type]
        for text, box in sheet.words
        if any(c.isdigit() for c in text)
    ]
    picture = gathered(sheet.grey, words)
    assert picture is not None
    seen = picture.readings(Tesseract().read_region(Image.fromarray(picture.picture), Arrangement.BLOCK, DPI))
    assert len(seen) == len(words)
    for ours, theirs in zip(words, seen, strict=True):
        assert theirs is not None
        assert same(ours.text, theirs.text)


def test_nothing_is_asked_where_there_are_no_words() -> None:
    assert gathered(np.full((100, 100), 255, np.uint8), []) is None


def test_a_short_line_of_capitalised_words_is_a_name_and_read_twice() -> None:
    def line(text: str) -> ReadLine:
        return ReadLine(tuple(word(part) for part in text.split()), (0, 0, 10, 10), 0)

    sentence = line("Ủy ban nhân dân tỉnh")
    for name in (line("Nguyễn Văn An"), line("Ủy Ban Nhân Dân"), line("TRẦN VĂN AN"), line("LÊ THỊ HÀ;")):
        assert all(needs_second_look(one, name) for one in name.words)
    assert not any(needs_second_look(one, sentence) for one in sentence.words)
    for other in (line("An Bình Chi Dung Em Gia Hà Ích"), line("ỦY BAN NHÂN DÂN")):
        assert not any(needs_second_look(one, other) for one in other.words)


def test_words_of_two_witnesses_are_disputed_where_the_readings_differ() -> None:
    def seen(*readings: str) -> Word:
        witnesses = tuple(Witness(str(number), text, 0.9) for number, text in enumerate(readings))
        return Word("2022", (0, 0, 1, 1), 0.9, 0, 4, witnesses)

    assert disputed(seen("2022", "2023"))
    assert disputed(seen("2022", ""))
    assert not disputed(seen("2022", "2022;"))
    assert not disputed(seen("2022"))
    assert not disputed(seen())


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("1,o", "1,0"),
        ("1.427.500.0Oo", "1.427.500.000"),
        ("10o", "10o"),
        ("o,o", "o,o"),
        ("117]", "[17]"),
        ("[221", "[22]"),
        ("117", "117"),
        ("(221", "(221"),
        ("[22]", "[22]"),
    ],
)
def test_what_no_word_is_written_like_is_mended_and_flagged(read: str, printed: str) -> None:
    assert mended(read) == printed
    alone = settle(word(read), None)
    assert (alone.text, alone.ours) == (printed, read)
    assert (alone.confidence <= DISPUTED) == (read != printed)
    assert settle(word(read), SecondReading(printed, 0.9)).sure


def test_a_reading_with_its_brackets_in_pairs_is_believed_and_flagged() -> None:
    settled = settle(word("[26]=124]"), SecondReading("[26]=[24]", 0.9))
    assert (settled.text, settled.agree, settled.sure) == ("[26]=[24]", False, False)
    assert not balances("[26]=[25]", "[26]=124]")
    assert not balances("[26]=[24", "[26]=124")
    assert not balances("(26]", "126]")
    assert not balances("117", "I17")


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("327/⁄2016TT-BTC", "327/2016/TT-BTC"),
        ("29⁄42025", "29/4/2025"),
        ("1624", "1.624"),
        ("202/2025/QHI5", "202/2025/QH15"),
        ("1l", "11"),
        ("12/QÐ-UBND", "12/QĐ-UBND,"),
        ("2637BGDĐT-VP", "2637/BGDĐT-VP"),
    ],
)
def test_a_mark_that_the_second_reader_loses_is_no_difference_of_reading(theirs: str, ours: str) -> None:
    assert confirms(theirs, ours)
    settled = settle(word(ours), SecondReading(theirs, 0.8))
    assert (settled.text, settled.agree) == (ours, True)
    assert not disputed(
        Word(ours, (0, 0, 1, 1), 0.9, 0, 1, (Witness("reader", ours, 0.9), Witness("tesseract", theirs, 0.9)))
    )


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("1430", "14,30"),
        ("I.", "1."),
        ("II", "11"),
        ("14361", "1.361"),
        ("2079", "2019"),
        ("327/2016/TT-BTC", "3272016/TT-BTC"),
        ("1.624", "1624"),
        ("ND-CP", "NĐ-CP"),
        ("điều", "điểu"),
    ],
)
def test_other_letters_digits_and_marks_are_a_difference(theirs: str, ours: str) -> None:
    assert not confirms(theirs, ours)
    assert settle(word(ours), SecondReading(theirs, 0.8)).agree is False


def test_a_slash_that_a_symbol_has_is_taken_from_the_second_reader_and_flagged() -> None:
    settled = settle(word("642014/NĐ-CP"), SecondReading("64/2014/NĐ-CP", 0.5))
    assert (settled.text, settled.agree, settled.sure) == ("64/2014/NĐ-CP", False, False)
    assert settle(word("12769"), SecondReading("12.769", 0.9)).text == "12769"


def test_of_two_marks_the_one_that_the_neighbours_expect_is_believed_and_flagged() -> None:
    read = ReadWord("cong", (0, 0, 10, 10), 0.93, (), expected=Expected("công", 11.0))
    settled = settle(read, SecondReading("công", 0.5))
    assert (settled.text, settled.agree, settled.sure) == ("công", False, False)
    assert settle(read, SecondReading("cộng", 0.5)).text == "cong"
    assert settle(read, None).text == "cong"
    barely = ReadWord("cong", (0, 0, 10, 10), 0.93, (), expected=Expected("công", 1.0))
    assert settle(barely, SecondReading("công", 0.5)).text == "cong"


def test_a_sign_by_itself_is_not_read_twice_nor_believed_for_a_letter() -> None:
    assert not needs_second_look(word("=", 0.3))
    assert not needs_second_look(word("–", 0.3))
    assert settle(word("1", 0.3), SecondReading("¡", 0.95)).text == "1"


def test_a_second_reading_that_is_not_like_the_first_is_not_believed_for_being_speakable() -> None:
    for theirs in (0.78, 0.87, 0.99):
        assert settle(word("Yt6", 0.35), SecondReading("vẻ", theirs)).text == "Yt6"
    assert settle(word("NGHCA", 0.27), SecondReading("NGHĨA", 0.68)).text == "NGHĨA"


def test_words_on_grey_paper_are_gathered_in_black_on_white() -> None:
    sheet = Sheet()
    sheet.write("01/QĐ-UBND", 200, 300)
    box = sheet.words[0][1]
    read = ReadWord("01/QĐ-UBND", box, 0.9, (), baseline=box[3] - 4, size=box[3] - box[1] - 8)
    grey = (170 + sheet.grey.astype(np.uint16) // 4).astype(np.uint8)
    picture = gathered(grey, [read])
    assert picture is not None
    assert picture.picture.min() < 20
    assert (picture.picture == 255).mean() > 0.9
