"""Pages fed in sideways are turned, pages askew are straightened; boxes belong to the page as turned."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from corpus.fold import fold
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
