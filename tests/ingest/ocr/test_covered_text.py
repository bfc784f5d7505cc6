"""Names under a seal and a signature are read, or marked as doubtful."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from corpus.fold import fold
from ingest.ocr.covered_text import unread_clumps, with_lines
from ingest.ocr.engine import OcrPage
from ingest.page import Witness, Word
from ingest.read import read
from tests.support.reading_files import BODY, FONT, picture

pytestmark = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")


def signed_page(ring: int) -> Image.Image:
    """A page with a seal (its ring *ring* pixels from the left), a signature, and a stamped name beneath."""
    image = picture(BODY[:6], dpi=200)
    pen = ImageDraw.Draw(image)
    font = ImageFont.truetype(FONT, 38)
    pen.text((1000, 1500), "GIÁM ĐỐC", fill="black", font=font)
    pen.text((960, 1790), "Nguyễn Thị Hồng", fill=(150, 20, 20), font=font)
    for grow in range(6):
        pen.ellipse((ring - grow, 1540 - grow, ring + 290 + grow, 1830 + grow), outline=(200, 30, 30))
    pen.line([(880, 1700), (1020, 1600), (1080, 1740), (1180, 1580), (1260, 1720), (1500, 1620)], fill="navy", width=5)
    return image


def test_a_name_beside_a_seal_is_read(tmp_path: Path) -> None:
    """With a ring and a stroke beside it, Tesseract takes the name for a part of a picture."""
    signed_page(ring=640).save(tmp_path / "a.png", dpi=(200, 200))
    with read(tmp_path / "a.png") as reading:
        page = reading.pages[0]
        assert "nguyen thi hong" in fold(" ".join(page.text.split()))
        for word in page.load_words():
            assert page.text[word.start : word.end] == word.text


def test_a_name_cut_by_a_seal_is_doubtful(tmp_path: Path) -> None:
    signed_page(ring=800).save(tmp_path / "a.png", dpi=(200, 200))
    with read(tmp_path / "a.png") as reading:
        page = reading.pages[0]
        name = [w for w in page.load_words() if w.box[1] > 0.74]
        assert "Nguyễn" in page.text or all(w.confidence <= 0.4 for w in name)


def test_rules_of_a_table_are_no_clump_and_a_seal_among_them_is() -> None:
    page = Image.new("L", (1654, 2339), 255)
    pen = ImageDraw.Draw(page)
    for y in range(400, 1301, 90):
        pen.line([(200, y), (1450, y + 6)], fill=0, width=3)
    for x in range(200, 1451, 250):
        pen.line([(x, 400), (x, 1306)], fill=0, width=3)
    assert unread_clumps(page, [], 200) == []
    for grow in range(6):
        pen.ellipse((700 - grow, 700 - grow, 980 + grow, 980 + grow), outline=60)
    (box,) = unread_clumps(page, [], 200)
    assert box[0] * 1654 < 700 < 980 < box[2] * 1654
    assert box[1] * 2339 < 700 < 980 < box[3] * 2339


def test_a_word_that_was_not_read_is_no_clump() -> None:
    page = Image.new("L", (1654, 2339), 255)
    ImageDraw.Draw(page).text((700, 800), "QUYẾT ĐỊNH", fill=0, font=ImageFont.truetype(FONT, 40))
    assert unread_clumps(page, [], 200) == []


def test_a_line_read_without_strokes_takes_the_place_of_doubtful_words_only() -> None:
    clump = Image.new("L", (400, 100), 255)
    again = OcrPage("Lâm Đồng", [_word("Lâm", 0.1, 0.9, 0), _word("Đồng", 0.5, 0.9, 4)], 0.9)
    doubtful = OcrPage("Lam Dong", [_word("Lam", 0.1, 0.3, 0), _word("Dong", 0.5, 0.3, 4)], 0.3)
    assert with_lines(doubtful, again, (0.0, 0.0, 1.0, 1.0), clump).text == "Lâm Đồng"
    for word in doubtful.words:
        word.witnesses = (Witness("reader", word.text, 0.3), Witness("tesseract", "Lâm", 0.4))
    assert with_lines(doubtful, again, (0.0, 0.0, 1.0, 1.0), clump).text == "Lam Dong"
    again.text, again.words[0].text, again.words[1].text = "Lam Dong", "Lam", "Dong"
    confirmed = with_lines(doubtful, again, (0.0, 0.0, 1.0, 1.0), clump)
    assert [(word.text, word.confidence) for word in confirmed.words] == [("Lam", 0.9), ("Dong", 0.9)]


def _word(text: str, left: float, confidence: float, start: int) -> Word:
    return Word(text, (left, 0.4, left + 0.3, 0.6), confidence, start, start + len(text))
