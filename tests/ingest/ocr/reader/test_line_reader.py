"""The line reader as a whole, with its shipped weights: text, boxes, order, hostile pictures, and its absence."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

pytest.importorskip("onnxruntime")

from ingest.ocr.reader import COUNTS, WEIGHTS, available, why_unavailable
from ingest.ocr.reader.crops import Crop
from ingest.ocr.reader.decode import PlacedLetter, PlacedWord
from ingest.ocr.reader.line_reader import LineReader, parted
from ingest.ocr.witnesses import SURE
from tests.ingest.ocr.reader.drawing import SENTENCES, Sheet, noisy

# Pictures that are no page: whatever comes back, it comes back soon and in little memory.
_CHANCE = np.random.default_rng(3)
HOSTILE = {
    "empty": np.zeros((0, 0), np.uint8),
    "no rows": np.zeros((0, 500), np.uint8),
    "one pixel": np.zeros((1, 1), np.uint8),
    "a line of pixels": np.zeros((1, 5000), np.uint8),
    "black": np.zeros((900, 700), np.uint8),
    "white": np.full((900, 700), 255, np.uint8),
    "grey noise": _CHANCE.integers(0, 256, (900, 700)).astype(np.uint8),
    "black and white noise": np.where(_CHANCE.random((900, 700)) < 0.5, 0, 255).astype(np.uint8),
    "specks": np.where(_CHANCE.random((900, 700)) < 0.02, 0, 255).astype(np.uint8),
    "stripes": np.tile(np.where(np.arange(700) % 8 < 3, 0, 255).astype(np.uint8), (900, 1)),
    "very wide": np.where(_CHANCE.random((12, 30_000)) < 0.3, 0, 255).astype(np.uint8),
    "very high": np.where(_CHANCE.random((30_000, 12)) < 0.3, 0, 255).astype(np.uint8),
    "a letter as large as the page": np.pad(np.zeros((600, 90), np.uint8), 150, constant_values=255),
}


@pytest.fixture(scope="module")
def reader() -> LineReader:
    return LineReader()


def test_drawn_lines_are_read_with_a_letter_in_a_hundred_wrong_at_most(reader: LineReader) -> None:
    sheet = Sheet()
    sheet.paragraph(left=100, size=30)
    printed = "\n".join(SENTENCES)
    for page in (sheet.grey, noisy(sheet.grey), sheet.turned(0.8)):
        found = "\n".join(line.text for line in reader.read(page, 200))
        assert Levenshtein.distance(found, printed) <= 0.01 * len(printed), found


def test_words_stand_in_their_boxes(reader: LineReader) -> None:
    sheet = Sheet()
    sheet.paragraph(left=100, size=30)
    found = [word for line in reader.read(sheet.grey, 200) for word in line.words]
    assert [word.text for word in found] == [text for text, _ in sheet.words]
    for word, (_, box) in zip(found, sheet.words, strict=True):
        assert np.allclose(word.box, box, atol=4), word.text
        assert 0 <= word.confidence <= 1
        assert "".join(letter.text for letter in word.letters) == word.text


def test_an_abbreviation_that_the_counts_do_not_have_is_as_sure_as_its_ink(reader: LineReader) -> None:
    sheet = Sheet()
    sheet.write("Thường trực HĐND tỉnh và TTYTDP huyện", 150, 300, 36)
    sheet.write("Thường trực Takeda tỉnh và Blao huyện", 150, 380, 36)
    sure, unsure = ([word for word in line.words if word.confidence > SURE] for line in reader.read(sheet.grey, 200))
    assert {"HĐND", "TTYTDP"} <= {word.text for word in sure}
    assert not {"Takeda", "Blao"} & {word.text for word in unsure}


def test_the_net_is_asked_only_of_lines_of_the_length_and_place_that_are_wanted(reader: LineReader) -> None:
    sheet = Sheet()
    for text, baseline in (("Nguyễn Văn An", 300), ("Hà", 400), (SENTENCES[0], 500), ("Trần Thị Hoa", 600)):
        sheet.write(text, 150, baseline, 36)
    every = reader.chances(sheet.grey, 200)
    of_length = reader.chances(sheet.grey, 200, range(16, 71))
    below = reader.chances(sheet.grey, 200, range(16, 71), lambda box: box[1] > 450)
    assert [len(every), len(of_length), len(below)] == [4, 2, 1]
    assert [box for box, _ in below] == [box for box, _ in every if box[1] > 520]


def test_columns_are_read_one_after_the_other(reader: LineReader) -> None:
    sheet = Sheet()
    sheet.write("Nơi nhận:", 150, 300, 28)
    sheet.write("- Như Điều 3;", 150, 345, 28)
    sheet.write("- Lưu: VT.", 150, 390, 28)
    sheet.write("KT. CHỦ TỊCH", 900, 300, 30)
    sheet.write("PHÓ CHỦ TỊCH", 890, 345, 30)
    lines = reader.read(sheet.grey, 200)
    assert [line.text for line in lines] == [text for text, _ in sheet.lines]
    assert [line.column for line in lines] == [0, 0, 0, 1, 1]


def test_a_page_of_higher_resolution_reads_the_same_with_boxes_of_its_own(reader: LineReader) -> None:
    sheet = Sheet(2480, 1200)
    sheet.paragraph(left=120, size=45, leading=90)
    lines = reader.read(sheet.grey, 300)
    assert [line.text for line in lines] == list(SENTENCES)
    for line, (_, box) in zip(lines, sheet.lines, strict=True):
        assert np.allclose(line.box, box, atol=8)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pictures_end_in_lines_or_nothing(reader: LineReader, name: str) -> None:
    picture = HOSTILE[name]
    for line in reader.read(picture, 200):
        left, top, right, bottom = line.box
        assert left < right
        assert top < bottom


def test_what_is_no_grey_picture_is_refused(reader: LineReader) -> None:
    with pytest.raises(ValueError, match="picture"):
        reader.read(np.zeros((50, 50, 3), np.uint8), 200)
    with pytest.raises(ValueError, match="picture"):
        reader.read(np.zeros((50, 50)), 200)  # type: ignore[arg-type]


def test_it_runs_here_and_says_in_vietnamese_what_is_missing(tmp_path: Path) -> None:
    assert available()
    assert why_unavailable() == ""
    assert WEIGHTS.name in why_unavailable(tmp_path)
    shutil.copy(WEIGHTS, tmp_path)
    assert COUNTS.name in why_unavailable(tmp_path)
    assert "cài lại" in why_unavailable(tmp_path)


def test_weights_and_counts_are_small() -> None:
    assert WEIGHTS.stat().st_size + COUNTS.stat().st_size < 6_000_000


def test_words_of_columns_that_stand_close_are_two_though_the_net_saw_no_space() -> None:
    dark = np.zeros((32, 200), np.bool_)
    for left in (4, 24, 44, 100, 120):
        dark[8:24, left : left + 12] = True
    crop = Crop(np.where(dark, 0, 255).astype(np.uint8), dark, 0.0, 0.0, 0.0, 24.0, 16.0)
    letters = [PlacedLetter(c, place, place + 2, 0.9) for c, place in zip("TẠOĐộ", (2, 7, 12, 26, 31), strict=True)]
    word = PlacedWord(tuple(letters), 0.9, "")
    assert ["".join(x.text for x in part.letters) for part in parted(word, crop, 4.0)] == ["TẠO", "Độ"]
    assert parted(word, replace(crop, height=80.0), 4.0) == [word]
