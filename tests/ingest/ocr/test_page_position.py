"""Pages fed in sideways are turned, pages askew are straightened; boxes belong to the page as turned."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from bench.made_tables import product_table, write_pdf
from corpus.fold import fold
from ingest.ocr import reader
from ingest.ocr.engine import PageImage
from ingest.ocr.page_position import is_upright
from ingest.ocr.reader_engine import ReaderEngine
from ingest.read import read
from tests.support.reading_files import picture

pytestmark = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
EXPECTED = fold("Căn cứ Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ")


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_fed_in_sideways_is_turned(tmp_path: Path, turn: int) -> None:
    file = tmp_path / "a.png"
    picture().rotate(turn, expand=True).save(file, dpi=(150, 150))
    with read(file) as reading:
        page = reading.pages[0]
        assert EXPECTED in fold(" ".join(page.text.split()))
        assert page.rotation == turn
        assert page.width < page.height
        assert f"đã xoay {turn}°" in page.notes
        assert page.load_image is not None
        image = page.load_image(100)
        assert image.width < image.height
        assert page.load_words()[0].box[1] < 0.2


@pytest.mark.parametrize("angle", [4.0, -6.0])
def test_a_page_askew_is_straightened(tmp_path: Path, angle: float) -> None:
    file = tmp_path / "a.png"
    picture(angle=angle).save(file, dpi=(150, 150))
    with read(file) as reading:
        page = reading.pages[0]
        assert EXPECTED in fold(" ".join(page.text.split()))
        if page.skew:
            assert page.skew == pytest.approx(angle, abs=1.0)
            words = page.load_words()
            line = [w for w in words if w.box[1] < words[0].box[3]]
            assert max(w.box[1] for w in line) - min(w.box[1] for w in line) < 0.01


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_table_fed_in_sideways_is_turned(tmp_path: Path, turn: int) -> None:
    """Strokes of letters on their side look like syllables to the line reader, but it is not sure of them."""
    file = tmp_path / "a.png"
    table_picture(tmp_path).rotate(turn, expand=True).save(file, dpi=(200, 200))
    with read(file) as reading:
        page = reading.pages[0]
        assert page.rotation == turn
        assert fold("Địa chỉ") in fold(" ".join(page.text.split()))


@pytest.mark.skipif(not reader.available(), reason="the line reader cannot run here")
def test_only_upright_pages_hold_many_words_read_with_certainty(tmp_path: Path) -> None:
    upright = table_picture(tmp_path)
    for turn in (0, 90, 180, 270):
        file = tmp_path / f"{turn}.png"
        upright.rotate(turn, expand=True).save(file)
        (page,) = ReaderEngine().read_images([PageImage(file, 200)])
        assert is_upright(page) == (turn == 0)


def table_picture(folder: Path) -> Image.Image:
    """A page with a ruled table at 200 dots an inch."""
    file = write_pdf(folder / "a.pdf", [product_table(random.Random(20261130), 12)])
    with pypdfium2.PdfDocument(file) as document:
        image: Image.Image = document[0].render(scale=200 / 72).to_pil().convert("L")
    return image
